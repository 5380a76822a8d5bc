package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static io.posthorn.server.queue.RefusalKind.DELIVERY_LOST;
import static io.posthorn.server.queue.RefusalKind.DESTINATION_IN_USE;
import static io.posthorn.server.queue.RefusalKind.ILLEGAL_STATE;
import static io.posthorn.server.queue.RefusalKind.INVALID_CLIENT_ID;
import static io.posthorn.server.queue.RefusalKind.INVALID_DESTINATION;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that come, go, get lost and come back. */
class ClientTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final DestinationName T = DestinationName.topic("news");
    private final HeartFixture broker = new HeartFixture();
    private final HeartFixture.Client sender = broker.client();

    @Test
    void aClientIdIsHeldUntilItsConnectionEnds() {
        HeartFixture.Client first = broker.client("x", 0);
        assertEquals(INVALID_CLIENT_ID, broker.refused(broker.heart.connect(9, 9, "x", 0, broker.now)));
        assertEquals(INVALID_CLIENT_ID, broker.refused(broker.heart.claimClientId(sender.state, "x", broker.now)));
        assertEquals(INVALID_CLIENT_ID, broker.refused(broker.heart.claimClientId(sender.state, " ", broker.now)));
        assertEquals(ILLEGAL_STATE, broker.refused(broker.heart.claimClientId(first.state, "y", broker.now)));
        first.close();
        broker.ok(broker.heart.claimClientId(sender.state, "x", broker.now));
        sender.lose();
        assertEquals(INVALID_CLIENT_ID, broker.refused(broker.heart.connect(9, 9, "x", 0, broker.now)));
        broker.tick(10_000);
        broker.client("x", 0);
    }

    @Test
    void anOrderlyCloseGivesEverythingBackAtOnce() {
        HeartFixture.Client client = broker.client();
        HeartFixture.Reader reader = client.queue(Q).credit(2);
        sender.send(Q, "a");
        sender.send(Q, mail("n").nonPersistent());
        reader.handOver(1);
        client.close();
        assertEquals(List.of("a*1", "n"), sender.queue(Q).credit(9).texts());
        assertEquals(
                DELIVERY_LOST,
                broker.refused(broker.heart.acknowledge(
                        client.state, Settling.ACCEPT, List.of(reader.span(1, 1)), broker.now)));
    }

    @Test
    void afterALossEverythingIsReservedAndThenCountsAsSeen() {
        HeartFixture.Client client = broker.client();
        sender.send(Q, "a", "b");
        sender.send(Q, mail("seen").nonPersistent());
        sender.send(Q, mail("unseen").nonPersistent());
        HeartFixture.Reader reader = client.queue(Q).credit(4);
        broker.ok(broker.heart.handOver(client.state, reader.state.consumerId(), 3));
        client.lose();
        HeartFixture.Reader other = sender.queue(Q).credit(9);
        assertEquals(List.of(), other.texts());
        broker.tick(9_999);
        assertEquals(List.of(), other.texts());
        broker.tick(1);
        assertEquals(List.of("a*1", "b*1", "unseen*1"), other.texts());
    }

    @Test
    void ofALostClientThatWasHeardOutOnlyWhatIsMarkedCountsAsSeen() {
        HeartFixture.Client client = broker.client();
        sender.send(Q, "a", "b", "c");
        sender.send(Q, mail("seen").nonPersistent());
        sender.send(Q, mail("unseen").nonPersistent());
        HeartFixture.Reader reader = client.queue(Q).credit(5);
        broker.ok(broker.heart.progress(client.state, reader.span(1, 1), 2));
        broker.ok(broker.heart.progress(client.state, reader.span(3, 3), 4));
        broker.ok(broker.heart.lost(client.state, true, broker.now));
        HeartFixture.Reader other = sender.queue(Q).credit(9);
        broker.tick(10_000);
        assertEquals(List.of("b*1", "unseen"), other.texts());
    }

    @Test
    void theAnswerToAnAcknowledgementOfWhatWasAcceptedBeforeWaitsForTheDisk() {
        HeartFixture.Client client = broker.client();
        sender.send(Q, "a", "b");
        HeartFixture.Reader reader = client.queue(Q).credit(2);
        broker.ok(broker.heart.progress(client.state, reader.span(1, 1), 2));
        Outcome<Void> again =
                broker.heart.acknowledge(client.state, Settling.ACCEPT, List.of(reader.span(1, 1)), broker.now);
        assertTrue(again.awaitCommit());
        assertEquals(List.of(), again.entries());
    }

    @Test
    void aClosedConsumerStaysUntilItsLastDeliveryIsAcknowledged() {
        HeartFixture.Client client = broker.client();
        sender.send(Q, "a");
        HeartFixture.Reader reader = client.queue(Q).credit(1);
        broker.ok(broker.heart.closeConsumer(client.state, reader.state.consumerId(), 1, true, broker.now));
        broker.ok(broker.heart.progress(client.state, reader.span(1, 1), 1));
        broker.ok(broker.heart.acknowledge(client.state, Settling.ACCEPT, List.of(reader.span(1, 1)), broker.now));
        assertEquals(
                DELIVERY_LOST,
                broker.refused(broker.heart.acknowledge(
                        client.state, Settling.ACCEPT, List.of(reader.span(1, 1)), broker.now)));
    }

    @Test
    void aClientThatComesBackGetsWhatItHoldsAndTheRestGoesBackUnseen() {
        HeartFixture.Client client = broker.client("x", 0);
        sender.send(Q, "a", "b", "c");
        sender.send(Q, mail("n").nonPersistent());
        sender.send(Q, "d");
        HeartFixture.Reader reader = client.queue(Q).credit(5);
        broker.ok(broker.heart.handOver(client.state, reader.state.consumerId(), 4));
        reader.ack(1, 1);
        List<HeartFixture.Shown> held = List.copyOf(reader.got());
        client.lose();
        HeartFixture.Client back = broker.client(null, client.state.token());
        assertTrue(back.state.resumed());
        assertEquals("x", back.state.clientId());
        OpenedConsumer opened = back.restate(
                ConsumerMode.QUEUE,
                Q,
                null,
                held.get(0).ref(),
                held.get(1).ref(),
                held.get(2).ref(),
                held.get(3).ref());
        assertArrayEquals(new int[] {0}, opened.refused());
        HeartFixture.Reader again = broker.new Reader(opened.consumer());
        assertEquals(
                DELIVERY_LOST,
                broker.refused(
                        broker.heart.acknowledge(back.state, Settling.ACCEPT, List.of(again.span(1, 2)), broker.now)));
        again.ack(4, 4);
        again.credit(9);
        assertEquals(List.of("d"), again.texts());
        assertEquals(5, again.last().id());
        again.credit(0);
        again.release(3, 3);
        assertEquals(List.of("c*1"), sender.queue(Q).credit(9).texts());
        assertEquals(0, broker.heart.state().memory.bytes());
        broker.tick(20_000);
        assertTrue(back.state.isOpen());
    }

    /** The answer to its first attempt was lost, with the token in it: it comes with the old one again. */
    @Test
    void aClientThatDidNotHearThatItWasBackComesBackAgain() {
        HeartFixture.Client client = broker.client("x", 0);
        sender.send(Q, "a", "b");
        client.queue(Q).credit(2);
        client.lose();
        HeartFixture.Client unheard = broker.client(null, client.state.token());
        HeartFixture.Client again = broker.client(null, client.state.token());
        assertTrue(again.state.resumed());
        assertEquals("x", again.state.clientId());
        OpenedConsumer opened = again.restate(ConsumerMode.QUEUE, Q, null);
        assertEquals(List.of("a", "b"), broker.new Reader(opened.consumer()).drain(2));
        assertFalse(broker.client(null, unheard.state.token()).state.resumed());
        again.lose();
        broker.tick(20_000);
        assertFalse(broker.client(null, client.state.token()).state.resumed());
    }

    @Test
    void afterARestartWhatIsStillThereMayBeRestated() {
        sender.send(Q, "a", "b");
        sender.send(Q, mail("n").nonPersistent());
        HeartFixture.Client client = broker.client();
        HeartFixture.Reader reader = client.queue(Q).credit(3);
        List<HeartFixture.Shown> held = List.copyOf(reader.got());
        broker.crash();
        HeartFixture.Client thief = broker.client();
        thief.queue(Q).credit(1);
        HeartFixture.Client back = broker.client(null, client.state.token());
        assertFalse(back.state.resumed());
        OpenedConsumer opened = back.restate(
                ConsumerMode.QUEUE,
                Q,
                null,
                held.get(0).ref(),
                held.get(1).ref(),
                held.get(2).ref());
        assertArrayEquals(new int[] {0, 2}, opened.refused());
        HeartFixture.Reader again = broker.new Reader(opened.consumer());
        again.release(2, 2);
        assertEquals(List.of("b*1"), again.drain(1));
    }

    @Test
    void afterARestartTheSecondTryOfADelayedRedeliveryMayBeRestated() {
        HeartFixture slow = new HeartFixture(HeartConfig.defaults("b").withRedelivery(10, 200));
        HeartFixture.Client client = slow.client();
        client.send(Q, "a", "b");
        HeartFixture.Reader reader = client.queue(Q).credit(9);
        reader.handOver(2);
        reader.release(1, 2);
        slow.tick(200);
        assertEquals(List.of("a", "b", "a*1", "b*1"), reader.texts());
        reader.handOver(4);
        reader.release(4, 4);
        DeliveryRef inHand = reader.got().get(2).ref();
        DeliveryRef waits = reader.got().get(3).ref();
        slow.crash();
        HeartFixture.Client back = slow.client(null, client.state.token());
        OpenedConsumer opened = back.restate(ConsumerMode.QUEUE, Q, null, inHand, waits);
        assertArrayEquals(new int[] {1}, opened.refused(), "what waits for its next try is with nobody");
        HeartFixture.Reader again = slow.new Reader(opened.consumer());
        again.ack(1, 1);
        again.credit(9);
        slow.tick(200);
        assertEquals(List.of("b*2"), again.texts());
    }

    @Test
    void twoConsumersOfOneQueueComeBackOneAfterTheOther() {
        HeartFixture.Client client = broker.client();
        HeartFixture.Reader one = client.queue(Q).credit(1);
        HeartFixture.Reader two = client.queue(Q).credit(1);
        sender.send(Q, "a", "b");
        client.lose();
        HeartFixture.Client back = broker.client(null, client.state.token());
        HeartFixture.Reader first = broker
        .new Reader(back.restate(ConsumerMode.QUEUE, Q, null, two.last().ref()).consumer());
        first.credit(9);
        assertEquals(List.of(), first.texts());
        OpenedConsumer second = back.restate(ConsumerMode.QUEUE, Q, null);
        assertEquals(0, second.refused().length);
        assertEquals(one.last().text(), first.texts().get(0));
    }

    @Test
    void anUnnamedSubscriptionOutlivesALossWithItsBacklog() {
        HeartFixture.Client client = broker.client();
        HeartFixture.Reader reader = client.topic(T).credit(1);
        sender.send(T, "a", "b");
        reader.handOver(1);
        reader.ack(1, 1);
        client.lose();
        sender.send(T, "c");
        HeartFixture.Client back = broker.client(null, client.state.token());
        assertEquals(List.of("b", "c"), back.topic(T).credit(9).texts());
        back.lose();
        broker.tick(10_000);
        assertEquals(0, broker.heart.state().memory.bytes());
        assertTrue(broker.heart.state().destinations.find(T).volatiles.isEmpty());
    }

    @Test
    void aResumeWorksEvenIfTheBrokerHasNotNoticedTheLoss() {
        HeartFixture.Client client = broker.client("x", 0);
        DestinationName reply = broker.ok(broker.heart.createTemporary(client.state, true, "u1"));
        HeartFixture.Client back = broker.client("x", client.state.token());
        assertTrue(back.state.resumed());
        back.queue(reply).credit(9);
        assertEquals(ILLEGAL_STATE, broker.refused(client.tryOpen(ConsumerMode.QUEUE, Q, null, null, false)));
        assertEquals(ILLEGAL_STATE, broker.refused(client.trySend(Q, mail("a"))));
    }

    @Test
    void temporaryDestinationsBelongToTheirConnection() {
        HeartFixture.Client client = broker.client();
        DestinationName reply = broker.ok(broker.heart.createTemporary(client.state, true, "u1"));
        assertEquals("b/u1", reply.name());
        HeartFixture.Reader reader = client.queue(reply).credit(9);
        int before = broker.journal.size();
        sender.send(reply, "persistent");
        sender.send(reply, mail("n").nonPersistent());
        assertEquals(before, broker.journal.size());
        assertEquals(List.of("persistent", "n"), reader.texts());
        assertEquals(INVALID_DESTINATION, broker.refused(sender.tryOpen(ConsumerMode.QUEUE, reply, null, null, false)));
        assertEquals(INVALID_DESTINATION, broker.refused(broker.heart.deleteTemporary(sender.state, reply)));
        assertEquals(DESTINATION_IN_USE, broker.refused(broker.heart.deleteTemporary(client.state, reply)));
        reader.close(2, false);
        broker.ok(broker.heart.deleteTemporary(client.state, reply));
        assertEquals(INVALID_DESTINATION, broker.refused(sender.trySend(reply, mail("late"))));
        assertEquals(0, broker.heart.state().memory.bytes());
        DestinationName second = broker.ok(broker.heart.createTemporary(client.state, false, "u2"));
        client.close();
        assertEquals(INVALID_DESTINATION, broker.refused(sender.trySend(second, mail("late"))));
    }

    @Test
    void aConsumerClosedWithUnsettledDeliveriesLeavesThemToItsSession() {
        sender.send(Q, "a", "b", "c");
        HeartFixture.Client client = broker.client();
        HeartFixture.Reader reader = client.queue(Q).credit(3);
        reader.close(2, true);
        HeartFixture.Reader other = sender.queue(Q).credit(9);
        assertEquals(List.of("c"), other.texts());
        reader.ack(1, 1);
        reader.release(2, 2);
        assertEquals(List.of("c", "b*1"), other.texts());
        assertFalse(client.state.consumers.containsKey(reader.state.consumerId()));
    }

    @Test
    void registrationSeesDestinationsButNotTemporaryOnes() {
        int before = broker.heart.destinationsVersion();
        sender.send(Q, "a");
        broker.ok(broker.heart.createTemporary(sender.state, true, "u1"));
        assertEquals(before + 1, broker.heart.destinationsVersion());
        assertEquals(List.of(new DestinationInfo(Q, 1)), broker.heart.destinations());
    }
}
