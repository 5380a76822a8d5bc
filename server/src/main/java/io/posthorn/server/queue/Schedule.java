package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import java.util.List;
import java.util.PriorityQueue;

/** Messages with a delivery delay, journalled and not, by due time and then by arrival. */
final class Schedule {

    /** A waiting message. */
    static final class Delayed implements Comparable<Delayed> {
        /** 0 for one that lives in memory only. */
        final long scheduleId;

        final long dueMs;
        final VolatileBody body;
        final int[] recipients;
        /** Where the body lies in the journal; 0 when not there. */
        final long position;
        /** Subscriptions in memory that get a copy; set by the verb that sent it. */
        List<SubscriptionState> copies = List.of();
        /** Copies are not visible before this journal position. */
        long visibleAt;

        private long order;
        private boolean done;

        Delayed(long scheduleId, long dueMs, VolatileBody body, int[] recipients, long position) {
            this.scheduleId = scheduleId;
            this.dueMs = dueMs;
            this.body = body;
            this.recipients = recipients;
            this.position = position;
        }

        EncodedMessage message() {
            return body.message;
        }

        @Override
        public int compareTo(Delayed other) {
            int byTime = Long.compare(dueMs, other.dueMs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Delayed> queue = new PriorityQueue<>();
    private final LongMap<Delayed> journalled = new LongMap<>();
    private long lastId;
    private long lastOrder;

    /** Number for a new journalled one. */
    long takeId() {
        return ++lastId;
    }

    void add(Delayed delayed) {
        delayed.order = ++lastOrder;
        queue.add(delayed);
        if (delayed.scheduleId != 0) {
            journalled.put(delayed.scheduleId, delayed);
            lastId = Math.max(lastId, delayed.scheduleId);
        }
    }

    /** Replay: it has got its place. */
    Delayed done(long scheduleId) {
        Delayed delayed = journalled.remove(scheduleId);
        if (delayed != null) {
            delayed.done = true;
        }
        return delayed;
    }

    Delayed journalled(long scheduleId) {
        return journalled.get(scheduleId);
    }

    LongMap<Delayed> allJournalled() {
        return journalled;
    }

    /** The next one that is due, taken out of the queue; null when there is none. */
    Delayed poll(long now) {
        dropDone();
        return !queue.isEmpty() && queue.peek().dueMs <= now ? queue.poll() : null;
    }

    long nextMs() {
        dropDone();
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().dueMs;
    }

    private void dropDone() {
        while (!queue.isEmpty() && queue.peek().done) {
            queue.poll();
        }
    }
}
