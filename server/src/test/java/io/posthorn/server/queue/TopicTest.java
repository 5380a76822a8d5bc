package io.posthorn.server.queue;

import static io.posthorn.server.queue.ConsumerMode.DURABLE;
import static io.posthorn.server.queue.ConsumerMode.SHARED;
import static io.posthorn.server.queue.ConsumerMode.SHARED_DURABLE;
import static io.posthorn.server.queue.ConsumerMode.TOPIC;
import static io.posthorn.server.queue.HeartFixture.mail;
import static io.posthorn.server.queue.RefusalKind.ILLEGAL_STATE;
import static io.posthorn.server.queue.RefusalKind.INVALID_DESTINATION;
import static io.posthorn.server.queue.RefusalKind.INVALID_SELECTOR;
import static io.posthorn.server.queue.RefusalKind.SUBSCRIPTION_IN_USE;
import static io.posthorn.server.queue.RefusalKind.UNKNOWN_SUBSCRIPTION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import io.posthorn.server.store.JournalRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Topics: who gets what, and the rules for the four kinds of subscription (Jakarta Messaging 3.1, 8.3). */
class TopicTest {

    private static final DestinationName T = DestinationName.topic("news");
    private static final DestinationName T2 = DestinationName.topic("weather");
    private final HeartFixture broker = new HeartFixture();
    private final HeartFixture.Client press = broker.client();

    @Test
    void everySubscriptionGetsItsOwnCopyInOrder() {
        HeartFixture.Client reader = broker.client("r", 0);
        HeartFixture.Reader durable = reader.durable(T, "d").credit(9);
        HeartFixture.Reader plain = reader.topic(T).credit(9);
        press.send(T, "a");
        press.send(T, mail("n").nonPersistent());
        press.send(T, "b");
        assertEquals(List.of("a", "n", "b"), durable.texts());
        assertEquals(List.of("a", "n", "b"), plain.texts());
    }

    @Test
    void aCopyInMemoryOfAJournalledMessageWaitsForTheCommitToo() {
        HeartFixture.Client reader = broker.client("r", 0);
        reader.durable(T, "d");
        HeartFixture.Reader plain = reader.topic(T).credit(9);
        broker.holdCommits = true;
        press.send(T, "a");
        press.send(T, mail("n").nonPersistent());
        assertEquals(List.of(), plain.texts());
        broker.commit();
        broker.settle();
        assertEquals(List.of("a", "n"), plain.texts());
    }

    @Test
    void aPersistentMessageNobodyKeepsIsNotJournalled() {
        HeartFixture.Reader plain = broker.client().topic(T).credit(9);
        int before = broker.journal.size();
        press.send(T, "a");
        assertEquals(before, broker.journal.size());
        assertEquals(List.of("a"), plain.texts());
        press.sequence--;
        press.send(T, "a");
        assertEquals(List.of("a"), plain.texts());
    }

    @Test
    void theSelectorOfASubscriptionDecidesAtTheSend() {
        HeartFixture.Client reader = broker.client("r", 0);
        HeartFixture.Reader picky = reader.open(DURABLE, T, "d", "n > 1", false).credit(9);
        press.send(T, mail("one").with("n", 1));
        press.send(T, mail("two").with("n", 2));
        assertEquals(List.of("two"), picky.texts());
        assertEquals(INVALID_SELECTOR, broker.refused(reader.tryOpen(TOPIC, T, null, "n >", false)));
    }

    @Test
    void noLocalLeavesOutTheOwnConnectionAndForDurableTheOwnClientId() {
        HeartFixture.Client reader = broker.client("r", 0);
        HeartFixture.Reader plain = reader.open(TOPIC, T, null, null, true).credit(9);
        HeartFixture.Reader durable = reader.open(DURABLE, T, "d", null, true).credit(9);
        reader.send(T, "own");
        press.send(T, "other");
        assertEquals(List.of("other"), plain.texts());
        assertEquals(List.of("other"), durable.texts());
        reader.close();
        HeartFixture.Client again = broker.client("r", 0);
        again.send(T, "own, later");
        assertEquals(
                List.of("other"),
                again.open(DURABLE, T, "d", null, true).credit(9).texts());
    }

    @Test
    void aMessageIsFreedByTheLastSubscriptionThatSettlesIt() {
        HeartFixture.Client reader = broker.client("r", 0);
        HeartFixture.Reader one = reader.durable(T, "one").credit(9);
        HeartFixture.Reader two = reader.durable(T, "two").credit(9);
        press.send(T, "a");
        one.ack(1, 1);
        assertFalse(lastSettled().settlements().get(0).frees());
        assertTrue(broker.heart.state().hot.bytes() > 0);
        two.ack(1, 1);
        assertTrue(lastSettled().settlements().get(0).frees());
        assertEquals(0, broker.heart.state().hot.bytes());
    }

