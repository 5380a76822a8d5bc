package io.posthorn.server.queue;

import io.posthorn.message.BranchId;
import io.posthorn.server.store.BranchPart;
import io.posthorn.server.store.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A branch of a global transaction: which sessions work in it, what they have consumed, and how far it has come.
 *
 * <pre>
 * OPEN → PREPARED → gone, or COMMITTED_ALONE, ROLLED_BACK_ALONE → gone
 *   ↘ FAILED → gone
 * </pre>
 *
 * <p>OPEN and FAILED are volatile; the others are journalled.
 */
final class BranchState {

    enum Phase {
        OPEN,
        /** Rolled back before it was prepared; kept until whoever works in it has heard of it. */
        FAILED,
        PREPARED,
        COMMITTED_ALONE,
        ROLLED_BACK_ALONE
    }

    /** The work of one session between a start and an end. */
    static final class Part {
        final TransactionState.Key key;
        final String clientId;
        /** Null when its client is gone. */
        ClientState owner;
        /** Between start and end. */
        boolean working = true;

        boolean suspended;

        Part(TransactionState.Key key, ClientState owner, String clientId) {
            this.key = key;
            this.owner = owner;
            this.clientId = clientId;
        }

        boolean isDone() {
            return !working && !suspended;
        }
    }

    final BranchId id;
    Phase phase = Phase.OPEN;
    final List<Part> parts = new ArrayList<>(1);
    /** Consumed deliveries, in order; once it is prepared only those of messages in memory. */
    final List<Delivery> consumed = new ArrayList<>();
    /** Once it is prepared: consumed journalled messages. */
    List<Settlement> held = List.of();
    /** Directory, until it is prepared: other broker groups where something was done in it. */
    final Set<String> elsewhere = new TreeSet<>();
    /** When it is rolled back unless it is prepared. */
    long deadlineMs = Long.MAX_VALUE;
    /** Once it is prepared: what its messages take. */
    long bytes;
    /** When it was prepared, or decided alone. */
    long sinceMs;
    /** FAILED, and its transaction manager knows: it goes when nobody works in it any more. */
    boolean rolledBack;
    /** FAILED: an XA_RB code, and why. */
    int failure;

    String failureText;

    BranchState(BranchId id) {
        this.id = id;
    }

    /** The same open branch under another identity; this one is of no use any more. */
    BranchState renamed(BranchId other) {
        BranchState renamed = new BranchState(other);
        renamed.parts.addAll(parts);
        renamed.consumed.addAll(consumed);
        return renamed;
    }

    Part part(TransactionState.Key key) {
        for (Part part : parts) {
            if (part.key.equals(key)) {
                return part;
            }
        }
        return null;
    }

    /** Consumed messages. */
    long held() {
        long count = consumed.size();
        for (Settlement settlement : held) {
            long[] ranges = settlement.ranges();
            for (int i = 0; i < ranges.length; i += 2) {
                count += ranges[i + 1] - ranges[i] + 1;
            }
        }
        return count;
    }

    boolean isBusy() {
        for (Part part : parts) {
            if (!part.isDone()) {
                return true;
            }
        }
        return false;
    }

    /** Replay of its preparation. */
    void prepared(long timeMs, List<BranchPart> journalled, List<Settlement> settlements) {
        phase = Phase.PREPARED;
        sinceMs = timeMs;
        held = settlements;
        parts.removeIf(part -> journalled.stream()
                .noneMatch(
                        row -> part.key.producerId() == row.producerId() && part.key.txSequence() == row.txSequence()));
        if (parts.isEmpty()) {
            for (BranchPart row : journalled) {
                Part part =
                        new Part(new TransactionState.Key(row.producerId(), row.txSequence()), null, row.clientId());
                part.working = false;
                parts.add(part);
            }
        }
    }
}
