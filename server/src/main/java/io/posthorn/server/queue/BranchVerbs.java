package io.posthorn.server.queue;

import static io.posthorn.server.queue.BranchState.Phase.FAILED;
import static io.posthorn.server.queue.BranchState.Phase.OPEN;
import static io.posthorn.server.queue.BranchState.Phase.PREPARED;

import io.posthorn.message.BranchId;
import io.posthorn.server.store.BranchOutcome;
import io.posthorn.server.store.BranchPart;
import io.posthorn.server.store.JournalRecord;
import java.util.ArrayList;
import java.util.List;
import javax.transaction.xa.XAException;

/**
 * Branches of global transactions (XA), up to their decision; {@link BranchDecisions} carries decisions out. Sessions start and end their
 * work in a branch; what they send is staged as in a local transaction, what they consume is taken over by the branch when they leave it.
 *
 * <p>Until a branch is prepared it lives with the connections that work in it; afterwards nobody owns it, and any client may decide.
 * Refusals of XA are answers with a code, not {@link Refusal}s. The heart's thread calls all of it.
 */
public final class BranchVerbs {

    /** Most branches at a time, open and prepared. */
    static final int BRANCHES_MAX = 10_000;

    private final HeartState state;
    private final DeliveryVerbs deliveries;
    private final TransactionVerbs transactions;
    private final BranchDecisions decisions;
    /** No open branch is overdue before. */
    private long nextDeadlineMs = Long.MAX_VALUE;

    BranchVerbs(HeartState state, DeliveryVerbs deliveries, TransactionVerbs transactions) {
        this.state = state;
        this.deliveries = deliveries;
        this.transactions = transactions;
        this.decisions = new BranchDecisions(state, deliveries, transactions);
    }

    /**
     * A session begins to work in a branch: what it stages under these numbers belongs to it.
     *
     * @param timeoutMs of a new branch: it is rolled back when it is not prepared by then; 0 for none
     */
    public Outcome<BranchAnswer> start(
            ClientState client,
            BranchId id,
            BranchStart how,
            long producerId,
            long txSequence,
            long timeoutMs,
            long now) {
        if (id.isOfGroups()) {
            return Outcome.of(answer(XAException.XAER_INVAL, "the format of " + id + " is reserved"));
        }
        BranchState branch = state.branches.get(id);
        TransactionState.Key key = new TransactionState.Key(producerId, txSequence);
        BranchAnswer refusal = checkStart(branch, id, how, key);
        if (refusal != null) {
            return Outcome.of(refusal);
        }
        if (branch == null) {
            branch = new BranchState(id);
            branch.deadlineMs = timeoutMs > 0 && timeoutMs < Long.MAX_VALUE - now ? now + timeoutMs : Long.MAX_VALUE;
            nextDeadlineMs = Math.min(nextDeadlineMs, branch.deadlineMs);
            state.branches.put(id, branch);
        }
        if (how == BranchStart.RESUME) {
            suspended(branch, producerId).suspended = false;
        }
        branch.parts.add(new BranchState.Part(key, client, client.clientId()));
        return Outcome.of(BranchAnswer.OK);
    }

    /** Begins a branch of a transaction over several broker groups. */
    BranchAnswer begin(ClientState client, BranchId id, TransactionNumber number) {
        TransactionState.Key key = new TransactionState.Key(number.producerId(), number.txSequence());
        BranchAnswer refusal = checkStart(null, id, BranchStart.NEW, key);
        if (refusal != null) {
            return refusal;
        }
        BranchState branch = new BranchState(id);
        branch.deadlineMs = Long.MAX_VALUE;
        branch.parts.add(new BranchState.Part(key, client, client.clientId()));
        state.branches.put(id, branch);
        return BranchAnswer.OK;
    }

