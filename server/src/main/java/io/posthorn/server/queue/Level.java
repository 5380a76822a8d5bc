package io.posthorn.server.queue;

import java.util.TreeMap;

/**
 * What one subscription waits for in one priority: journalled messages as bitmaps over the lane, messages of memory in the
 * order they came.
 */
final class Level {

    final SubscriptionState subscription;
    final int priority;
    final LaneState lane;

    /** Journalled: not settled yet. */
    final BitBlocks pending = new BitBlocks();
    /** Journalled: in flight, deferred, or about to be settled; always pending too. */
    final BitBlocks taken = new BitBlocks();
    /** Journalled. */
    final DeliveryCounts counts = new DeliveryCounts();
    /** Journalled: consumed in a branch that is not decided; always taken too. */
    final BitBlocks undecided = new BitBlocks();
    /** Journalled: rejected by an application while the body was not in memory; to become dead letters. */
    final BitBlocks rejected = new BitBlocks();
    /** In memory only: ready ones, by number. Those in flight are held by their deliveries. */
    final TreeMap<Long, VolatileMessage> waiting = new TreeMap<>();

    Level(SubscriptionState subscription, int priority) {
        this.subscription = subscription;
        this.priority = priority;
        this.lane = subscription.destination.lane(priority);
    }

    boolean hasNothing() {
        return pending.isEmpty() && waiting.isEmpty();
    }

    /** A journalled message waits here from now on. */
    void add(long offset) {
        if (pending.set(offset)) {
            lane.addWaiting(offset);
        }
    }

    /** A block of journalled messages waits here; nothing of it did before. */
    void addBlock(long number, long[] bits) {
        int added = pending.setBlock(number, bits);
        lane.addWaiting(number, bits, added);
    }

    /** A journalled message is settled; returns whether it was pending. */
    boolean settle(long offset) {
        if (!pending.clear(offset)) {
            return false;
        }
        taken.clear(offset);
        counts.forget(offset);
        rejected.clear(offset);
        lane.removeWaiting(offset);
        if (!undecided.isEmpty() && undecided.clear(offset) && subscription.groups != null) {
            subscription.groups.settled(new DeliveryRef(lane.id, offset));
        }
        return true;
    }

    /** Everything journalled goes at once. */
    void settleAll() {
        for (long offset = pending.next(0, Long.MAX_VALUE, null);
                offset >= 0;
                offset = pending.next(offset + 1, Long.MAX_VALUE, null)) {
            lane.removeWaiting(offset);
        }
        pending.clearAll();
        taken.clearAll();
        undecided.clearAll();
        rejected.clearAll();
        counts.rows().clear();
    }

    /** A branch has consumed a delivery, which is about to leave its consumer: it waits for the decision, and so does its group. */
    void hold(Delivery delivery) {
        if (delivery.isJournalled()) {
            if (!pending.get(delivery.offset)) {
                return;
            }
            undecided.set(delivery.offset);
        }
        if (subscription.groups != null) {
            subscription.groups.held(delivery);
        }
    }

    /** A taken message is free again, and its group goes on if it waited for that. */
    void giveBack(long offset) {
        GroupTable groups = subscription.groups;
        if (groups != null && groups.waitOver(this, offset)) {
            taken.clear(offset);
        } else if (taken.clear(offset)) {
            subscription.returned(this, offset);
        }
    }

    /** A deferred message is free again, or settled meanwhile; what a branch has consumed since then stays with the branch. */
    void deferralOver(long offset) {
        if (undecided.get(offset)) {
            return;
        }
        if (pending.get(offset)) {
            giveBack(offset);
        } else if (subscription.groups != null) {
            subscription.groups.settled(new DeliveryRef(lane.id, offset));
        }
    }

    /** A branch that has consumed a journalled message was rolled back: it is free again, unless it has to wait for its next try. */
    void rolledBack(long offset) {
        undecided.clear(offset);
        if (pending.get(offset) && !counts.isDeferred(offset)) {
            giveBack(offset);
        }
    }

    /** A taken message of a group is free again. */
    void giveBack(Delivery grouped) {
        if (grouped.isJournalled()) {
            taken.clear(grouped.offset);
        } else {
            waiting.put(grouped.inMemory.id, grouped.inMemory);
        }
        subscription.groups.returned(grouped);
    }

    /** A message of memory waits here: a new one, or one that comes back to its place. */
    void offer(VolatileMessage message, boolean returned) {
        waiting.put(message.id, message);
        if (returned) {
            subscription.returnedVolatile(this, message.id);
        }
    }
}
