package io.posthorn.server.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * The journal of one process, in bytes on a simulated disk. A crash keeps what was synced, some of what was not, and tears the next entry at a random
 * byte, which recovery has to notice by itself.
 */
final class SimulatedLog {

    private static final long EPOCH_SPAN = 1L << 40;

    /** An entry as it was written; not changed afterwards. */
    record Block(long position, long epoch, byte[] payload, int crc) {

        static Block of(long position, long epoch, byte[] payload) {
            return new Block(position, epoch, payload, checksum(payload));
        }

        long end() {
            return position + payload.length;
        }

        boolean isIntact() {
            return checksum(payload) == crc;
        }

        private static int checksum(byte[] bytes) {
            CRC32C crc = new CRC32C();
            crc.update(bytes);
            return (int) crc.getValue();
        }
    }

    /** The time of one Master: where it begins, and where the one before ended. */
    record Reign(long epoch, long start, long follows) {}

    private final List<Block> blocks = new ArrayList<>();
    private long durable;

    /** Position just after the last entry. */
    long end() {
        return blocks.isEmpty() ? 0 : blocks.get(blocks.size() - 1).end();
    }

    /** Everything before it survives a crash. */
    long durable() {
        return durable;
    }

    /** Where the first entry of a new epoch has to lie. */
    long nextBase() {
        return (end() / EPOCH_SPAN + 1) * EPOCH_SPAN;
    }

    void append(Block block) {
        blocks.add(block);
    }

    /** Makes everything durable but so many of the last entries, or fewer if they are already. */
    void sync(int butLast) {
        int last = blocks.size() - 1 - butLast;
        durable = Math.max(durable, last < 0 ? 0 : blocks.get(last).end());
    }

    /** Entries from a position on, so many at the most. */
    List<Block> from(long position, int most) {
        int first = indexOf(position);
        return List.copyOf(blocks.subList(first, Math.min(blocks.size(), first + most)));
    }

    List<Reign> reigns() {
        List<Reign> reigns = new ArrayList<>();
        long end = 0;
        for (Block block : blocks) {
            if (reigns.isEmpty() || reigns.get(reigns.size() - 1).epoch() != block.epoch) {
                reigns.add(new Reign(block.epoch, block.position, end));
            }
            end = block.end();
        }
        return reigns;
    }

    /** Takes everything from a position on away. */
    void cut(long position) {
        blocks.subList(indexOf(position), blocks.size()).clear();
        durable = Math.min(durable, end());
    }

    /** @return position up to which everything is left */
    long crash(SplittableRandom random) {
        int kept = indexOf(durable);
        int left = kept + random.nextInt(blocks.size() - kept + 1);
        if (left < blocks.size()) {
            Block torn = blocks.get(left);
            byte[] bytes = torn.payload.clone();
            if (random.nextBoolean()) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            } else {
                bytes[random.nextInt(bytes.length)] ^= 1;
            }
            blocks.set(left, new Block(torn.position, torn.epoch, bytes, torn.crc));
        }
        return left == 0 ? 0 : blocks.get(left - 1).end();
    }

    /** Finds out what is intact after a crash, and keeps that. */
    List<Block> recover() {
        int intact = 0;
        while (intact < blocks.size() && blocks.get(intact).isIntact()) {
            intact++;
        }
        blocks.subList(intact, blocks.size()).clear();
        durable = end();
        return List.copyOf(blocks);
    }

    /** Index of the first entry that lies at a position or behind it. */
    private int indexOf(long position) {
        int low = 0;
        int high = blocks.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (blocks.get(middle).position < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
