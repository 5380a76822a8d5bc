package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Origin;
import io.posthorn.server.store.Placement;
import io.posthorn.server.store.Settlement;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies journal records: the only place where journalled state changes, live, at recovery and on a Slave alike. It trusts the
 * journal; records about things that are gone are without effect.
 */
final class Replayer {

    private final HeartState state;
    private final Subscriptions subscriptions;
    private final BranchReplay branches;

    Replayer(HeartState state, Subscriptions subscriptions) {
        this.state = state;
        this.subscriptions = subscriptions;
        this.branches = new BranchReplay(state);
    }

    void replay(JournalEntry entry) {
        List<JournalRecord> records = entry.records();
        for (int i = 0; i < records.size(); i++) {
            apply(records.get(i), entry.position());
        }
        state.continuations.replayed(records, entry.position());
    }

    private void apply(JournalRecord record, long position) {
        if (record instanceof JournalRecord.Published published) {
            published(published, position);
        } else if (record instanceof JournalRecord.Settled settled) {
            settle(settled.settlements());
        } else if (record instanceof JournalRecord.HandedOver handedOver) {
            handedOver(handedOver);
        } else if (record instanceof JournalRecord.Staged staged) {
            staged(staged, position);
        } else if (record instanceof JournalRecord.Committed committed) {
            committed(committed, position);
        } else if (record instanceof JournalRecord.Aborted aborted) {
            state.endTransaction(new TransactionState.Key(aborted.producerId(), aborted.txSequence()));
        } else if (record instanceof JournalRecord.Deferred deferred) {
            deferred(deferred.subscriptionId(), deferred.lane(), deferred.offset(), deferred.notBeforeMs());
        } else if (record instanceof JournalRecord.Scheduled scheduled) {
            scheduled(scheduled, position);
        } else if (record instanceof JournalRecord.Due due) {
            due(due, position);
        } else if (record instanceof JournalRecord.Postponed postponed) {
            postponed(postponed, position);
        } else {
            applyRare(record);
        }
    }

    private void applyRare(JournalRecord record) {
        if (record instanceof JournalRecord.DestinationCreated created) {
            state.destinations.created(created.destinationId(), created.name(), created.queues(), created.attributes());
        } else if (record instanceof JournalRecord.DestinationChanged changed) {
            state.destinations.changed(changed.destinationId(), changed.attributes());
        } else if (record instanceof JournalRecord.DestinationDeleted deleted) {
            destinationDeleted(deleted.destinationId());
        } else if (record instanceof JournalRecord.SubscriptionCreated created) {
            DestinationState destination = state.destinations.byId(created.destinationId());
            if (destination != null) {
                state.subscriptions.created(created, destination);
            }
        } else if (record instanceof JournalRecord.SubscriptionDeleted deleted) {
            SubscriptionState subscription = state.subscriptions.byId(deleted.subscriptionId());
            if (subscription != null) {
                subscriptions.kill(subscription);
            }
        } else if (record instanceof JournalRecord.ProducerClosed closed) {
            state.producers.remove(closed.producerId());
        } else if (record instanceof JournalRecord.Prepared prepared) {
            branches.prepared(prepared);
        } else if (record instanceof JournalRecord.BranchEnded ended) {
            branches.ended(ended);
        } else if (record instanceof JournalRecord.ClusterRecord row) {
            state.cluster.apply(row);
        } else {
            applyRow(record);
        }
    }

