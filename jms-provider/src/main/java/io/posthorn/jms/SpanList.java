package io.posthorn.jms;

import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.DeliverySpan;
import java.util.Arrays;
import java.util.List;

/** Delivery ids of one consumer as spans; ids are added in rising order. Not thread-safe. */
final class SpanList {

    // from, to, from, to, …
    private long[] bounds = new long[2];
    private int used;

    boolean isEmpty() {
        return used == 0;
    }

    /** @param id higher than every id before */
    void add(long id) {
        add(id, id);
    }

    /** Adds all ids between {@code from} and {@code to}, both included. */
    void add(long from, long to) {
        if (used > 0 && bounds[used - 1] + 1 == from) {
            bounds[used - 1] = to;
            return;
        }
        if (used == bounds.length) {
            bounds = Arrays.copyOf(bounds, used * 2);
        }
        bounds[used++] = from;
        bounds[used++] = to;
    }

    /** Takes one id out; returns whether it was there. */
    boolean remove(long id) {
        int at = 0;
        while (at < used && bounds[at + 1] < id) {
            at += 2;
        }
        if (at == used || bounds[at] > id) {
            return false;
        }
        long from = bounds[at];
        long to = bounds[at + 1];
        if (from < id && id < to) {
            if (used == bounds.length) {
                bounds = Arrays.copyOf(bounds, used * 2);
            }
            System.arraycopy(bounds, at, bounds, at + 2, used - at);
            bounds[at + 1] = id - 1;
            bounds[at + 2] = id + 1;
            used += 2;
        } else if (from < to) {
            bounds[at] = from == id ? id + 1 : from;
            bounds[at + 1] = to == id ? id - 1 : to;
        } else {
            System.arraycopy(bounds, at + 2, bounds, at, used - at - 2);
            used -= 2;
        }
        return true;
    }

    /** Appends the spans to a list and forgets them. */
    void moveTo(ConsumerHandle consumer, List<DeliverySpan> spans) {
        for (int i = 0; i < used; i += 2) {
            spans.add(new DeliverySpan(consumer, bounds[i], bounds[i + 1]));
        }
        used = 0;
    }
}
