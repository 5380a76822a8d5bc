package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages whose bodies are left on disk: what the broker decides by their heads, and when it needs the whole. */
class ReferencesTest {

    private static final DestinationName Q = new DestinationName(DestinationKind.QUEUE, "q");
    private static final DestinationName DLQ = new DestinationName(DestinationKind.QUEUE, "DLQ.QUEUE.q");
    private static final int COUNT = 300;

    /** No body stays in memory. */
    private final HeartFixture broker =
            new HeartFixture(HeartConfig.defaults("b").withMemory(0, 1 << 20, 10));

    private final HeartFixture.Client alice = broker.client();
    private final HeartFixture.Client bob = broker.client();

    @BeforeEach
    void fill() {
        broker.slaveIsRead = true;
        bob.state.takeReferences();
    }

    private static HeartFixture.Mail numbered(int n) {
        return mail("m" + n).with("n", n);
    }

    private void send(int from, int to) {
        for (int n = from; n < to; n++) {
            alice.send(Q, numbered(n));
        }
    }

    private static List<Object> numbers(HeartFixture.Reader of) {
        List<Object> numbers = new ArrayList<>();
        of.got().forEach(one -> numbers.add(one.message().properties().get("n")));
        return numbers;
    }

    private static List<Object> range(int from, int to) {
        List<Object> numbers = new ArrayList<>();
        for (int n = from; n < to; n++) {
            numbers.add(n);
        }
        return numbers;
    }

    private static boolean allWhole(HeartFixture.Reader of) {
        return of.got().stream().allMatch(one -> one.message().isWhole());
    }

    private static boolean allHeads(HeartFixture.Reader of) {
        return of.got().stream().noneMatch(one -> one.message().isWhole());
    }

    @Test
    void whoTakesReferencesGetsThemInOrder() {
        send(0, COUNT);
        HeartFixture.Reader reader = bob.queue(Q).credit(COUNT);
        broker.answerReads();
        assertEquals(range(0, COUNT), numbers(reader));
        assertTrue(allHeads(reader));
        assertEquals(numbered(7).to(Q).size(), reader.got().get(7).message().size());
        // What it has not taken is given to it again in the same way.
        reader.release(1, 10);
        reader.credit(COUNT + 10);
        broker.answerReads();
        assertEquals(range(0, 10), numbers(reader).subList(COUNT, COUNT + 10));
        assertTrue(allHeads(reader));
    }

    @Test
    void theWindowCountsWholeMessages() {
        send(0, 10);
        HeartFixture.Reader reader = bob.queue(Q);
        int size = numbered(0).to(Q).size();
        broker.heart.credit(bob.state, reader.state.consumerId(), 10, 2 * size + 1);
        broker.settle();
        broker.answerReads();
        assertEquals(range(0, 3), numbers(reader));
    }

    @Test
    void nobodyIsGivenReferencesWhoDoesNotTakeThem() {
        send(0, COUNT);
        HeartFixture.Reader able = bob.queue(Q).credit(2);
        broker.answerReads();
        assertEquals(range(0, 2), numbers(able));
        assertTrue(allHeads(able));
        // The heads that were read ahead are of no use to it.
        HeartFixture.Reader unable = alice.queue(Q).credit(COUNT);
        broker.answerReads();
        assertEquals(range(2, COUNT), numbers(unable));
        assertTrue(allWhole(unable));
    }

    @Test
    void selectorsLookAtHeads() {
        send(0, COUNT);
        HeartFixture.Reader choosy = bob.selecting(Q, "n >= 290").credit(COUNT);
        broker.answerReads();
        assertEquals(range(290, COUNT), numbers(choosy));
        assertTrue(allHeads(choosy));
    }