    private void applyRow(JournalRecord record) {
        if (record instanceof JournalRecord.LaneRow row) {
            state.destinations.lane(row.lane()).restore(row.nextOffset());
        } else if (record instanceof JournalRecord.SizeRow row) {
            LaneState lane = state.destinations.lane(row.lane());
            if (lane != null) {
                lane.restoreSizes(row.block(), row.sizes());
            }
        } else if (record instanceof JournalRecord.PendingRow row) {
            pendingRow(row);
        } else if (record instanceof JournalRecord.DeliveryRow row) {
            Level level = level(row.subscriptionId(), row.lane());
            if (level != null && level.pending.get(row.offset())) {
                level.counts.restore(row.offset(), row.count(), 0);
                if (row.notBeforeMs() != 0) {
                    deferred(row.subscriptionId(), row.lane(), row.offset(), row.notBeforeMs());
                }
            }
        } else if (record instanceof JournalRecord.ProducerRow row) {
            state.producers
                    .open(row.producerId())
                    .restore(row.lastSequence(), row.gaps(), row.lastTx(), row.lastSeenMs());
        } else if (record instanceof JournalRecord.LargeRow row) {
            if (row.lane() == JournalRecord.LargeRow.SCHEDULED) {
                state.bodies.waits(row.offset(), row.body());
            } else {
                state.bodies.placed(row.lane(), row.offset(), row.body());
            }
        } else if (record instanceof JournalRecord.LevelRaised raised) {
            state.formatLevel = raised.level();
        } else if (!(record instanceof JournalRecord.EpochStarted)) {
            throw new IllegalStateException("no replay for " + record.getClass().getSimpleName());
        }
    }

    private void published(JournalRecord.Published record, long position) {
        Source source = new Source(record.message(), record.message().size(), record.receivedMs(), position, null);
        if (place(record.lane(), record.offset(), record.recipients(), source, position)) {
            state.bodies.placed(record.lane(), record.offset(), record.message());
        }
        if (record.sequence() > 0) {
            state.producers.open(record.producerId()).stored(record.sequence(), record.receivedMs());
        }
    }

    /**
     * Where a message comes from that gets its place.
     *
     * @param message  null when it is not in memory
     * @param position where it lies in the journal; 0 when not there
     * @param origin   null when it lies under its place at once
     */
    private record Source(EncodedMessage message, int size, long receivedMs, long position, Origin origin) {}

    /** Returns whether anybody waits for it. */
    private boolean place(long laneId, long offset, int[] recipients, Source source, long position) {
        LaneState lane = state.destinations.lane(laneId);
        if (lane == null) {
            return false;
        }
        lane.place(offset);
        lane.size(offset, source.size);
        boolean wanted = false;
        for (int id : recipients) {
            SubscriptionState subscription = state.subscriptions.byId(id);
            if (subscription != null) {
                subscription.level(LaneId.priority(laneId)).add(offset);
                wanted = true;
            }
        }
        if (wanted) {
            lane.locate(offset, source.position, source.origin, position);
            if (source.message != null) {
                lane.keep(offset, source.message, source.receivedMs);
            }
        }
        state.visibility.await(position, lane, offset + 1);
        return wanted;
    }

    private void staged(JournalRecord.Staged record, long position) {
        TransactionState.Key key = new TransactionState.Key(record.producerId(), record.txSequence());
        state.bodies.hold(record.message());
        TransactionState transaction = state.transactions.computeIfAbsent(key, TransactionState::new);
        transaction.add(
                record.index(), new TransactionState.Staged(record.message(), record.receivedMs(), position, true));
        transaction.count(state.destinations.find(record.message().destination()), record.message());
        if (record.sequence() > 0 && position > 0) {
            state.producers.open(record.producerId()).stored(record.sequence(), record.receivedMs());
        }
    }

    private void committed(JournalRecord.Committed record, long position) {
        TransactionState transaction =
                state.endTransaction(new TransactionState.Key(record.producerId(), record.txSequence()));
        for (Placement placement : record.placements()) {
            TransactionState.Staged send =
                    stagedIn(transaction, record.producerId(), record.txSequence(), placement.index());
            Origin origin = new Origin.Staged(record.producerId(), record.txSequence(), placement.index());
            Source source =
                    new Source(send.message(), send.message().size(), send.receivedMs(), send.position(), origin);
            if (place(placement.lane(), placement.offset(), placement.recipients(), source, position)) {
                state.bodies.placed(placement.lane(), placement.offset(), send.message());
            }
        }
        settle(record.settlements());
        state.producers.open(record.producerId()).committed(record.txSequence(), record.timeMs());
    }

