package io.posthorn.server.store.lmdb;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.BranchOutcome;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.Aborted;
import io.posthorn.server.store.JournalRecord.BranchEnded;
import io.posthorn.server.store.JournalRecord.ClusterRecord;
import io.posthorn.server.store.JournalRecord.Committed;
import io.posthorn.server.store.JournalRecord.Deferred;
import io.posthorn.server.store.JournalRecord.DestinationChanged;
import io.posthorn.server.store.JournalRecord.DestinationCreated;
import io.posthorn.server.store.JournalRecord.DestinationDeleted;
import io.posthorn.server.store.JournalRecord.Due;
import io.posthorn.server.store.JournalRecord.EpochStarted;
import io.posthorn.server.store.JournalRecord.HandedOver;
import io.posthorn.server.store.JournalRecord.LevelRaised;
import io.posthorn.server.store.JournalRecord.Postponed;
import io.posthorn.server.store.JournalRecord.Prepared;
import io.posthorn.server.store.JournalRecord.ProducerClosed;
import io.posthorn.server.store.JournalRecord.Published;
import io.posthorn.server.store.JournalRecord.Scheduled;
import io.posthorn.server.store.JournalRecord.Settled;
import io.posthorn.server.store.JournalRecord.Staged;
import io.posthorn.server.store.JournalRecord.SubscriptionCreated;
import io.posthorn.server.store.JournalRecord.SubscriptionDeleted;
import io.posthorn.server.store.Placement;
import io.posthorn.server.store.Settlement;
import io.posthorn.server.store.Store;
import io.posthorn.server.store.StoreException;
import java.util.List;
import java.util.function.Supplier;

/**
 * The second pass: applies records in order to a {@link FoldState}, so that what comes and goes between two transactions never reaches
 * LMDB. One thread, one transaction's worth of records.
 */
final class Fold {

    private final FoldState state;
    private final Survey survey;

    Fold(FoldState state, Survey survey) {
        this.state = state;
        this.survey = survey;
    }

    /**
     * Applies one record.
     *
     * @param position of its entry
     * @param record   without its message
     * @param message  gives the message of the entry, when it is wanted
     */
    void apply(long position, JournalRecord record, Supplier<EncodedMessage> message) {
        if (record instanceof Published r) {
            state.producerStored(r.producerId(), r.sequence(), r.receivedMs());
            place(r.lane(), r.offset(), r.recipients());
            if (!survey.frees(r.lane(), r.offset())) {
                state.put(
                        new MessageKey(r.lane(), r.offset()),
                        new MessageSource.Inline(message.get(), r.receivedMs(), position));
            }
        } else if (record instanceof Settled r) {
            settle(r.settlements());
        } else if (record instanceof HandedOver r) {
            handedOver(r);
        } else if (record instanceof Staged r) {
            state.producerStored(r.producerId(), r.sequence(), r.receivedMs());
            state.stage(
                    new StagedKey(r.producerId(), r.txSequence(), r.index()),
                    new MessageSource.Waiting(r, message.get(), position));
        } else if (record instanceof Committed r) {
            commit(r);
        } else if (record instanceof Aborted r) {
            state.endTransaction(r.producerId(), r.txSequence());
        } else if (record instanceof Scheduled r) {
            state.producerStored(r.producerId(), r.sequence(), r.receivedMs());
            state.schedule(r.scheduleId(), new MessageSource.Waiting(r, message.get(), position));
        } else if (record instanceof Postponed r) {
            state.postpone(r);
        } else if (record instanceof Due r) {
            due(r);
        } else {
            applyRare(record);
        }
    }

    private void applyRare(JournalRecord record) {
        if (record instanceof Deferred r) {
            if (state.isPending(r.subscriptionId(), r.lane(), r.offset())) {
                SubscriptionKey key = new SubscriptionKey(r.subscriptionId(), r.lane(), r.offset());
                state.delivery(key, state.delivery(key).deferred(r.notBeforeMs()));
            }
        } else if (record instanceof DestinationCreated r) {
            state.destination(r.destinationId(), r);
        } else if (record instanceof DestinationChanged r) {
            state.changeDestination(r);
        } else if (record instanceof DestinationDeleted r) {
            state.deleteDestination(r.destinationId());
        } else if (record instanceof SubscriptionCreated r) {
            state.subscription(r.subscriptionId(), r);
        } else if (record instanceof SubscriptionDeleted r) {
            state.deleteSubscription(r.subscriptionId());
        } else if (record instanceof ProducerClosed r) {
            state.closeProducer(r.producerId());
        } else if (record instanceof Prepared r) {
            state.branch(r.branch(), r);
        } else if (record instanceof BranchEnded r) {
            state.branch(r.branch(), r.outcome() == BranchOutcome.FINISHED ? null : r);
        } else if (record instanceof ClusterRecord r) {
            state.cluster(r);
        } else if (!(record instanceof EpochStarted || record instanceof LevelRaised)) {
            throw new StoreException("a " + record.getClass().getSimpleName() + " record has no place in the journal");
        }
    }

    private void place(long lane, long offset, int[] recipients) {
        state.reached(lane, offset + 1);
        for (int recipient : recipients) {
            PendingBlock block = state.pending(recipient, lane, PendingBlock.of(offset));
            if (block != null) {
                block.set(offset);
            }
        }
    }

    private void commit(Committed r) {
        for (Placement placement : r.placements()) {
            place(placement.lane(), placement.offset(), placement.recipients());
            if (!survey.frees(placement.lane(), placement.offset())) {
                StagedKey key = new StagedKey(r.producerId(), r.txSequence(), placement.index());
                state.put(new MessageKey(placement.lane(), placement.offset()), state.stagedSource(key));
            }
        }
        state.endTransaction(r.producerId(), r.txSequence());
        settle(r.settlements());
        state.producerCommitted(r.producerId(), r.txSequence(), r.timeMs());
    }

    private void due(Due r) {
        if (r.lane() >= 0) {
            place(r.lane(), r.offset(), r.recipients());
            if (!survey.frees(r.lane(), r.offset())) {
                state.put(new MessageKey(r.lane(), r.offset()), state.scheduledSource(r.scheduleId()));
            }
        }
        state.unschedule(r.scheduleId());
    }

    private void settle(List<Settlement> settlements) {
        for (Settlement settlement : settlements) {
            long[] ranges = settlement.ranges();
            for (int i = 0; i < ranges.length; i += 2) {
                settle(settlement, ranges[i], ranges[i + 1]);
            }
        }
    }

    private void settle(Settlement settlement, long from, long to) {
        for (long at = from; at <= to; ) {
            long block = PendingBlock.of(at);
            long last = Math.min(to, (block + 1) * Store.BLOCK_MESSAGES - 1);
            PendingBlock bits = state.pending(settlement.subscriptionId(), settlement.lane(), block);
            if (bits != null) {
                bits.range(at, last, false);
            }
            at = last + 1;
        }
        state.forgetDeliveries(settlement.subscriptionId(), settlement.lane(), from, to);
        if (settlement.frees()) {
            state.free(settlement.lane(), from, to);
        }
    }

    private void handedOver(HandedOver r) {
        long[] ranges = r.ranges();
        for (int i = 0; i < ranges.length; i += 2) {
            for (long offset = ranges[i]; offset <= ranges[i + 1]; offset++) {
                if (state.isPending(r.subscriptionId(), r.lane(), offset)) {
                    SubscriptionKey key = new SubscriptionKey(r.subscriptionId(), r.lane(), offset);
                    state.delivery(key, state.delivery(key).handedOver());
                }
            }
        }
    }
}
