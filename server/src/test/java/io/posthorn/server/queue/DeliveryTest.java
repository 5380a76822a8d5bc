package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queues: visibility, order, credit, counts, dedup. */
class DeliveryTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private final HeartFixture broker = new HeartFixture();
    private final HeartFixture.Client alice = broker.client();
    private final HeartFixture.Client bob = broker.client();

    @Test
    void aMessageIsDeliveredOnlyWhenItIsCommitted() {
        HeartFixture.Reader reader = bob.queue(Q).credit(10);
        broker.holdCommits = true;
        alice.send(Q, "a");
        assertEquals(List.of(), reader.texts());
        broker.commit();
        broker.settle();
        assertEquals(List.of("a"), reader.texts());
    }

    @Test
    void messagesComeInSendOrderAndHighPriorityFirst() {
        alice.send(Q, "a", "b");
        alice.send(Q, mail("high").priority(9));
        alice.send(Q, mail("low").priority(0));
        alice.send(Q, "c");
        assertEquals(
                List.of("high", "a", "b", "c", "low"), bob.queue(Q).credit(10).texts());
    }

    @Test
    void persistentAndNonPersistentMergeByArrival() {
        alice.send(Q, "a");
        alice.send(Q, mail("n1").nonPersistent());
        alice.send(Q, "b");
        alice.send(Q, mail("n2").nonPersistent());
        assertEquals(List.of("a", "n1", "b", "n2"), bob.queue(Q).credit(10).texts());
    }

    @Test
    void aNonPersistentMessageMayPassAnUncommittedOneButNotTheReverse() {
        HeartFixture.Reader reader = bob.queue(Q).credit(10);
        broker.holdCommits = true;
        alice.send(Q, "a");
        alice.send(Q, mail("n").nonPersistent());
        alice.send(Q, "b");
        assertEquals(List.of("n"), reader.texts());
        broker.holdCommits = false;
        broker.settle();
        assertEquals(List.of("n", "a", "b"), reader.texts());
    }

    @Test
    void creditLimitsDeliveriesAndBytesButOneMessageIsAlwaysPossible() {
        alice.send(Q, "a", "b", "c");
        HeartFixture.Reader reader = bob.queue(Q);
        assertEquals(List.of(), reader.texts());
        broker.heart.credit(bob.state, reader.state.consumerId(), 10, 1);
        broker.settle();
        assertEquals(List.of("a"), reader.texts());
        reader.handOver(1);
        assertEquals(List.of("a", "b"), reader.texts());
        reader.credit(2);
        assertEquals(List.of("a", "b"), reader.texts());
    }

    @Test
    void aConsumerGetsNoMoreAtItsLimitOfUnsettledDeliveries() {
        alice.send(Q, "a", "b", "c", "d");
        HeartFixture.Reader reader = bob.queue(Q);
        reader.state.unsettledMax = 2;
        reader.credit(10);
        reader.handOver(2);
        assertEquals(List.of("a", "b"), reader.texts());
        // A drain is answered all the same.
        assertEquals(List.of(), reader.drain(1));
        reader.credit(10);
        reader.ack(2, 2);
        broker.settle();
        assertEquals(List.of("a", "b", "c"), reader.texts());
        reader.release(3, 3);
        broker.settle();
        assertEquals(List.of("a", "b", "c", "c"), reader.texts());
        assertEquals(List.of("d"), alice.queue(Q).credit(1).texts());
    }

    @Test
    void consumersTakeTurns() {
        HeartFixture.Reader one = bob.queue(Q).credit(2);
        HeartFixture.Reader two = alice.queue(Q).credit(10);
        alice.send(Q, "a", "b", "c", "d", "e", "f");
        assertEquals(List.of("b", "d"), one.texts());
        assertEquals(List.of("a", "c", "e", "f"), two.texts());
    }

    @Test
    void releasedMessagesTakeTheirOldPlaceUncountedUnlessHandedOver() {
        alice.send(Q, "a", "b", "c", "d");
        HeartFixture.Reader reader = bob.queue(Q).credit(3);
        reader.handOver(2);
        reader.credit(3);
        reader.release(1, 3);
        assertEquals(List.of("a*1", "b*1", "c", "d"), reader.drain(10));
    }

    @Test
    void releasedMessagesOfMemoryTakeTheirOldPlaceToo() {
        alice.send(Q, mail("a").nonPersistent());
        alice.send(Q, mail("b").nonPersistent());
        alice.send(Q, "c");
        HeartFixture.Reader reader = bob.queue(Q).credit(3);
        reader.credit(0);
        reader.handOver(1);
        reader.release(1, 3);
        assertEquals(List.of("a*1", "b", "c"), reader.drain(10));
    }

    @Test
    void anAcknowledgedMessageNeverComesBack() {
        alice.send(Q, "a", "b");
        HeartFixture.Reader reader = bob.queue(Q).credit(2);
        reader.ack(1, 1);
        reader.ack(1, 1);
        bob.close();
        assertEquals(List.of("b"), alice.queue(Q).credit(9).texts());
        broker.crash();
        assertEquals(List.of("b"), broker.client().queue(Q).credit(9).texts());
    }

    @Test
    void anAcknowledgementThatWasNotCommittedIsForgottenByACrash() {
        alice.send(Q, "a");
        HeartFixture.Reader reader = bob.queue(Q).credit(1);
        broker.holdCommits = true;
        reader.handOver(1);
        broker.commit();
        reader.ack(1, 1);
        broker.crash();
        broker.holdCommits = false;
        assertEquals(List.of("a*1"), broker.client().queue(Q).credit(9).texts());
    }

    @Test
    void aRepeatedSendIsStoredOnce() {
        alice.send(Q, "a");
        alice.sequence--;
        broker.holdCommits = true;
        Outcome<Void> again = alice.trySend(Q, mail("a"));
        assertTrue(again.awaitCommit());
        assertTrue(again.entries().isEmpty());
        alice.sequence += 5;
        assertFalse(alice.trySend(Q, mail("later")).entries().isEmpty());
        alice.sequence -= 3;
        assertFalse(alice.trySend(Q, mail("a gap")).entries().isEmpty());
    }

    @Test
    void drainAnswersAfterEverythingThereWasAndTakesTheCreditBack() {
        HeartFixture.Reader reader = bob.queue(Q);
        assertEquals(List.of(), reader.drain(5));
        alice.send(Q, "a", "b");
        assertEquals(List.of(), reader.texts());
        assertEquals(List.of("a", "b"), reader.drain(5));
        alice.send(Q, "c");
        assertEquals(List.of("a", "b"), reader.texts());
    }

    @Test
    void aDrainWaitsForABodyThatIsBeingRead() {
        HeartFixture small = new HeartFixture(HeartConfig.defaults("b").withMemory(0, 1 << 20, 10));
        HeartFixture.Client client = small.client();
        client.send(Q, "a", "b", "c");
        HeartFixture.Reader reader = client.queue(Q);
        small.heart.drain(client.state, reader.state.consumerId(), 2, "token");
        small.settle();
        assertTrue(small.drained.isEmpty());
        assertEquals(1, small.reads.size());
        assertEquals(3, small.reads.get(0).offsets().length);
        assertTrue(small.reads.get(0).positions()[0] > 0);
        small.answerReads();
        assertEquals(List.of("a", "b"), reader.texts());
        assertEquals(2, small.drained.get(reader.state).get(0).last());
    }

    /** A client has two unanswered when it stops the flow behind a drain, and repeats both at once on a new link. */
    @Test
    void everyDrainIsAnswered() {
        HeartFixture.Reader reader = bob.queue(Q);
        alice.send(Q, "a");
        int id = reader.state.consumerId();
        broker.heart.drain(bob.state, id, 5, "first");
        broker.heart.drain(bob.state, id, 5, "second");
        broker.heart.drain(bob.state, id, 5, "third");
        broker.settle();
        assertEquals(List.of("a"), reader.texts());
        assertEquals(
                List.of("first", "second", "third"),
                broker.drained.get(reader.state).stream()
                        .map(HeartFixture.Drained::token)
                        .toList());
        broker.heart.drain(bob.state, id, 5, "fourth");
        broker.heart.drain(bob.state, id, 5, "fifth");
        reader.close(0, false);
        assertEquals(5, broker.drained.get(reader.state).size());
    }

    @Test
    void aMessageTheStoreHasLostIsGivenUp() {
        HeartFixture small = new HeartFixture(HeartConfig.defaults("b").withMemory(0, 1 << 20, 10));
        HeartFixture.Client client = small.client();
        client.send(Q, "a", "b");
        small.journal.removeIf(entry -> entry.position() == 1000 + 64);
        HeartFixture.Reader reader = client.queue(Q).credit(5);
        small.answerReads();
        assertEquals(1, reader.texts().size());
        reader.ack(1, 1);
        assertEquals(List.of(), client.queue(Q).drain(3));
        assertEquals(0, small.heart.state().hot.bytes());
    }

    @Test
    void bodiesFarFromAnyConsumerLeaveMemoryAndComeBack() {
        int count = 20_000;
        HeartFixture small = new HeartFixture(HeartConfig.defaults("b").withMemory(1 << 20, 1 << 20, 10));
        HeartFixture.Client client = small.client();
        for (int i = 0; i < count; i++) {
            small.append(client.trySend(Q, mail("m" + i)));
        }
        small.settle();
        assertTrue(small.heart.state().hot.bytes() <= 1 << 20);
        small.heart.checkpointed(small.end);
        // What is in no memory is asked of the deep store; the fixture would search its journal for each.
        HeartFixture.Reader reader = client.queue(Q).credit(count);
        int expected = 0;
        while (!small.reads.isEmpty()) {
            var request = small.reads.remove(0);
            assertEquals(-1, request.positions()[0]);
            var found = new io.posthorn.message.EncodedMessage[request.offsets().length];
            for (int i = 0; i < found.length; i++) {
                found[i] = mail("m" + request.offsets()[i]).to(Q);
            }
            small.heart.readDone(new io.posthorn.server.store.ReadResult(request, found, new long[found.length]));
            small.settle();
        }
        for (HeartFixture.Shown one : reader.got()) {
            assertEquals("m" + expected++, one.text());
        }
        assertEquals(count, expected);
    }

    @Test
    void selectorsOfOneQueueShareItsBacklogInOrder() {
        for (int i = 0; i < 6; i++) {
            alice.send(Q, mail("m" + i).with("n", i % 2));
            alice.send(Q, mail("v" + i).with("n", i % 2).nonPersistent());
        }
        HeartFixture.Reader odd = bob.selecting(Q, "n = 1").credit(3);
        assertEquals(List.of("m1", "v1", "m3"), odd.texts());
        HeartFixture.Reader all = bob.queue(Q).credit(3);
        assertEquals(List.of("m0", "v0", "m2"), all.texts());
        odd.handOver(2);
        odd.credit(0);
        odd.release(1, 3);
        assertEquals(List.of("m1*1", "v1*1", "m3", "v3", "m5", "v5"), odd.drain(10));
        odd.release(4, 9);
        assertEquals(List.of("m1*1", "v1*1", "v2", "m3", "v3", "m4", "v4", "m5", "v5"), all.drain(20));
        assertEquals(List.of(), bob.selecting(Q, "n = 1").drain(5));
    }

    @Test
    void expiredMessagesAreNeverDelivered() {
        alice.send(Q, mail("short").ttl(100));
        alice.send(Q, mail("n").ttl(100).nonPersistent());
        alice.send(Q, mail("long").ttl(1000));
        broker.now += 100;
        HeartFixture.Reader reader = bob.queue(Q).credit(9);
        assertEquals(List.of("long"), reader.texts());
        reader.ack(1, 1);
        assertFalse(broker.heart.journalledState().contains("pending"));
        assertEquals(0, broker.heart.state().hot.bytes());
        assertEquals(0, broker.heart.state().memory.bytes());
    }

    @Test
    void expiredMessagesNobodyAsksForLeaveToo() {
        alice.send(Q, mail("short").ttl(100));
        broker.tick(20_000);
        assertFalse(broker.heart.journalledState().contains("pending"));
    }

    @Test
    void aFullMemoryRefusesNonPersistentSendsByName() {
        HeartFixture small = new HeartFixture(HeartConfig.defaults("b").withMemory(1 << 20, 700, 10));
        HeartFixture.Client client = small.client();
        client.send(Q, mail("a").nonPersistent());
        client.send(Q, mail("b").nonPersistent().ttl(10));
        Outcome<Void> full = client.trySend(Q, mail("c").nonPersistent());
        assertEquals(RefusalKind.RESOURCE_EXHAUSTED, small.refused(full));
        assertTrue(
                full.refusal().text().contains("nonPersistentBytes=700"),
                full.refusal().text());
        assertTrue(full.refusal().text().contains("queue://orders"));
        client.send(Q, "persistent");
        // By now "b" has expired, and the next look for such is due.
        small.now += 1_000;
        client.send(Q, mail("d").nonPersistent());
        assertEquals(List.of("a", "persistent", "d"), client.queue(Q).credit(9).texts());
    }

    @Test
    void tooLargeMessagesAreRefusedByName() {
        HeartFixture small = new HeartFixture(HeartConfig.defaults("b").withMessageLimits(100, 300));
        HeartFixture.Client client = small.client();
        Outcome<Void> tooLarge = client.trySend(Q, mail("x".repeat(300)));
        assertEquals(RefusalKind.INVALID_MESSAGE, small.refused(tooLarge));
        assertTrue(
                tooLarge.refusal().text().contains("is over maxMessageSize=300"),
                tooLarge.refusal().text());
        assertEquals(
                RefusalKind.INVALID_MESSAGE,
                small.refused(client.trySend(Q, mail("x").with("p", "y".repeat(80)))));
    }

    @Test
    void withoutAutoCreationAnUnknownQueueIsRefused() {
        HeartFixture strict = new HeartFixture(HeartConfig.defaults("b").withAutoCreateDestinations(false));
        HeartFixture.Client client = strict.client();
        assertEquals(RefusalKind.INVALID_DESTINATION, strict.refused(client.trySend(Q, mail("a"))));
        assertEquals(
                RefusalKind.INVALID_DESTINATION,
                strict.refused(client.tryOpen(ConsumerMode.QUEUE, Q, null, null, false)));
    }

    @Test
    void aDelayedMessageComesWhenItIsDueAndLaterOnesComeLater() {
        HeartFixture.Reader reader = bob.queue(Q).credit(9);
        alice.send(Q, mail("late").delay(500));
        alice.send(Q, mail("soon").delay(100));
        alice.send(Q, mail("n").delay(100).nonPersistent());
        alice.send(Q, "now");
        broker.tick(99);
        assertEquals(List.of("now"), reader.texts());
        broker.tick(1);
        broker.crash();
        HeartFixture.Client carol = broker.client();
        HeartFixture.Reader other = carol.queue(Q).credit(9);
        assertEquals(List.of("now", "soon"), other.texts());
        broker.tick(400);
        assertEquals(List.of("now", "soon", "late"), other.texts());
    }

    @Test
    void aMessageDeliveredTooOftenBecomesADeadLetter() {
        alice.send(Q, mail("poison").ttl(1000).with("n", 5));
        alice.send(Q, mail("venom").nonPersistent());
        HeartFixture.Reader reader = bob.queue(Q);
        for (int i = 0; i < 10; i++) {
            List<String> expected = i == 0 ? List.of("poison", "venom") : List.of("poison*" + i, "venom*" + i);
            assertEquals(expected, reader.drain(2));
            reader.handOver(reader.last().id());
            reader.release(reader.last().id() - 1, reader.last().id());
        }
        assertEquals(List.of(), reader.drain(2));
        broker.now += 5000;
        HeartFixture.Reader dead =
                bob.queue(DestinationName.queue("DLQ.QUEUE.orders")).credit(2);
        assertEquals(List.of("poison", "venom"), dead.texts());
        var letter = dead.got().get(0).message();
        assertEquals(5, letter.properties().get("n"));
        assertEquals("delivered 10 times", letter.properties().get(DeadLetters.REASON));
        assertEquals(Q, letter.destination());
    }

    @Test
    void aRejectedMessageBecomesADeadLetterAtOnce() {
        alice.send(Q, "bad", "good");
        HeartFixture.Reader reader = bob.queue(Q).credit(2);
        reader.reject(1, 1);
        reader.ack(2, 2);
        assertEquals(
                List.of("bad"),
                bob.queue(DestinationName.queue("DLQ.QUEUE.orders")).credit(2).texts());
    }

    @Test
    void aRedeliveryDelayHoldsTheMessageBack() {
        HeartFixture slow = new HeartFixture(HeartConfig.defaults("b").withRedelivery(10, 200));
        HeartFixture.Client client = slow.client();
        client.send(Q, "a", "b");
        HeartFixture.Reader reader = client.queue(Q).credit(1);
        reader.handOver(1);
        reader.release(1, 1);
        assertEquals(List.of("b"), reader.drain(5));
        slow.crash();
        reader = slow.client().queue(Q).credit(5);
        assertEquals(List.of("b"), reader.texts());
        slow.tick(200);
        assertEquals(List.of("b", "a*1"), reader.texts());
    }

    @Test
    void browsingShowsWhatIsReadyAndTakesNothing() {
        alice.send(Q, "a", "b", "c", "d");
        alice.send(Q, mail("n").nonPersistent());
        alice.send(Q, mail("delayed").delay(1000));
        alice.send(Q, mail("x").with("n", 1));
        HeartFixture.Reader reader = bob.queue(Q).credit(1);
        HeartFixture.Reader browser = bob.open(ConsumerMode.BROWSE, Q, null, null, false);
        alice.send(Q, "after");
        assertEquals(List.of("b", "c"), browser.drain(2));
        assertFalse(broker.drained.get(browser.state).get(0).endOfBrowse());
        assertEquals(List.of("d", "n", "x"), browser.drain(10));
        assertTrue(broker.drained.get(browser.state).get(1).endOfBrowse());
        assertEquals(
                List.of("x"),
                bob.open(ConsumerMode.BROWSE, Q, null, "n = 1", false).drain(10));
        assertEquals(
                List.of("a", "b", "c", "d", "n", "x", "after"),
                reader.credit(20).texts());
    }
}
