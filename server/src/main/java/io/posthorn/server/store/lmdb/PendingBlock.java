package io.posthorn.server.store.lmdb;

import io.posthorn.server.store.Store;
import java.nio.ByteBuffer;

/** One bit per offset of a block of {@value Store#BLOCK_MESSAGES}. One thread. */
final class PendingBlock {

    static final int WORDS = Store.BLOCK_MESSAGES / Long.SIZE;

    private final long[] words;

    PendingBlock() {
        words = new long[WORDS];
    }

    /** @param content as {@link #encode} made it */
    PendingBlock(byte[] content) {
        words = new long[WORDS];
        ByteBuffer.wrap(content).asLongBuffer().get(words);
    }

    static long of(long offset) {
        return offset / Store.BLOCK_MESSAGES;
    }

    boolean get(long offset) {
        return (words[word(offset)] & 1L << offset) != 0;
    }

    void set(long offset) {
        words[word(offset)] |= 1L << offset;
    }

    /** Changes the bits of a range, given as offsets within this block, both included. */
    void range(long from, long to, boolean value) {
        int first = word(from);
        int last = word(to);
        for (int i = first; i <= last; i++) {
            long mask = (i == first ? -1L << from : -1L) & (i == last ? -1L >>> 63 - (to & 63) : -1L);
            words[i] = value ? words[i] | mask : words[i] & ~mask;
        }
    }

    /** Sets what is set in another block. */
    void add(PendingBlock other) {
        for (int i = 0; i < WORDS; i++) {
            words[i] |= other.words[i];
        }
    }

    boolean isEmpty() {
        for (long word : words) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    long[] bits() {
        return words.clone();
    }

    byte[] encode() {
        byte[] content = new byte[WORDS * Long.BYTES];
        ByteBuffer.wrap(content).asLongBuffer().put(words);
        return content;
    }

    private static int word(long offset) {
        return (int) (offset % Store.BLOCK_MESSAGES) / Long.SIZE;
    }
}
