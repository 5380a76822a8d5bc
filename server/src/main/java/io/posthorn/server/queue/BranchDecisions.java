package io.posthorn.server.queue;

import io.posthorn.server.store.BranchOutcome;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Placement;
import io.posthorn.server.store.Settlement;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries out what was decided about a branch: commit in one or two phases, rollback, and the end of an open one. A prepared branch is
 * decided in one entry, so that it is wholly carried out or still prepared. The heart's thread calls it, through {@link BranchVerbs}.
 */
final class BranchDecisions {

    private final HeartState state;
    private final DeliveryVerbs deliveries;
    private final TransactionVerbs transactions;

    BranchDecisions(HeartState state, DeliveryVerbs deliveries, TransactionVerbs transactions) {
        this.state = state;
        this.deliveries = deliveries;
        this.transactions = transactions;
    }

    /** Commits an open branch in one phase. */
    Outcome<BranchAnswer> commitOpen(BranchState branch, long now) {
        state.branches.remove(branch.id);
        Ledger ledger = new Ledger();
        settleConsumed(branch, ledger);
        List<Settlement> settlements = ledger.drainSettlements();
        TransactionVerbs.Extras extras = new TransactionVerbs.Extras();
        List<JournalRecord> entry = new ArrayList<>(branch.parts.size());
        boolean journalled = !settlements.isEmpty();
        for (BranchState.Part part : branch.parts) {
            TransactionState sends = state.transactions.get(part.key);
            journalled |= sends != null && sends.journalledCount > 0;
            // Each part gets its record, so that its session can ask how it ended.
            entry.add(new JournalRecord.Committed(
                    part.key.producerId(), part.key.txSequence(), now, place(part, sends, extras, now), settlements));
            settlements = List.of();
        }
        if (!journalled) {
            for (BranchState.Part part : branch.parts) {
                state.endTransaction(part.key);
                state.producers.open(part.key.producerId()).committedInMemory(part.key.txSequence(), now);
            }
            transactions.give(extras.copies, 0);
            return Outcome.of(BranchAnswer.OK);
        }
        return written(extras.entry(entry), extras.copies);
    }

    /** @param outcome FINISHED when its transaction manager asked for it */
    Outcome<BranchAnswer> commitPrepared(BranchState branch, BranchOutcome outcome, long now) {
        Ledger ledger = new Ledger();
        settleConsumed(branch, ledger);
        for (Settlement settlement : branch.held) {
            SubscriptionState subscription = state.subscriptions.byId(settlement.subscriptionId());
            if (subscription != null) {
                settle(subscription.level(LaneId.priority(settlement.lane())), settlement, ledger);
            }
        }
        TransactionVerbs.Extras extras = new TransactionVerbs.Extras();
        List<JournalRecord> closed = new ArrayList<>(0);
        List<JournalRecord> entry = new ArrayList<>(branch.parts.size() + 2);
        List<Settlement> settlements = ledger.drainSettlements();
        if (!settlements.isEmpty()) {
            entry.add(new JournalRecord.Settled(settlements));
        }
        for (BranchState.Part part : branch.parts) {
            TransactionState sends = state.transactions.get(part.key);
            List<Placement> placements = place(part, sends, extras, now);
            if (sends != null && sends.journalledCount > 0) {
                long producerId = part.key.producerId();
                entry.add(new JournalRecord.Committed(producerId, part.key.txSequence(), now, placements, List.of()));
                if (state.producers.get(producerId) == null) {
                    // Its session has closed it meanwhile: nobody would ever close the row that the commit makes.
                    closed.add(new JournalRecord.ProducerClosed(producerId));
                }
            }
        }
        entry.add(new JournalRecord.BranchEnded(branch.id, outcome, now));
        entry.addAll(closed);
        return written(extras.entry(entry), extras.copies);
    }

