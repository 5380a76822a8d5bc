package io.posthorn.server.queue;

import java.util.Arrays;

/**
 * Things by block number, sorted and sparse: cheap to append at the end and to drop at the front, which is how the blocks of
 * a queue come and go.
 */
final class BlockList<T> {

    private long[] numbers = new long[4];
    private Object[] values = new Object[4];
    private int from;
    private int to;

    int size() {
        return to - from;
    }

    /** @param index 0 to size - 1, ascending by block number */
    T at(int index) {
        return value(from + index);
    }

    long numberAt(int index) {
        return numbers[from + index];
    }

    /** The thing of a block, or null. */
    T get(long number) {
        // The newest block, then the oldest, are asked for nearly always.
        if (to > from) {
            if (numbers[to - 1] == number) {
                return value(to - 1);
            }
            if (numbers[from] == number) {
                return value(from);
            }
        }
        int at = Arrays.binarySearch(numbers, from, to, number);
        return at < 0 ? null : value(at);
    }

    /** Index of the first block with at least this number; {@link #size} when there is none. */
    int ceiling(long number) {
        if (to == from || numbers[from] >= number) {
            return 0;
        }
        if (numbers[to - 1] < number) {
            return to - from;
        }
        int at = Arrays.binarySearch(numbers, from, to, number);
        return (at < 0 ? -at - 1 : at) - from;
    }

    /** Adds a block that is not there yet. */
    void add(long number, T thing) {
        int at = from + ceiling(number);
        if (to == values.length) {
            int shift = makeRoom();
            at -= shift;
        }
        System.arraycopy(numbers, at, numbers, at + 1, to - at);
        System.arraycopy(values, at, values, at + 1, to - at);
        numbers[at] = number;
        values[at] = thing;
        to++;
    }

    /** Drops a block if it is there. */
    void remove(long number) {
        int index = ceiling(number);
        if (index == size() || numberAt(index) != number) {
            return;
        }
        int at = from + index;
        if (index == 0) {
            values[from++] = null;
            if (from == to) {
                from = 0;
                to = 0;
            }
            return;
        }
        System.arraycopy(numbers, at + 1, numbers, at, to - at - 1);
        System.arraycopy(values, at + 1, values, at, to - at - 1);
        values[--to] = null;
    }

    void clear() {
        Arrays.fill(values, null);
        from = 0;
        to = 0;
    }

    /** Returns by how much everything has moved to the front. */
    private int makeRoom() {
        int shift = from;
        int newLength = from > values.length / 2 ? values.length : values.length * 2;
        long[] newNumbers = new long[newLength];
        Object[] newValues = new Object[newLength];
        System.arraycopy(numbers, from, newNumbers, 0, to - from);
        System.arraycopy(values, from, newValues, 0, to - from);
        numbers = newNumbers;
        values = newValues;
        to -= from;
        from = 0;
        return shift;
    }

    @SuppressWarnings("unchecked")
    private T value(int at) {
        return (T) values[at];
    }
}
