package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import io.posthorn.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are not journalled go to the disk while memory is short, and come back as they came. */
class SpillTest {

    private static final DestinationName Q = DestinationName.queue("q");
    private static final DestinationName BUSY = DestinationName.queue("busy");
    private static final DestinationName NEWS = DestinationName.topic("news");
    private static final int MEMORY = 1_000_000;
    private static final String PADDING = "x".repeat(1000);

    private HeartFixture broker = broker(1L << 30);
    private HeartFixture.Client alice = broker.client();

    private static HeartFixture broker(long spillBytes) {
        return new HeartFixture(
                HeartConfig.defaults("b").withMemory(1 << 20, MEMORY, 100_000).withSpill(spillBytes));
    }

    private void send(DestinationName to, int from, int count) {
        for (int i = from; i < from + count; i++) {
            alice.send(to, mail(i + PADDING).nonPersistent());
            broker.answerSpill();
        }
    }

    private static void assertNumbers(int from, int to, List<String> texts) {
        List<String> expected = new ArrayList<>();
        for (int i = from; i < to; i++) {
            expected.add(i + PADDING);
        }
        assertEquals(expected, texts);
    }

    @Test
    void moreThanMemoryHoldsComesBackInOrder() {
        send(Q, 0, 3000);
        assertTrue(broker.spill.stored() > 2000, broker.spill.stored() + " on disk");
        assertTrue(broker.heart.state().memory.bytes() <= MEMORY);
        HeartFixture.Reader reader = alice.queue(Q);
        for (int n = 0; n < 3000; n += 100) {
            assertNumbers(n, n + 100, reader.drain(100));
            reader.ack(n + 1, n + 100);
        }
        assertEquals(List.of(), reader.drain(1));
        assertEquals(0, broker.spill.stored());
        assertEquals(0, broker.heart.state().memory.bytes());
        assertEquals(0, broker.heart.state().spill.writingBytes());
    }

    @Test
    void newOnesAreBehindThoseOnDisk() {
        send(Q, 0, 1500);
        HeartFixture.Reader reader = alice.queue(Q);
        reader.drain(1400);
        reader.ack(1, 1400);
        // There is memory enough again.
        send(Q, 1500, 10);
        assertNumbers(1400, 1510, reader.drain(200));
    }

    @Test
    void aQueueThatIsReadGoesOnBesideOneThatNobodyReads() {
        send(Q, 0, 3000);
        HeartFixture.Reader reader = alice.queue(BUSY).credit(100_000);
        for (int n = 0; n < 500; n++) {
            send(BUSY, n, 1);
            assertEquals(n + PADDING, reader.last().text());
            reader.ack(n + 1, n + 1);
        }
    }

    @Test
    void aSelectorLooksThroughWhatIsOnDiskAndLeavesItThere() {
        for (int i = 0; i < 2000; i++) {
            alice.send(Q, mail(i + PADDING).nonPersistent().with("n", i));
            broker.answerSpill();
        }
        HeartFixture.Reader picky = alice.selecting(Q, "n >= 1998");
        assertNumbers(1998, 2000, picky.drain(10));
        broker.tick(1);
        broker.tick(1);
        assertTrue(broker.heart.state().memory.bytes() < MEMORY / 4 * 3);
        HeartFixture.Reader reader = alice.queue(Q);
        assertNumbers(0, 1998, reader.drain(5000));
    }

    @Test
    void whatComesBackUnreadKeepsItsPlace() {
        send(Q, 0, 1200);
        HeartFixture.Reader first = alice.queue(Q);
        assertNumbers(0, 1000, first.drain(1000));
        first.close(0, false);
        HeartFixture.Reader second = alice.queue(Q);
        assertNumbers(0, 1200, second.drain(2000));
    }

    @Test
    void groupsStayInOrderAcrossTheDisk() {
        for (int i = 0; i < 1500; i++) {
            alice.send(Q, mail(i + PADDING).nonPersistent().with("JMSXGroupID", "g" + i % 3));
            broker.answerSpill();
        }
        HeartFixture.Reader one = alice.queue(Q).credit(1);
        HeartFixture.Reader two = alice.queue(Q);
        List<String> others = two.drain(5000);
        assertEquals(1000, others.size());
        one.ack(1, 1);
        List<String> rest = one.drain(1000);
        assertEquals(499, rest.size());
        for (int i = 0; i < rest.size(); i++) {
            assertEquals(3 * (i + 1) + PADDING, rest.get(i));
        }
    }

    @Test
    void subscribersShareWhatIsOnDisk() {
        HeartFixture.Reader quick = alice.topic(NEWS);
        HeartFixture.Reader slow = alice.topic(NEWS);
        send(NEWS, 0, 1500);
        assertNumbers(0, 1500, quick.drain(2000));
        quick.ack(1, 1500);
        assertTrue(broker.spill.stored() > 500);
        assertNumbers(0, 1500, slow.drain(2000));
        slow.ack(1, 1500);
        assertEquals(0, broker.spill.stored());
    }