    private BranchAnswer checkStart(BranchState branch, BranchId id, BranchStart how, TransactionState.Key key) {
        if (branch == null) {
            if (how != BranchStart.NEW) {
                return answer(XAException.XAER_NOTA, "there is no branch " + id);
            }
            return state.branches.size() < BRANCHES_MAX
                    ? null
                    : answer(XAException.XAER_RMERR, "the limit of " + BRANCHES_MAX + " branches is reached");
        }
        if (how == BranchStart.NEW) {
            return answer(XAException.XAER_DUPID, "the branch " + id + " exists already");
        }
        if (branch.phase == FAILED) {
            return answer(branch.failure, branch.failureText);
        }
        if (branch.phase != OPEN || branch.part(key) != null) {
            return answer(XAException.XAER_PROTO, "the branch " + id + " takes no more work");
        }
        return how == BranchStart.RESUME && suspended(branch, key.producerId()) == null
                ? answer(XAException.XAER_PROTO, "this session has not suspended its work in " + id)
                : null;
    }

    private static BranchState.Part suspended(BranchState branch, long producerId) {
        for (BranchState.Part part : branch.parts) {
            if (part.suspended && part.key.producerId() == producerId) {
                return part;
            }
        }
        return null;
    }

    /**
     * A session ends its work in a branch, which takes over what it has consumed.
     *
     * @param staged how many sends it made under these numbers
     * @param consumed all of them must be in flight to this client; when the branch is gone or fails, they are released
     */
    public Outcome<BranchAnswer> end(
            ClientState client,
            BranchId id,
            BranchEnd how,
            TransactionNumber number,
            int staged,
            List<Span> consumed,
            long now) {
        TransactionState.Key key = new TransactionState.Key(number.producerId(), number.txSequence());
        BranchState branch = state.branches.get(id);
        BranchState.Part part = branch == null ? null : branch.part(key);
        List<JournalRecord> records = new ArrayList<>(1);
        Ledger ledger = new Ledger();
        if (part == null || branch.phase != OPEN) {
            BranchAnswer gone = part == null || branch.phase != FAILED
                    ? answer(XAException.XAER_NOTA, "there is no work of this session in a branch " + id)
                    : answer(branch.failure, branch.failureText);
            release(client, consumed, ledger, records, now);
            if (part != null && branch.phase == FAILED) {
                part.working = false;
                part.suspended = false;
                dropIfDone(branch);
            }
            if (branch == null || branch.phase == FAILED) {
                transactions.abort(key, records);
            }
            ledger.finish(records);
            return ledger.outcome(gone);
        }
        String wrong = part.working ? takeOver(client, branch, part, staged, consumed) : null;
        part.working = false;
        part.suspended = how == BranchEnd.SUSPEND;
        if (wrong == null && how != BranchEnd.FAIL) {
            return Outcome.of(BranchAnswer.OK);
        }
        String why = wrong != null ? wrong : "a session ended its work with TMFAIL";
        release(client, wrong == null ? List.of() : consumed, ledger, records, now);
        decisions.fail(branch, XAException.XA_RBROLLBACK, why, ledger, records, now);
        ledger.finish(records);
        return ledger.outcome(wrong == null ? BranchAnswer.OK : answer(branch.failure, branch.failureText));
    }

    /** What was sent or consumed where; see {@link BrokerHeart#send}. */
    public record TransactionNumber(long producerId, long txSequence) {}

    private void release(ClientState client, List<Span> spans, Ledger ledger, List<JournalRecord> records, long now) {
        for (Span span : spans) {
            deliveries.release(client, span, ledger, records, now);
        }
    }

    /**
     * Directory: something was done in a branch at these other broker groups too.
     *
     * @param groups may be empty
     * @return all of them, whoever has told; null when the branch is not known, or not open any more
     */
    public List<String> enlist(BranchId id, List<String> groups) {
        BranchState branch = state.branches.get(id);
        if (branch == null || branch.phase != OPEN && branch.phase != FAILED) {
            return null;
        }
        branch.elsewhere.addAll(groups);
        return List.copyOf(branch.elsewhere);
    }

