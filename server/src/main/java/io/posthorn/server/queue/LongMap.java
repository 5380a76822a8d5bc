package io.posthorn.server.queue;

import java.util.Arrays;
import java.util.function.ObjLongConsumer;

/**
 * A hash map from long to object without boxing: linear probing, removal by shifting back. {@link #forEachSorted} is the
 * only way to walk it, so that no order depends on the table's history.
 */
final class LongMap<V> {

    private long[] keys = new long[8];
    private Object[] values = new Object[8];
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The value, or null. */
    V get(long key) {
        int mask = values.length - 1;
        for (int i = slot(key, mask); values[i] != null; i = i + 1 & mask) {
            if (keys[i] == key) {
                return value(i);
            }
        }
        return null;
    }

    void put(long key, V value) {
        if (size * 2 >= values.length) {
            grow();
        }
        int mask = values.length - 1;
        int i = slot(key, mask);
        while (values[i] != null && keys[i] != key) {
            i = i + 1 & mask;
        }
        if (values[i] == null) {
            size++;
        }
        keys[i] = key;
        values[i] = value;
    }

    /** Removes and returns the value, or null. */
    V remove(long key) {
        int mask = values.length - 1;
        int i = slot(key, mask);
        while (values[i] != null && keys[i] != key) {
            i = i + 1 & mask;
        }
        if (values[i] == null) {
            return null;
        }
        V removed = value(i);
        closeGap(i, mask);
        size--;
        return removed;
    }

    void clear() {
        keys = new long[8];
        values = new Object[8];
        size = 0;
    }

    /** All keys, ascending; a copy. */
    long[] sortedKeys() {
        long[] sorted = new long[size];
        int n = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                sorted[n++] = keys[i];
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    void forEachSorted(ObjLongConsumer<V> action) {
        for (long key : sortedKeys()) {
            action.accept(get(key), key);
        }
    }

    private void closeGap(int removed, int mask) {
        int gap = removed;
        int i = gap;
        while (true) {
            i = i + 1 & mask;
            if (values[i] == null) {
                break;
            }
            int home = slot(keys[i], mask);
            // May the entry at i move to the gap? Only if its home is not between the gap and i.
            if ((i - home & mask) >= (i - gap & mask)) {
                keys[gap] = keys[i];
                values[gap] = values[i];
                gap = i;
            }
        }
        values[gap] = null;
    }

    private void grow() {
        long[] oldKeys = keys;
        Object[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new Object[oldKeys.length * 2];
        int mask = values.length - 1;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int to = slot(oldKeys[i], mask);
                while (values[to] != null) {
                    to = to + 1 & mask;
                }
                keys[to] = oldKeys[i];
                values[to] = oldValues[i];
            }
        }
    }

    private static int slot(long key, int mask) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & mask;
    }

    @SuppressWarnings("unchecked")
    private V value(int index) {
        return (V) values[index];
    }
}
