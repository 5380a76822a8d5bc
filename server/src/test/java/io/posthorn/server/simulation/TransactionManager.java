package io.posthorn.server.simulation;

import io.posthorn.message.BranchId;
import io.posthorn.server.queue.BranchAnswer;
import io.posthorn.server.queue.BranchEnd;
import io.posthorn.server.queue.BranchInfo;
import io.posthorn.server.queue.BranchStart;
import io.posthorn.server.queue.BranchVerbs;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.queue.Span;
import io.posthorn.server.store.BranchOutcome;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/** Branches of global transactions: starts, prepares and decides them, and checks I6. */
final class TransactionManager implements Rule {

    private static final BranchVerbs.TransactionNumber NOBODY = new BranchVerbs.TransactionNumber(0, 0);
    private static final long TIMEOUT_MS = 5_000;

    private final SimulatedBroker broker;
    private final Promises promises;
    private final SplittableRandom random;
    private final Map<BranchId, Branch> branches = new LinkedHashMap<>();
    /** Decided, but perhaps not durably. */
    private final Set<Branch> limbo = new LinkedHashSet<>();
    /** Message and place: consumed in a branch that is not decided. */
    private final Set<String> held = new HashSet<>();
    /** Message and place: came back from a branch, so it counts as delivered before. */
    private final Set<String> cameBack = new HashSet<>();

    private int lastNumber;
    int recovered;
    int groupedHolds;
    int recoveredHolds;

    TransactionManager(SimulatedBroker broker, Promises promises, SplittableRandom random) {
        this.broker = broker;
        this.promises = promises;
        this.random = random;
    }

    /** What branches that may still be committed have consumed. */
    List<Got> held() {
        return branches.values().stream()
                .filter(branch -> !branch.failed)
                .flatMap(branch -> branch.consumed.stream())
                .toList();
    }

    @Override
    public void delivered(Delivered delivery) {
        String what = delivery.what();
        Invariant.I6.require(
                !delivery.isJournalled() || !held.contains(what), what + " is held by a branch and is delivered");
        Invariant.expect(
                !delivery.isJournalled() || !cameBack.remove(what) || delivery.count() > 0,
                what + " came back uncounted");
    }

    /** The client's transaction begins as part of a branch, a new one or one that others work in. */
    void start(Peer peer) {
        Branch open = branches.values().stream()
                .filter(each -> !each.failed && !each.prepared)
                .findFirst()
                .orElse(null);
        boolean join = open != null && random.nextInt(3) == 0;
        Branch branch = join ? open : new Branch(new BranchId(7, new byte[] {1}, bytes(++lastNumber)));
        long timeoutMs = join || random.nextInt(8) > 0 ? 0 : TIMEOUT_MS;
        if (timeoutMs > 0) {
            branch.deadlineMs = broker.now() + timeoutMs;
        }
        BranchAnswer answer = answered(verbs().start(
                        peer.state,
                        branch.id,
                        join ? BranchStart.JOIN : BranchStart.NEW,
                        peer.producer,
                        peer.tx,
                        timeoutMs,
                        broker.now()));
        Invariant.expect(answer.code() == 0, "start refused: " + answer);
        branches.put(branch.id, branch);
        branch.peers.add(peer);
        branch.working++;
        peer.branch = branch;
    }

    /** The client is done with its part. */
    void end(Peer peer, List<Span> spans, List<Got> consumed) {
        Branch branch = peer.branch;
        BranchEnd how = random.nextInt(10) == 0 ? BranchEnd.FAIL : BranchEnd.SUCCESS;
        BranchVerbs.TransactionNumber number = new BranchVerbs.TransactionNumber(peer.producer, peer.tx);
        peer.tx = 0;
        peer.branch = null;
        branch.working--;
        branch.sends.addAll(peer.inTransaction);
        BranchAnswer answer =
                answered(verbs().end(peer.state, branch.id, how, number, peer.staged, spans, broker.now()));
        Invariant.expect(answer.code() == 0 || branch.failed, "end refused: " + answer);
        if (answer.code() == 0) {
            branch.consumed.addAll(consumed);
            consumed.forEach(got -> held.add(got.what()));
            groupedHolds += grouped(consumed);
        }
        if (answer.code() != 0 || how == BranchEnd.FAIL) {
            fail(branch);
        }
    }

    /** What is done with a branch that nobody works in. */
    void decide() {
        List<Branch> idle =
                branches.values().stream().filter(each -> each.working == 0).toList();
        if (idle.isEmpty()) {
            return;
        }
        Branch branch = idle.get(random.nextInt(idle.size()));
        int dice = random.nextInt(6);
        if (branch.prepared) {
            // It takes its time, so that a crash may come between.
            if (random.nextInt(5) == 0) {
                decidePrepared(branch, dice > 1);
            }
        } else if (dice == 0) {
            rolledBack(branch, answered(verbs().rollback(branch.id, false, broker.now())));
        } else if (dice == 1) {
            BranchAnswer answer = answered(verbs().commit(branch.id, true, false, NOBODY, broker.now()));
            if (answer.code() == 0) {
                committed(branch);
            } else {
                refused(branch, answer);
            }
        } else {
            prepare(branch);
        }
    }