    /** Moves consumed deliveries from their consumers to the branch; returns what is wrong, or null. */
    private String takeOver(
            ClientState client, BranchState branch, BranchState.Part part, int staged, List<Span> consumed) {
        TransactionState sends = state.transactions.get(part.key);
        if (sends != null && sends.overLimit != null) {
            return sends.overLimit;
        }
        int known = sends == null ? 0 : sends.staged.size();
        if (known != staged) {
            return "of its " + staged + " sends the broker has " + known;
        }
        long operations = staged + branch.consumed.size();
        for (Span span : consumed) {
            operations += span.to() - span.from() + 1;
            if (!deliveries.isInFlight(client, span)) {
                return "deliveries " + span.from() + " to " + span.to() + " of consumer " + span.consumerId()
                        + " are no longer all in flight to it";
            }
        }
        if (operations > state.config.transaction().operationsMax()) {
            return operations + " operations are over the limit of "
                    + state.config.transaction().operationsMax();
        }
        for (Span span : consumed) {
            deliveries.hold(client, span, branch.consumed);
        }
        return null;
    }

    /**
     * Prepares a branch: from now on it survives everything, until it is decided.
     *
     * @param repeated whether an earlier request may have done it
     */
    public Outcome<BranchAnswer> prepare(BranchId id, boolean repeated, long now) {
        BranchState branch = state.branches.get(id);
        if (branch == null) {
            return Outcome.of(answer(XAException.XAER_NOTA, "there is no branch " + id));
        }
        if (branch.phase == FAILED) {
            state.branches.remove(id);
            return Outcome.of(answer(branch.failure, branch.failureText));
        }
        if (branch.phase == PREPARED && repeated) {
            return new Outcome<>(List.of(), BranchAnswer.OK, null, true);
        }
        if (branch.phase != OPEN || branch.isBusy()) {
            return Outcome.of(answer(
                    XAException.XAER_PROTO,
                    branch.phase != OPEN ? id + " is prepared already" : "sessions still work in " + id));
        }
        List<BranchPart> parts = new ArrayList<>(branch.parts.size());
        for (BranchState.Part part : branch.parts) {
            if (state.transactions.containsKey(part.key)) {
                parts.add(new BranchPart(part.key.producerId(), part.key.txSequence(), part.clientId));
            }
        }
        if (parts.isEmpty() && branch.consumed.isEmpty()) {
            state.branches.remove(id);
            return Outcome.of(BranchAnswer.READ_ONLY);
        }
        long bytes = 0;
        for (BranchPart part : parts) {
            bytes += state.transactions.get(new TransactionState.Key(part.producerId(), part.txSequence())).bytes;
        }
        return state.preparedBytes + bytes <= state.config.transaction().bytesMax()
                ? write(branch, parts, now)
                : refuse(branch, now);
    }

    /** Messages of prepared branches stay in memory, and nobody knows for how long. */
    private Outcome<BranchAnswer> refuse(BranchState branch, long now) {
        Ledger ledger = new Ledger();
        List<JournalRecord> records = new ArrayList<>(1);
        String why = "the limit of " + state.config.transaction().bytesMax() + " bytes in prepared branches is reached";
        decisions.fail(branch, XAException.XA_RBOTHER, why, ledger, records, now);
        state.branches.remove(branch.id);
        ledger.finish(records);
        return ledger.outcome(answer(branch.failure, branch.failureText));
    }

    private Outcome<BranchAnswer> write(BranchState branch, List<BranchPart> parts, long now) {
        Ledger ledger = new Ledger();
        List<Delivery> inMemory = new ArrayList<>(0);
        for (Delivery delivery : branch.consumed) {
            DeliveryVerbs.countOnce(delivery, ledger);
            if (!delivery.isJournalled()) {
                inMemory.add(delivery);
                continue;
            }
            // From here on the replayed record counts it.
            delivery.level.subscription.held--;
            if (delivery.level.pending.get(delivery.offset)) {
                ledger.settle(delivery.level, delivery.offset);
            }
        }
        branch.consumed.clear();
        branch.consumed.addAll(inMemory);
        List<JournalRecord> entry = new ArrayList<>(2);
        ledger.drainHandOvers(entry);
        entry.add(new JournalRecord.Prepared(branch.id, now, parts, ledger.drainSettlements()));
        ledger.entry(entry);
        return ledger.outcome(BranchAnswer.OK);
    }

