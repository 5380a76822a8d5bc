package io.posthorn.message;

import java.util.Arrays;

/**
 * A growing big-endian byte array with the few encodings that every Posthorn format shares. One thread at a time.
 *
 * <pre>
 * varint    unsigned LEB128, 1 to 9 bytes, non-negative values only
 * string    varint byte length, UTF-8
 * bytes     varint length, bytes
 * optional  varint (length + 1), 0 = null; then the bytes
 * </pre>
 */
public final class ByteWriter {

    private byte[] array;
    private int size;

    public ByteWriter(int initialCapacity) {
        array = new byte[Math.max(16, initialCapacity)];
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** The backing array; valid up to {@link #size()} and only until the next write. */
    public byte[] array() {
        return array;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(array, size);
    }

    /** Forgets everything from this size on; the capacity stays. */
    public ByteWriter truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException("cannot truncate " + size + " bytes to " + newSize);
        }
        size = newSize;
        return this;
    }

    public ByteWriter u8(int value) {
        room(1);
        array[size++] = (byte) value;
        return this;
    }

    public ByteWriter u16(int value) {
        room(2);
        BigEndian.put16(array, size, value);
        size += 2;
        return this;
    }

    public ByteWriter i32(int value) {
        room(4);
        BigEndian.put32(array, size, value);
        size += 4;
        return this;
    }

    public ByteWriter i64(long value) {
        room(8);
        BigEndian.put64(array, size, value);
        size += 8;
        return this;
    }

    /** Overwrites four bytes written earlier. */
    public ByteWriter setI32(int at, int value) {
        if (at < 0 || at + 4 > size) {
            throw new IndexOutOfBoundsException(at);
        }
        BigEndian.put32(array, at, value);
        return this;
    }

    /** @throws IllegalArgumentException if the value is negative */
    public ByteWriter varint(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a varint is not negative: " + value);
        }
        room(9);
        long rest = value;
        while (rest > 0x7f) {
            array[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[size++] = (byte) rest;
        return this;
    }

    public ByteWriter raw(byte[] bytes, int from, int length) {
        room(length);
        System.arraycopy(bytes, from, array, size, length);
        size += length;
        return this;
    }

    public ByteWriter raw(byte[] bytes) {
        return raw(bytes, 0, bytes.length);
    }

    public ByteWriter bytes(byte[] bytes) {
        return varint(bytes.length).raw(bytes);
    }

    public ByteWriter string(String text) {
        int length = text.length();
        // Short ASCII text, by far the commonest, goes in without an intermediate array.
        if (length < 128) {
            room(length + 1);
            int start = size + 1;
            int i = 0;
            for (; i < length; i++) {
                char c = text.charAt(i);
                if (c > 0x7f) {
                    break;
                }
                array[start + i] = (byte) c;
            }
            if (i == length) {
                array[size] = (byte) length;
                size = start + length;
                return this;
            }
        }
        return bytes(Utf8.encode(text));
    }

    public ByteWriter optionalBytes(byte[] bytesOrNull) {
        if (bytesOrNull == null) {
            return u8(0);
        }
        return varint(bytesOrNull.length + 1L).raw(bytesOrNull);
    }

    public ByteWriter optionalString(String textOrNull) {
        return optionalBytes(textOrNull == null ? null : Utf8.encode(textOrNull));
    }

    private void room(int more) {
        if (array.length - size < more) {
            grow(more);
        }
    }

    private void grow(int more) {
        array = Arrays.copyOf(array, Math.max(Math.addExact(size, more), Math.min(array.length, 1 << 29) * 2));
    }
}
