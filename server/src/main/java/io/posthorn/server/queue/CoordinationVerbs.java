package io.posthorn.server.queue;

import static io.posthorn.server.queue.BranchState.Phase.OPEN;
import static io.posthorn.server.queue.BranchState.Phase.PREPARED;

import io.posthorn.message.BranchId;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.DecisionMade;
import java.util.ArrayList;
import java.util.List;
import javax.transaction.xa.XAException;

/**
 * Transactions over several broker groups: local ones, and global ones that are committed in one phase. At one group, the coordinator, a commit decides for all; the others have prepared a branch before,
 * and carry the decision out. The branch has the same identity everywhere, and names the coordinator.
 *
 * <pre>
 * coordinator   announced ──▶ decided (journalled with its own commit) ──▶ confirmed by all: forgotten
 *                        ╲──▶ forgotten: rolled back, for ever
 * participant   prepared ──▶ committed, or rolled back
 * </pre>
 *
 * <p>A transaction is announced before anything is prepared, and belongs to the connection that has announced it: when that ends, or the broker is
 * restarted, it is forgotten and cannot be decided any more. So not knowing it means that it was rolled back.
 */
public final class CoordinationVerbs {

    /** Most transactions that are announced at a time. */
    private static final int ANNOUNCED_MAX = 100_000;

    private final HeartState state;
    private final TransactionVerbs transactions;
    private final BranchVerbs branches;

    CoordinationVerbs(HeartState state, TransactionVerbs transactions, BranchVerbs branches) {
        this.state = state;
        this.transactions = transactions;
        this.branches = branches;
    }

    /** How a transaction ended, as far as its coordinator knows. */
    public enum Decision {
        ROLLED_BACK,
        COMMITTED,
        OPEN
    }

    /** Coordinator: announces a transaction. Refused with RESOURCE_EXHAUSTED. */
    public Outcome<Void> announce(ClientState client, BranchId id) {
        if (!client.isOpen()) {
            return Outcome.refused(RefusalKind.ILLEGAL_STATE, client + " is closed");
        }
        if (state.cluster.coordinated.size() >= ANNOUNCED_MAX) {
            return Outcome.refused(
                    RefusalKind.RESOURCE_EXHAUSTED,
                    "the limit of " + ANNOUNCED_MAX + " transactions over several broker groups is reached");
        }
        state.cluster.coordinated.put(id, client);
        return Outcome.done();
    }

    /**
     * Coordinator: commits what was done here, and decides thereby that the others commit.
     *
     * @param participants the others; may be empty
     */
    public Outcome<Void> commit(
            ClientState client,
            BranchId id,
            List<String> participants,
            BranchVerbs.TransactionNumber number,
            int staged,
            List<Span> consumed,
            long now) {
        ProducerState producer = state.producers.get(number.producerId());
        if (producer != null && producer.newestTx() == number.txSequence()) {
            return Outcome.repeated();
        }
        if (state.cluster.coordinated.remove(id) != client) {
            return transactions.rollbackInstead(
                    client, number, consumed, "the connection to its coordinator was lost before the commit", now);
        }
        Outcome<Void> outcome =
                transactions.commit(client, number.producerId(), number.txSequence(), staged, consumed, now);
        if (outcome.isRefused() || participants.isEmpty()) {
            return outcome;
        }
        DecisionMade decision = new DecisionMade(id, now, List.copyOf(participants));
        if (outcome.entries().isEmpty()) {
            return new Outcome<>(List.of(List.of(decision)), null, null, false);
        }
        outcome.entries().get(0).add(decision);
        return outcome;
    }

    /** Coordinator: how a transaction ended. */
    public Outcome<Decision> ask(BranchId id) {
        Decision decision = state.cluster.decisions.containsKey(id)
                ? Decision.COMMITTED
                : state.cluster.coordinated.containsKey(id) ? Decision.OPEN : Decision.ROLLED_BACK;
        return new Outcome<>(List.of(), decision, null, decision == Decision.COMMITTED);
    }

    /** Coordinator: these groups have committed; or the client that has announced the transaction has given it up. */
    public Outcome<Void> confirm(ClientState client, BranchId id, List<String> groups) {
        DecisionMade known = state.cluster.decisions.get(id);
        if (known == null) {
            state.cluster.coordinated.remove(id, client);
            return Outcome.done();
        }
        List<String> rest = new ArrayList<>(known.participants());
        return rest.removeAll(groups)
                ? new Outcome<>(List.of(List.of(new DecisionMade(id, known.timeMs(), rest))), null, null, false)
                : Outcome.done();
    }

