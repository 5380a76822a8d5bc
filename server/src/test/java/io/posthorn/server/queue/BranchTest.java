package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.server.store.BranchOutcome;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Test;

/** Branches of global transactions. */
class BranchTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final DestinationName R = DestinationName.queue("results");
    private static final DestinationName T = DestinationName.topic("news");
    private static final BranchId X = new BranchId(1, new byte[] {1}, new byte[] {2});
    private static final BranchId Y = new BranchId(1, new byte[] {1}, new byte[] {3});

    private HeartFixture broker = new HeartFixture();
    private HeartFixture.Client alice = broker.client();
    private HeartFixture.Client bob = broker.client();

    private void start(HeartFixture.Client client, BranchId id, BranchStart how, long tx) {
        assertEquals(0, tryStart(client, id, how, tx, 0));
    }

    private int tryStart(HeartFixture.Client client, BranchId id, BranchStart how, long tx, long timeoutMs) {
        client.begin(tx);
        return code(broker.heart.branches().start(client.state, id, how, client.producerId, tx, timeoutMs, broker.now));
    }

    private int end(HeartFixture.Client client, BranchId id, BranchEnd how, Span... consumed) {
        BranchVerbs.TransactionNumber number = new BranchVerbs.TransactionNumber(client.producerId, client.tx);
        client.tx = 0;
        return code(broker.heart
                .branches()
                .end(client.state, id, how, number, client.staged, List.of(consumed), broker.now));
    }

    private int prepare(BranchId id) {
        return code(broker.heart.branches().prepare(id, false, broker.now));
    }

    private int commit(BranchId id, boolean onePhase) {
        return code(broker.heart
                .branches()
                .commit(id, onePhase, false, new BranchVerbs.TransactionNumber(0, 0), broker.now));
    }

    private int rollback(BranchId id) {
        return code(broker.heart.branches().rollback(id, false, broker.now));
    }

    private int code(Outcome<BranchAnswer> outcome) {
        return broker.ok(outcome).code();
    }

    private List<BranchInfo> recover() {
        return broker.heart.branches().recover().response();
    }

    /** Consumes one message of Q and sends one to R in a branch, and prepares it. */
    private HeartFixture.Reader prepared() {
        bob.send(Q, "in", "next");
        HeartFixture.Reader q = alice.queue(Q).credit(1);
        start(alice, X, BranchStart.NEW, 1);
        q.handOver(1);
        alice.send(R, "out");
        assertEquals(0, end(alice, X, BranchEnd.SUCCESS, q.span(1, 1)));
        assertEquals(0, prepare(X));
        return q;
    }

    private void checkCommitted() {
        assertEquals(List.of("out"), broker.client().queue(R).credit(9).texts());
        assertEquals(List.of("next"), broker.client().queue(Q).credit(9).texts());
        assertEquals(List.of(), recover());
        assertFalse(broker.heart.journalledState().contains("branch"));
        assertFalse(broker.heart.journalledState().contains("staged"));
    }

    @Test
    void aPreparedBranchIsInvisibleUntilItIsCommittedByWhomever() {
        HeartFixture.Reader q = prepared();
        HeartFixture.Reader r = bob.queue(R).credit(9);
        HeartFixture.Reader other = bob.queue(Q).credit(9);
        assertEquals(List.of(), r.texts());
        assertEquals(List.of("next"), other.texts());
        assertEquals(X, recover().get(0).branch());
        assertEquals(BranchOutcome.FINISHED, recover().get(0).decidedAlone());
        alice.close();
        assertEquals(List.of("next"), other.texts());
        assertEquals(0, commit(X, false));
        assertEquals(List.of("out"), r.texts());
        assertEquals(List.of("next"), other.texts());
        assertEquals(List.of(), recover());
        assertEquals(List.of("in"), q.texts());
    }

    @Test
    void aPreparedBranchSurvivesACrashAndIsCommitted() {
        prepared();
        broker.crash();
        assertEquals(1, recover().size());
        assertEquals(List.of("next"), broker.client().queue(Q).drain(9));
        assertEquals(List.of(), broker.client().queue(R).drain(9));
        broker.crash();
        assertEquals(0, commit(X, false));
        broker.crash();
        checkCommitted();
    }

    @Test
    void aPreparedBranchSurvivesACrashAndIsRolledBackInOrder() {
        prepared();
        broker.crash();
        HeartFixture.Reader q = broker.client().queue(Q);
        assertEquals(0, rollback(X));
        assertEquals(List.of("in*1", "next"), q.credit(9).texts());
        assertEquals(List.of(), broker.client().queue(R).drain(9));
        assertFalse(broker.heart.journalledState().contains("staged"));
    }

    @Test
    void aDecisionThatWasNotDurableLeavesTheBranchPrepared() {
        prepared();
        for (boolean commit : new boolean[] {true, false}) {
            broker.holdCommits = true;
            assertEquals(0, commit ? commit(X, false) : rollback(X));
            broker.crash();
            broker.holdCommits = false;
            assertEquals(1, recover().size());
        }
        assertEquals(0, commit(X, false));
        checkCommitted();
    }

    @Test
    void whatIsNotMarkedAsHandedOverCountsAllTheSame() {
        bob.send(Q, "in");
        HeartFixture.Reader q = alice.queue(Q).credit(1);
        start(alice, X, BranchStart.NEW, 1);
        assertEquals(0, end(alice, X, BranchEnd.SUCCESS, q.span(1, 1)));
        assertEquals(0, prepare(X));
        broker.crash();
        assertEquals(0, rollback(X));
        assertEquals(List.of("in*1"), broker.client().queue(Q).credit(9).texts());
    }

    @Test
    void finishedUnknownAndDoublyPreparedBranchesAreRefused() {
        assertEquals(XAException.XAER_NOTA, prepare(X));
        assertEquals(XAException.XAER_NOTA, commit(X, false));
        assertEquals(XAException.XAER_NOTA, rollback(X));
        assertEquals(XAException.XAER_NOTA, tryStart(alice, X, BranchStart.JOIN, 1, 0));
        prepared();
        assertEquals(XAException.XAER_PROTO, prepare(X));
        assertEquals(XAException.XAER_PROTO, commit(X, true));
        assertEquals(XAException.XAER_DUPID, tryStart(alice, X, BranchStart.NEW, 2, 0));
        assertEquals(XAException.XAER_PROTO, tryStart(alice, X, BranchStart.JOIN, 2, 0));
        assertEquals(XAException.XAER_PROTO, code(broker.heart.branches().forget(X, false, broker.now)));
        assertEquals(0, commit(X, false));
        assertEquals(XAException.XAER_NOTA, commit(X, false));
        assertEquals(XAException.XAER_NOTA, rollback(X));
    }

    @Test
    void repeatedRequestsAreAnsweredAsTheFirst() {
        prepared();
        Outcome<BranchAnswer> again = broker.heart.branches().prepare(X, true, broker.now);
        assertEquals(0, again.response().code());
        assertTrue(again.awaitCommit());
        assertEquals(0, commit(X, false));
        BranchVerbs.TransactionNumber nobody = new BranchVerbs.TransactionNumber(0, 0);
        assertEquals(0, code(broker.heart.branches().commit(X, false, true, nobody, broker.now)));
        assertEquals(0, code(broker.heart.branches().rollback(X, true, broker.now)));
    }

    @Test
    void aRepeatedCommitInOnePhaseTellsHowTheFirstEnded() {
        start(alice, X, BranchStart.NEW, 1);
        alice.send(R, "out");
        assertEquals(0, end(alice, X, BranchEnd.SUCCESS));
        BranchVerbs.TransactionNumber own = new BranchVerbs.TransactionNumber(alice.producerId, 1);
        assertEquals(XAException.XA_RBCOMMFAIL, code(broker.heart.branches().commit(Y, true, true, own, broker.now)));
        assertEquals(0, commit(X, true));
        assertEquals(0, code(broker.heart.branches().commit(X, true, true, own, broker.now)));
        BranchVerbs.TransactionNumber older = new BranchVerbs.TransactionNumber(alice.producerId, 0);
        assertEquals(XAException.XA_HEURHAZ, code(broker.heart.branches().commit(X, true, true, older, broker.now)));
        assertEquals(List.of("out"), bob.queue(R).credit(9).texts());
    }

    @Test
    void aBranchWithoutWorkIsReadOnly() {
        start(alice, X, BranchStart.NEW, 1);
        assertEquals(0, end(alice, X, BranchEnd.SUCCESS));
        assertEquals(XAResource.XA_RDONLY, prepare(X));
        assertEquals(XAException.XAER_NOTA, commit(X, false));
        assertEquals(
                List.of(),
                broker.journal.stream()
                        .filter(entry -> entry.records().toString().contains("Prepared"))
                        .toList());
    }

    @Test
    void sessionsJoinABranchAndItIsDecidedAsAWhole() {
        start(alice, X, BranchStart.NEW, 1);
        start(bob, X, BranchStart.JOIN, 1);
        alice.send(R, "a");
        bob.send(R, "b");
        assertEquals(0, end(alice, X, BranchEnd.SUCCESS));
        assertEquals(XAException.XAER_PROTO, prepare(X));
        assertEquals(0, end(bob, X, BranchEnd.SUCCESS));
        assertEquals(0, prepare(X));
        broker.crash();
        assertEquals(0, commit(X, false));
        assertEquals(List.of("a", "b"), broker.client().queue(R).credit(9).texts());
    }

    @Test
    void workIsSuspendedAndResumedAndAnotherBranchLiesBetween() {
        start(alice, X, BranchStart.NEW, 1);
        alice.send(R, "x1");
        assertEquals(0, end(alice, X, BranchEnd.SUSPEND));
        assertEquals(XAException.XAER_PROTO, prepare(X));
        start(alice, Y, BranchStart.NEW, 2);
        alice.send(R, "y");
        assertEquals(0, end(alice, Y, BranchEnd.SUCCESS));
        assertEquals(XAException.XAER_PROTO, tryStart(bob, X, BranchStart.RESUME, 3, 0));
        start(alice, X, BranchStart.RESUME, 3);
        alice.send(R, "x2");
        assertEquals(0, end(alice, X, BranchEnd.SUCCESS));
        assertEquals(0, commit(Y, true));
        assertEquals(0, prepare(X));
        assertEquals(0, commit(X, false));
        assertEquals(List.of("y", "x1", "x2"), bob.queue(R).credit(9).texts());
    }

    @Test
    void theLossOfAConnectionRollsBackWhatIsNotPreparedOnly() {
        prepared();
        start(alice, Y, BranchStart.NEW, 2);
        start(bob, Y, BranchStart.JOIN, 2);
        alice.send(R, "lost");
        assertEquals(0, end(alice, Y, BranchEnd.SUCCESS));
        alice.lose();
        assertEquals(XAException.XA_RBCOMMFAIL, end(bob, Y, BranchEnd.SUCCESS));
        assertEquals(XAException.XA_RBCOMMFAIL, prepare(Y));
        assertEquals(XAException.XAER_NOTA, prepare(Y));
        assertEquals(0, commit(X, false));
        checkCommitted();
    }

    @Test
    void anOverdueBranchIsRolledBackUnlessItIsPrepared() {
        bob.send(Q, "in");
        HeartFixture.Reader q = alice.queue(Q).credit(1);
        assertEquals(0, tryStart(alice, X, BranchStart.NEW, 1, 500));
        q.handOver(1);
        assertEquals(0, end(alice, X, BranchEnd.SUCCESS, q.span(1, 1)));
        assertEquals(0, tryStart(alice, Y, BranchStart.NEW, 2, 500));
        alice.send(R, "kept");
        assertEquals(0, end(alice, Y, BranchEnd.SUCCESS));
        assertEquals(0, prepare(Y));
        assertTrue(broker.heart.nextTickMs() <= broker.now + 500);
        broker.tick(500);
        assertEquals(List.of("in*1"), bob.queue(Q).credit(9).texts());
        assertEquals(XAException.XA_RBTIMEOUT, commit(X, true));
        assertEquals(XAException.XAER_NOTA, rollback(X));
        assertEquals(0, commit(Y, false));
        assertEquals(List.of("kept"), bob.queue(R).credit(9).texts());
    }

    @Test
    void aFailedEndRollsTheBranchBack() {
        bob.send(Q, "in");
        HeartFixture.Reader q = alice.queue(Q).credit(1);
        start(alice, X, BranchStart.NEW, 1);
        q.handOver(1);
        assertEquals(0, end(alice, X, BranchEnd.FAIL, q.span(1, 1)));
        assertEquals(List.of("in*1"), bob.queue(Q).credit(9).texts());
        assertEquals(XAException.XA_RBROLLBACK, prepare(X));
        start(alice, Y, BranchStart.NEW, 2);
        alice.staged = 3;
        assertEquals(XAException.XA_RBROLLBACK, end(alice, Y, BranchEnd.SUCCESS));
        assertEquals(0, rollback(Y));
    }

    @Test
    void decisionsOfAnOperatorAreToldUntilTheyAreForgotten() {
        prepared();
        assertEquals(0, code(broker.heart.branches().decideAlone(X, true, broker.now)));
        assertEquals(List.of("out"), bob.queue(R).credit(9).texts());
        broker.crash();
        assertEquals(BranchOutcome.COMMITTED_ALONE, recover().get(0).decidedAlone());
        assertEquals(XAException.XA_HEURCOM, commit(X, false));
        assertEquals(XAException.XA_HEURCOM, rollback(X));
        assertEquals(0, code(broker.heart.branches().forget(X, false, broker.now)));
        assertEquals(XAException.XAER_NOTA, code(broker.heart.branches().forget(X, false, broker.now)));
        assertEquals(List.of(), recover());
        alice = broker.client();
        start(alice, Y, BranchStart.NEW, 1);
        alice.send(R, "never");
        assertEquals(0, end(alice, Y, BranchEnd.SUCCESS));
        assertEquals(0, prepare(Y));
        assertEquals(0, code(broker.heart.branches().decideAlone(Y, false, broker.now)));
        assertEquals(XAException.XA_HEURRB, commit(Y, false));
        assertFalse(broker.heart.journalledState().contains("never"));
    }

    @Test
    void messagesOfMemoryAreHeldAndSentWithTheirBranch() {
        bob.send(Q, mail("in").nonPersistent());
        HeartFixture.Reader q = alice.queue(Q).credit(1);
        start(alice, X, BranchStart.NEW, 1);
        q.handOver(1);
        alice.send(R, mail("n").nonPersistent());
        alice.send(R, "p");
        assertEquals(0, end(alice, X, BranchEnd.SUCCESS, q.span(1, 1)));
        assertEquals(0, prepare(X));
        alice.close();
        assertEquals(List.of(), bob.queue(Q).drain(9));
        assertEquals(0, commit(X, false));
        assertEquals(List.of("n", "p"), bob.queue(R).credit(9).texts());
        assertEquals(List.of(), bob.queue(Q).drain(9));
    }

    @Test
    void messagesOfMemoryEndWithTheBrokerAndTheRestOfTheirBranchDoesNot() {
        start(alice, X, BranchStart.NEW, 1);
        alice.send(R, mail("n").nonPersistent());
        alice.send(R, "p");
        assertEquals(0, end(alice, X, BranchEnd.SUCCESS));
        assertEquals(0, prepare(X));
        broker.crash();
        assertEquals(0, commit(X, false));
        assertEquals(List.of("p"), broker.client().queue(R).credit(9).texts());
    }

    @Test
    void aSubscriptionWithHeldMessagesCannotBeDeletedAndTakesNothingOfItsOwn() {
        alice = broker.client("a", 0);
        HeartFixture.Reader durable =
                alice.open(ConsumerMode.DURABLE, T, "d", null, true).credit(9);
        bob.send(T, "in");
        start(alice, X, BranchStart.NEW, 1);
        alice.send(T, "own");
        assertEquals(0, end(alice, X, BranchEnd.SUCCESS, durable.span(1, 1)));
        durable.close(1, false);
        assertEquals(0, prepare(X));
        broker.crash();
        alice = broker.client("a", 0);
        assertEquals(
                RefusalKind.SUBSCRIPTION_IN_USE,
                broker.refused(broker.heart.unsubscribe(alice.state, "d", broker.now)));
        assertEquals(0, commit(X, false));
        assertEquals(
                List.of(), alice.open(ConsumerMode.DURABLE, T, "d", null, true).drain(9));
        broker.crash();
        alice = broker.client("a", 0);
        broker.ok(broker.heart.unsubscribe(alice.state, "d", broker.now));
    }

    @Test
    void aRedeliveryDelayHoldsForWhatAPreparedBranchGivesBack() {
        broker = new HeartFixture(HeartConfig.defaults("b").withRedelivery(0, 300));
        alice = broker.client();
        bob = broker.client();
        prepared();
        broker.crash();
        assertEquals(0, rollback(X));
        HeartFixture.Reader q = broker.client().queue(Q).credit(9);
        assertEquals(List.of("next"), q.texts());
        broker.tick(300);
        assertEquals(List.of("next", "in*1"), q.texts());
    }

    @Test
    void whatPreparedBranchesMayKeepInMemoryIsLimited() {
        int size = mail("x".repeat(400)).to(R).size();
        broker = new HeartFixture(HeartConfig.defaults("b").withTransactionLimits(10, size + size / 2));
        alice = broker.client();
        bob = broker.client();
        start(alice, X, BranchStart.NEW, 1);
        alice.send(R, "x".repeat(400));
        assertEquals(0, end(alice, X, BranchEnd.SUCCESS));
        assertEquals(0, prepare(X));
        broker.crash();
        bob = broker.client();
        start(bob, Y, BranchStart.NEW, 1);
        bob.send(R, "y".repeat(400));
        assertEquals(0, end(bob, Y, BranchEnd.SUCCESS));
        assertEquals(XAException.XA_RBOTHER, prepare(Y));
        assertEquals(XAException.XAER_NOTA, rollback(Y));
        assertEquals(0, commit(X, false));
        start(bob, Y, BranchStart.NEW, 2);
        bob.send(R, "z".repeat(400));
        assertEquals(0, end(bob, Y, BranchEnd.SUCCESS));
        assertEquals(0, prepare(Y));
        assertEquals(0, commit(Y, false));
        assertEquals(2, bob.queue(R).credit(9).texts().size());
        assertEquals(0, broker.heart.state().preparedBytes);
    }

    @Test
    void aProducerThatHasEndedLeavesNoRowBehind() {
        prepared();
        broker.ok(broker.heart.closeProducer(alice.state, alice.producerId));
        assertEquals(0, commit(X, false));
        assertFalse(broker.heart.journalledState().contains("producer " + alice.producerId));
    }
}
