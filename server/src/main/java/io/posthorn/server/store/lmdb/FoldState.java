package io.posthorn.server.store.lmdb;

import io.posthorn.message.BranchId;
import io.posthorn.server.store.ClusterFields;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.ClusterRecord;
import io.posthorn.server.store.JournalRecord.DestinationChanged;
import io.posthorn.server.store.JournalRecord.DestinationCreated;
import io.posthorn.server.store.JournalRecord.Postponed;
import io.posthorn.server.store.JournalRecord.SubscriptionCreated;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.ProducerSequences;
import io.posthorn.server.store.RecordCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one transaction of a checkpoint will change, gathered in memory in key order, over what LMDB holds. Null as a map's value means that
 * the row goes. One thread.
 */
final class FoldState {

    /** Offsets of a subscription's lane whose delivery counts go. */
    record DeliveryRange(int subscriptionId, long lane, long from, long to) {}

    /** Offsets of a lane whose messages go. */
    record MessageRange(long lane, long from, long to) {}

    /** A transaction whose staged rows go. */
    record Transaction(long producerId, long txSequence) {}

    private final Rows rows;
    private final Map<Long, Long> laneStarts;
    private final boolean hasDeliveries;

    private final TreeMap<Integer, JournalRecord> destinations = new TreeMap<>();
    private final TreeMap<Integer, JournalRecord> subscriptions = new TreeMap<>();
    private final TreeMap<Long, Long> lanes = new TreeMap<>();
    private final TreeMap<SubscriptionKey, PendingBlock> pending = new TreeMap<>();
    private final TreeMap<SubscriptionKey, DeliveryCount> deliveries = new TreeMap<>();
    private final TreeMap<MessageKey, MessageSource> messages = new TreeMap<>();
    private final TreeMap<StagedKey, MessageSource.Waiting> staged = new TreeMap<>();

    /** {@link MessageSource.Waiting}, or {@link MessageSource.PostponedRow}. */
    private final TreeMap<Long, MessageSource> schedules = new TreeMap<>();

    private final TreeMap<Long, ProducerSequences> producers = new TreeMap<>(Long::compareUnsigned);

    private final Map<BranchId, JournalRecord> branches = new LinkedHashMap<>();

    /** By their row keys. */
    private final Map<ByteBuffer, ClusterRecord> cluster = new LinkedHashMap<>();

    private final List<DeliveryRange> forgottenDeliveries = new ArrayList<>();
    private final List<MessageRange> freed = new ArrayList<>();
    private final List<Transaction> endedTransactions = new ArrayList<>();
    private final Set<Integer> deletedDestinations = new HashSet<>();
    private final Set<Integer> deletedSubscriptions = new HashSet<>();
    private long bytes;

    /**
     * @param rows       what LMDB holds, in an open transaction
     * @param laneStarts next offset per lane when the checkpoint began, filled as lanes are met: messages from there on are freed
     *                   by not being written
     */
    FoldState(Rows rows, Map<Long, Long> laneStarts) {
        this.rows = rows;
        this.laneStarts = laneStarts;
        this.hasDeliveries = rows.hasDeliveries();
    }

    /** Message bytes to be written, or moved. */
    long bytes() {
        return bytes;
    }

    /** Rows to be changed, roughly. */
    int size() {
        return messages.size()
                + pending.size()
                + deliveries.size()
                + staged.size()
                + schedules.size()
                + producers.size()
                + freed.size()
                + forgottenDeliveries.size()
                + endedTransactions.size()
                + branches.size()
                + cluster.size();
    }

    void destination(int id, JournalRecord record) {
        destinations.put(id, record);
    }

    /** The row of a destination gets other settings. */
    void changeDestination(DestinationChanged changed) {
        int id = changed.destinationId();
        JournalRecord known = destinations.containsKey(id) ? destinations.get(id) : rows.destination(id);
        if (known instanceof DestinationCreated created) {
            destinations.put(
                    id,
                    new DestinationCreated(
                            id, created.name(), created.queues(), created.timeMs(), changed.attributes()));
        }
    }

