package io.posthorn.message;

/**
 * The one encoding of a typed value, used for properties and for map and stream bodies.
 *
 * <pre>
 * tag u8: 0 null · 1 boolean u8 · 2 byte u8 · 3 short u16 · 4 char u16 · 5 int i32 · 6 long i64
 *         7 float i32 · 8 double i64 · 9 string · 10 bytes
 * </pre>
 */
public final class TypedValue {

    private TypedValue() {}

    /** Whether {@link #write} takes this value: null, a wrapper of a primitive type, a String or a byte[]. */
    public static boolean isSupported(Object value) {
        return value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof byte[]
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof Float
                || value instanceof Short
                || value instanceof Byte;
    }

    /** @throws IllegalArgumentException if the value's type is not one of those above */
    public static void write(ByteWriter out, Object value) {
        if (value == null) {
            out.u8(0);
        } else if (value instanceof String v) {
            out.u8(9).string(v);
        } else if (value instanceof Integer v) {
            out.u8(5).i32(v);
        } else if (value instanceof Long v) {
            out.u8(6).i64(v);
        } else if (value instanceof Boolean v) {
            out.u8(1).u8(v ? 1 : 0);
        } else if (value instanceof Double v) {
            out.u8(8).i64(Double.doubleToRawLongBits(v));
        } else if (value instanceof Float v) {
            out.u8(7).i32(Float.floatToRawIntBits(v));
        } else if (value instanceof Short v) {
            out.u8(3).u16(v);
        } else if (value instanceof Byte v) {
            out.u8(2).u8(v);
        } else if (value instanceof Character v) {
            out.u8(4).u16(v);
        } else if (value instanceof byte[] v) {
            out.u8(10).bytes(v);
        } else {
            throw new IllegalArgumentException(
                    "no encoding for " + value.getClass().getName());
        }
    }

    /**
     * Goes past a value without reading it.
     *
     * @throws MalformedMessageException if the bytes are not a typed value
     */
    public static void skip(ByteReader in) {
        int tag = in.u8();
        switch (tag) {
            case 0 -> {}
            case 1, 2 -> in.skip(1);
            case 3, 4 -> in.skip(2);
            case 5, 7 -> in.skip(4);
            case 6, 8 -> in.skip(8);
            case 9, 10 -> in.skip(in.count());
            default -> throw new MalformedMessageException("unknown value tag " + tag);
        }
    }

    /** @throws MalformedMessageException if the bytes are not a typed value */
    public static Object read(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 0 -> null;
            case 1 -> in.u8() != 0;
            case 2 -> (byte) in.u8();
            case 3 -> (short) in.u16();
            case 4 -> (char) in.u16();
            case 5 -> in.i32();
            case 6 -> in.i64();
            case 7 -> Float.intBitsToFloat(in.i32());
            case 8 -> Double.longBitsToDouble(in.i64());
            case 9 -> in.string();
            case 10 -> in.bytes();
            default -> throw new MalformedMessageException("unknown value tag " + tag);
        };
    }
}
