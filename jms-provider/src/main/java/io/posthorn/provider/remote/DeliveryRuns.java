package io.posthorn.provider.remote;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which part of a consumer each delivery came from: the ids of the consumer, in runs that are consecutive in their part as well. A run goes when all of it
 * is settled. What came while there was one part has the same id in both. Guarded by its {@link ClusterConsumer}.
 */
final class DeliveryRuns {

    private static final int RUN_MAX = 1_024;

    private final ConsumerPart first;
    /** Up to this id all came from the first part, under the same ids. */
    private final long firstTo;

    private final TreeMap<Long, Run> runs = new TreeMap<>();
    private long last;

    /** Told about consecutive deliveries of one part: local ids {@code from} to {@code to}. */
    interface Piece {

        void of(ConsumerPart part, long from, long to);
    }

    private static final class Run {

        final ConsumerPart part;
        final long from;
        final long partFrom;
        final BitSet settled = new BitSet(0);
        int count = 1;

        Run(ConsumerPart part, long from, long partFrom) {
            this.part = part;
            this.from = from;
            this.partFrom = partFrom;
        }

        long to() {
            return from + count - 1;
        }

        long local(long id) {
            return partFrom + (id - from);
        }
    }

    /** @param firstTo what has come until now, 0 for nothing */
    DeliveryRuns(ConsumerPart first, long firstTo) {
        this.first = first;
        this.firstTo = firstTo;
        this.last = firstTo;
    }

    /** The highest id. */
    long last() {
        return last;
    }

    /** A new id for a delivery. */
    long assign(ConsumerPart part, long partId) {
        Map.Entry<Long, Run> newest = runs.lastEntry();
        Run run = newest == null ? null : newest.getValue();
        long id = ++last;
        if (run != null && run.part == part && run.to() + 1 == id && run.local(id) == partId && run.count < RUN_MAX) {
            run.count++;
        } else {
            runs.put(id, new Run(part, id, partId));
        }
        return id;
    }

    /** Goes through the deliveries {@code from} to {@code to}, both included; those that are gone are left out. */
    void each(long from, long to, Piece piece) {
        if (from <= firstTo && from <= to) {
            piece.of(first, from, Math.min(to, firstTo));
        }
        Long start = runs.floorKey(from);
        for (Run run : runs.tailMap(start == null ? from : start, true).values()) {
            if (run.from > to) {
                return;
            }
            long begin = Math.max(from, run.from);
            long end = Math.min(to, run.to());
            if (begin <= end) {
                piece.of(run.part, run.local(begin), run.local(end));
            }
        }
    }

    /** Deliveries are settled, and not asked for any more. */
    void settle(long from, long to) {
        Long start = runs.floorKey(from);
        runs.tailMap(start == null ? from : start, true).values().removeIf(run -> {
            if (run.from > to || run.to() < from) {
                return false;
            }
            run.settled.set((int) (Math.max(from, run.from) - run.from), (int) (Math.min(to, run.to()) - run.from) + 1);
            // The newest may still grow.
            return run.settled.cardinality() == run.count && run.to() < last;
        });
    }

    /** Everything behind this id is void; the ids are used up. */
    void cut(long id) {
        runs.tailMap(id, false).clear();
        Map.Entry<Long, Run> newest = runs.lastEntry();
        if (newest != null && newest.getValue().to() > id) {
            newest.getValue().count = (int) (id - newest.getValue().from + 1);
        }
    }

    /** Local id of a part's first delivery behind this id, or -1. */
    long firstAfter(ConsumerPart part, long id) {
        long[] found = {-1};
        each(id + 1, last, (of, from, to) -> {
            if (of == part && found[0] < 0) {
                found[0] = from;
            }
        });
        return found[0];
    }
}