    /**
     * Commits a branch: a prepared one, or in one phase an open one.
     *
     * @param repeated whether an earlier request may have done it; then a branch that is unknown is committed
     * @param own what the asking session has in the branch, to tell how a repeated commit in one phase ended; 0 when nothing
     */
    public Outcome<BranchAnswer> commit(
            BranchId id, boolean onePhase, boolean repeated, TransactionNumber own, long now) {
        BranchState branch = state.branches.get(id);
        if (branch == null) {
            return repeated ? committedBefore(id, onePhase, own) : Outcome.of(unknown(id));
        }
        if (branch.phase == FAILED && onePhase) {
            state.branches.remove(id);
            return Outcome.of(answer(branch.failure, branch.failureText));
        }
        BranchAnswer alone = alone(branch);
        if (alone != null) {
            return Outcome.of(alone);
        }
        if (branch.phase != (onePhase ? OPEN : PREPARED) || branch.isBusy()) {
            return Outcome.of(answer(
                    XAException.XAER_PROTO,
                    "the branch " + id + " is " + branch.phase + (branch.isBusy() ? ", and sessions work in it" : "")));
        }
        return onePhase
                ? decisions.commitOpen(branch, now)
                : decisions.commitPrepared(branch, BranchOutcome.FINISHED, now);
    }

    private Outcome<BranchAnswer> committedBefore(BranchId id, boolean onePhase, TransactionNumber own) {
        if (!onePhase) {
            return new Outcome<>(List.of(), BranchAnswer.OK, null, true);
        }
        ProducerState producer = state.producers.get(own.producerId());
        long newest = producer == null ? 0 : producer.newestTx();
        if (newest == own.txSequence() && newest > 0) {
            return new Outcome<>(List.of(), BranchAnswer.OK, null, true);
        }
        return Outcome.of(
                newest > own.txSequence() || own.txSequence() == 0
                        ? answer(XAException.XA_HEURHAZ, "nobody knows any more how " + id + " ended")
                        : answer(XAException.XA_RBCOMMFAIL, "the connection was lost before the commit of " + id));
    }

    /** Rolls a branch back, whatever its phase; see {@link #commit} on repetition. */
    public Outcome<BranchAnswer> rollback(BranchId id, boolean repeated, long now) {
        BranchState branch = state.branches.get(id);
        if (branch == null) {
            return repeated ? new Outcome<>(List.of(), BranchAnswer.OK, null, true) : Outcome.of(unknown(id));
        }
        BranchAnswer alone = alone(branch);
        if (alone != null) {
            return Outcome.of(alone);
        }
        if (branch.phase == PREPARED) {
            return decisions.rollbackPrepared(branch, BranchOutcome.FINISHED, now);
        }
        Ledger ledger = new Ledger();
        List<JournalRecord> records = new ArrayList<>(1);
        if (branch.phase == OPEN) {
            String why = "the transaction manager rolled " + id + " back";
            decisions.fail(branch, XAException.XA_RBROLLBACK, why, ledger, records, now);
        }
        branch.rolledBack = true;
        dropIfDone(branch);
        ledger.finish(records);
        return ledger.outcome(BranchAnswer.OK);
    }

    private void dropIfDone(BranchState branch) {
        if (branch.rolledBack && !branch.isBusy()) {
            state.branches.remove(branch.id);
        }
    }

    /** The transaction manager has heard of what was decided without it. */
    public Outcome<BranchAnswer> forget(BranchId id, boolean repeated, long now) {
        BranchState branch = state.branches.get(id);
        if (branch == null) {
            return Outcome.of(repeated ? BranchAnswer.OK : unknown(id));
        }
        if (alone(branch) == null) {
            return Outcome.of(answer(XAException.XAER_PROTO, "nobody has decided " + id + " alone"));
        }
        return decisions.forget(branch, now);
    }