    @Test
    void oneAcknowledgementForTwoSubscriptionsFreesOnce() {
        HeartFixture.Client reader = broker.client("r", 0);
        HeartFixture.Reader one = reader.durable(T, "one").credit(9);
        HeartFixture.Reader two = reader.durable(T, "two").credit(9);
        press.send(T, "a");
        broker.ok(broker.heart.acknowledge(
                reader.state, Settling.ACCEPT, List.of(one.span(1, 1), two.span(1, 1)), broker.now));
        var settlements = lastSettled().settlements();
        assertEquals(2, settlements.size());
        assertFalse(settlements.get(0).frees());
        assertTrue(settlements.get(1).frees());
    }

    private JournalRecord.Settled lastSettled() {
        for (int i = broker.journal.size() - 1; i >= 0; i--) {
            for (JournalRecord record : broker.journal.get(i).records()) {
                if (record instanceof JournalRecord.Settled settled) {
                    return settled;
                }
            }
        }
        throw new AssertionError("nothing was settled");
    }

    @Test
    void aDurableSubscriptionKeepsItsBacklogOverARestart() {
        HeartFixture.Client reader = broker.client("r", 0);
        reader.durable(T, "d");
        reader.close();
        press.send(T, "a", "b");
        broker.crash();
        assertEquals(
                List.of("a", "b"),
                broker.client("r", 0).durable(T, "d").credit(9).texts());
    }

    @Test
    void anUnsharedDurableSubscriptionHasOneConsumer() {
        HeartFixture.Client reader = broker.client("r", 0);
        HeartFixture.Reader first = reader.durable(T, "d");
        assertEquals(SUBSCRIPTION_IN_USE, broker.refused(reader.tryOpen(DURABLE, T, "d", null, false)));
        assertEquals(SUBSCRIPTION_IN_USE, broker.refused(reader.tryOpen(DURABLE, T2, "d", "x = 1", false)));
        assertEquals(SUBSCRIPTION_IN_USE, broker.refused(reader.tryOpen(SHARED_DURABLE, T, "d", null, false)));
        first.close(0, false);
        assertEquals(SUBSCRIPTION_IN_USE, broker.refused(reader.tryOpen(SHARED_DURABLE, T, "d", null, false)));
        reader.durable(T, "d");
    }

    @Test
    void otherSettingsStartADurableSubscriptionAnew() {
        record Change(DestinationName topic, String selector, boolean noLocal) {}
        for (Change change :
                List.of(new Change(T2, null, false), new Change(T, "n = 1", false), new Change(T, null, true))) {
            HeartFixture.Client reader = broker.client("r", 0);
            reader.durable(T, "d").close(0, false);
            press.send(T, "old");
            HeartFixture.Reader other = reader.open(DURABLE, change.topic, "d", change.selector, change.noLocal)
                    .credit(9);
            press.send(change.topic, mail("new").with("n", 1));
            assertEquals(List.of("new"), other.texts(), change.toString());
            assertEquals(
                    1,
                    broker.heart
                            .state()
                            .destinations
                            .find(change.topic)
                            .journalled
                            .size());
            reader.close();
            broker.ok(broker.heart.unsubscribe(broker.client("r", 0).state, "d", broker.now));
            broker.heart.state().clients.holder("r");
            broker.ok(broker.heart.close(broker.heart.state().clients.holder("r"), broker.now));
        }
        assertEquals(0, broker.heart.state().hot.bytes());
    }

    @Test
    void emptyAndMissingSelectorsAreTheSame() {
        HeartFixture.Client reader = broker.client("r", 0);
        reader.open(DURABLE, T, "d", "", false).close(0, false);
        press.send(T, "a");
        assertEquals(List.of("a"), reader.durable(T, "d").credit(9).texts());
    }

    @Test
    void sharedSubscriptionsSplitTheirMessages() {
        for (ConsumerMode mode : List.of(SHARED, SHARED_DURABLE)) {
            DestinationName topic = DestinationName.topic("split " + mode);
            HeartFixture.Reader one =
                    broker.client().open(mode, topic, "s", null, false).credit(9);
            HeartFixture.Reader two =
                    broker.client().open(mode, topic, "s", null, false).credit(9);
            press.send(topic, "a", "b", "c", "d");
            assertEquals(2, one.texts().size(), mode.toString());
            assertEquals(2, two.texts().size(), mode.toString());
        }
    }

    @Test
    void aSharedSubscriptionInUseHasOneTopicAndSelector() {
        for (ConsumerMode mode : List.of(SHARED, SHARED_DURABLE)) {
            HeartFixture.Client client = broker.client();
            HeartFixture.Reader one = client.open(mode, T, "s" + mode, null, false);
            assertEquals(SUBSCRIPTION_IN_USE, broker.refused(client.tryOpen(mode, T2, "s" + mode, null, false)));
            assertEquals(SUBSCRIPTION_IN_USE, broker.refused(client.tryOpen(mode, T, "s" + mode, "n = 1", false)));
            one.close(0, false);
            press.send(T, "gone");
            HeartFixture.Reader fresh =
                    client.open(mode, T, "s" + mode, "n = 1", false).credit(9);
            assertEquals(List.of(), fresh.texts());
        }
    }

