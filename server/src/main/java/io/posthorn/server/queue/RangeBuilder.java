package io.posthorn.server.queue;

import java.util.Arrays;

/** Collects offsets into ascending, merged ranges {@code from, to, from, to, …}, both ends included. */
final class RangeBuilder {

    private long[] ranges = new long[2];
    private int length;
    private boolean sorted = true;

    void add(long offset) {
        if (length > 0 && ranges[length - 1] + 1 == offset) {
            ranges[length - 1] = offset;
            return;
        }
        if (length == ranges.length) {
            ranges = Arrays.copyOf(ranges, length * 2);
        }
        sorted &= length == 0 || ranges[length - 1] < offset;
        ranges[length++] = offset;
        ranges[length++] = offset;
    }

    /** Number of longs so far. */
    int length() {
        return length;
    }

    long[] build() {
        if (!sorted) {
            sort();
        }
        return ranges.length == length ? ranges : Arrays.copyOf(ranges, length);
    }

    private void sort() {
        // Ranges never overlap, so that sorting all ends keeps each pair together.
        Arrays.sort(ranges, 0, length);
        int to = 0;
        for (int i = 2; i < length; i += 2) {
            if (ranges[i] == ranges[to + 1] + 1) {
                ranges[to + 1] = ranges[i + 1];
            } else {
                to += 2;
                ranges[to] = ranges[i];
                ranges[to + 1] = ranges[i + 1];
            }
        }
        length = to + 2;
        sorted = true;
    }
}