    /** Decides all that is prepared. */
    void decideAll() {
        for (Branch branch : List.copyOf(branches.values())) {
            decidePrepared(branch, random.nextBoolean());
        }
    }

    /** A client is gone, and with it every branch that it had a part in and that is not prepared. */
    void left(Peer peer) {
        if (peer.branch != null) {
            peer.branch.working--;
        }
        for (Branch branch : branches.values()) {
            if (!branch.prepared && branch.peers.contains(peer)) {
                fail(branch);
            }
        }
    }

    void timePassed() {
        for (Branch branch : branches.values()) {
            if (!branch.prepared && branch.deadlineMs <= broker.now()) {
                fail(branch);
            }
        }
    }

    /** After a crash: what was prepared is there, what was not is gone. */
    void reconcile() {
        Set<BranchId> listed = new HashSet<>();
        for (BranchInfo info : verbs().recover().response()) {
            if (info.decidedAlone() == BranchOutcome.FINISHED) {
                listed.add(info.branch());
            } else {
                answered(verbs().forget(info.branch(), false, broker.now()));
            }
        }
        Set<Branch> known = new LinkedHashSet<>(branches.values());
        known.addAll(limbo);
        branches.clear();
        limbo.clear();
        held.clear();
        for (Branch branch : known) {
            branch.working = 0;
            branch.peers.clear();
            if (!listed.remove(branch.id)) {
                Invariant.I6.require(!branch.promised, "the prepared branch " + branch.id + " is gone");
                fail(branch);
                continue;
            }
            recovered++;
            branch.prepared = true;
            branch.promised = true;
            branch.failed = false;
            branch.sends.forEach(one -> one.gone = false);
            branch.consumed.removeIf(got -> !got.isJournalled());
            branch.consumed.forEach(got -> held.add(got.what()));
            recoveredHolds += grouped(branch.consumed);
            branches.put(branch.id, branch);
        }
        cameBack.clear();
        Invariant.I6.require(listed.isEmpty(), "nobody has prepared " + listed);
    }

    private void prepare(Branch branch) {
        BranchAnswer answer = answered(verbs().prepare(branch.id, false, broker.now()));
        if (answer.code() == 0) {
            branch.prepared = true;
            broker.promise(() -> branch.promised = true);
        } else if (answer.code() == XAResource.XA_RDONLY) {
            branches.remove(branch.id);
        } else {
            refused(branch, answer);
        }
    }

    private void refused(Branch branch, BranchAnswer answer) {
        boolean rolledBack = answer.code() >= XAException.XA_RBBASE && answer.code() <= XAException.XA_RBEND;
        Invariant.expect(branch.failed && (rolledBack || answer.code() == XAException.XAER_NOTA), "refused: " + answer);
        branches.remove(branch.id);
    }

    private void decidePrepared(Branch branch, boolean commit) {
        boolean alone = random.nextInt(6) == 0;
        BranchAnswer answer;
        if (alone) {
            answer = answered(verbs().decideAlone(branch.id, commit, broker.now()));
        } else if (commit) {
            answer = answered(verbs().commit(branch.id, false, false, NOBODY, broker.now()));
        } else {
            answer = answered(verbs().rollback(branch.id, false, broker.now()));
        }
        Invariant.I6.require(answer.code() == 0, branch.id + " cannot be decided: " + answer);
        if (commit) {
            committed(branch);
        } else {
            rolledBack(branch, answer);
        }
        if (alone) {
            int told =
                    verbs().rollback(branch.id, false, broker.now()).response().code();
            Invariant.expect(told == (commit ? XAException.XA_HEURCOM : XAException.XA_HEURRB), "told " + told);
            Invariant.expect(
                    answered(verbs().forget(branch.id, false, broker.now())).code() == 0, "not forgotten");
        }
    }

    private void committed(Branch branch) {
        branches.remove(branch.id);
        limbo.add(branch);
        broker.promise(() -> {
            branch.promised = false;
            limbo.remove(branch);
            branch.sends.forEach(one -> one.acknowledged |= one.persistent);
            branch.consumed.forEach(got -> held.remove(got.what()));
            promises.settled(branch.consumed);
        });
    }

    private void rolledBack(Branch branch, BranchAnswer answer) {
        Invariant.expect(answer.code() == 0 || branch.failed, "rollback refused: " + answer);
        fail(branch);
        branches.remove(branch.id);
        limbo.add(branch);
        broker.promise(() -> {
            branch.promised = false;
            limbo.remove(branch);
        });
    }

    /** Its sends never come, what it consumed is free. */
    private void fail(Branch branch) {
        branch.failed = true;
        for (Got got : branch.consumed) {
            if (held.remove(got.what()) && got.isJournalled()) {
                cameBack.add(got.what());
            }
        }
        branch.sends.forEach(one -> one.gone = true);
    }

    private BranchAnswer answered(Outcome<BranchAnswer> outcome) {
        broker.append(outcome);
        return outcome.response();
    }

    private BranchVerbs verbs() {
        return broker.heart().branches();
    }

    private static byte[] bytes(int number) {
        return new byte[] {(byte) (number >> 8), (byte) number};
    }

    private static int grouped(Collection<Got> all) {
        return (int) all.stream().filter(got -> !got.sent().group.isEmpty()).count();
    }
}