    @Test
    void keysOfSharedSubscriptionsIncludeTheClientIdAndDurableOnesAreApart() {
        broker.client().open(SHARED, T, "s", null, false);
        broker.client("x", 0).open(SHARED, T2, "s", null, false);
        broker.client().open(SHARED_DURABLE, T2, "s", "n = 1", false);
        assertEquals(
                SUBSCRIPTION_IN_USE, broker.refused(broker.client().tryOpen(SHARED_DURABLE, T, "s", "n = 1", false)));
    }

    @Test
    void aNonDurableSubscriptionEndsWithItsLastConsumer() {
        HeartFixture.Client client = broker.client();
        HeartFixture.Reader one = client.open(SHARED, T, "s", null, false);
        HeartFixture.Reader two = client.open(SHARED, T, "s", null, false);
        press.send(T, "a");
        one.close(0, false);
        assertEquals(List.of("a"), two.drain(5));
        two.close(1, false);
        HeartFixture.Reader plain = client.topic(T);
        press.send(T, "b");
        plain.close(0, false);
        assertEquals(List.of(), client.open(SHARED, T, "s", null, false).drain(5));
        assertEquals(0, broker.heart.state().memory.bytes());
    }

    @Test
    void aFullNonDurableSubscriptionDropsItsOldestNonPersistentMessages() {
        HeartFixture small = new HeartFixture(HeartConfig.defaults("b").withMemory(1 << 20, 1 << 20, 3));
        HeartFixture.Client client = small.client();
        HeartFixture.Reader reader = client.topic(T);
        client.send(T, "p");
        for (int i = 0; i < 5; i++) {
            client.send(T, mail("n" + i).nonPersistent());
        }
        assertEquals(List.of("p", "n3", "n4"), reader.drain(9));
        assertEquals(3, reader.state.subscription.dropped);
    }

    @Test
    void unsubscribeFreesTheBacklogAndTheName() {
        HeartFixture.Client reader = broker.client("r", 0);
        HeartFixture.Reader durable = reader.durable(T, "d");
        assertEquals(SUBSCRIPTION_IN_USE, broker.refused(broker.heart.unsubscribe(reader.state, "d", broker.now)));
        press.send(T, "a", "b");
        durable.credit(1);
        durable.close(1, true);
        assertEquals(SUBSCRIPTION_IN_USE, broker.refused(broker.heart.unsubscribe(reader.state, "d", broker.now)));
        durable.ack(1, 1);
        broker.ok(broker.heart.unsubscribe(reader.state, "d", broker.now));
        assertEquals(0, broker.heart.state().hot.bytes());
        assertEquals(UNKNOWN_SUBSCRIPTION, broker.refused(broker.heart.unsubscribe(reader.state, "d", broker.now)));
        assertEquals(UNKNOWN_SUBSCRIPTION, broker.refused(broker.heart.unsubscribe(press.state, "d", broker.now)));
        reader.open(SHARED_DURABLE, T2, "d", null, false);
    }

    @Test
    void namesAndClientIdsAreDemanded() {
        assertEquals(ILLEGAL_STATE, broker.refused(press.tryOpen(DURABLE, T, "d", null, false)));
        assertEquals(INVALID_DESTINATION, broker.refused(press.tryOpen(SHARED, T, null, null, false)));
        assertEquals(INVALID_DESTINATION, broker.refused(press.tryOpen(SHARED_DURABLE, T, "", null, false)));
        assertEquals(INVALID_DESTINATION, broker.refused(press.tryOpen(ConsumerMode.QUEUE, T, null, null, false)));
        DestinationName temporary = broker.ok(broker.heart.createTemporary(press.state, false, "t1"));
        assertEquals(INVALID_DESTINATION, broker.refused(press.tryOpen(SHARED_DURABLE, temporary, "d", null, false)));
    }

    @Test
    void aDelayedMessageGoesToThoseWhoWereThereWhenItWasSent() {
        HeartFixture.Client reader = broker.client("r", 0);
        HeartFixture.Reader durable = reader.durable(T, "d").credit(9);
        HeartFixture.Reader plain = reader.topic(T).credit(9);
        press.send(T, mail("later").delay(100));
        HeartFixture.Reader late = reader.durable(T, "late").credit(9);
        broker.tick(100);
        assertEquals(List.of("later"), durable.texts());
        assertEquals(List.of("later"), plain.texts());
        assertEquals(List.of(), late.texts());
    }
}
