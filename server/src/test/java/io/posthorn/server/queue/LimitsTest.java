package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static io.posthorn.server.queue.RefusalKind.DESTINATION_IN_USE;
import static io.posthorn.server.queue.RefusalKind.ILLEGAL_STATE;
import static io.posthorn.server.queue.RefusalKind.INVALID_DESTINATION;
import static io.posthorn.server.queue.RefusalKind.MUST_WAIT;
import static io.posthorn.server.queue.RefusalKind.RESOURCE_EXHAUSTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Limits of destinations, and what counts. */
class LimitsTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final DestinationName T = DestinationName.topic("news");

    private final HeartFixture broker = new HeartFixture();
    private final HeartFixture.Client client = broker.client();

    private void create(DestinationName name, String... settings) {
        broker.ok(broker.heart.destinationVerbs().create(name, map(settings), broker.now));
    }

    private void set(DestinationName name, String... settings) {
        broker.ok(broker.heart.destinationVerbs().set(name, map(settings)));
    }

    private static Map<String, String> map(String... settings) {
        return settings.length == 0 ? Map.of() : Map.of(settings[0], settings[1]);
    }

    private DestinationReport report(DestinationName name) {
        return broker.ok(broker.heart.destinationVerbs().show(name)).get(0);
    }

    private static int size(DestinationName to, String text) {
        return mail(text).to(to).size();
    }

    @Test
    void aFullQueueRefusesAndTakesAgainWhenAMessageIsSettled() {
        create(Q, "maxMessages", "2");
        client.send(Q, "a", "b");
        Outcome<Void> third = client.trySend(Q, mail("c"));
        assertEquals(RESOURCE_EXHAUSTED, broker.refused(third));
        assertTrue(
                third.refusal().text().contains("maxMessages=2 of " + Q),
                third.refusal().text());
        assertEquals(
                RESOURCE_EXHAUSTED, broker.refused(client.trySend(Q, mail("c").nonPersistent())));
        HeartFixture.Reader reader = client.queue(Q).credit(9);
        assertEquals(RESOURCE_EXHAUSTED, broker.refused(client.trySend(Q, mail("c"))), "in flight still counts");
        reader.ack(1, 1);
        client.send(Q, mail("c").nonPersistent());
        assertEquals(RESOURCE_EXHAUSTED, broker.refused(client.trySend(Q, mail("d"))));
        reader.ack(2, 3);
        assertEquals(0, report(Q).messages());
        assertEquals(0, report(Q).bytes());
    }

    @Test
    void bytesAreExactThroughARestart() {
        create(Q, "maxBytes", "1000000");
        client.send(Q, "a", "bb", "cccc");
        client.send(Q, mail("memory").nonPersistent());
        long persistent = size(Q, "a") + size(Q, "bb") + size(Q, "cccc");
        assertEquals(
                persistent + mail("memory").nonPersistent().to(Q).size(),
                report(Q).bytes());
        broker.restart();
        assertEquals(persistent, report(Q).bytes());
        assertEquals(3, report(Q).messages());
        HeartFixture.Client again = broker.client();
        HeartFixture.Reader reader = again.queue(Q).credit(9);
        broker.answerReads();
        reader.ack(2, 2);
        assertEquals(size(Q, "a") + size(Q, "cccc"), report(Q).bytes());
        broker.restart();
        assertEquals(size(Q, "a") + size(Q, "cccc"), report(Q).bytes());
    }

    @Test
    void aMessageThatNeverFitsIsRefusedEvenWhereSendersWait() {
        create(Q, "whenFull", "block");
        set(Q, "maxBytes", "10");
        assertEquals(RESOURCE_EXHAUSTED, broker.refused(trySend(mail("too large"), true)));
    }

    @Test
    void sendersWaitWhereTheyAreTold() {
        create(Q, "whenFull", "block");
        set(Q, "maxMessages", "1");
        long before = broker.heart.roomCount();
        client.send(Q, "a");
        assertEquals(MUST_WAIT, broker.refused(trySend(mail("b"), true)));
        Outcome<Void> late = trySend(mail("b"), false);
        assertEquals(RESOURCE_EXHAUSTED, broker.refused(late));
        assertTrue(
                late.refusal().text().contains("blockTimeoutMs=10000"),
                late.refusal().text());
        assertEquals(before, broker.heart.roomCount());
        client.queue(Q).credit(1).ack(1, 1);
        assertTrue(broker.heart.roomCount() > before);
        broker.ok(trySend(mail("b"), true));
    }

    private Outcome<Void> trySend(HeartFixture.Mail mail, boolean mayWait) {
        EncodedMessage message = mail.to(Q);
        return broker.heart.send(
                client.state, client.producerId, ++client.sequence, client.tx, message, mayWait, broker.now);
    }

    @Test
    void whatIsStagedCountsUntilTheTransactionEnds() {
        create(Q, "maxMessages", "2");
        HeartFixture.Client other = broker.client();
        client.begin(1);
        client.send(Q, "a");
        client.send(Q, mail("b").nonPersistent());
        assertEquals(RESOURCE_EXHAUSTED, broker.refused(other.trySend(Q, mail("x"))));
        client.rollback();
        assertEquals(0, report(Q).messages());
        client.begin(2);
        client.send(Q, "a", "b");
        client.commit();
        assertEquals(2, report(Q).messages());
        client.begin(3);
        assertEquals(RESOURCE_EXHAUSTED, broker.refused(client.trySend(Q, mail("c"))));
        assertEquals(RESOURCE_EXHAUSTED, broker.refused(client.tryCommit()));
        assertEquals(2, report(Q).messages());
        client.begin(4);
        client.rollback();
        client.begin(5);
        broker.restart();
        assertEquals(2, report(Q).messages(), "an open transaction ends with the broker");
    }

    @Test
    void aTopicsMessageCountsOnceUntilTheLastSubscriptionHasIt() {
        create(T, "maxMessages", "1");
        HeartFixture.Client a = broker.client("a", 0);
        HeartFixture.Client b = broker.client("b", 0);
        client.send(T, "nobody keeps it", "nor this");
        HeartFixture.Reader first = a.durable(T, "s").credit(9);
        HeartFixture.Reader second = b.durable(T, "s").credit(9);
        client.send(T, "x");
        assertEquals(1, report(T).messages());
        first.ack(1, 1);
        assertEquals(RESOURCE_EXHAUSTED, broker.refused(client.trySend(T, mail("y"))));
        second.ack(1, 1);
        client.send(T, mail("y").nonPersistent());
        assertEquals(1, report(T).messages());
        assertEquals(mail("y").nonPersistent().to(T).size(), report(T).bytes());
        first.ack(2, 2);
        second.close(2, false);
        broker.ok(broker.heart.unsubscribe(b.state, "s", broker.now));
        assertEquals(0, report(T).bytes());
        client.send(T, "z");
    }

    @Test
    void expiredAndDeadMessagesMakeRoom() {
        create(Q, "maxMessages", "1");
        client.send(Q, mail("a").ttl(100));
        broker.tick(20_000);
        assertEquals(0, report(Q).messages());
        client.send(Q, "b");
        HeartFixture.Reader reader = client.queue(Q).credit(1);
        reader.reject(1, 1);
        assertEquals(0, report(Q).messages());
        assertEquals(1, report(DestinationName.queue("DLQ.QUEUE.orders")).messages());
        client.send(Q, "c");
    }

    @Test
    void deadLettersGoWhereTheDestinationSays() {
        create(Q, "deadLetterDestination", "graveyard");
        set(Q, "maxDeliveries", "1");
        client.send(Q, "a");
        HeartFixture.Reader reader = client.queue(Q).credit(5);
        reader.handOver(1);
        reader.release(1, 1);
        assertEquals(1, report(DestinationName.queue("graveyard")).messages());
    }

    @Test
    void theDelayGrowsFromTryToTry() {
        create(Q, "redeliveryDelayMs", "100");
        set(Q, "backoffMultiplier", "3");
        set(Q, "maxRedeliveryDelayMs", "500");
        client.send(Q, "a");
        HeartFixture.Reader reader = client.queue(Q).credit(50);
        long[] delays = {100, 300, 500, 500};
        for (int i = 0; i < delays.length; i++) {
            assertEquals(i + 1, reader.got().size());
            reader.handOver(i + 1);
            reader.release(i + 1, i + 1);
            broker.tick(delays[i] - 1);
            assertEquals(i + 1, reader.got().size(), "not before " + delays[i]);
            broker.tick(1);
        }
        assertEquals(5, reader.got().size());
    }

    @Test
    void settingsAreCheckedAndOutliveARestart() {
        create(Q);
        DestinationVerbs verbs = broker.heart.destinationVerbs();
        assertEquals(ILLEGAL_STATE, broker.refused(verbs.set(Q, Map.of("maxMessages", "-1"))));
        assertEquals(ILLEGAL_STATE, broker.refused(verbs.set(Q, Map.of("whenFull", "explode"))));
        assertEquals(ILLEGAL_STATE, broker.refused(verbs.set(Q, Map.of("colour", "red"))));
        assertEquals(ILLEGAL_STATE, broker.refused(verbs.set(Q, Map.of("colour", ""))));
        assertEquals(INVALID_DESTINATION, broker.refused(verbs.set(T, Map.of())));
        assertEquals(INVALID_DESTINATION, broker.refused(verbs.create(Q, Map.of(), broker.now)));
        set(Q, "maxMessages", "7");
        set(Q, "whenFull", "block");
        String before = broker.heart.journalledState();
        broker.restart();
        assertEquals(before, broker.heart.journalledState());
        assertEquals(Map.of("maxMessages", "7", "whenFull", "block"), report(Q).attributes());
        set(Q, "maxMessages", "");
        assertEquals("0", report(Q).settings().get("maxMessages"));
        assertEquals(
                List.of(Q),
                broker.ok(broker.heart.destinationVerbs().list(0)).stream()
                        .map(DestinationReport::name)
                        .toList());
    }

    @Test
    void whatIsInUseIsDeletedByForceOnly() {
        create(Q);
        client.send(Q, "a");
        assertEquals(
                DESTINATION_IN_USE,
                broker.refused(broker.heart.destinationVerbs().delete(Q, false)));
        client.queue(Q).credit(1);
        broker.ok(broker.heart.destinationVerbs().delete(Q, true));
        assertEquals(1, broker.closed.size());
        assertEquals(0, broker.heart.state().hot.bytes());
        assertEquals(
                INVALID_DESTINATION,
                broker.refused(broker.heart.destinationVerbs().show(Q)));
        client.send(Q, "a new one of the same name");
        assertEquals(1, report(Q).messages());
        broker.restart();
        assertEquals(1, report(Q).messages());
    }

    @Test
    void aSlowSubscriberIsDisconnectedWhereTheTopicSaysSo() {
        create(T, "slowConsumerPolicy", "disconnect");
        set(T, "slowConsumerMaxMessages", "3");
        HeartFixture.Reader slow = client.topic(T);
        HeartFixture.Reader quick = client.topic(T).credit(50);
        client.send(T, "a", "b", "c");
        assertEquals(List.of(), broker.closed);
        client.send(T, "d", "e");
        assertEquals(1, broker.closed.size());
        assertTrue(broker.closed.get(0).contains("slowConsumerMaxMessages=3"), broker.closed.get(0));
        assertTrue(slow.state.closed);
        assertEquals(List.of("a", "b", "c", "d", "e"), quick.texts());
        assertFalse(quick.state.closed);
    }

    @Test
    void publishersWaitForASlowSubscriberWhereTheTopicSaysSo() {
        create(T, "slowConsumerPolicy", "block");
        set(T, "slowConsumerMaxBytes", "1000");
        HeartFixture.Reader slow = client.topic(T);
        String large = "x".repeat(400);
        client.send(T, large);
        Outcome<Void> second = broker.heart.send(
                client.state,
                client.producerId,
                ++client.sequence,
                0,
                mail(large).to(T),
                true,
                broker.now);
        assertEquals(MUST_WAIT, broker.refused(second));
        slow.credit(1).ack(1, 1);
        client.send(T, large);
    }

    @Test
    void aSubscriberWithPersistentMessagesOnlyIsDisconnectedInsteadOfFillingTheMemory() {
        create(T, "slowConsumerMaxMessages", "2");
        HeartFixture.Reader slow = client.topic(T);
        client.send(T, "a", "b", "c");
        assertTrue(slow.state.closed);
        assertEquals(0, broker.heart.state().memory.bytes());
    }

    @Test
    void whatAnEntryWithoutRoomWouldHaveCreatedIsCreatedByTheNext() {
        Outcome<Void> first = client.trySend(Q, mail("a"));
        broker.heart.discard(first.entries().get(0), broker.now);
        client.send(Q, "b");
        assertEquals(1, report(Q).messages());
        assertEquals(List.of("b"), client.queue(Q).credit(5).texts());
        broker.restart();
        assertEquals(1, report(Q).messages());
    }

    @Test
    void sizesOfAnyKindAreRemembered() {
        SizeBlock block = new SizeBlock();
        block.set(0, 5);
        block.set(1, 5);
        assertEquals(5, block.get(1));
        block.set(2, 70_000);
        block.set(3, 0);
        assertEquals(List.of(5, 5, 70_000, 0), List.of(block.get(0), block.get(1), block.get(2), block.get(3)));
        SizeBlock restored = new SizeBlock();
        restored.restore(new int[] {80_000});
        restored.set(4, 3);
        assertEquals(80_000, restored.get(9));
        assertEquals(3, restored.get(4));
    }
}
