package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages that wait for their time are in the store until it comes near; what expires there leaves without a consumer. */
class ScheduleTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final DestinationName T = DestinationName.topic("news");
    private static final int HOUR_MS = 3_600_000;

    private final HeartFixture broker = new HeartFixture();
    private final HeartFixture.Client alice = broker.client();

    private int known() {
        return broker.heart.state().schedule.knownCount();
    }

    private void sendOverAnHour(int count) {
        for (int i = 0; i < count; i++) {
            // Not in the order of their times.
            int n = (int) ((long) i * 7919 % count);
            alice.send(Q, mail("m" + n).delay((long) n * HOUR_MS / count + 1));
        }
    }

    private static List<String> numbers(int from, int to) {
        List<String> numbers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            numbers.add("m" + i);
        }
        return numbers;
    }

    @Test
    void onlyThoseDueWithinAMinuteAreKnownAndAllComeInTime() {
        broker.tick(1);
        sendOverAnHour(1200);
        broker.checkpoint();
        broker.tick(1);
        assertTrue(known() <= 41, known() + " are known");
        HeartFixture.Reader reader = alice.queue(Q).credit(10_000);
        for (int minute = 1; minute < 60; minute++) {
            broker.tick(60_000);
            broker.checkpoint();
            broker.answerReads();
            assertEquals(minute * 20 + 1, reader.texts().size(), "after " + minute);
            assertTrue(known() <= 41, known() + " are known");
        }
        broker.tick(60_000);
        broker.answerReads();
        assertEquals(numbers(0, 1200), reader.texts());
        assertEquals(0, known());
    }

    @Test
    void delaysInTransactionsLeaveTheMemoryAsWell() {
        broker.tick(1);
        for (int i = 0; i < 600; i += 3) {
            alice.begin(i + 1);
            for (int k = i; k < i + 3; k++) {
                alice.send(Q, mail("m" + k).delay(60_001 + (long) k * HOUR_MS / 600));
            }
            if (i == 0) {
                // A checkpoint between the sends and their commit.
                broker.checkpoint();
            }
            alice.commit();
        }
        assertEquals(600, known());
        HeartFixture.Reader reader = alice.queue(Q).credit(10_000);
        broker.tick(60_000);
        assertTrue(broker.heart.state().schedule.soonBytes() > 0, "some have been read");
        broker.checkpoint();
        broker.tick(1);
        assertTrue(known() <= 41, known() + " are known");
        assertEquals(numbers(0, 1), reader.texts());
        broker.tick(HOUR_MS);
        broker.answerReads();
        assertEquals(numbers(0, 600), reader.texts());
        assertEquals(0, known());
    }

    @Test
    void aDelayInATransactionOutlivesARestart() {
        alice.begin(1);
        alice.send(Q, mail("later").delay(100));
        alice.send(Q, mail("rather late").delay(HOUR_MS));
        alice.commit();
        broker.restart();
        HeartFixture.Reader reader = broker.client().queue(Q).credit(10);
        broker.tick(100);
        assertEquals(List.of("later"), reader.texts());
        broker.restart();
        broker.tick(HOUR_MS);
        HeartFixture.Reader next = broker.client().queue(Q).credit(10);
        broker.answerReads();
        assertEquals(List.of("later", "rather late"), next.texts());
    }

    @Test
    void atTheFirstFormatLevelADelayInATransactionWaitsInItsQueue() {
        broker.heart.formatLevel(FormatLevel.FIRST);
        HeartFixture.Reader reader = alice.queue(Q).credit(10);
        alice.begin(1);
        alice.send(Q, mail("later").delay(100));
        alice.commit();
        assertEquals(0, known());
        assertTrue(broker.journal.stream()
                .flatMap(entry -> entry.records().stream())
                .noneMatch(JournalRecord.Postponed.class::isInstance));
        broker.tick(99);
        assertEquals(List.of(), reader.texts());
        broker.tick(1);
        assertEquals(List.of("later"), reader.texts());
        // From the record on that raises the level, others may be written.
        broker.append(new Outcome<>(List.of(List.of(new JournalRecord.LevelRaised(2))), null, null, false));
        alice.begin(2);
        alice.send(Q, mail("later still").delay(100));
        alice.commit();
        assertEquals(1, known());
    }

    @Test
    void aRestartKnowsNoMoreThanItNeeds() {
        sendOverAnHour(600);
        broker.tick(1_000);
        broker.checkpoint();
        long checkpoint = broker.heart.state().checkpoint;
        broker.restartAt(checkpoint);
        assertEquals(0, known());
        broker.tick(1);
        assertTrue(known() <= 11, known() + " are known");
        HeartFixture.Reader reader = broker.client().queue(Q).credit(10_000);
        broker.tick(HOUR_MS);
        broker.answerReads();
        assertEquals(numbers(0, 600), reader.texts());
    }

    @Test
    void whatGotItsPlaceBehindTheCheckpointComesOnce() {
        broker.tick(1);
        sendOverAnHour(600);
        broker.checkpoint();
        long checkpoint = broker.heart.state().checkpoint;
        broker.tick(600_000);
        broker.restartAt(checkpoint);
        // The store tells them still, although they have their places.
        HeartFixture.Reader reader = broker.client().queue(Q).credit(10_000);
        broker.tick(1);
        broker.answerReads();
        assertEquals(numbers(0, 101), reader.texts());
        broker.checkpoint();
        broker.tick(HOUR_MS);
        broker.answerReads();
        assertEquals(numbers(0, 600), reader.texts());
    }

    @Test
    void whatIsKeptBeforeItIsDueHasABound() {
        HeartFixture small = new HeartFixture(HeartConfig.defaults("b").withMemory(1 << 20, 1 << 20, 100));
        HeartFixture.Client client = small.client();
        small.tick(1);
        String text = "x".repeat(100_000);
        for (int i = 0; i < 100; i++) {
            client.send(Q, mail(i + text).delay(30_000));
        }
        small.checkpoint();
        HeartFixture.Reader reader = client.queue(Q).credit(1_000);
        for (int i = 0; i < 10; i++) {
            small.tick(1);
        }
        assertTrue(small.heart.state().schedule.soonBytes() < 6 << 20);
        for (int got = 0; got < 100; ) {
            small.tick(30_000);
            small.answerReads();
            got = reader.got().size();
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(i + text, reader.got().get(i).text());
        }
    }

    @Test
    void equalTimesKeepTheOrderAcrossTheStore() {
        broker.tick(1);
        for (int i = 0; i < 50; i++) {
            alice.send(Q, mail("m" + i).delay(100_000));
            if (i == 20) {
                broker.checkpoint();
            }
        }
        HeartFixture.Reader reader = alice.queue(Q).credit(100);
        broker.tick(100_000);
        broker.answerReads();
        assertEquals(numbers(0, 50), reader.texts());
    }

    @Test
    void aReadThatFindsWhatIsDoneMeanwhileBringsNothingBack() {
        broker.tick(1);
        alice.send(Q, mail("a").delay(1_000));
        HeartFixture.Reader reader = alice.queue(Q).credit(10);
        Schedule schedule = broker.heart.state().schedule;
        // The store is asked, and answers only after the message has got its place.
        ScheduledRequest asked = schedule.wanted(broker.now + 40_000);
        ScheduledResult late = SimulatedIndex.scheduled(broker.journal, Long.MAX_VALUE, asked);
        broker.now += 1_000;
        broker.append(broker.heart.tick(broker.now));
        broker.settle();
        assertEquals(List.of("a"), reader.texts());
        schedule.readDone(late, broker.now);
        broker.tick(100_000);
        assertEquals(List.of("a"), reader.texts());
        assertEquals(0, known());
    }

    @Test
    void aReadThatFailedIsTriedAgain() {
        Schedule schedule = broker.heart.state().schedule;
        ScheduledRequest asked = schedule.wanted(broker.now);
        schedule.readDone(new ScheduledResult(asked, null, List.of(), true, false), broker.now);
        assertNull(schedule.wanted(broker.now + 10));
        assertTrue(schedule.nextMs() > broker.now);
        assertTrue(schedule.wanted(broker.now + 1_000) != null);
    }

    @Test
    void aTopicsDelayedMessageReachesThoseWhoWereThere() {
        HeartFixture.Client bob = broker.client("bob", 0);
        HeartFixture.Reader durable = bob.durable(T, "d").credit(10);
        HeartFixture.Reader passing = bob.topic(T).credit(10);
        broker.tick(1);
        alice.send(T, mail("later").delay(HOUR_MS));
        broker.checkpoint();
        HeartFixture.Reader tooLate = bob.topic(T).credit(10);
        broker.tick(HOUR_MS);
        broker.answerReads();
        assertEquals(List.of("later"), durable.texts());
        assertEquals(List.of("later"), passing.texts());
        assertEquals(List.of(), tooLate.texts());
    }

    @Test
    void whatExpiresInTheStoreLeavesWithoutAConsumer() {
        HeartFixture cold = new HeartFixture(HeartConfig.defaults("b").withMemory(1 << 20, 1 << 20, 100));
        HeartFixture.Client client = cold.client();
        String text = "x".repeat(10_000);
        for (int i = 0; i < 500; i++) {
            client.send(Q, i % 2 == 0 ? mail(i + text).ttl(60_000) : mail(i + text));
        }
        // Most are not in memory, and nobody asks for them.
        cold.checkpoint();
        cold.restart();
        cold.heart.checkpointed(cold.committed);
        cold.tick(30_000);
        assertEquals(500, messages(cold));
        cold.tick(31_000);
        assertEquals(250, messages(cold));
        assertEquals(0, cold.answeredReads);
        cold.restart();
        assertEquals(250, messages(cold));
    }

    @Test
    void whatIsInFlightWhenItExpiresIsNotTakenAway() {
        alice.send(Q, mail("a").ttl(1_000));
        alice.send(Q, mail("b").ttl(1_000));
        HeartFixture.Reader reader = alice.queue(Q).credit(1);
        broker.checkpoint();
        broker.tick(20_000);
        assertEquals(1, messages(broker));
        reader.ack(1, 1);
        assertEquals(0, messages(broker));
    }

    private static long messages(HeartFixture of) {
        return of.ok(of.heart.destinationVerbs().show(Q)).get(0).messages();
    }
}
