package io.posthorn.appserver.heap;

import java.util.Arrays;

/** Numbers of the objects by their identifiers: open addressing, because a dump has millions. One thread. */
final class LongIndex {

    /** What is not there. */
    static final int NONE = -1;

    private long[] keys = new long[1 << 20];
    private int[] values = new int[1 << 20];
    private int size;

    /** @param key not 0, which stands for null in dumps, and not there yet */
    void put(long key, int value) {
        if (size * 2 >= keys.length) {
            grow();
        }
        int slot = slotOf(key);
        if (keys[slot] != key) {
            size++;
        }
        keys[slot] = key;
        values[slot] = value;
    }

    int get(long key) {
        int slot = slotOf(key);
        return key != 0 && keys[slot] == key ? values[slot] : NONE;
    }

    private int slotOf(long key) {
        int mask = keys.length - 1;
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = Arrays.copyOf(values, keys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slotOf(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