    /**
     * Participant: makes what a session did here in its transaction a branch, and prepares that.
     *
     * @param repeated whether it was asked for before on a connection that was lost
     * @return the code is 0, 3 when there is nothing to commit, or says why it was rolled back
     */
    public Outcome<BranchAnswer> prepare(
            ClientState client,
            BranchId id,
            boolean repeated,
            BranchVerbs.TransactionNumber number,
            int staged,
            List<Span> consumed,
            long now) {
        BranchState known = state.branches.get(id);
        if (known != null && known.phase == PREPARED) {
            return new Outcome<>(List.of(), BranchAnswer.OK, null, true);
        }
        if (known != null || repeated) {
            // What was staged went with the connection, and may have been all there was.
            String why = "the connection was lost before it was prepared";
            Outcome<Void> back = transactions.rollbackInstead(client, number, consumed, why, now);
            return new Outcome<>(back.entries(), new BranchAnswer(XAException.XA_RBCOMMFAIL, why), null, false);
        }
        BranchAnswer begun = branches.begin(client, id, number);
        if (begun.code() != 0) {
            Outcome<Void> back = transactions.rollbackInstead(client, number, consumed, begun.text(), now);
            return new Outcome<>(back.entries(), begun, null, false);
        }
        Outcome<BranchAnswer> ended = branches.end(client, id, BranchEnd.SUCCESS, number, staged, consumed, now);
        if (ended.response().code() != 0) {
            Outcome<BranchAnswer> dropped = branches.prepare(id, false, now);
            List<List<JournalRecord>> entries = new ArrayList<>(ended.entries());
            entries.addAll(dropped.entries());
            return new Outcome<>(entries, ended.response(), null, false);
        }
        return branches.prepare(id, false, now);
    }

    /**
     * Participant: prepares a branch that its transaction manager has committed in one phase, under an identity that names the coordinator.
     *
     * @param repeated whether it was asked for before on a connection that was lost
     * @return as {@link BranchVerbs#prepare}
     */
    public Outcome<BranchAnswer> prepareAs(BranchId of, BranchId as, boolean repeated, long now) {
        BranchState done = state.branches.get(as);
        if (done != null && done.phase == PREPARED) {
            return new Outcome<>(List.of(), BranchAnswer.OK, null, true);
        }
        BranchState branch = state.branches.get(of);
        if (branch == null && repeated) {
            return Outcome.of(
                    new BranchAnswer(XAException.XA_RBCOMMFAIL, "the connection was lost before it was prepared"));
        }
        if (branch == null || branch.phase != OPEN || branch.isBusy()) {
            return branches.prepare(of, false, now);
        }
        state.branches.remove(of);
        state.branches.put(as, branch.renamed(as));
        return branches.prepare(as, false, now);
    }

    /**
     * Coordinator: commits a branch in one phase, and decides thereby that the others commit.
     *
     * @param participants the others; may be empty
     * @param repeated whether it was asked for before on a connection that was lost
     * @param own as for {@link BranchVerbs#commit}
     */
    public Outcome<BranchAnswer> commitAs(
            ClientState client,
            BranchId of,
            BranchId as,
            List<String> participants,
            boolean repeated,
            BranchVerbs.TransactionNumber own,
            long now) {
        if (state.cluster.decisions.containsKey(as)) {
            return new Outcome<>(List.of(), BranchAnswer.OK, null, true);
        }
        if (state.cluster.coordinated.remove(as) != client) {
            if (!state.branches.containsKey(of)) {
                return branches.commit(of, true, repeated, own, now);
            }
            Outcome<BranchAnswer> back = branches.rollback(of, false, now);
            String why = "the connection to its coordinator was lost before the commit";
            return new Outcome<>(back.entries(), new BranchAnswer(XAException.XA_RBCOMMFAIL, why), null, false);
        }
        Outcome<BranchAnswer> outcome = branches.commit(of, true, repeated, own, now);
        if (outcome.response().code() != 0 || participants.isEmpty()) {
            return outcome;
        }
        DecisionMade decision = new DecisionMade(as, now, List.copyOf(participants));
        if (outcome.entries().isEmpty()) {
            return new Outcome<>(List.of(List.of(decision)), BranchAnswer.OK, null, false);
        }
        outcome.entries().get(0).add(decision);
        return outcome;
    }

    /** Participant: branches that have been prepared for longer than this, and wait for a decision; oldest first. */
    public List<BranchId> inDoubt(long sinceMs) {
        List<BranchId> found = new ArrayList<>(0);
        for (BranchState branch : state.branches.values()) {
            if (branch.phase == PREPARED && branch.id.isOfGroups() && branch.sinceMs <= sinceMs) {
                found.add(branch.id);
            }
        }
        return found;
    }
}
