package io.posthorn.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import java.nio.charset.StandardCharsets;

/**
 * The few encodings that all bodies share, on a Netty buffer; the same bytes as {@code io.posthorn.message.ByteWriter}
 * makes. Every read checks a length against what is left before it allocates, and throws {@link ProtocolException}.
 *
 * <pre>
 * bool      u8 0 or 1
 * varint    unsigned LEB128, 1 to 9 bytes, non-negative values only
 * string    varint byte length, UTF-8
 * bytes     varint length, bytes
 * optional  varint (length + 1), 0 = null; then the bytes
 * </pre>
 */
public final class WireBuf {

    /** Most entries of any list in a body; a transaction's limit of 100,000 operations fits. */
    public static final int ENTRIES_MAX = 100_000;

    private WireBuf() {}

    public static void writeBool(ByteBuf out, boolean value) {
        out.writeByte(value ? 1 : 0);
    }

    public static boolean readBool(ByteBuf in) {
        int value = readU8(in);
        if (value > 1) {
            throw new ProtocolException("a boolean of " + value);
        }
        return value == 1;
    }

    public static int readU8(ByteBuf in) {
        need(in, 1);
        return in.readUnsignedByte();
    }

    public static long readI64(ByteBuf in) {
        need(in, 8);
        return in.readLong();
    }

    public static int readI32(ByteBuf in) {
        need(in, Integer.BYTES);
        return in.readInt();
    }

    /** @throws IllegalArgumentException if the value is negative */
    public static void writeVarint(ByteBuf out, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a varint is not negative: " + value);
        }
        long rest = value;
        while (rest > 0x7f) {
            out.writeByte((int) rest | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    public static long readVarint(ByteBuf in) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = readU8(in);
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new ProtocolException("a varint of more than nine bytes");
    }

    /** A varint of at most {@link Integer#MAX_VALUE}. */
    public static int readInt(ByteBuf in) {
        long value = readVarint(in);
        if (value > Integer.MAX_VALUE) {
            throw new ProtocolException("a number of " + value + " where an int belongs");
        }
        return (int) value;
    }

    /** How many bytes {@link #writeVarint} takes for a value. */
    public static int varintBytes(long value) {
        return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    /** Writes the number of entries of a list. @throws IllegalArgumentException over {@link #ENTRIES_MAX} */
    public static void writeCount(ByteBuf out, int count) {
        writeVarint(out, checkCount(count));
    }

    /** The number itself. @throws IllegalArgumentException over {@link #ENTRIES_MAX} */
    public static int checkCount(int count) {
        if (count > ENTRIES_MAX) {
            throw new IllegalArgumentException(count + " entries, the limit is " + ENTRIES_MAX);
        }
        return count;
    }

    /** The number of entries of a list, checked against the limit and the bytes left. */
    public static int readCount(ByteBuf in, int entryMinBytes) {
        long count = readVarint(in);
        if (count > ENTRIES_MAX) {
            throw new ProtocolException("a list of " + count + " entries, the limit is " + ENTRIES_MAX);
        }
        if (count * entryMinBytes > in.readableBytes()) {
            throw new ProtocolException("a list of " + count + " entries with " + in.readableBytes() + " bytes left");
        }
        return (int) count;
    }

    public static void writeBytes(ByteBuf out, byte[] bytes) {
        writeVarint(out, bytes.length);
        out.writeBytes(bytes);
    }

    /** Appends what was written elsewhere: many small writes are cheaper on an array than on a buffer, each of whose calls checks. */
    public static void append(ByteBuf out, ByteWriter from) {
        out.writeBytes(from.array(), 0, from.size());
    }

    /**
     * Copies the next bytes, so many or as many as are left, to read small fields from; the same holds for reads as for writes. The
     * buffer does not move: {@link #skip} does that.
     */
    public static ByteReader peek(ByteBuf in, int bytesMax) {
        byte[] bytes = new byte[Math.min(bytesMax, in.readableBytes())];
        in.getBytes(in.readerIndex(), bytes);
        return new ByteReader(bytes);
    }

    /** Moves over what was read from the copy. */
    public static void skip(ByteBuf in, ByteReader peeked) {
        in.skipBytes(peeked.position());
    }

    public static byte[] readBytes(ByteBuf in) {
        return raw(in, readVarint(in));
    }

    public static void writeString(ByteBuf out, String text) {
        int length = ByteBufUtil.utf8Bytes(text);
        writeVarint(out, length);
        ByteBufUtil.reserveAndWriteUtf8(out, text, length);
    }

    public static String readString(ByteBuf in) {
        return text(in, readVarint(in));
    }

    /** A string of at most so many bytes. */
    public static String readString(ByteBuf in, int maxBytes) {
        long length = readVarint(in);
        if (length > maxBytes) {
            throw new ProtocolException("a string of " + length + " bytes, the limit is " + maxBytes);
        }
        return text(in, length);
    }

    public static void writeOptionalString(ByteBuf out, String textOrNull) {
        if (textOrNull == null) {
            out.writeByte(0);
            return;
        }
        int length = ByteBufUtil.utf8Bytes(textOrNull);
        writeVarint(out, length + 1L);
        ByteBufUtil.reserveAndWriteUtf8(out, textOrNull, length);
    }

    public static String readOptionalString(ByteBuf in) {
        long length = readVarint(in) - 1;
        return length < 0 ? null : text(in, length);
    }

    private static byte[] raw(ByteBuf in, long length) {
        need(in, length);
        byte[] bytes = new byte[(int) length];
        in.readBytes(bytes);
        return bytes;
    }

    private static String text(ByteBuf in, long length) {
        need(in, length);
        String text = in.toString(in.readerIndex(), (int) length, StandardCharsets.UTF_8);
        in.skipBytes((int) length);
        return text;
    }

    private static void need(ByteBuf in, long length) {
        if (length > in.readableBytes()) {
            throw new ProtocolException(length + " bytes wanted, " + in.readableBytes() + " left");
        }
    }
}