    /** An operator decides a prepared branch without its transaction manager. */
    public Outcome<BranchAnswer> decideAlone(BranchId id, boolean commit, long now) {
        BranchState branch = state.branches.get(id);
        if (branch == null || branch.phase != PREPARED) {
            BranchAnswer alone = branch == null ? null : alone(branch);
            String why = alone != null
                    ? alone.text() + " before"
                    : branch == null ? "there is no branch " + id : "the branch " + id + " is not prepared";
            return Outcome.of(answer(XAException.XAER_NOTA, why));
        }
        return commit
                ? decisions.commitPrepared(branch, BranchOutcome.COMMITTED_ALONE, now)
                : decisions.rollbackPrepared(branch, BranchOutcome.ROLLED_BACK_ALONE, now);
    }

    /** Prepared branches, and those decided alone and not forgotten; oldest first. */
    public Outcome<List<BranchInfo>> recover() {
        List<BranchInfo> found = new ArrayList<>();
        for (BranchState branch : state.branches.values()) {
            BranchOutcome outcome = switch (branch.phase) {
                case PREPARED -> BranchOutcome.FINISHED;
                case COMMITTED_ALONE -> BranchOutcome.COMMITTED_ALONE;
                case ROLLED_BACK_ALONE -> BranchOutcome.ROLLED_BACK_ALONE;
                default -> null;
            };
            if (outcome != null) {
                found.add(new BranchInfo(branch.id, outcome, branch.sinceMs, staged(branch), branch.held()));
            }
        }
        // Nobody may be told of a preparation that is not durable yet.
        return new Outcome<>(List.of(), found, null, true);
    }

    private long staged(BranchState branch) {
        long count = 0;
        for (BranchState.Part part : branch.parts) {
            TransactionState sends = state.transactions.get(part.key);
            count += sends == null ? 0 : sends.staged.size();
        }
        return count;
    }

    /** A client ended or was lost: what it had in open branches is gone, and so are these branches. */
    void clientGone(ClientState client, Ledger ledger, List<JournalRecord> records, long now) {
        for (BranchState branch : new ArrayList<>(state.branches.values())) {
            boolean worked = false;
            for (BranchState.Part part : branch.parts) {
                if (part.owner == client) {
                    part.owner = null;
                    part.working = false;
                    part.suspended = false;
                    worked = true;
                }
            }
            if (worked && branch.phase == OPEN) {
                String why = client + " ended while it worked in " + branch.id;
                decisions.fail(branch, XAException.XA_RBCOMMFAIL, why, ledger, records, now);
            }
            if (branch.phase == FAILED && branch.parts.stream().allMatch(part -> part.owner == null)) {
                state.branches.remove(branch.id);
            }
        }
    }

    /** Rolls overdue branches back. */
    void tick(Ledger ledger, List<JournalRecord> records, long now) {
        if (now < nextDeadlineMs) {
            return;
        }
        long next = Long.MAX_VALUE;
        for (BranchState branch : state.branches.values()) {
            if (branch.phase == OPEN && branch.deadlineMs <= now) {
                decisions.fail(branch, XAException.XA_RBTIMEOUT, branch.id + " has timed out", ledger, records, now);
            } else if (branch.phase == OPEN) {
                next = Math.min(next, branch.deadlineMs);
            }
        }
        nextDeadlineMs = next;
    }

    long nextMs() {
        return nextDeadlineMs;
    }

    private static BranchAnswer alone(BranchState branch) {
        return switch (branch.phase) {
            case COMMITTED_ALONE -> answer(XAException.XA_HEURCOM, branch.id + " was committed by an operator");
            case ROLLED_BACK_ALONE -> answer(XAException.XA_HEURRB, branch.id + " was rolled back by an operator");
            default -> null;
        };
    }

    private static BranchAnswer unknown(BranchId id) {
        return answer(XAException.XAER_NOTA, "there is no branch " + id);
    }

    private static BranchAnswer answer(int code, String text) {
        return new BranchAnswer(code, text);
    }
}