    @Test
    void aBrowserSeesWhatIsOnDisk() {
        send(Q, 0, 1200);
        HeartFixture.Reader browser = alice.open(ConsumerMode.BROWSE, Q, null, null, false);
        assertNumbers(0, 1200, browser.drain(2000));
    }

    @Test
    void whatExpiresOnDiskIsNotReadBack() {
        for (int i = 0; i < 1200; i++) {
            alice.send(Q, mail(i + PADDING).nonPersistent().ttl(5_000));
            broker.answerSpill();
        }
        broker.tick(20_000);
        assertEquals(0, broker.spill.stored());
        assertEquals(0, broker.heart.state().memory.bytes());
        assertEquals(0, broker.spill.readBack);
    }

    @Test
    void delayedOnesWaitOnDisk() {
        for (int i = 0; i < 1500; i++) {
            alice.send(Q, mail(i + PADDING).nonPersistent().delay(60_000));
            broker.answerSpill();
        }
        assertTrue(broker.spill.stored() > 500);
        broker.tick(60_000);
        assertNumbers(0, 1500, alice.queue(Q).drain(2000));
    }

    @Test
    void bothLimitsAreNamed() {
        broker = broker(500_000);
        alice = broker.client();
        Outcome<Void> last = null;
        int sent = 0;
        while (last == null || !last.isRefused()) {
            last = alice.trySend(Q, mail(sent++ + PADDING).nonPersistent());
            if (!last.isRefused()) {
                broker.ok(last);
                broker.answerSpill();
            }
        }
        assertTrue(sent > 1000, sent + " were sent");
        String text = last.refusal().text();
        assertTrue(text.contains("nonPersistentBytes=1000000"), text);
        assertTrue(text.contains("nonPersistentSpillBytes=500000"), text);
        // It goes on by itself.
        HeartFixture.Reader reader = alice.queue(Q);
        reader.drain(500);
        reader.ack(1, 500);
        send(Q, sent - 1, 100);
        assertNumbers(500, sent + 99, reader.drain(5000));
    }

    @Test
    void aDiskThatTakesNothingIsNamed() {
        broker.spill.refusal = "disk full: 91 %";
        Outcome<Void> last = null;
        for (int n = 0; last == null || !last.isRefused(); n++) {
            last = alice.trySend(Q, mail(n + PADDING).nonPersistent());
            if (!last.isRefused()) {
                broker.ok(last);
                broker.answerSpill();
            }
        }
        assertTrue(
                last.refusal().text().endsWith("disk full: 91 %"),
                last.refusal().text());
        assertEquals(0, broker.spill.stored());
    }

    @Test
    void withoutASpillTheLimitIsTheMemory() {
        broker = broker(0);
        alice = broker.client();
        Outcome<Void> last = null;
        for (int n = 0; last == null || !last.isRefused(); n++) {
            last = alice.trySend(Q, mail(n + PADDING).nonPersistent());
            if (!last.isRefused()) {
                broker.ok(last);
            }
        }
        assertNull(broker.heart.state().spill.refusedBecause());
    }

    /** With seed 6 bodies came and went for ever once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void knownTrafficKeepsTheOrder(long seed) {
        keepsTheOrder(seed);
    }

    @Test
    void randomTrafficKeepsTheOrder() {
        keepsTheOrder(Long.getLong("posthorn.seed", Clock.system().monotonicNs()));
    }

    private void keepsTheOrder(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        broker = broker(1L << 30);
        alice = broker.client();
        HeartFixture.Reader reader = alice.queue(Q);
        int sent = 0;
        int received = 0;
        int settled = 0;
        for (int step = 0; step < 1500; step++) {
            int n = 1 + random.nextInt(40);
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    for (int i = 0; i < n && !broker.heart.isMemoryTight(); i++) {
                        alice.send(Q, mail(sent++ + PADDING).nonPersistent());
                    }
                }
                case 3 -> broker.spill.answer(broker.heart);
                case 4 -> {
                    List<String> texts = reader.drain(n);
                    for (String text : texts) {
                        assertEquals(received++ + PADDING, text, "seed " + seed);
                    }
                    if (random.nextBoolean() && received > settled) {
                        reader.ack(1, reader.state.inFlight.last());
                        settled = received;
                    }
                }
                default -> {
                    if (random.nextInt(10) == 0) {
                        reader.close(0, false);
                        received = settled;
                        reader = alice.queue(Q);
                    }
                    broker.settle();
                }
            }
        }
        assertNumbers(received, sent, reader.drain(10_000));
        reader.ack(1, reader.state.inFlight.last());
        broker.answerSpill();
        assertEquals(0, broker.spill.stored(), "seed " + seed);
        assertEquals(0, broker.heart.state().memory.bytes(), "seed " + seed);
    }
}
