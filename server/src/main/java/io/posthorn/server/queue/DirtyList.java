package io.posthorn.server.queue;

import java.util.ArrayDeque;

/** Subscriptions for which a dispatch may find something to do. */
final class DirtyList {

    private final ArrayDeque<SubscriptionState> queue = new ArrayDeque<>();

    /** Something has changed; ignored while nobody listens there. */
    void mark(SubscriptionState subscription) {
        if (!subscription.dirty && !subscription.dead && subscription.isWatched()) {
            subscription.dirty = true;
            queue.add(subscription);
        }
    }

    /** The next one, no longer marked; null when there is none. */
    SubscriptionState poll() {
        SubscriptionState next = queue.poll();
        if (next != null) {
            next.dirty = false;
        }
        return next;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }
}
