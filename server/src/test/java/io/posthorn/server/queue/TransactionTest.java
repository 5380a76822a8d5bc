package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static io.posthorn.server.queue.RefusalKind.RESOURCE_EXHAUSTED;
import static io.posthorn.server.queue.RefusalKind.TRANSACTION_ROLLED_BACK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import io.posthorn.server.store.Origin;
import io.posthorn.server.store.ReadRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Local transactions. */
class TransactionTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final DestinationName R = DestinationName.queue("results");
    private static final DestinationName T = DestinationName.topic("news");
    private final HeartFixture broker = new HeartFixture();
    private final HeartFixture.Client alice = broker.client();
    private final HeartFixture.Client bob = broker.client();

    @Test
    void sendsBecomeVisibleTogetherAndInOrder() {
        HeartFixture.Reader q = bob.queue(Q).credit(9);
        HeartFixture.Reader r = bob.queue(R).credit(9);
        alice.begin(1);
        alice.send(Q, "a");
        alice.send(Q, mail("n").nonPersistent());
        alice.send(R, "r");
        alice.send(Q, "b");
        assertEquals(List.of(), q.texts());
        alice.commit();
        assertEquals(List.of("a", "n", "b"), q.texts());
        assertEquals(List.of("r"), r.texts());
    }

    @Test
    void aCommitIsVisibleOnlyWhenItIsDurableAndANonPersistentPartWaitsWithIt() {
        HeartFixture.Reader q = bob.queue(Q).credit(9);
        alice.begin(1);
        alice.send(Q, "a");
        alice.send(Q, mail("n").nonPersistent());
        broker.holdCommits = true;
        alice.commit();
        alice.send(Q, mail("n2").nonPersistent());
        assertEquals(List.of(), q.texts());
        broker.holdCommits = false;
        broker.settle();
        assertEquals(List.of("a", "n", "n2"), q.texts());
    }

    @Test
    void consumptionAndSendAreOne() {
        bob.send(Q, "in");
        HeartFixture.Reader q = alice.queue(Q).credit(1);
        alice.begin(1);
        q.handOver(1);
        alice.send(R, "out");
        alice.commit(q.span(1, 1));
        assertEquals(List.of("out"), bob.queue(R).credit(9).texts());
        alice.close();
        assertEquals(List.of(), bob.queue(Q).credit(9).texts());
    }

    @Test
    void rollbackDropsSendsAndReturnsMessages() {
        bob.send(Q, "in", "next");
        HeartFixture.Reader q = alice.queue(Q).credit(1);
        alice.begin(1);
        q.handOver(1);
        alice.send(R, "out");
        alice.rollback(q.span(1, 1));
        assertEquals(List.of("in*1", "next"), q.drain(9));
        assertEquals(List.of(), bob.queue(R).credit(9).texts());
        assertFalse(broker.heart.journalledState().contains("staged"));
    }

    @Test
    void aRepeatedCommitSucceedsAndItsOutcomeIsKnown() {
        alice.begin(1);
        alice.send(Q, "a");
        alice.commit();
        Outcome<Void> again = broker.heart.commit(alice.state, alice.producerId, 1, 1, List.of(), broker.now);
        assertTrue(again.awaitCommit());
        assertFalse(again.isRefused());
        assertTrue(broker.heart.outcome(alice.producerId, 1).response());
        assertTrue(broker.heart.outcome(alice.producerId, 1).awaitCommit());
        assertFalse(broker.heart.outcome(alice.producerId, 2).response());
        assertEquals(List.of("a"), bob.queue(Q).credit(9).texts());
        alice.begin(2);
        alice.send(T, mail("nobody").nonPersistent());
        alice.commit();
        assertTrue(broker.heart.outcome(alice.producerId, 2).response());
    }

    @Test
    void anUnknownOutcomeIsRolledBackForEver() {
        alice.begin(1);
        alice.send(Q, "a");
        assertFalse(broker.ok(broker.heart.outcome(alice.producerId, 1)));
        assertEquals(TRANSACTION_ROLLED_BACK, broker.refused(alice.tryCommit()));
        assertEquals(List.of(), bob.queue(Q).credit(9).texts());
    }

    @Test
    void aMissingSendRollsBack() {
        bob.send(Q, "in");
        HeartFixture.Reader q = alice.queue(Q).credit(1);
        alice.begin(1);
        alice.send(R, "out");
        alice.staged = 2;
        assertEquals(TRANSACTION_ROLLED_BACK, broker.refused(alice.tryCommit(q.span(1, 1))));
        assertEquals(List.of("in"), q.drain(9));
        assertEquals(List.of(), bob.queue(R).credit(9).texts());
    }

    @Test
    void aDeliveryThatIsNoLongerInFlightRollsBack() {
        bob.send(Q, "in", "in2");
        HeartFixture.Reader q = alice.queue(Q).credit(2);
        q.release(1, 1);
        q.credit(2);
        alice.begin(1);
        alice.send(R, "out");
        assertEquals(TRANSACTION_ROLLED_BACK, broker.refused(alice.tryCommit(q.span(1, 2))));
        assertEquals(List.of("in", "in2"), q.drain(9));
    }

    @Test
    void aLostClientsTransactionIsRolledBackAtOnce() {
        alice.begin(1);
        alice.send(Q, "a");
        alice.lose();
        assertFalse(broker.heart.journalledState().contains("staged"));
        assertEquals(TRANSACTION_ROLLED_BACK, broker.refused(alice.tryCommit()));
    }

    @Test
    void openTransactionsEndAtARestart() {
        alice.begin(1);
        alice.send(Q, "a");
        broker.crash();
        assertFalse(broker.heart.journalledState().contains("staged"));
        assertEquals(List.of(), broker.client().queue(Q).credit(9).texts());
    }

    @Test
    void aCommitThatWasNotDurableVanishesWhole() {
        bob.send(Q, "in");
        HeartFixture.Reader q = alice.queue(Q).credit(1);
        alice.begin(1);
        alice.send(R, "out");
        broker.holdCommits = true;
        alice.commit(q.span(1, 1));
        broker.crash();
        broker.holdCommits = false;
        HeartFixture.Client carol = broker.client();
        assertEquals(List.of("in"), carol.queue(Q).credit(9).texts());
        assertEquals(List.of(), carol.queue(R).credit(9).texts());
    }

    @Test
    void limitsAreNamedAndTheCommitIsRefused() {
        HeartFixture small = new HeartFixture(HeartConfig.defaults("b").withTransactionLimits(2, 1 << 20));
        HeartFixture.Client client = small.client();
        client.begin(1);
        client.send(Q, "a", "b");
        Outcome<Void> third = client.trySend(Q, mail("c"));
        assertEquals(RESOURCE_EXHAUSTED, small.refused(third));
        assertTrue(
                third.refusal().text().contains("the limit of 2 operations"),
                third.refusal().text());
        assertTrue(
                third.refusal().text().contains("queue://orders"),
                third.refusal().text());
        assertEquals(RESOURCE_EXHAUSTED, small.refused(client.tryCommit()));
        assertFalse(small.heart.journalledState().contains("staged"));
        client.begin(2);
        client.send(Q, "d");
        client.commit();
        assertEquals(List.of("d"), client.queue(Q).credit(9).texts());
    }

    @Test
    void topicsInTransactionsReachEverySubscription() {
        HeartFixture.Client reader = broker.client("r", 0);
        HeartFixture.Reader durable = reader.durable(T, "d").credit(9);
        HeartFixture.Reader plain = reader.topic(T).credit(9);
        alice.begin(1);
        alice.send(T, "a");
        alice.send(T, mail("n").nonPersistent());
        alice.commit();
        assertEquals(List.of("a", "n"), durable.texts());
        assertEquals(List.of("a", "n"), plain.texts());
    }

    @Test
    void aDelayInATransactionCountsFromTheSend() {
        HeartFixture.Reader q = bob.queue(Q).credit(9);
        alice.begin(1);
        alice.send(Q, mail("later").delay(100));
        alice.send(Q, mail("n").delay(100).nonPersistent());
        alice.send(Q, "now");
        alice.commit();
        assertEquals(List.of("now"), q.texts());
        assertEquals(
                List.of(), bob.open(ConsumerMode.BROWSE, Q, null, null, false).drain(9));
        broker.tick(100);
        // What is not persistent may pass what is, as outside of transactions.
        assertEquals(List.of("now", "n", "later"), q.texts());
    }

    @Test
    void aClockThatIsSetBackBeforeTheCommitDelaysNothing() {
        HeartFixture.Reader q = bob.queue(Q).credit(9);
        alice.begin(1);
        alice.send(Q, "first");
        broker.now -= 1000;
        alice.commit();
        alice.send(Q, "second");
        assertEquals(List.of("first", "second"), q.texts());
    }

    @Test
    void placedMessagesAreAskedForByTheirOriginUntilACheckpointHasPassedTheirCommit() {
        HeartFixture small = new HeartFixture(HeartConfig.defaults("b").withMemory(0, 1 << 20, 10));
        HeartFixture.Client client = small.client();
        client.begin(1);
        client.send(Q, "a");
        client.commit();
        assertEquals(0, small.heart.state().hot.bytes());
        // Between the message and its commit: it lies in the deep store, and not under its place.
        small.heart.checkpointed(small.end - 64);
        HeartFixture.Reader reader = client.queue(Q).credit(1);
        ReadRequest request = small.reads.get(0);
        assertEquals(-1, request.positions()[0]);
        assertEquals(new Origin.Staged(client.producerId, 1, 0), request.origins()[0]);
        small.answerReads();
        assertEquals(List.of("a"), reader.texts());
        reader.close(0, false);
        client.send(R, "makes room");
        small.tick(1);
        small.heart.checkpointed(small.end);
        HeartFixture.Reader later = client.queue(Q).credit(1);
        if (!small.reads.isEmpty()) {
            assertNull(small.reads.get(0).origins()[0]);
            small.answerReads();
        }
        assertEquals(List.of("a"), later.texts());
    }
}