    void deleteDestination(int id) {
        destinations.put(id, null);
        deletedDestinations.add(id);
        messages.subMap(MessageKey.first(id), MessageKey.first(id + 1)).clear();
        lanes.subMap(LaneId.of(id, 0, 0), LaneId.of(id + 1, 0, 0)).clear();
        List<Integer> gone = rows.subscriptionsOf(id);
        subscriptions.forEach((subscriptionId, record) -> {
            if (record instanceof SubscriptionCreated created && created.destinationId() == id) {
                gone.add(subscriptionId);
            }
        });
        gone.forEach(this::deleteSubscription);
    }

    void subscription(int id, JournalRecord record) {
        subscriptions.put(id, record);
    }

    void deleteSubscription(int id) {
        subscriptions.put(id, null);
        deletedSubscriptions.add(id);
        pending.subMap(SubscriptionKey.first(id), SubscriptionKey.first(id + 1)).clear();
        deliveries
                .subMap(SubscriptionKey.first(id), SubscriptionKey.first(id + 1))
                .clear();
    }

    /** @param record what is known of the branch, null for nothing any more */
    void branch(BranchId branch, JournalRecord record) {
        branches.put(branch, record);
    }

    Map<BranchId, JournalRecord> branches() {
        return branches;
    }

    void cluster(ClusterRecord record) {
        cluster.put(ByteBuffer.wrap(ClusterFields.rowKey(record)), record);
    }

    Collection<ClusterRecord> cluster() {
        return cluster.values();
    }

    /** A lane's next offset is at least this. */
    void reached(long lane, long nextOffset) {
        laneStart(lane);
        lanes.merge(lane, nextOffset, Math::max);
    }

    /** The block, loaded or empty; null when its subscription is deleted. */
    PendingBlock pending(int subscriptionId, long lane, long block) {
        if (deletedSubscriptions.contains(subscriptionId)) {
            return null;
        }
        SubscriptionKey key = new SubscriptionKey(subscriptionId, lane, block);
        PendingBlock found = pending.get(key);
        if (found == null) {
            PendingBlock stored = rows.pending(key);
            found = stored == null ? new PendingBlock() : stored;
            pending.put(key, found);
        }
        return found;
    }

    boolean isPending(int subscriptionId, long lane, long offset) {
        PendingBlock block = pending(subscriptionId, lane, PendingBlock.of(offset));
        return block != null && block.get(offset);
    }

    DeliveryCount delivery(SubscriptionKey key) {
        DeliveryCount known = deliveries.get(key);
        if (known == null && hasDeliveries) {
            known = rows.delivery(key);
        }
        return known == null ? DeliveryCount.NONE : known;
    }

    void delivery(SubscriptionKey key, DeliveryCount value) {
        deliveries.put(key, value);
    }

    void forgetDeliveries(int subscriptionId, long lane, long from, long to) {
        if (!deliveries.isEmpty()) {
            deliveries
                    .subMap(
                            new SubscriptionKey(subscriptionId, lane, from),
                            new SubscriptionKey(subscriptionId, lane, to + 1))
                    .clear();
        }
        if (hasDeliveries) {
            forgottenDeliveries.add(new DeliveryRange(subscriptionId, lane, from, to));
        }
    }

    void put(MessageKey key, MessageSource source) {
        if (source != null && !deletedDestinations.contains(LaneId.destinationId(key.lane()))) {
            messages.put(key, source);
            bytes += source.bytes();
        }
    }

    /** Messages nobody waits for any more; those placed since the checkpoint began were left out by the survey. */
    void free(long lane, long from, long to) {
        long last = Math.min(to, laneStart(lane) - 1);
        if (from <= last) {
            freed.add(new MessageRange(lane, from, last));
        }
    }

    void stage(StagedKey key, MessageSource.Waiting source) {
        staged.put(key, source);
        bytes += source.bytes();
    }

    /** Where a staged message is to be had; null when it is not stored at all. */
    MessageSource stagedSource(StagedKey key) {
        MessageSource.Waiting here = staged.get(key);
        if (here != null) {
            return inline(here);
        }
        int stored = rows.stagedBytes(key);
        bytes += stored;
        return stored == 0 ? null : new MessageSource.StagedRow(key);
    }

