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
        if (large != null) {
            return large[index];
        }
        return small != null ? small[index] : Math.max(0, same);
    }

    void set(int index, int bytes) {
        if (large == null && small == null) {
            if (same < 0 || same == bytes) {
                same = bytes;
                return;
            }
            spread();
        }
        if (large == null && bytes > Character.MAX_VALUE) {
            large = new int[Store.BLOCK_MESSAGES];
            for (int i = 0; i < large.length; i++) {
                large[i] = small[i];
            }
            small = null;
        }
        if (large != null) {
            large[index] = bytes;
        } else {
            small[index] = (char) bytes;
        }
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

    private void spread() {
        if (same > Character.MAX_VALUE) {
            large = new int[Store.BLOCK_MESSAGES];
            Arrays.fill(large, same);
        } else {
            small = new char[Store.BLOCK_MESSAGES];
            Arrays.fill(small, (char) same);
        }
    }
}
