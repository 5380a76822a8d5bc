package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import java.util.List;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Message groups in branches of global transactions: what a branch has consumed holds up its group until the branch is decided. */
class BranchGroupTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final BranchId X = new BranchId(1, new byte[] {1}, new byte[] {2});
    private static final BranchId Y = new BranchId(1, new byte[] {1}, new byte[] {3});
    private static final BranchVerbs.TransactionNumber NOBODY = new BranchVerbs.TransactionNumber(0, 0);

    private HeartFixture broker = new HeartFixture();
    private HeartFixture.Client alice = broker.client();
    private HeartFixture.Client bob = broker.client();
    private long lastTx;

    private void with(HeartConfig config) {
        broker = new HeartFixture(config);
        alice = broker.client();
        bob = broker.client();
    }

    private static HeartFixture.Mail grouped(String group, String text) {
        return mail(text).with("JMSXGroupID", group);
    }

    private void send(String... texts) {
        for (String text : texts) {
            bob.send(Q, grouped(text.substring(0, 1), text));
        }
    }

    private void start(HeartFixture.Client client, BranchId id, BranchStart how) {
        client.begin(++lastTx);
        assertEquals(
                0,
                code(broker.heart
                        .branches()
                        .start(client.state, id, how, client.producerId, client.tx, 0, broker.now)));
    }

    private void end(HeartFixture.Client client, BranchId id, BranchEnd how, Span... consumed) {
        BranchVerbs.TransactionNumber number = new BranchVerbs.TransactionNumber(client.producerId, client.tx);
        client.tx = 0;
        assertEquals(
                0, code(broker.heart.branches().end(client.state, id, how, number, 0, List.of(consumed), broker.now)));
    }

    /** Consumes a span in a branch of its own. */
    private void consume(HeartFixture.Client client, BranchId id, Span... consumed) {
        start(client, id, BranchStart.NEW);
        end(client, id, BranchEnd.SUCCESS, consumed);
    }

    private void prepare(BranchId id) {
        assertEquals(0, code(broker.heart.branches().prepare(id, false, broker.now)));
    }

    private void commit(BranchId id, boolean onePhase) {
        assertEquals(0, code(broker.heart.branches().commit(id, onePhase, false, NOBODY, broker.now)));
    }

    private void rollback(BranchId id) {
        assertEquals(0, code(broker.heart.branches().rollback(id, false, broker.now)));
    }

    private int code(Outcome<BranchAnswer> outcome) {
        return broker.ok(outcome).code();
    }

    private static void checkForgotten(HeartFixture.Reader reader) {
        MessageGroup group = reader.state.subscription.groups.find("a");
        assertEquals(0, group == null ? 0 : group.deferred);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGroupWaitsForTheCommitOfABranchAndOthersDoNot(boolean onePhase) {
        HeartFixture.Reader one = alice.queue(Q).credit(2);
        start(alice, X, BranchStart.NEW);
        send("a1", "a2");
        assertEquals(List.of("a1", "a2"), one.texts(), "within a branch its consumer gets one after the other");
        HeartFixture.Reader two = bob.queue(Q).credit(10);
        end(alice, X, BranchEnd.SUCCESS, one.span(1, 2));
        send("a3", "b1");
        if (!onePhase) {
            prepare(X);
        }
        send("a4");
        assertEquals(List.of("b1"), two.texts());
        commit(X, onePhase);
        assertEquals(List.of("b1", "a3", "a4"), two.texts());
        two.ack(1, 3);
        checkForgotten(one);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void afterARollbackItGoesOnInOrder(boolean prepared, boolean persistent) {
        HeartFixture.Reader one = alice.queue(Q).credit(2);
        for (String text : List.of("a1", "a2", "a3")) {
            HeartFixture.Mail mail = grouped("a", text);
            bob.send(Q, persistent ? mail : mail.nonPersistent());
        }
        HeartFixture.Reader two = bob.queue(Q).credit(10);
        one.handOver(2);
        consume(alice, X, one.span(1, 2));
        if (prepared) {
            prepare(X);
        }
        one.credit(10);
        assertEquals(List.of(), two.texts());
        assertEquals(List.of("a1", "a2"), one.texts());
        one.close(2, false);
        assertEquals(List.of(), two.texts());
        rollback(X);
        assertEquals(List.of("a1*1", "a2*1", "a3"), two.texts());
        two.ack(1, 3);
        checkForgotten(two);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messagesOfMemoryHoldUpTheirGroupUntilTheCommit(boolean prepared) {
        HeartFixture.Reader one = alice.queue(Q).credit(1);
        bob.send(Q, grouped("a", "a1").nonPersistent());
        bob.send(Q, grouped("a", "a2").nonPersistent());
        send("a3");
        consume(alice, X, one.span(1, 1));
        HeartFixture.Reader two = bob.queue(Q).credit(10);
        if (prepared) {
            prepare(X);
        }
        assertEquals(List.of(), two.texts());
        commit(X, !prepared);
        assertEquals(List.of("a2", "a3"), two.texts());
        two.ack(1, 2);
        checkForgotten(two);
    }

    @Test
    void theSameSessionWaitsTooWhenItBeginsAgain() {
        HeartFixture.Reader one = alice.queue(Q).credit(1);
        send("a1", "a2");
        start(alice, X, BranchStart.NEW);
        end(alice, X, BranchEnd.SUSPEND, one.span(1, 1));
        one.credit(10);
        start(alice, X, BranchStart.RESUME);
        assertEquals(List.of("a1"), one.texts());
        send("b1");
        assertEquals(List.of("a1", "b1"), one.texts());
        end(alice, X, BranchEnd.SUCCESS, one.span(2, 2));
        assertEquals(XAException.XAER_PROTO, code(broker.heart.branches().commit(X, false, false, NOBODY, broker.now)));
        commit(X, true);
        assertEquals(List.of("a1", "b1", "a2"), one.texts());
    }

    @Test
    void whatWasGivenAheadAndComesBackWaitsAsWell() {
        HeartFixture.Reader one = alice.queue(Q).credit(3);
        send("a1", "a2", "a3", "a4");
        HeartFixture.Reader two = bob.queue(Q).credit(10);
        one.handOver(1);
        consume(alice, X, one.span(1, 1));
        one.release(2, 3);
        assertEquals(List.of(), two.texts());
        rollback(X);
        assertEquals(List.of("a1*1", "a2", "a3", "a4"), two.texts());
    }

    @Test
    void aGroupWaitsForEveryBranchThatHasConsumedOfIt() {
        HeartFixture.Reader one = alice.queue(Q).credit(2);
        send("a1", "a2", "a3");
        HeartFixture.Reader two = bob.queue(Q).credit(10);
        one.handOver(2);
        consume(alice, X, one.span(1, 1));
        consume(alice, Y, one.span(2, 2));
        prepare(X);
        rollback(Y);
        assertEquals(List.of(), two.texts());
        commit(X, false);
        assertEquals(List.of("a2*1", "a3"), two.texts());
    }

    @Test
    void anEndedConnectionAndATimeoutLetTheGroupGoOn() {
        HeartFixture.Reader two = bob.queue(Q);
        HeartFixture.Reader one = alice.queue(Q).credit(1);
        send("a1", "a2");
        consume(alice, X, one.span(1, 1));
        alice.lose();
        assertEquals(List.of("a1*1", "a2"), two.credit(2).texts());
        start(bob, Y, BranchStart.NEW);
        end(bob, Y, BranchEnd.FAIL, two.span(1, 2));
        assertEquals(List.of("a1*1", "a2", "a1*2", "a2*1"), two.credit(4).texts());
        checkForgotten(two);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterARestartAPreparedBranchStillHoldsUpItsGroup(boolean commit) {
        with(HeartConfig.defaults("b").withMemory(1, 1 << 20, 1000));
        HeartFixture.Reader one = alice.queue(Q).credit(2);
        send("a1", "a2", "a3", "b1");
        broker.answerReads();
        consume(alice, X, one.span(1, 2));
        prepare(X);
        broker.crash();
        HeartFixture.Reader again = broker.client().queue(Q).credit(10);
        assertNull(again.state.subscription.groups);
        broker.answerReads();
        assertEquals(List.of("b1"), again.texts());
        code(broker.heart.branches().decideAlone(X, commit, broker.now));
        broker.answerReads();
        assertEquals(commit ? List.of("b1", "a3") : List.of("b1", "a1*1", "a2*1", "a3"), again.texts());
        again.ack(1, again.got().size());
        checkForgotten(again);
    }

    @Test
    void aDecisionBeforeItsGroupIsKnownChangesNothing() {
        with(HeartConfig.defaults("b").withMemory(1, 1 << 20, 1000));
        HeartFixture.Reader one = alice.queue(Q).credit(1);
        send("a1", "a2");
        broker.answerReads();
        consume(alice, X, one.span(1, 1));
        prepare(X);
        broker.crash();
        HeartFixture.Reader again = broker.client().queue(Q).credit(10);
        assertEquals(List.of(), again.texts());
        rollback(X);
        broker.answerReads();
        assertEquals(List.of("a1*1", "a2"), again.texts());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRestatedDeliveryOfAnUnknownGroupIsHeldToo(boolean withTable) {
        with(HeartConfig.defaults("b").withMemory(1, 1 << 20, 1000));
        HeartFixture.Reader one = alice.queue(Q).credit(1);
        send("a1", "b1", "a2");
        broker.answerReads();
        one.handOver(1);
        DeliveryRef held = one.last().ref();
        broker.restart();
        HeartFixture.Client back = broker.client();
        HeartFixture.Reader restated = broker
        .new Reader(back.restate(ConsumerMode.QUEUE, Q, null, held).consumer());
        HeartFixture.Reader other = broker.client().queue(Q);
        if (withTable) {
            broker.heart.state().destinations.find(Q).queueSubscription().groups(broker.heart.state().dirty);
        }
        consume(back, X, restated.span(1, 1));
        other.credit(10);
        broker.answerReads();
        assertEquals(List.of("b1"), other.texts());
        prepare(X);
        broker.answerReads();
        assertEquals(List.of("b1"), other.texts());
        rollback(X);
        broker.answerReads();
        assertEquals(List.of("b1", "a1*1", "a2"), other.texts());
        other.ack(1, 3);
        checkForgotten(other);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,false"})
    void whatComesBackFromABranchAndWaitsForItsNextTryHoldsUpItsGroup(boolean prepared, boolean crash) {
        with(HeartConfig.defaults("b").withRedelivery(10, 5_000));
        HeartFixture.Reader one = alice.queue(Q).credit(2);
        send("a1", "a2", "a3");
        one.handOver(2);
        consume(alice, X, one.span(1, 2));
        if (prepared) {
            prepare(X);
        }
        if (crash) {
            broker.crash();
            bob = broker.client();
        }
        HeartFixture.Reader two = bob.queue(Q).credit(10);
        send("b1");
        assertEquals(List.of("b1"), two.texts());
        rollback(X);
        assertEquals(List.of("b1"), two.texts());
        broker.tick(5_000);
        assertEquals(List.of("b1", "a1*1", "a2*1", "a3"), two.texts());
        two.ack(1, 4);
        checkForgotten(two);
    }

    @Test
    void anEarlierDeferralDoesNotFreeWhatABranchHoldsAfterARestart() {
        with(HeartConfig.defaults("b").withRedelivery(10, 5_000));
        HeartFixture.Reader one = alice.queue(Q).credit(1);
        send("a1", "a2");
        one.handOver(1);
        one.release(1, 1);
        broker.tick(5_000);
        one.credit(2);
        one.handOver(2);
        assertEquals(List.of("a1", "a1*1"), one.texts());
        consume(alice, X, one.span(2, 2));
        prepare(X);
        broker.crash();
        HeartFixture.Reader again = broker.client().queue(Q).credit(10);
        broker.tick(10_000);
        assertEquals(List.of(), again.texts());
        rollback(X);
        assertEquals(List.of(), again.texts());
        broker.restart();
        HeartFixture.Reader third = broker.client().queue(Q).credit(10);
        broker.tick(4_000);
        assertEquals(List.of(), third.texts(), "its first time is over, its second is not");
        broker.tick(1_000);
        assertEquals(List.of("a1*2", "a2"), third.texts());
    }
}
