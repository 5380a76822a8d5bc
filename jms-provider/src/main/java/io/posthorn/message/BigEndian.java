package io.posthorn.message;

/**
 * Big-endian numbers in byte arrays, byte by byte. Views by VarHandle would do the same in one instruction, but their guards are
 * so much code to inline that the just-in-time compiler takes twice as long over every hot path that writes a record.
 */
final class BigEndian {

    private BigEndian() {}

    static void put16(byte[] array, int at, int value) {
        array[at] = (byte) (value >> 8);
        array[at + 1] = (byte) value;
    }

    static void put32(byte[] array, int at, int value) {
        array[at] = (byte) (value >> 24);
        array[at + 1] = (byte) (value >> 16);
        array[at + 2] = (byte) (value >> 8);
        array[at + 3] = (byte) value;
    }

    static void put64(byte[] array, int at, long value) {
        put32(array, at, (int) (value >> 32));
        put32(array, at + 4, (int) value);
    }

    /** Without sign. */
    static int get16(byte[] array, int at) {
        return (array[at] & 0xff) << 8 | array[at + 1] & 0xff;
    }

    static int get32(byte[] array, int at) {
        return array[at] << 24 | (array[at + 1] & 0xff) << 16 | (array[at + 2] & 0xff) << 8 | array[at + 3] & 0xff;
    }

    static long get64(byte[] array, int at) {
        return (long) get32(array, at) << 32 | get32(array, at + 4) & 0xffff_ffffL;
    }
}
