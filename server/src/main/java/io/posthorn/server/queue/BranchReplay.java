package io.posthorn.server.queue;

import io.posthorn.server.store.BranchOutcome;
import io.posthorn.server.store.BranchPart;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Settlement;
import java.util.List;

/** The part of {@link Replayer} that knows prepared branches. */
final class BranchReplay {

    private final HeartState state;

    BranchReplay(HeartState state) {
        this.state = state;
    }

    /** What it has consumed is kept from everybody; what it has staged belongs to no client any more. */
    void prepared(JournalRecord.Prepared record) {
        BranchState branch = state.branches.computeIfAbsent(record.branch(), BranchState::new);
        branch.prepared(record.timeMs(), record.parts(), record.held());
        for (BranchPart part : record.parts()) {
            TransactionState sends =
                    state.transactions.get(new TransactionState.Key(part.producerId(), part.txSequence()));
            if (sends != null) {
                branch.bytes += sends.bytes;
                sends.prepared = true;
                sends.owner = null;
            }
        }
        state.preparedBytes += branch.bytes;
        for (Settlement held : record.held()) {
            forEach(held, (level, offset) -> {
                if (level.pending.get(offset)) {
                    level.taken.set(offset);
                    level.undecided.set(offset);
                }
                level.subscription.held++;
            });
        }
    }

    void ended(JournalRecord.BranchEnded record) {
        BranchState branch = state.branches.computeIfAbsent(record.branch(), BranchState::new);
        for (Settlement held : branch.held) {
            forEach(held, (level, offset) -> {
                level.subscription.held--;
                level.rolledBack(offset);
                state.dirty.mark(level.subscription);
            });
        }
        for (BranchState.Part part : branch.parts) {
            // What was journalled has been placed or aborted by its own record; this is what lived in memory only.
            state.endTransaction(part.key);
        }
        state.preparedBytes -= branch.bytes;
        branch.bytes = 0;
        branch.held = List.of();
        branch.parts.clear();
        if (record.outcome() == BranchOutcome.FINISHED) {
            state.branches.remove(record.branch());
        } else {
            branch.sinceMs = record.timeMs();
            branch.phase = record.outcome() == BranchOutcome.COMMITTED_ALONE
                    ? BranchState.Phase.COMMITTED_ALONE
                    : BranchState.Phase.ROLLED_BACK_ALONE;
        }
    }

    private interface Each {

        void at(Level level, long offset);
    }

    private void forEach(Settlement held, Each each) {
        SubscriptionState subscription = state.subscriptions.byId(held.subscriptionId());
        if (subscription == null) {
            return;
        }
        Level level = subscription.level(LaneId.priority(held.lane()));
        long[] ranges = held.ranges();
        for (int i = 0; i < ranges.length; i += 2) {
            for (long offset = ranges[i]; offset <= ranges[i + 1]; offset++) {
                each.at(level, offset);
            }
        }
    }
}