    @Test
    void whatHasExpiredIsNotReferredTo() {
        alice.send(Q, numbered(0));
        alice.send(Q, numbered(1).ttl(100));
        alice.send(Q, numbered(2));
        HeartFixture.Reader reader = bob.queue(Q).credit(1);
        broker.answerReads();
        // Its head is in memory now.
        broker.now += 1000;
        reader.credit(10);
        broker.answerReads();
        assertEquals(List.of(0, 2), numbers(reader));
    }

    @Test
    void groupsAreKnownByHeads() {
        for (int n = 0; n < 20; n++) {
            alice.send(Q, numbered(n).with("JMSXGroupID", "g" + n % 2));
        }
        HeartFixture.Client carol = broker.client();
        carol.state.takeReferences();
        HeartFixture.Reader one = bob.queue(Q).credit(1);
        broker.answerReads();
        HeartFixture.Reader two = carol.queue(Q).credit(20);
        broker.answerReads();
        one.credit(20);
        broker.answerReads();
        assertTrue(allHeads(one) && allHeads(two));
        Object group = one.got().get(0).message().groupId();
        assertTrue(
                one.got().stream().allMatch(shown -> shown.message().groupId().equals(group)));
        assertFalse(
                two.got().stream().anyMatch(shown -> shown.message().groupId().equals(group)));
        assertEquals(20, one.got().size() + two.got().size());
    }

    @Test
    void aRejectedMessageIsReadWholeAndBuried() {
        send(0, 5);
        HeartFixture.Reader reader = bob.queue(Q).credit(1);
        broker.answerReads();
        reader.reject(1, 1);
        broker.answerReads();
        reader.credit(5);
        broker.answerReads();
        assertEquals(range(0, 5), numbers(reader));
        broker.slaveIsRead = false;
        HeartFixture.Reader dead = alice.queue(DLQ).credit(5);
        broker.answerReads();
        assertEquals(List.of("m0"), dead.texts());
    }

    @Test
    void aMessageThatWasDeliveredTooOftenIsReadWholeAndBuried() {
        send(0, 2);
        HeartFixture.Reader reader = bob.queue(Q);
        for (int turn = 1; turn <= 10; turn++) {
            reader.credit(turn);
            broker.answerReads();
            reader.handOver(turn);
            reader.release(turn, turn);
        }
        reader.credit(11);
        broker.answerReads();
        assertEquals(1, numbers(reader).get(10));
        broker.slaveIsRead = false;
        HeartFixture.Reader dead = alice.queue(DLQ).credit(5);
        broker.answerReads();
        assertEquals(List.of("m0"), dead.texts());
    }

    @Test
    void browsersAreShownReferences() {
        send(0, 20);
        HeartFixture.Reader browser =
                bob.open(ConsumerMode.BROWSE, Q, null, null, false).credit(20);
        broker.answerReads();
        assertEquals(range(0, 20), numbers(browser));
        assertTrue(allHeads(browser));
        HeartFixture.Reader old =
                alice.open(ConsumerMode.BROWSE, Q, null, null, false).credit(20);
        broker.answerReads();
        assertEquals(range(0, 20), numbers(old));
        assertTrue(allWhole(old));
    }

    @Test
    void topicsReadWholeMessagesForOneSubscriberThatNeedsThem() {
        DestinationName topic = new DestinationName(DestinationKind.TOPIC, "t");
        HeartFixture.Client old = broker.client("old", 0);
        HeartFixture.Client able = broker.client("able", 0);
        able.state.takeReferences();
        HeartFixture.Reader second = old.durable(topic, "b");
        HeartFixture.Reader first = able.durable(topic, "a");
        for (int n = 0; n < 10; n++) {
            alice.send(topic, numbered(n));
        }
        first.credit(5);
        second.credit(10);
        broker.answerReads();
        assertEquals(range(0, 5), numbers(first));
        assertEquals(range(0, 10), numbers(second));
        assertTrue(allWhole(second));
        second.close(10, false);
        first.credit(10);
        broker.answerReads();
        assertEquals(range(0, 10), numbers(first));
    }
}