    private static TransactionState.Staged stagedIn(
            TransactionState transaction, long producerId, long txSequence, int index) {
        TransactionState.Staged send =
                transaction == null || index >= transaction.staged.size() ? null : transaction.staged.get(index);
        if (send == null) {
            throw new IllegalStateException("commit of transaction " + producerId + "/" + txSequence + " takes message "
                    + index + ", which was not staged");
        }
        return send;
    }

    private void postponed(JournalRecord.Postponed record, long position) {
        TransactionState transaction =
                state.transactions.get(new TransactionState.Key(record.producerId(), record.txSequence()));
        TransactionState.Staged send = stagedIn(transaction, record.producerId(), record.txSequence(), record.index());
        if (send.message().isLarge()) {
            state.bodies.waits(record.scheduleId(), send.message().largeBody());
        }
        state.schedule.add(record, send, position);
    }

    private void settle(List<Settlement> settlements) {
        for (int i = 0; i < settlements.size(); i++) {
            Settlement settlement = settlements.get(i);
            Level level = level(settlement.subscriptionId(), settlement.lane());
            if (level == null) {
                continue;
            }
            long[] ranges = settlement.ranges();
            for (int r = 0; r < ranges.length; r += 2) {
                for (long offset = ranges[r]; offset <= ranges[r + 1]; offset++) {
                    level.settle(offset);
                }
            }
        }
    }

    private void handedOver(JournalRecord.HandedOver record) {
        Level level = level(record.subscriptionId(), record.lane());
        if (level == null) {
            return;
        }
        long[] ranges = record.ranges();
        for (int r = 0; r < ranges.length; r += 2) {
            for (long offset = ranges[r]; offset <= ranges[r + 1]; offset++) {
                if (level.pending.get(offset)) {
                    level.counts.raise(offset);
                }
            }
        }
    }

    private void deferred(int subscriptionId, long laneId, long offset, long notBeforeMs) {
        Level level = level(subscriptionId, laneId);
        if (level != null && level.pending.get(offset)) {
            level.counts.defer(offset, notBeforeMs);
            level.taken.set(offset);
            state.deferred.add(notBeforeMs, level, offset);
        }
    }

    private void scheduled(JournalRecord.Scheduled record, long position) {
        if (record.message().isLarge()) {
            state.bodies.waits(record.scheduleId(), record.message().largeBody());
        }
        state.schedule.add(record, position);
        if (record.sequence() > 0 && position > 0) {
            state.producers.open(record.producerId()).stored(record.sequence(), record.receivedMs());
        }
    }

    private void due(JournalRecord.Due record, long position) {
        Schedule.Delayed delayed = state.schedule.done(record.scheduleId(), position);
        if (delayed == null) {
            return;
        }
        if (record.lane() >= 0) {
            Source source = new Source(
                    delayed.message(),
                    delayed.size,
                    delayed.receivedMs,
                    delayed.position,
                    new Origin.Scheduled(record.scheduleId(), delayed.before()));
            if (place(record.lane(), record.offset(), record.recipients(), source, position)) {
                state.bodies.placedAfterWaiting(record.scheduleId(), record.lane(), record.offset());
            }
        }
        state.bodies.waitsNoMore(record.scheduleId());
    }

    private void destinationDeleted(int destinationId) {
        DestinationState destination = state.destinations.byId(destinationId);
        if (destination == null) {
            return;
        }
        for (SubscriptionState subscription : new ArrayList<>(destination.journalled)) {
            subscriptions.kill(subscription);
        }
        for (SubscriptionState subscription : new ArrayList<>(destination.volatiles)) {
            subscriptions.kill(subscription);
        }
        for (int priority = 0; priority < 10; priority++) {
            if (destination.laneIfAny(priority) != null) {
                destination.lane(priority).clear();
            }
        }
        state.destinations.remove(destination);
    }

    private void pendingRow(JournalRecord.PendingRow row) {
        Level level = level(row.subscriptionId(), row.lane());
        if (level != null) {
            level.addBlock(row.block(), row.bits());
        }
    }

    private Level level(int subscriptionId, long laneId) {
        SubscriptionState subscription = state.subscriptions.byId(subscriptionId);
        return subscription == null ? null : subscription.level(LaneId.priority(laneId));
    }
}