    void endTransaction(long producerId, long txSequence) {
        staged.subMap(StagedKey.first(producerId, txSequence), StagedKey.first(producerId, txSequence + 1))
                .clear();
        endedTransactions.add(new Transaction(producerId, txSequence));
    }

    void schedule(long scheduleId, MessageSource.Waiting source) {
        schedules.put(scheduleId, source);
        bytes += source.bytes();
    }

    /** A staged message begins to wait for its time. */
    void postpone(Postponed record) {
        StagedKey key = new StagedKey(record.producerId(), record.txSequence(), record.index());
        MessageSource.Waiting here = staged.get(key);
        if (here == null) {
            schedules.put(record.scheduleId(), new MessageSource.PostponedRow(record, key));
            bytes += rows.stagedBytes(key);
        } else {
            JournalRecord scheduled = record.scheduled(RecordCodec.receivedMsOf(here.record()), null);
            schedules.put(record.scheduleId(), new MessageSource.Waiting(scheduled, here.message(), here.position()));
        }
    }

    /** As {@link #stagedSource}. */
    MessageSource scheduledSource(long scheduleId) {
        MessageSource here = schedules.get(scheduleId);
        if (here instanceof MessageSource.Waiting waiting) {
            return inline(waiting);
        }
        if (here instanceof MessageSource.PostponedRow row) {
            return new MessageSource.StagedRow(row.key());
        }
        int stored = rows.scheduledBytes(scheduleId);
        bytes += stored;
        return stored == 0 ? null : new MessageSource.ScheduleRow(scheduleId);
    }

    void unschedule(long scheduleId) {
        schedules.put(scheduleId, null);
    }

    void producerStored(long producerId, long sequence, long timeMs) {
        if (sequence > 0) {
            producer(producerId).store(sequence, timeMs);
        }
    }

    void producerCommitted(long producerId, long txSequence, long timeMs) {
        producer(producerId).committed(txSequence, timeMs);
    }

    void closeProducer(long producerId) {
        producers.put(producerId, null);
    }

    Map<Integer, JournalRecord> destinations() {
        return destinations;
    }

    Map<Integer, JournalRecord> subscriptions() {
        return subscriptions;
    }

    Map<Long, Long> lanes() {
        return lanes;
    }

    Map<SubscriptionKey, PendingBlock> pending() {
        return pending;
    }

    Map<SubscriptionKey, DeliveryCount> deliveries() {
        return deliveries;
    }

    Map<MessageKey, MessageSource> messages() {
        return messages;
    }

    Map<StagedKey, MessageSource.Waiting> staged() {
        return staged;
    }

    Map<Long, MessageSource> schedules() {
        return schedules;
    }

    Map<Long, ProducerSequences> producers() {
        return producers;
    }

    List<DeliveryRange> forgottenDeliveries() {
        return forgottenDeliveries;
    }

    List<MessageRange> freed() {
        return freed;
    }

    List<Transaction> endedTransactions() {
        return endedTransactions;
    }

    Set<Integer> deletedDestinations() {
        return deletedDestinations;
    }

    Set<Integer> deletedSubscriptions() {
        return deletedSubscriptions;
    }

    private long laneStart(long lane) {
        Long start = laneStarts.get(lane);
        if (start == null) {
            start = rows.nextOffset(lane);
            laneStarts.put(lane, start);
        }
        return start;
    }

    private ProducerSequences producer(long producerId) {
        ProducerSequences known = producers.get(producerId);
        if (known == null) {
            // A producer that was closed in this fold and sends again starts anew.
            known = producers.containsKey(producerId) ? new ProducerSequences() : rows.producer(producerId);
            producers.put(producerId, known);
        }
        return known;
    }

    private static MessageSource inline(MessageSource.Waiting waiting) {
        return new MessageSource.Inline(
                waiting.message(), RecordCodec.receivedMsOf(waiting.record()), waiting.position());
    }
}
