package io.posthorn.server.store;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import java.util.List;
import java.util.Map;

/**
 * A change of the journalled state. Handlers return these, the journal keeps them, and replaying them is the only way the
 * state changes: live, at recovery, and on a Slave.
 *
 * <p>One journal <em>entry</em> holds the records of one handler call and is atomic. It holds at most one record that bears
 * a message, so the entry's position is that message's physical offset. Times are the broker's wall clock, ms since 1970.
 */
public sealed interface JournalRecord {

    /** The first record of a Master's reign. */
    record EpochStarted(long epoch, long timeMs) implements JournalRecord {}

    /**
     * An operator has raised the format level: this entry is the first of that level. It changes nothing that a broker serves.
     *
     * @param level the level from here on, above {@link FormatLevel#FIRST}
     */
    record LevelRaised(int level) implements JournalRecord {}

    /**
     * A destination exists from now on.
     *
     * @param queues number of MessageQueues, 1 to 255
     * @param attributes settings by name; not null
     */
    record DestinationCreated(
            int destinationId, DestinationName name, int queues, long timeMs, Map<String, String> attributes)
            implements JournalRecord {}

    /**
     * A destination has other settings from now on.
     *
     * @param attributes all that is set for it, by name; not null
     */
    record DestinationChanged(int destinationId, Map<String, String> attributes) implements JournalRecord {}

    /** A destination is gone, with its subscriptions and messages. */
    record DestinationDeleted(int destinationId) implements JournalRecord {}

    /**
     * A subscription whose messages are kept. Every queue has exactly one, created in the same entry, with no name.
     *
     * @param clientId client identifier that is part of its key, or null
     * @param name     subscription name, null for a queue's own
     * @param selector selector text, or null
     * @param shared   whether several consumers may share it
     */
    record SubscriptionCreated(
            int subscriptionId,
            int destinationId,
            String clientId,
            String name,
            String selector,
            boolean noLocal,
            boolean shared)
            implements JournalRecord {}

    /**
     * A durable subscription is gone. Messages nobody else waits for are freed by {@link Settled} records before it.
     */
    record SubscriptionDeleted(int subscriptionId) implements JournalRecord {}

    /**
     * A message got its place. Bears a message.
     *
     * @param producerId dedup: who sent it
     * @param sequence   dedup: its number there, 0 for none
     * @param recipients ids of the subscriptions that get it; not empty
     */
    record Published(
            long lane,
            long offset,
            long receivedMs,
            long producerId,
            long sequence,
            int[] recipients,
            EncodedMessage message)
            implements JournalRecord {}

    /**
     * A message of an open transaction; invisible until committed. Bears a message.
     *
     * @param index its index in the transaction, from 0
     */
    record Staged(long producerId, long txSequence, int index, long sequence, long receivedMs, EncodedMessage message)
            implements JournalRecord {}

    /** The atomic point of a transaction: all its staged messages get their places, all its settlements hold. */
    record Committed(
            long producerId, long txSequence, long timeMs, List<Placement> placements, List<Settlement> settlements)
            implements JournalRecord {}

    /** A transaction is rolled back; what was staged is dropped. */
    record Aborted(long producerId, long txSequence) implements JournalRecord {}

    /** Deliveries are settled outside a transaction, or messages have expired. */
    record Settled(List<Settlement> settlements) implements JournalRecord {}

    /** Messages were handed to an application once more. Ranges as in {@link Settlement}. */
    record HandedOver(int subscriptionId, long lane, long[] ranges) implements JournalRecord {}

    /** A returned message must not be delivered again before this time. */
    record Deferred(int subscriptionId, long lane, long offset, long notBeforeMs) implements JournalRecord {}

    /**
     * A message with a delivery delay waits. Bears a message.
     *
     * @param scheduleId rising number of the schedule entry
     * @param dueMs      when it gets its place, by the broker's clock
     * @param recipients durable subscriptions that existed when it was sent
     */
    record Scheduled(
            long scheduleId,
            long dueMs,
            long receivedMs,
            long producerId,
            long sequence,
            int[] recipients,
            EncodedMessage message)
            implements JournalRecord {}

    /**
     * A message of a transaction that is being committed has to wait for its time: it leaves the transaction and waits like a {@link Scheduled} one. Lies in one
     * entry with its {@link Committed} record, before it. Of {@link FormatLevel} 2.
     *
     * @param index      its index in the transaction
     * @param scheduleId as in {@link Scheduled}, like the rest
     */
    record Postponed(long producerId, long txSequence, int index, long scheduleId, long dueMs, int[] recipients)
            implements JournalRecord {

        /** Where the message was until then. */
        public Origin.Staged origin() {
            return new Origin.Staged(producerId, txSequence, index);
        }

        /** What waits from now on. */
        public Scheduled scheduled(long receivedMs, EncodedMessage message) {
            return new Scheduled(scheduleId, dueMs, receivedMs, producerId, 0, recipients, message);
        }
    }

