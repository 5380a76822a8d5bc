package io.posthorn.server.queue;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Moves messages that cannot be consumed to {@code DLQ.<QUEUE|TOPIC>.<name>[.<subscription>]}. They keep their header, but do
 * not expire, and say in properties why they are there. A message in a dead-letter queue stays there.
 */
final class DeadLetters {

    static final String PREFIX = "DLQ.";
    static final String REASON = "JMS_PH_DeadLetterReason";
    static final String ORIGIN = "JMS_PH_DeadLetterOrigin";
    static final String DELIVERIES = "JMS_PH_DeadLetterDeliveries";

    private final HeartState state;
    private final FanOut fanOut;
    private final SendVerbs sends;

    DeadLetters(HeartState state, FanOut fanOut, SendVerbs sends) {
        this.state = state;
        this.fanOut = fanOut;
        this.sends = sends;
    }

    /**
     * Whether a message has been handed over too often.
     *
     * @param deliveries but for those that are excused, see {@link Patience}
     */
    boolean isExhausted(SubscriptionState subscription, int deliveries) {
        int max = subscription.destination.settings().maxDeliveries();
        return max > 0 && deliveries >= max && isApplicable(subscription);
    }

    /** Whether a journalled message becomes a dead letter when its turn comes, for which its body is needed. */
    boolean awaits(Level level, long offset) {
        return level.rejected.get(offset) || isExhausted(level.subscription, level.counts.blamed(offset));
    }

    /** End of recovery: see {@link DeliveryCounts#excuseAbove}. */
    void excuseAll() {
        state.subscriptions.forEachJournalled(subscription -> {
            int max = subscription.destination.settings().maxDeliveries();
            for (Level level : subscription.levels) {
                if (max > 0 && level != null) {
                    level.counts.excuseAbove(max);
                }
            }
        });
    }

    /** Whether messages of this subscription can become dead letters at all. */
    private static boolean isApplicable(SubscriptionState subscription) {
        DestinationName name = subscription.destination.name;
        return name.kind() != DestinationKind.QUEUE
                || !name.name().startsWith(PREFIX)
                        && !name.name()
                                .equals(subscription.destination.settings().deadLetterDestination());
    }

    /**
     * A delivery that its application rejected, already taken out of its consumer.
     *
     * @return false when it has to be given back instead: its body has to be fetched first, or it is a dead letter already
     */
    boolean reject(Delivery delivery, Ledger ledger, long now) {
        Level level = delivery.level;
        if (level.subscription.dead || !isApplicable(level.subscription)) {
            return false;
        }
        if (!delivery.isJournalled()) {
            bury(delivery.inMemory, "rejected by the application", ledger, now);
            state.memory.free(delivery.inMemory);
            return true;
        }
        EncodedMessage message = level.lane.message(delivery.offset);
        if (message == null || !message.isWhole()) {
            level.rejected.set(delivery.offset);
            return false;
        }
        int count = level.counts.count(delivery.offset) + 1;
        bury(level, delivery.offset, message, "rejected by the application", count, ledger, now);
        return true;
    }

    /** Settles a journalled message and publishes its dead letter, as one entry. */
    void bury(Level level, long offset, EncodedMessage message, String reason, int count, Ledger ledger, long now) {
        level.taken.set(offset);
        List<JournalRecord> records = new ArrayList<>(4);
        Settlement settlement = ledger.settlement(level, offset);
        records.add(new JournalRecord.Settled(List.of(settlement)));
        publish(level.subscription, letter(level.subscription, message, reason, count, true), records, now);
        ledger.entry(records);
    }

    /** Publishes the dead letter of a message of memory; the caller frees the message itself. */
    void bury(VolatileMessage dead, String reason, Ledger ledger, long now) {
        SubscriptionState from = dead.level.subscription;
        EncodedMessage original = dead.body.message();
        List<JournalRecord> records = new ArrayList<>(3);
        EncodedMessage letter = letter(from, original, reason, dead.count, original.persistent());
        if (original.persistent()) {
            publish(from, letter, records, now);
        } else {
            SubscriptionState queue = queue(from, now, records).queueSubscription();
            fanOut.give(new VolatileBody(letter, now), List.of(queue), 0);
        }
        ledger.entry(records);
    }

    private void publish(SubscriptionState from, EncodedMessage letter, List<JournalRecord> records, long now) {
        DestinationState queue = queue(from, now, records);
        records.add(sends.publish(queue, 0, 0, queue.recipients(letter, null), letter, now));
    }

    private DestinationState queue(SubscriptionState from, long now, List<JournalRecord> records) {
        DestinationName name = queueName(from);
        DestinationState known = state.destinations.find(name);
        return known != null ? known : state.destinations.plan(name, now, records);
    }

    private static DestinationName queueName(SubscriptionState from) {
        String own = from.destination.settings().deadLetterDestination();
        if (!own.isEmpty()) {
            return DestinationName.queue(own);
        }
        String kind = from.destination.isQueue() ? "QUEUE." : "TOPIC.";
        String subscription = from.name == null ? "" : "." + from.name;
        try {
            return DestinationName.queue(PREFIX + kind + from.destination.name.name() + subscription);
        } catch (IllegalArgumentException tooLong) {
            // A name at its limit has no room for the prefix: all such share one queue, each letter names its origin.
            return DestinationName.queue(PREFIX + kind + "LONG-NAMES");
        }
    }

    private static EncodedMessage letter(
            SubscriptionState from, EncodedMessage original, String reason, int deliveries, boolean persistent) {
        MessageHead head = original.head();
        head.expirationMs(0);
        head.persistent(persistent);
        Map<String, Object> properties = head.properties();
        properties.put(REASON, reason);
        properties.put(ORIGIN, from.text());
        properties.put(DELIVERIES, deliveries);
        byte[] bytes = original.bytes();
        EncodedMessage letter = EncodedMessage.encode(head, bytes, original.headLength(), original.bodyLength());
        // Both refer to the same large body.
        return original.isLarge() ? letter.withLargeBody(original.largeBody()) : letter;
    }

    /** For logs. */
    static String text(Level level, long offset) {
        return LaneId.text(level.lane.id) + "@" + offset;
    }
}
