package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import java.util.Iterator;
import java.util.List;

/** Puts messages that live in memory into subscriptions, within the bounds of these. */
final class FanOut {

    /** How many messages per level are looked at for one that may be dropped. */
    private static final int DROP_SEARCH_MAX = 16;

    private static final long SWEEP_PAUSE_MS = 1_000;

    private final HeartState state;
    private long lastSweepMs = Long.MIN_VALUE / 2;

    FanOut(HeartState state) {
        this.state = state;
    }

    /** Whether there is memory for copies of a message; expired ones are thrown out first if need be. */
    boolean hasRoom(EncodedMessage message, int copies, long now) {
        if (state.memory.fits(message, copies)) {
            return true;
        }
        // A look at everything, so not for each of the sends that meet a full memory.
        if (now - lastSweepMs >= SWEEP_PAUSE_MS) {
            lastSweepMs = now;
            dropExpired(now);
        }
        return state.memory.fits(message, copies);
    }

    String fullText(DestinationState destination) {
        return state.memory.fullText(destination.name);
    }

    /**
     * Gives a copy to each subscription.
     *
     * @param visibleAt journal position that has to be committed first, 0 for none
     */
    void give(VolatileBody body, List<SubscriptionState> subscriptions, long visibleAt) {
        int priority = body.priority();
        boolean far = true;
        for (int i = 0; i < subscriptions.size(); i++) {
            SubscriptionState subscription = subscriptions.get(i);
            long key = subscription.isJournalled()
                    ? subscription.level(priority).lane.upcomingOffset()
                    : 0;
            far &= VolatileSpill.isFar(subscription);
            offer(body, subscription, key, visibleAt);
        }
        if (body.holders > 0) {
            state.memory.relieve(body, far);
        }
    }

    /** As above, to one, with the place it has among the journalled messages. */
    void give(VolatileBody body, SubscriptionState subscription, long key, long visibleAt) {
        boolean far = VolatileSpill.isFar(subscription);
        offer(body, subscription, key, visibleAt);
        if (body.holders > 0) {
            state.memory.relieve(body, far);
        }
    }

    private void offer(VolatileBody body, SubscriptionState subscription, long key, long visibleAt) {
        if (subscription.dead || subscription.slowText != null || !makeRoom(subscription, body.size())) {
            return;
        }
        Level level = subscription.level(body.priority());
        level.offer(state.memory.copy(body, level, key, visibleAt), false);
        subscription.volatileCount++;
        if (visibleAt == 0) {
            state.dirty.mark(subscription);
        } else {
            state.visibility.await(visibleAt, subscription);
        }
    }

    /** A ready message leaves its queue: delivered or dropped. */
    void take(VolatileMessage message) {
        message.level.waiting.remove(message.id);
        message.level.subscription.volatileCount--;
        message.taken = true;
        message.body.taken++;
    }

    /** A message that was in flight comes back to its place. */
    void giveBack(Delivery delivery) {
        SubscriptionState subscription = delivery.level.subscription;
        delivery.inMemory.taken = false;
        delivery.inMemory.body.taken--;
        if (delivery.group != null) {
            delivery.level.giveBack(delivery);
        } else {
            delivery.level.offer(delivery.inMemory, true);
        }
        state.spill.gaveBack(delivery.inMemory.body, state.round);
        subscription.volatileCount++;
        state.dirty.mark(subscription);
    }

    /** Everything in memory of a subscription goes. */
    void clear(SubscriptionState subscription) {
        for (Level level : subscription.levels) {
            if (level != null) {
                level.waiting.values().forEach(state.memory::free);
                level.waiting.clear();
            }
        }
        subscription.volatileCount = 0;
    }

    /** Throws out what has expired anywhere. */
    void dropExpired(long now) {
        for (DestinationState destination : state.destinations.all()) {
            destination.journalled.forEach(subscription -> dropExpired(subscription, now));
            destination.volatiles.forEach(subscription -> dropExpired(subscription, now));
        }
    }

    private void dropExpired(SubscriptionState subscription, long now) {
        for (Level level : subscription.levels) {
            if (level == null || level.waiting.isEmpty()) {
                continue;
            }
            Iterator<VolatileMessage> each = level.waiting.values().iterator();
            while (each.hasNext()) {
                VolatileMessage message = each.next();
                if (message.body.isExpired(now)) {
                    each.remove();
                    subscription.volatileCount--;
                    state.memory.free(message);
                }
            }
        }
    }

    /** Does what the policy says about a non-durable subscription that is full; false when it gets nothing any more. */
    private boolean makeRoom(SubscriptionState subscription, int size) {
        for (String full = subscription.tooSlow(size); full != null; full = subscription.tooSlow(size)) {
            SlowConsumerPolicy policy = subscription.destination.settings().slowConsumerPolicy();
            if (policy == SlowConsumerPolicy.BLOCK) {
                // Decided when it was sent: what is due now, or committed, was let in then.
                return true;
            }
            if (policy == SlowConsumerPolicy.DISCONNECT || !dropOldest(subscription)) {
                subscription.slowText = full;
                state.tooSlow.add(subscription);
                return false;
            }
        }
        return true;
    }

    private boolean dropOldest(SubscriptionState subscription) {
        for (Level level : subscription.levels) {
            if (level == null) {
                continue;
            }
            int looked = 0;
            for (VolatileMessage message : level.waiting.values()) {
                if (!message.body.persistent()) {
                    take(message);
                    state.memory.free(message);
                    subscription.dropped++;
                    return true;
                }
                if (++looked == DROP_SEARCH_MAX) {
                    break;
                }
            }
        }
        return false;
    }
}