    /**
     * A waiting message is due and gets its place; recipients that are gone are left out (when none is left, lane and offset
     * are -1 and the message is dropped).
     */
    record Due(long scheduleId, long lane, long offset, int[] recipients) implements JournalRecord {}

    /** A producer ended in order; its dedup row goes. */
    record ProducerClosed(long producerId) implements JournalRecord {}

    /**
     * A branch of a global transaction is prepared: it stays, with its staged messages and with the messages it has consumed, which
     * nobody else gets, until it is decided.
     *
     * @param parts what was staged in it
     * @param held  what it has consumed; whether that frees the messages is decided at commit
     */
    record Prepared(BranchId branch, long timeMs, List<BranchPart> parts, List<Settlement> held)
            implements JournalRecord {}

    /**
     * The end of a prepared branch, in one entry behind the {@link Committed}, {@link Settled} and {@link Aborted} records that carry
     * it out. What it holds and nobody has settled is free again.
     */
    record BranchEnded(BranchId branch, BranchOutcome outcome, long timeMs) implements JournalRecord {}

    // ---- What a broker knows of its cluster. Each record is the whole of one row, and takes the place of the one
    // before. ----

    /** A row about the cluster; where it lies among the others is up to {@link ClusterFields}. */
    sealed interface ClusterRecord extends JournalRecord {

        /** Whether the row goes. */
        boolean isGone();
    }

    /**
     * The directory says where a destination lies.
     *
     * @param parts the broker groups that hold it; empty = nowhere any more
     * @param attributes settings by name; not null
     */
    record DestinationPlaced(DestinationName name, List<PlacedPart> parts, Map<String, String> attributes)
            implements ClusterRecord {

        @Override
        public boolean isGone() {
            return parts.isEmpty();
        }
    }

    /**
     * The directory has given the name of a durable subscription away, or taken it back.
     *
     * @param clientId client identifier that is part of its key, or null
     * @param topic    what it stands for; null = nothing any more
     * @param selector selector text, or null
     */
    record SubscriptionGranted(
            String clientId, String name, DestinationName topic, String selector, boolean noLocal, boolean shared)
            implements ClusterRecord {

        @Override
        public boolean isGone() {
            return topic == null;
        }
    }

    /** An operator has asked the directory to empty a broker group, or has taken that back. */
    record GroupDrained(String group, boolean draining) implements ClusterRecord {

        @Override
        public boolean isGone() {
            return !draining;
        }
    }

    /**
     * This broker, as the coordinator, has decided to commit a transaction of several broker groups.
     *
     * @param participants groups that have not confirmed that they have committed; empty = all have
     */
    record DecisionMade(BranchId branch, long timeMs, List<String> participants) implements ClusterRecord {

        @Override
        public boolean isGone() {
            return participants.isEmpty();
        }
    }

    // ---- Records that only a snapshot emits (see Store.recover); they never lie in the journal. ----

    /** How far a lane has come. */
    record LaneRow(long lane, long nextOffset) implements JournalRecord {}

    /**
     * How large the messages of a block of {@value Store#BLOCK_MESSAGES} offsets are.
     *
     * @param sizes bytes: one number when all are equal, else one for each offset
     */
    record SizeRow(long lane, long block, int[] sizes) implements JournalRecord {}

    /**
     * Which messages of a block of {@value Store#BLOCK_MESSAGES} offsets a subscription still waits for.
     *
     * @param block block number: first offset / block size
     * @param bits  one bit per offset, set = pending
     */
    record PendingRow(int subscriptionId, long lane, long block, long[] bits) implements JournalRecord {}

    /** Delivery count and earliest redelivery (0 = none) of a pending message that was handed over before. */
    record DeliveryRow(int subscriptionId, long lane, long offset, int count, long notBeforeMs)
            implements JournalRecord {}

    /**
     * Dedup state of a producer.
     *
     * @param lastSequence highest stored sequence
     * @param gaps         sequences below it that were not stored, ascending, the newest {@value Store#PRODUCER_GAPS_MAX}
     * @param lastTx       newest committed transaction, 0 for none
     * @param lastSeenMs   when it stored something last
     */
    record ProducerRow(long producerId, long lastSequence, long[] gaps, long lastTx, long lastSeenMs)
            implements JournalRecord {}

    /**
     * Where the body of a large message lies that has a place in a lane, or waits for its time.
     *
     * @param lane   {@link #SCHEDULED} for one that waits
     * @param offset its number, for one that waits
     */
    record LargeRow(long lane, long offset, LargeBody body) implements JournalRecord {

        /** In the place of a lane. */
        public static final long SCHEDULED = -1;
    }
}
