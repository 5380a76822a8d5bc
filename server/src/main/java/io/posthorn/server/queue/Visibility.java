package io.posthorn.server.queue;

/**
 * What becomes visible when the commit position moves: a queue of (journal position, lane and its next offset | subscription
 * with messages of memory), positions ascending.
 */
final class Visibility {

    private long[] positions = new long[64];
    private Object[] targets = new Object[64];
    private long[] offsets = new long[64];
    private int head;
    private int count;
    private long committed;

    /** Entries that start below it are durable. */
    long committed() {
        return committed;
    }

    boolean isCommitted(long position) {
        return position < committed;
    }

    /** Messages of a lane below an offset become visible with an entry. */
    void await(long position, LaneState lane, long nextOffset) {
        push(position, lane, nextOffset);
    }

    /** Messages of memory become visible with an entry. */
    void await(long position, SubscriptionState subscription) {
        push(position, subscription, 0);
    }

    /** Moves on; those that have something new are marked. Never moves back. */
    void committed(long position, DirtyList dirty) {
        committed = Math.max(committed, position);
        while (count > 0 && positions[head] < committed) {
            Object target = targets[head];
            if (target instanceof LaneState lane) {
                lane.visibleTo(offsets[head]);
                for (SubscriptionState subscription : lane.destination.journalled) {
                    dirty.mark(subscription);
                }
            } else {
                dirty.mark((SubscriptionState) target);
            }
            targets[head] = null;
            head = head + 1 & positions.length - 1;
            count--;
        }
    }

    private void push(long position, Object target, long offset) {
        if (count == positions.length) {
            grow();
        }
        int at = head + count & positions.length - 1;
        positions[at] = position;
        targets[at] = target;
        offsets[at] = offset;
        count++;
    }

    private void grow() {
        int n = positions.length;
        long[] morePositions = new long[n * 2];
        Object[] moreTargets = new Object[n * 2];
        long[] moreOffsets = new long[n * 2];
        for (int i = 0; i < n; i++) {
            int from = head + i & n - 1;
            morePositions[i] = positions[from];
            moreTargets[i] = targets[from];
            moreOffsets[i] = offsets[from];
        }
        positions = morePositions;
        targets = moreTargets;
        offsets = moreOffsets;
        head = 0;
    }
}
