package io.posthorn.server.queue;

import io.posthorn.server.store.Store;

/**
 * A sparse set of offsets, in bitmap blocks of {@value Store#BLOCK_MESSAGES}: half a KiB for 4,096 neighbours. An empty
 * block is dropped, except the newest, which is about to be used again.
 */
final class BitBlocks {

    private static final int SHIFT = Long.numberOfTrailingZeros(Store.BLOCK_MESSAGES);
    private static final int WORDS = Store.BLOCK_MESSAGES / 64;

    private static final class Block {
        final long[] words = new long[WORDS];
        int count;
    }

    private final BlockList<Block> blocks = new BlockList<>();
    private long count;

    /** How many offsets are in the set. */
    long count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    boolean get(long offset) {
        Block block = blocks.get(offset >>> SHIFT);
        return block != null && (block.words[word(offset)] & 1L << offset) != 0;
    }

    /** Returns whether it was not in the set before. */
    boolean set(long offset) {
        long number = offset >>> SHIFT;
        Block block = blocks.get(number);
        if (block == null) {
            block = new Block();
            dropEmptyTail(number);
            blocks.add(number, block);
        }
        int word = word(offset);
        long bit = 1L << offset;
        if ((block.words[word] & bit) != 0) {
            return false;
        }
        block.words[word] |= bit;
        block.count++;
        count++;
        return true;
    }

    /**
     * Adds a whole block that is not there yet.
     *
     * @param number block number
     * @param bits   one bit per offset, at most a block's length
     * @return how many offsets that were
     */
    int setBlock(long number, long[] bits) {
        Block block = new Block();
        for (int word = 0; word < bits.length; word++) {
            block.words[word] = bits[word];
            block.count += Long.bitCount(bits[word]);
        }
        blocks.add(number, block);
        count += block.count;
        return block.count;
    }

    /** Returns whether it was in the set before. */
    boolean clear(long offset) {
        long number = offset >>> SHIFT;
        Block block = blocks.get(number);
        int word = word(offset);
        long bit = 1L << offset;
        if (block == null || (block.words[word] & bit) == 0) {
            return false;
        }
        block.words[word] &= ~bit;
        count--;
        if (--block.count == 0 && blocks.numberAt(blocks.size() - 1) != number) {
            blocks.remove(number);
        }
        return true;
    }

    /**
     * The first offset of this set, and not of another, in {@code [from, limit)}.
     *
     * @param except may be null
     * @return -1 when there is none
     */
    long next(long from, long limit, BitBlocks except) {
        for (int i = blocks.ceiling(from >>> SHIFT); i < blocks.size(); i++) {
            long number = blocks.numberAt(i);
            long base = number << SHIFT;
            if (base >= limit) {
                return -1;
            }
            Block block = blocks.at(i);
            if (block.count == 0) {
                continue;
            }
            long found = nextIn(block, base, from, except == null ? null : except.blocks.get(number));
            if (found >= 0) {
                return found < limit ? found : -1;
            }
        }
        return -1;
    }

    void clearAll() {
        blocks.clear();
        count = 0;
    }

    private static long nextIn(Block block, long base, long from, Block except) {
        int word = from > base ? word(from) : 0;
        long mask = from > base ? -1L << from : -1L;
        for (; word < WORDS; word++, mask = -1L) {
            long bits = block.words[word] & mask;
            if (except != null) {
                bits &= ~except.words[word];
            }
            if (bits != 0) {
                return base + word * 64L + Long.numberOfTrailingZeros(bits);
            }
        }
        return -1;
    }

    private void dropEmptyTail(long newNumber) {
        int last = blocks.size() - 1;
        if (last >= 0 && blocks.at(last).count == 0 && blocks.numberAt(last) < newNumber) {
            blocks.remove(blocks.numberAt(last));
        }
    }

    private static int word(long offset) {
        return (int) (offset & Store.BLOCK_MESSAGES - 1) >>> 6;
    }
}
