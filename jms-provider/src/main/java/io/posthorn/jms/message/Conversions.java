package io.posthorn.jms.message;

import jakarta.jms.MessageFormatException;

/**
 * Which stored value may be read as which type: the one table for properties (3.5.4), map and stream bodies (3.11.3).
 * Properties hold no char and no byte[], so those rows do not arise for them.
 *
 * <pre>
 * stored     read as
 * boolean    boolean String
 * byte       byte short int long String
 * short      short int long String
 * char       char String
 * int        int long String
 * long       long String
 * float      float double String
 * double     double String
 * String     all but char and byte[]; the text must parse (NumberFormatException)
 * byte[]     byte[]
 * null       as the null String: false, NumberFormatException or NullPointerException; null for objects
 * </pre>
 */
final class Conversions {

    private Conversions() {}

    static boolean toBoolean(Object value) throws MessageFormatException {
        if (value instanceof Boolean v) {
            return v;
        }
        return Boolean.parseBoolean(textOf(value, "boolean"));
    }

    static byte toByte(Object value) throws MessageFormatException {
        if (value instanceof Byte v) {
            return v;
        }
        return Byte.parseByte(textOf(value, "byte"));
    }

    static short toShort(Object value) throws MessageFormatException {
        if (value instanceof Short v) {
            return v;
        }
        if (value instanceof Byte v) {
            return v;
        }
        return Short.parseShort(textOf(value, "short"));
    }

    static char toChar(Object value) throws MessageFormatException {
        if (value instanceof Character v) {
            return v;
        }
        if (value == null) {
            throw new NullPointerException("null cannot be read as char");
        }
        throw refusal(value, "char");
    }

    static int toInt(Object value) throws MessageFormatException {
        if (value instanceof Integer v) {
            return v;
        }
        if (value instanceof Short v) {
            return v;
        }
        if (value instanceof Byte v) {
            return v;
        }
        return Integer.parseInt(textOf(value, "int"));
    }

    static long toLong(Object value) throws MessageFormatException {
        if (value instanceof Long v) {
            return v;
        }
        if (value instanceof Integer v) {
            return v;
        }
        if (value instanceof Short v) {
            return v;
        }
        if (value instanceof Byte v) {
            return v;
        }
        return Long.parseLong(textOf(value, "long"));
    }

    static float toFloat(Object value) throws MessageFormatException {
        if (value instanceof Float v) {
            return v;
        }
        return Float.parseFloat(textOf(value, "float"));
    }

    static double toDouble(Object value) throws MessageFormatException {
        if (value instanceof Double v) {
            return v;
        }
        if (value instanceof Float v) {
            return v;
        }
        return Double.parseDouble(textOf(value, "double"));
    }

    /** Null for null. */
    static String toText(Object value) throws MessageFormatException {
        if (value instanceof byte[]) {
            throw refusal(value, "String");
        }
        return value == null ? null : value.toString();
    }

    /** A copy; null for null. */
    static byte[] toBytes(Object value) throws MessageFormatException {
        if (value == null) {
            return null;
        }
        if (value instanceof byte[] v) {
            return v.clone();
        }
        throw refusal(value, "byte[]");
    }

    /** The value for the application: a copy if it is an array. */
    static Object copy(Object value) {
        return value instanceof byte[] bytes ? bytes.clone() : value;
    }

    /** The parse methods then do what the specification wants of text and of null. */
    private static String textOf(Object value, String wanted) throws MessageFormatException {
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw refusal(value, wanted);
    }

    private static MessageFormatException refusal(Object value, String wanted) {
        return new MessageFormatException(
                "a value of type " + value.getClass().getSimpleName() + " cannot be read as " + wanted);
    }
}
