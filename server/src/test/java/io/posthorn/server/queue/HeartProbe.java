package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.server.store.LaneId;
import java.util.ArrayList;
import java.util.List;

/** What the simulation may see of a heart's inside, and do to it on purpose. */
public final class HeartProbe {

    private HeartProbe() {}

    /** A message that waits somewhere: by its offset when it is journalled, else itself. */
    public record Waiting(long offset, EncodedMessage inMemory) {}

    /** Highest delivery id that was used. */
    public static long lastDelivery(ConsumerState consumer) {
        return consumer.inFlight.last();
    }

    /** Offsets of the consumer's subscription and a priority that wait for their next try. */
    public static List<Long> deferred(ConsumerState consumer, int priority) {
        return deferred(consumer.subscription.levels[priority]);
    }

    /** Committed ready messages of the consumer's subscription and a priority that lie before what is being delivered to it. */
    public static List<Waiting> passed(BrokerHeart heart, ConsumerState consumer, int priority, long offset) {
        Level level = consumer.subscription.levels[priority];
        List<Waiting> passed = new ArrayList<>();
        long end = Math.min(offset < 0 ? keyBefore(consumer, -offset) : offset, level.lane.visibleOffset());
        for (long at = level.pending.next(0, end, level.taken);
                at >= 0;
                at = level.pending.next(at + 1, end, level.taken)) {
            passed.add(new Waiting(at, null));
        }
        for (VolatileMessage waiting : level.waiting.values()) {
            boolean before = offset < 0 ? waiting.id < -offset : waiting.key <= offset;
            if (before && heart.state().visibility.isCommitted(waiting.visibleAt)) {
                passed.add(new Waiting(-1, waiting.body.message()));
            }
        }
        return passed;
    }

    public static boolean matches(ConsumerState consumer, EncodedMessage message) {
        return consumer.filter.matches(message);
    }

    /** How many messages a group of a queue believes that it has to wait for; -1 = there is no such group. */
    public static int groupWaitsFor(BrokerHeart heart, DestinationName queue, String group) {
        MessageGroup found = group(heart, queue, group);
        return found == null ? -1 : found.deferred;
    }

    /** Lane and offset of each message of a queue that waits for its next try. */
    public static List<DeliveryRef> deferred(BrokerHeart heart, DestinationName queue) {
        List<DeliveryRef> found = new ArrayList<>();
        for (Level level : heart.state().destinations.find(queue).queueSubscription().levels) {
            if (level != null) {
                deferred(level).forEach(at -> found.add(new DeliveryRef(level.lane.id, at)));
            }
        }
        return found;
    }

    // ---- sabotage ----

    public static void forgetProducer(BrokerHeart heart, long producer) {
        heart.state().producers.remove(producer);
    }

    public static void inventProducer(BrokerHeart heart, long now) {
        heart.state().producers.open(99).stored(5, now);
    }

    /** Gives a delivery back that was settled. */
    public static void unsettle(ConsumerState consumer, DeliveryRef ref) {
        consumer.subscription.levels[LaneId.priority(ref.lane())].giveBack(ref.offset());
    }

    /** Nobody has messages of this group, it believes from now on. */
    public static void forgetHolders(BrokerHeart heart, DestinationName queue, String group) {
        MessageGroup found = group(heart, queue, group);
        if (found != null) {
            found.inHand = 0;
            found.ownersHand = 0;
        }
    }

    /** No branch has messages of this group, it believes from now on. */
    public static void forgetBranches(BrokerHeart heart, DestinationName queue, String group) {
        MessageGroup found = group(heart, queue, group);
        if (found != null) {
            found.deferred = 0;
        }
    }

    /** Hides the first ready message of a queue; -1 = there is none. */
    public static long hideFirst(BrokerHeart heart, DestinationName queue) {
        DestinationState destination = heart.state().destinations.find(queue);
        if (destination == null) {
            return -1;
        }
        Level level = destination.queueSubscription().level(4);
        long first = level.pending.next(0, level.lane.visibleOffset(), level.taken);
        if (first >= 0) {
            level.taken.set(first);
        }
        return first;
    }

    public static void show(BrokerHeart heart, DestinationName queue, long hidden) {
        heart.state().destinations.find(queue).queueSubscription().level(4).giveBack(hidden);
    }

    /** Settles a chunk although a message may refer to it. */
    public static Outcome<Void> dropBody(BrokerHeart heart) {
        DestinationState queue = heart.state().destinations.find(LargeBody.CHUNKS);
        if (queue == null) {
            return Outcome.done();
        }
        Level level = queue.queueSubscription().level(4);
        long at = level.pending.next(0, Long.MAX_VALUE, null);
        if (at < 0) {
            return Outcome.done();
        }
        Ledger ledger = new Ledger();
        ledger.settle(level, at);
        ledger.finish(new ArrayList<>());
        return ledger.outcome(null);
    }

    /** As if a verb had returned nothing to append. */
    public static Outcome<Void> nothing() {
        return Outcome.done();
    }

    private static MessageGroup group(BrokerHeart heart, DestinationName queue, String group) {
        DestinationState destination = heart.state().destinations.find(queue);
        GroupTable groups = destination == null ? null : destination.queueSubscription().groups;
        return groups == null ? null : groups.find(group);
    }

    private static List<Long> deferred(Level level) {
        List<Long> found = new ArrayList<>();
        for (long at : level.counts.rows().sortedKeys()) {
            if (level.counts.isDeferred(at)) {
                found.add(at);
            }
        }
        return found;
    }

    /** Up to where journalled messages come before one of memory that is in flight. */
    private static long keyBefore(ConsumerState consumer, long id) {
        for (long d = consumer.inFlight.last(); d >= consumer.inFlight.first(); d--) {
            Delivery delivery = consumer.inFlight.get(d);
            if (delivery != null && !delivery.isJournalled() && delivery.inMemory.id == id) {
                return delivery.inMemory.key;
            }
        }
        throw new AssertionError("message of memory " + id + " is not in flight to " + consumer);
    }
}
