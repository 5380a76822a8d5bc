package io.posthorn.server.queue;

import java.util.ArrayDeque;

/**
 * While the broker refuses messages, for want of room or of copies, whoever forwards what he consumes fails whatever he does. What is given back then does
 * not come nearer to being a dead letter, keeps its place, and is delivered again a little later, so that its consumers do not try all the time. Volatile.
 */
final class Patience {

    /** So long after a refusal something that is given back is taken to be its victim. */
    static final long REFUSING_MS = 5_000;

    static final long PAUSE_MS = 200;

    private boolean wasRefused;
    private long refusedMs;

    /** In the order in which their pauses end. */
    private final ArrayDeque<SubscriptionState> paused = new ArrayDeque<>();

    /** A message was not taken. */
    void refused(long now) {
        wasRefused = true;
        refusedMs = now;
    }

    /** Whether who fails now may do so because of a refusal. The clock may have been set back since. */
    boolean isCalledFor(long now) {
        return wasRefused && now >= refusedMs && now - refusedMs < REFUSING_MS;
    }

    /** A message that was handed over comes back. */
    void excuse(Delivery delivery, long now) {
        if (delivery.isJournalled()) {
            delivery.level.counts.excuse(delivery.offset);
        } else {
            delivery.inMemory.excused++;
        }
        SubscriptionState subscription = delivery.level.subscription;
        if (!subscription.isPaused(now)) {
            subscription.pausedUntilMs = now + PAUSE_MS;
            paused.add(subscription);
        }
    }

    /** Pauses that are over. */
    void release(long now, DirtyList dirty) {
        while (!paused.isEmpty() && !paused.peek().isPaused(now)) {
            dirty.mark(paused.poll());
        }
    }

    /** When the next pause is over; {@link Long#MAX_VALUE} = there is none. */
    long nextMs() {
        return paused.isEmpty() ? Long.MAX_VALUE : paused.peek().pausedUntilMs;
    }
}
