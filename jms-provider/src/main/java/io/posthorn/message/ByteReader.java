package io.posthorn.message;

import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote. Every length is checked against what is left before anything is allocated for it.
 * One thread at a time; all methods throw {@link MalformedMessageException} when the bytes end too soon.
 */
public final class ByteReader {

    private final byte[] array;
    private final int end;
    private int at;
    private boolean strictText;

    public ByteReader(byte[] array) {
        this(array, 0, array.length);
    }

    public ByteReader(byte[] array, int from, int length) {
        if (from < 0 || length < 0 || from > array.length - length) {
            throw new MalformedMessageException("a range of " + length + " bytes at " + from + " of " + array.length);
        }
        this.array = array;
        this.at = from;
        this.end = from + length;
    }

    /** From now on a string that is not UTF-8 is malformed; otherwise what is wrong in it is replaced. For bodies. */
    public ByteReader strictText() {
        strictText = true;
        return this;
    }

    /** Index in the array of the next byte. */
    public int position() {
        return at;
    }

    /** Goes back (or forward) to an index obtained from {@link #position()}. */
    public void position(int index) {
        if (index < 0 || index > end) {
            throw new MalformedMessageException("position " + index + " of " + end);
        }
        at = index;
    }

    public int remaining() {
        return end - at;
    }

    public int u8() {
        need(1);
        return array[at++] & 0xff;
    }

    public int u16() {
        need(2);
        int value = BigEndian.get16(array, at);
        at += 2;
        return value;
    }

    public int i32() {
        need(4);
        int value = BigEndian.get32(array, at);
        at += 4;
        return value;
    }

    public long i64() {
        need(8);
        long value = BigEndian.get64(array, at);
        at += 8;
        return value;
    }

    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new MalformedMessageException("a varint of more than nine bytes");
    }

    /** A varint that counts things of at least one byte each, so it is never more than what is left. */
    public int count() {
        long value = varint();
        if (value > remaining()) {
            throw new MalformedMessageException("a count of " + value + " with " + remaining() + " bytes left");
        }
        return (int) value;
    }

    public byte[] raw(int length) {
        need(length);
        byte[] bytes = Arrays.copyOfRange(array, at, at + length);
        at += length;
        return bytes;
    }

    public byte[] bytes() {
        return raw(count());
    }

    public String string() {
        return text(count());
    }

    public byte[] optionalBytes() {
        int length = optionalLength();
        return length < 0 ? null : raw(length);
    }

    public String optionalString() {
        int length = optionalLength();
        return length < 0 ? null : text(length);
    }

    public void skip(int length) {
        need(length);
        at += length;
    }

    private int optionalLength() {
        long value = varint() - 1;
        if (value > remaining()) {
            throw new MalformedMessageException("a length of " + value + " with " + remaining() + " bytes left");
        }
        return (int) value;
    }

    private String text(int length) {
        need(length);
        String text = strictText ? Utf8.decode(array, at, length) : Utf8.decodeLeniently(array, at, length);
        at += length;
        return text;
    }

    private void need(int length) {
        if (length < 0 || end - at < length) {
            throw new MalformedMessageException(length + " bytes wanted, " + (end - at) + " left");
        }
    }
}