    /** As {@link #commitPrepared}. What it holds goes back to its place. */
    Outcome<BranchAnswer> rollbackPrepared(BranchState branch, BranchOutcome outcome, long now) {
        List<JournalRecord> back = new ArrayList<>(0);
        giveBackConsumed(branch, back, now);
        List<JournalRecord> entry = new ArrayList<>(branch.parts.size() + 1 + back.size());
        for (BranchState.Part part : branch.parts) {
            TransactionState sends = state.transactions.get(part.key);
            if (sends != null && sends.journalledCount > 0) {
                entry.add(new JournalRecord.Aborted(part.key.producerId(), part.key.txSequence()));
            }
        }
        // Before the record that frees what need not wait: nothing of their groups may go out in between.
        deferHeld(branch, now, entry);
        entry.add(new JournalRecord.BranchEnded(branch.id, outcome, now));
        entry.addAll(back);
        return written(entry, List.of());
    }

    Outcome<BranchAnswer> forget(BranchState branch, long now) {
        return written(
                new ArrayList<>(List.of(new JournalRecord.BranchEnded(branch.id, BranchOutcome.FINISHED, now))),
                List.of());
    }

    /** Rolls the work of an open branch back, and keeps the branch as one that has failed. */
    void fail(BranchState branch, int code, String why, Ledger ledger, List<JournalRecord> records, long now) {
        branch.phase = BranchState.Phase.FAILED;
        branch.failure = code;
        branch.failureText = why;
        for (Delivery delivery : branch.consumed) {
            DeliveryVerbs.countOnce(delivery, ledger);
        }
        giveBackConsumed(branch, records, now);
        for (BranchState.Part part : branch.parts) {
            transactions.abort(part.key, records);
        }
    }

    private Outcome<BranchAnswer> written(List<JournalRecord> entry, List<TransactionVerbs.Copies> copies) {
        if (!copies.isEmpty()) {
            state.continuations.after(entry, position -> transactions.give(copies, position));
        }
        return new Outcome<>(List.of(entry), BranchAnswer.OK, null, false);
    }

    private List<Placement> place(
            BranchState.Part part, TransactionState sends, TransactionVerbs.Extras extras, long now) {
        return sends == null ? List.of() : transactions.place(publisher(part), sends, extras, now);
    }

    /** Who counts as the sender, for subscriptions without local messages: after a restart only the client id is known. */
    private static ClientState publisher(BranchState.Part part) {
        if (part.owner != null || part.clientId == null) {
            return part.owner;
        }
        ClientState gone = new ClientState(0, 0);
        gone.clientId = part.clientId;
        return gone;
    }

    private void settleConsumed(BranchState branch, Ledger ledger) {
        for (Delivery delivery : branch.consumed) {
            delivery.level.subscription.held--;
            if (!delivery.isJournalled()) {
                state.memory.free(delivery.inMemory);
                if (delivery.group != null) {
                    delivery.level.subscription.groups.settled(delivery.ref());
                }
            } else if (delivery.level.pending.get(delivery.offset)) {
                ledger.settle(delivery.level, delivery.offset);
            }
        }
        branch.consumed.clear();
    }

    private void giveBackConsumed(BranchState branch, List<JournalRecord> records, long now) {
        for (Delivery delivery : branch.consumed) {
            delivery.level.subscription.held--;
            if (delivery.isJournalled()) {
                delivery.level.undecided.clear(delivery.offset);
            }
            deliveries.giveBack(delivery, records, now);
        }
        branch.consumed.clear();
    }

    private static void settle(Level level, Settlement held, Ledger ledger) {
        long[] ranges = held.ranges();
        for (int i = 0; i < ranges.length; i += 2) {
            for (long offset = ranges[i]; offset <= ranges[i + 1]; offset++) {
                if (level.pending.get(offset)) {
                    ledger.settle(level, offset);
                }
            }
        }
    }

    private void deferHeld(BranchState branch, long now, List<JournalRecord> entry) {
        for (Settlement held : branch.held) {
            SubscriptionState subscription = state.subscriptions.byId(held.subscriptionId());
            if (subscription == null) {
                continue;
            }
            Level level = subscription.level(LaneId.priority(held.lane()));
            long[] ranges = held.ranges();
            for (int i = 0; i < ranges.length; i += 2) {
                for (long offset = ranges[i]; offset <= ranges[i + 1]; offset++) {
                    long delay = subscription.destination.settings().redeliveryDelayMs(level.counts.count(offset));
                    if (delay > 0) {
                        entry.add(new JournalRecord.Deferred(held.subscriptionId(), held.lane(), offset, now + delay));
                    }
                }
            }
        }
    }
}
