package io.posthorn.server.queue;

import io.posthorn.server.store.Store;
import java.util.Arrays;

/**
 * The sizes of {@value Store#BLOCK_MESSAGES} neighbouring messages: one number as long as all are equal, then two bytes each, and four
 * when there are large ones.
 */
final class SizeBlock {

    private int same = -1;
    private char[] small;
    private int[] large;

    /** Bytes of a message; 0 where nothing was ever set. */
    int get(int index) {
        if (large != null && index < large.length) {
            return large[index];
        }
        return small != null && index < small.length ? small[index] : Math.max(0, same);
    }

    void set(int index, int bytes) {
        if (large == null && small == null) {
            if (same < 0 || same == bytes) {
                same = bytes;
                return;
            }
        }
        if (large == null && (bytes > Character.MAX_VALUE || same > Character.MAX_VALUE)) {
            int known = small == null ? 0 : small.length;
            large = new int[Math.max(known, capacity(index))];
            Arrays.fill(large, Math.max(0, same));
            for (int i = 0; i < known; i++) {
                large[i] = small[i];
            }
            small = null;
        }
        if (large != null) {
            large = index < large.length ? large : grown(large, index);
            large[index] = bytes;
        } else {
            small = small != null && index < small.length ? small : grown(small, index);
            small[index] = (char) bytes;
        }
    }

    /** Arrays begin small: most queues have few messages. */
    private static int capacity(int index) {
        return Math.min(Store.BLOCK_MESSAGES, Math.max(64, Integer.highestOneBit(index) * 2));
    }

    private int[] grown(int[] array, int index) {
        int[] longer = Arrays.copyOf(array, capacity(index));
        Arrays.fill(longer, array.length, longer.length, Math.max(0, same));
        return longer;
    }

    private char[] grown(char[] arrayOrNull, int index) {
        int known = arrayOrNull == null ? 0 : arrayOrNull.length;
        char[] longer = arrayOrNull == null ? new char[capacity(index)] : Arrays.copyOf(arrayOrNull, capacity(index));
        Arrays.fill(longer, known, longer.length, (char) Math.max(0, same));
        return longer;
    }

    /** Takes over a stored row: one number for all, or one for each. */
    void restore(int[] sizes) {
        if (sizes.length == 1) {
            same = sizes[0];
            return;
        }
        for (int i = 0; i < sizes.length; i++) {
            set(i, sizes[i]);
        }
    }
}
