package io.posthorn.server.queue;

import java.util.Arrays;

/**
 * Rising offsets, first in first out, as differences of one to nine bytes each: a long line of waiting messages costs a few bytes per
 * message.
 */
final class OffsetQueue {

    private byte[] bytes = new byte[8];
    private int from;
    private int to;
    private long first;
    private long last = -1;

    boolean isEmpty() {
        return last < 0;
    }

    /** The first one; only when not empty. */
    long first() {
        return first;
    }

    /** The last one, -1 when empty. */
    long last() {
        return last;
    }

    /** @param offset 0 or more, above {@link #last} */
    void add(long offset) {
        if (isEmpty()) {
            first = offset;
        } else {
            write(offset - last);
        }
        last = offset;
    }

    /** Drops the first one; only when not empty. */
    void poll() {
        if (from == to) {
            from = 0;
            to = 0;
            last = -1;
            return;
        }
        long difference = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[from++];
            difference |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                break;
            }
        }
        first += difference;
    }

    private void write(long difference) {
        if (to + 9 > bytes.length) {
            makeRoom();
        }
        long rest = difference;
        while (rest > 0x7f) {
            bytes[to++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[to++] = (byte) rest;
    }

    private void makeRoom() {
        int length = to - from;
        // Mostly read already: moving up is enough, and as a whole costs less than one copy per byte.
        int capacity = length + 9 > bytes.length / 2 ? bytes.length * 2 + 9 : bytes.length;
        bytes = Arrays.copyOfRange(bytes, from, from + Math.max(capacity, length));
        from = 0;
        to = length;
    }
}
