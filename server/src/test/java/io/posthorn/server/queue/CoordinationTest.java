package io.posthorn.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.server.queue.BranchVerbs.TransactionNumber;
import io.posthorn.server.queue.CoordinationVerbs.Decision;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Test;

/** Local transactions over several broker groups, at the coordinator and at a participant. */
class CoordinationTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final DestinationName R = DestinationName.queue("results");
    private static final BranchId X = BranchId.ofGroups(new byte[] {1, 2}, "b");

    private final HeartFixture broker = new HeartFixture();
    private HeartFixture.Client client = broker.client();

    private CoordinationVerbs verbs() {
        return broker.heart.coordination();
    }

    private Outcome<Void> commit(String... participants) {
        TransactionNumber number = new TransactionNumber(client.producerId, client.tx);
        return verbs().commit(client.state, X, List.of(participants), number, client.staged, List.of(), broker.now);
    }

    private BranchAnswer prepare(boolean repeated, Span... consumed) {
        TransactionNumber number = new TransactionNumber(client.producerId, client.tx);
        return broker.ok(
                verbs().prepare(client.state, X, repeated, number, client.staged, List.of(consumed), broker.now));
    }

    private Decision decision() {
        return verbs().ask(X).response();
    }

    private long messages(DestinationName queue) {
        return broker.heart.destinationVerbs().show(queue).response().get(0).messages();
    }

    private int decide(boolean commit) {
        return broker.ok(
                        commit
                                ? broker.heart
                                        .branches()
                                        .commit(X, false, true, new TransactionNumber(0, 0), broker.now)
                                : broker.heart.branches().rollback(X, true, broker.now))
                .code();
    }

    @Test
    void aCommitDecidesAndIsRememberedUntilAllHaveConfirmed() {
        broker.ok(verbs().announce(client.state, X));
        assertEquals(Decision.OPEN, decision());
        client.begin(1);
        client.send(Q, "one");
        broker.ok(commit("c", "d"));
        assertEquals(1, messages(Q));
        assertEquals(Decision.COMMITTED, decision());
        broker.restart();
        assertEquals(Decision.COMMITTED, decision());
        client = broker.client();
        broker.ok(verbs().confirm(client.state, X, List.of("d")));
        broker.restart();
        assertEquals(Decision.COMMITTED, decision());
        broker.ok(verbs().confirm(client.state, X, List.of("c")));
        broker.restart();
        assertEquals(Decision.ROLLED_BACK, decision());
    }

    @Test
    void aCommitThatOnlyTouchesMemoryIsDecidedOnDisk() {
        broker.ok(verbs().announce(client.state, X));
        client.begin(1);
        client.send(Q, HeartFixture.mail("fleeting").nonPersistent());
        broker.ok(commit("c"));
        broker.restart();
        assertEquals(Decision.COMMITTED, decision());
    }

    @Test
    void whoeverIsGoneCannotDecideAnyMore() {
        broker.ok(verbs().announce(client.state, X));
        broker.ok(broker.heart.lost(client.state, broker.now));
        assertEquals(Decision.ROLLED_BACK, decision());
        client = broker.client(null, client.state.token());
        client.begin(2);
        client.send(Q, "one");
        assertEquals(RefusalKind.TRANSACTION_ROLLED_BACK, broker.refused(commit("c")));
        assertEquals(Decision.ROLLED_BACK, decision());
        assertEquals(0, messages(Q));
    }

    @Test
    void aTransactionThatIsGivenUpIsForgotten() {
        broker.ok(verbs().announce(client.state, X));
        broker.ok(verbs().confirm(broker.client().state, X, List.of()));
        assertEquals(Decision.OPEN, decision());
        broker.ok(verbs().confirm(client.state, X, List.of()));
        assertEquals(Decision.ROLLED_BACK, decision());
    }

    @Test
    void whatIsPreparedSurvivesAndIsDecidedByAnybody() {
        client.send(Q, "in");
        HeartFixture.Reader reader = client.queue(Q).credit(1);
        reader.handOver(1);
        client.begin(1);
        client.send(R, "out");
        assertEquals(XAResource.XA_OK, prepare(false, reader.span(1, 1)).code());
        assertEquals(List.of(X), verbs().inDoubt(broker.now));
        assertEquals(List.of(), verbs().inDoubt(broker.now - 1));
        broker.ok(broker.heart.lost(client.state, broker.now));
        broker.restart();
        assertEquals(List.of(X), verbs().inDoubt(broker.now));
        client = broker.client();
        assertEquals(List.of(), client.queue(R).credit(1).texts());
        assertEquals(0, decide(true));
        assertEquals(1, messages(R));
        assertEquals(0, messages(Q));
        assertEquals(List.of(), verbs().inDoubt(broker.now));
        // As after an answer that was lost.
        assertEquals(0, decide(true));
    }

    @Test
    void whatIsRolledBackComesBack() {
        client.send(Q, "in");
        HeartFixture.Reader reader = client.queue(Q).credit(1);
        reader.handOver(1);
        client.begin(1);
        client.send(R, "out");
        prepare(false, reader.span(1, 1));
        assertEquals(0, decide(false));
        assertEquals(1, messages(Q));
        assertEquals(0, messages(R));
    }

    @Test
    void preparingTwiceIsNoErrorAndTooLateIsOne() {
        client.begin(1);
        client.send(R, "out");
        assertEquals(0, prepare(false).code());
        assertEquals(0, prepare(true).code());
        assertEquals(0, decide(false));
        client.begin(2);
        client.send(R, "out");
        assertEquals(XAException.XA_RBCOMMFAIL, prepare(true).code());
        client.begin(3);
        client.send(R, "out");
        client.staged++;
        assertTrue(prepare(false).code() >= XAException.XA_RBBASE);
        assertEquals(0, messages(R));
        client.begin(4);
        client.staged = 0;
        assertEquals(XAResource.XA_RDONLY, prepare(false).code());
    }

    @Test
    void transactionManagersDoNotSeeTheseBranches() {
        assertFalse(new BranchId(1, new byte[] {1}, new byte[] {2}).isOfGroups());
        assertEquals("b", X.coordinator());
        assertEquals(
                XAException.XAER_INVAL,
                broker.ok(broker.heart.branches().start(client.state, X, BranchStart.NEW, 1, 1, 0, broker.now))
                        .code());
    }

    private static final BranchId GLOBAL = new BranchId(1, new byte[] {1}, new byte[] {1});

    private TransactionNumber workInGlobal() {
        TransactionNumber number = new TransactionNumber(client.producerId, 1);
        broker.ok(broker.heart
                .branches()
                .start(client.state, GLOBAL, BranchStart.NEW, number.producerId(), number.txSequence(), 0, broker.now));
        client.begin(1);
        client.send(Q, "global");
        broker.ok(
                broker.heart.branches().end(client.state, GLOBAL, BranchEnd.SUCCESS, number, 1, List.of(), broker.now));
        return number;
    }

    private int prepareAs(boolean repeated) {
        return broker.ok(verbs().prepareAs(GLOBAL, X, repeated, broker.now)).code();
    }

    private int commitAs(TransactionNumber number, boolean repeated) {
        return broker.ok(verbs().commitAs(client.state, GLOBAL, X, List.of("c"), repeated, number, broker.now))
                .code();
    }

    @Test
    void aBranchThatIsCommittedInOnePhaseIsPreparedUnderTheNameOfItsCoordinator() {
        workInGlobal();
        assertEquals(XAResource.XA_OK, prepareAs(false));
        assertEquals(XAResource.XA_OK, prepareAs(true));
        broker.restart();
        assertEquals(List.of(X), verbs().inDoubt(broker.now));
        assertEquals(
                List.of(X),
                broker.heart.branches().recover().response().stream()
                        .map(BranchInfo::branch)
                        .toList());
        assertEquals(XAResource.XA_OK, decide(true));
        assertEquals(1, messages(Q));
    }

    @Test
    void whatIsNotThereIsNotPrepared() {
        assertEquals(XAException.XAER_NOTA, prepareAs(false));
        assertEquals(XAException.XA_RBCOMMFAIL, prepareAs(true));
        workInGlobal();
        client.lose();
        assertEquals(XAException.XAER_NOTA, prepareAs(false));
    }

    @Test
    void aCommitInOnePhaseDecides() {
        broker.ok(verbs().announce(client.state, X));
        TransactionNumber number = workInGlobal();
        assertEquals(XAResource.XA_OK, commitAs(number, false));
        assertEquals(XAResource.XA_OK, commitAs(number, true));
        assertEquals(1, messages(Q));
        broker.restart();
        assertEquals(Decision.COMMITTED, decision());
        client = broker.client();
        assertEquals(XAResource.XA_OK, commitAs(number, true));
        broker.ok(verbs().confirm(client.state, X, List.of("c")));
        assertEquals(XAResource.XA_OK, commitAs(number, true), "known by the work that is committed");
    }

    @Test
    void nothingIsDecidedInOnePhaseThatWasNotAnnounced() {
        TransactionNumber number = workInGlobal();
        assertEquals(XAException.XA_RBCOMMFAIL, commitAs(number, false));
        assertEquals(Decision.ROLLED_BACK, decision());
        assertEquals(0, messages(Q));
        assertEquals(XAException.XA_RBCOMMFAIL, commitAs(number, true));
    }

    @Test
    void theDirectoryRemembersWhereABranchHasWorkUntilItIsPrepared() {
        assertNull(broker.heart.branches().enlist(GLOBAL, List.of("c")));
        workInGlobal();
        assertEquals(List.of("c"), broker.heart.branches().enlist(GLOBAL, List.of("c")));
        assertEquals(List.of("a", "c"), broker.heart.branches().enlist(GLOBAL, List.of("a")));
        assertEquals(List.of("a", "c"), broker.heart.branches().enlist(GLOBAL, List.of()));
        broker.ok(broker.heart.branches().prepare(GLOBAL, false, broker.now));
        assertNull(broker.heart.branches().enlist(GLOBAL, List.of()));
    }
}
