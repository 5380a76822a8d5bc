package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Message groups: one consumer at a time, in order, without harm to other groups. */
class GroupTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final DestinationName T = DestinationName.topic("prices");
    private HeartFixture broker = new HeartFixture();
    private HeartFixture.Client alice = broker.client();
    private HeartFixture.Client bob = broker.client();

    private static HeartFixture.Mail grouped(String group, String text) {
        return mail(text).with("JMSXGroupID", group);
    }

    private void send(String group, String... texts) {
        for (String text : texts) {
            alice.send(Q, grouped(group, text));
        }
    }

    @Test
    void aGroupStaysWithItsConsumerAndOthersGoElsewhere() {
        HeartFixture.Reader one = bob.queue(Q).credit(10);
        send("a", "a1");
        HeartFixture.Reader two = bob.queue(Q).credit(10);
        one.credit(1);
        send("b", "b1");
        one.credit(10);
        send("a", "a2");
        send("a", "a3");
        send("b", "b2");
        assertEquals(List.of("a1", "a2", "a3"), one.texts());
        assertEquals(List.of("b1", "b2"), two.texts());
        one.ack(1, 3);
        two.ack(1, 2);
        send("b", "b3");
        send("a", "a4");
        assertEquals(List.of("a1", "a2", "a3", "a4"), one.texts(), "it stays also when everything is settled");
        assertEquals(List.of("b1", "b2", "b3"), two.texts());
    }

    @Test
    void aSlowGroupHoldsUpNobodyElse() {
        HeartFixture.Reader slow = bob.queue(Q).credit(1);
        send("a", "a1", "a2", "a3");
        HeartFixture.Reader other = alice.queue(Q).credit(10);
        send("b", "b1");
        alice.send(Q, "plain");
        assertEquals(List.of("a1"), slow.texts());
        assertEquals(List.of("b1", "plain"), other.texts());
        slow.credit(2);
        assertEquals(List.of("a1", "a2"), slow.texts());
        slow.ack(1, 1);
        assertEquals(List.of("b1", "plain"), other.texts(), "a2 is still with the slow one");
        slow.ack(2, 2);
        assertEquals(
                List.of("b1", "plain", "a3"), other.texts(), "nobody has the group, and the slow one takes no more");
    }

    @Test
    void whatComesBackIsFirstInItsGroupAgain() {
        HeartFixture.Reader one = bob.queue(Q).credit(3);
        send("a", "a1", "a2", "a3", "a4");
        HeartFixture.Reader two = alice.queue(Q).credit(10);
        assertEquals(List.of("a1", "a2", "a3"), one.texts());
        assertEquals(List.of(), two.texts());
        one.handOver(2);
        one.release(1, 3);
        assertEquals(List.of("a1*1", "a2*1", "a3", "a4"), two.texts());
    }

    @Test
    void aClosedConsumerKeepsItsGroupUntilItsSessionHasSettled() {
        HeartFixture.Reader one = bob.queue(Q).credit(2);
        send("a", "a1", "a2", "a3");
        one.close(2, true);
        HeartFixture.Reader two = alice.queue(Q).credit(10);
        assertEquals(List.of(), two.texts());
        one.ack(1, 1);
        assertEquals(List.of(), two.texts());
        one.release(2, 2);
        assertEquals(List.of("a2*1", "a3"), two.texts());
    }

    @Test
    void aLostConsumersGroupGoesOnInOrderWhenItsReservationEnds() {
        HeartFixture.Reader one = bob.queue(Q).credit(2);
        send("a", "a1", "a2", "a3");
        HeartFixture.Reader two = alice.queue(Q).credit(10);
        bob.lose();
        assertEquals(List.of("a1", "a2"), one.texts());
        assertEquals(List.of(), two.texts());
        broker.tick(broker.config.retention().resumeTimeoutMs() + 1);
        assertEquals(List.of("a1*1", "a2*1", "a3"), two.texts());
    }

    @Test
    void aConsumerThatComesBackGoesOnWithItsGroup() {
        HeartFixture.Reader one = bob.queue(Q).credit(2);
        send("a", "a1", "a2", "a3");
        HeartFixture.Reader two = alice.queue(Q).credit(10);
        one.handOver(1);
        bob.lose();
        HeartFixture.Client again = broker.client(null, bob.state.token());
        OpenedConsumer opened =
                again.restate(ConsumerMode.QUEUE, Q, null, one.got().get(0).ref());
        assertEquals(0, opened.refused().length);
        assertEquals(List.of(), two.texts());
        HeartFixture.Reader back = broker.new Reader(opened.consumer()).credit(10);
        assertEquals(List.of("a2", "a3"), back.texts());
        back.ack(1, 3);
        send("a", "a4");
        assertEquals(List.of("a2", "a3", "a4"), back.texts());
        assertEquals(List.of(), two.texts());
    }

    @Test
    void sequenceMinusOneEndsAGroup() {
        HeartFixture.Reader one = bob.queue(Q).credit(100);
        send("a", "a1");
        HeartFixture.Reader two = alice.queue(Q).credit(100);
        alice.send(Q, grouped("a", "end").with("JMSXGroupSeq", -1));
        send("a", "next");
        assertEquals(List.of("a1", "end", "next"), one.texts(), "while something is in hand the group cannot move");
        one.ack(1, 3);
        for (int i = 0; two.got().isEmpty() && i < 20; i++) {
            alice.send(Q, grouped("a", "end").with("JMSXGroupSeq", -1));
            one.ack(1, one.state.inFlight.last());
        }
        assertEquals(List.of("end"), two.texts(), "an ended group goes to anybody");
        two.ack(1, 1);
        for (int i = 0; i < 10; i++) {
            send("b", "b" + i);
            one.ack(1, one.state.inFlight.last());
            two.ack(1, two.state.inFlight.last());
        }
        assertTrue(
                one.texts().contains("b9")
                        ? one.texts().contains("b0")
                        : two.texts().contains("b0"));
    }

    @Test
    void groupsLeaveMemoryWhenNothingIsInHand() {
        HeartFixture.Reader one = bob.queue(Q).credit(100_000);
        HeartFixture.Reader two = alice.queue(Q).credit(100_000);
        for (int i = 0; i < 5_000; i++) {
            send("g" + i, "m" + i);
            one.ack(1, one.state.inFlight.last());
            two.ack(1, two.state.inFlight.last());
        }
        GroupTable groups = one.state.subscription.groups;
        assertEquals(5_000, one.got().size() + two.got().size());
        assertTrue(groups.size() <= GroupTable.IDLE_MAX, groups.size() + " groups");
        one.close(one.state.inFlight.last(), false);
        two.close(two.state.inFlight.last(), false);
        assertEquals(0, groups.size());
    }

    @Test
    void aBacklogOfABusyGroupIsLookedAtOnce() {
        broker = new HeartFixture(HeartConfig.defaults("b").withMemory(20_000, 1 << 20, 1000));
        alice = broker.client();
        bob = broker.client();
        HeartFixture.Reader slow = bob.queue(Q).credit(1);
        for (int i = 0; i < 2_000; i++) {
            send("a", "a" + i);
        }
        HeartFixture.Reader other = alice.queue(Q).credit(1000);
        broker.answerReads();
        int reads = broker.answeredReads;
        assertTrue(reads > 1_000, "the backlog was cold: " + reads);
        for (int i = 0; i < 10; i++) {
            send("b", "b" + i);
            broker.answerReads();
        }
        assertEquals(10, other.got().size());
        assertTrue(broker.answeredReads - reads < 100, broker.answeredReads - reads + " bodies were read again");
        slow.ack(1, 1);
        for (int i = 1; i < 2_000; i++) {
            broker.answerReads();
        }
        assertEquals("a1", other.got().get(10).text());
        assertEquals(1_000, other.got().size(), "as many as it may have");
        for (int i = 11; i < 1_000; i++) {
            assertEquals("a" + (i - 9), other.got().get(i).text());
        }
    }

    @Test
    void selectorsAndGroupsTogether() {
        HeartFixture.Reader red = bob.selecting(Q, "colour = 'red'").credit(1);
        HeartFixture.Reader all = alice.queue(Q);
        alice.send(Q, grouped("a", "r1").with("colour", "red"));
        alice.send(Q, grouped("a", "g1").with("colour", "green"));
        alice.send(Q, grouped("a", "r2").with("colour", "red"));
        all.credit(10);
        assertEquals(List.of("r1"), red.texts());
        assertEquals(List.of(), all.texts(), "the group is with the other");
        red.handOver(1);
        red.release(1, 1);
        assertEquals(List.of("r1*1", "g1", "r2"), all.texts());
        red.credit(10);
        assertEquals(List.of("r1"), red.texts());
        all.credit(3);
        alice.send(Q, grouped("a", "r3").with("colour", "red"));
        assertEquals(List.of("r1"), red.texts());
        all.ack(1, 3);
        assertEquals(List.of("r1", "r3"), red.texts());
    }

    @Test
    void sharedSubscriptionsHaveGroupsOfTheirOwn() {
        HeartFixture.Reader one =
                bob.open(ConsumerMode.SHARED, T, "s", null, false).credit(1);
        HeartFixture.Reader alone = alice.topic(T).credit(10);
        alice.send(T, grouped("a", "a1"));
        HeartFixture.Reader two =
                bob.open(ConsumerMode.SHARED, T, "s", null, false).credit(10);
        alice.send(T, grouped("b", "b1"));
        one.credit(10);
        for (String text : List.of("a2", "b2", "a3")) {
            alice.send(T, grouped(text.substring(0, 1), text));
        }
        assertEquals(List.of("a1", "a2", "a3"), one.texts());
        assertEquals(List.of("b1", "b2"), two.texts());
        assertEquals(List.of("a1", "b1", "a2", "b2", "a3"), alone.texts());
    }

    @Test
    void memoryAndJournalShareAGroupAndPrioritiesStillPass() {
        HeartFixture.Reader one = bob.queue(Q).credit(1);
        send("a", "a1");
        HeartFixture.Reader two = alice.queue(Q).credit(10);
        alice.send(Q, grouped("a", "a2").nonPersistent());
        send("a", "a3");
        alice.send(Q, grouped("a", "a4").nonPersistent());
        alice.send(Q, grouped("a", "urgent").priority(9));
        assertEquals(List.of("a1"), one.texts());
        one.ack(1, 1);
        assertEquals(List.of("urgent", "a2", "a3", "a4"), two.texts());
        two.handOver(4);
        two.close(4, false);
        one.credit(10);
        assertEquals(List.of("a1", "urgent*1", "a2*1", "a3*1", "a4*1"), one.texts());
    }

    @Test
    void aMessageThatWaitsForItsNextTryHoldsUpItsGroupOnly() {
        broker = new HeartFixture(HeartConfig.defaults("b").withRedelivery(10, 5_000));
        alice = broker.client();
        bob = broker.client();
        HeartFixture.Reader one = bob.queue(Q).credit(10);
        send("a", "a1", "a2");
        send("b", "b1");
        one.handOver(2);
        one.release(1, 2);
        send("b", "b2");
        send("a", "a3");
        assertEquals(List.of("a1", "a2", "b1", "b2"), one.texts());
        broker.tick(5_000);
        assertEquals(List.of("a1", "a2", "b1", "b2", "a1*1", "a2*1", "a3"), one.texts());
    }

    @Test
    void afterARestartAWaitingMessageStillHoldsUpItsGroup() {
        broker = new HeartFixture(
                HeartConfig.defaults("b").withRedelivery(10, 5_000).withMemory(1, 1 << 20, 1000));
        alice = broker.client();
        bob = broker.client();
        HeartFixture.Reader one = bob.queue(Q).credit(1);
        send("a", "a1", "a2");
        send("b", "b1");
        broker.answerReads();
        one.handOver(1);
        one.release(1, 1);
        broker.restart();
        HeartFixture.Reader again = broker.client().queue(Q).credit(10);
        broker.answerReads();
        assertEquals(List.of("b1"), again.texts());
        broker.tick(5_000);
        broker.answerReads();
        assertEquals(List.of("b1", "a1*1", "a2"), again.texts());
    }

    @Test
    void afterARestartARestatedDeliveryStillHasItsGroup() {
        broker = new HeartFixture(HeartConfig.defaults("b").withMemory(1, 1 << 20, 1000));
        alice = broker.client();
        bob = broker.client();
        HeartFixture.Reader one = bob.queue(Q).credit(1);
        send("a", "a1", "a2");
        broker.answerReads();
        one.handOver(1);
        DeliveryRef held = one.last().ref();
        broker.restart();
        HeartFixture.Client back = broker.client();
        HeartFixture.Reader restated = broker
        .new Reader(back.restate(ConsumerMode.QUEUE, Q, null, held).consumer());
        HeartFixture.Reader other = broker.client().queue(Q).credit(10);
        broker.answerReads();
        assertEquals(List.of(), other.texts());
        restated.ack(1, 1);
        broker.answerReads();
        assertEquals(List.of("a2"), other.texts());
    }

    @Test
    void deadLettersLeaveTheirGroupBehind() {
        broker = new HeartFixture(HeartConfig.defaults("b").withRedelivery(1, 0));
        alice = broker.client();
        bob = broker.client();
        HeartFixture.Reader one = bob.queue(Q).credit(1);
        send("a", "a1", "a2");
        HeartFixture.Reader two = alice.queue(Q).credit(10);
        one.handOver(1);
        one.release(1, 1);
        assertEquals(List.of("a2"), two.texts());
        assertEquals(
                List.of("a1"),
                bob.queue(DestinationName.queue("DLQ.QUEUE.orders")).credit(1).texts());
    }
}
