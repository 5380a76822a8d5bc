package io.posthorn.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.message.DestinationName;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many messages in a row a consumer gets. */
class PaceTest {

    private static final DestinationName Q = DestinationName.queue("orders");

    private final HeartFixture broker = new HeartFixture();
    private final HeartFixture.Client sender = broker.client();
    private final HeartFixture.Client client = broker.client();
    private final HeartFixture.Reader one = client.queue(Q).credit(1000);
    private final HeartFixture.Reader two = client.queue(Q).credit(1000);

    /** So many messages that become visible at once; returns how many of them the consumers got, the larger share first. */
    private String burst(int count) {
        int before = one.got().size();
        int beforeOfTwo = two.got().size();
        broker.holdCommits = true;
        sender.send(Q, IntStream.range(0, count).mapToObj(i -> "m" + i).toArray(String[]::new));
        broker.holdCommits = false;
        broker.settle();
        int share = one.got().size() - before;
        int other = two.got().size() - beforeOfTwo;
        return Math.max(share, other) + "+" + Math.min(share, other);
    }

    /** Both begin with all they have, and time passes. */
    private void work(long ms) {
        one.handOver(one.got().size());
        two.handOver(two.got().size());
        broker.tick(ms);
    }

    @Test
    void whoIsNewGetsOneAtATime() {
        assertEquals("3+3", burst(6));
    }

    @Test
    void whoDoesManyInAShortTimeGetsThemInARow() {
        assertEquals("20+20", burst(40));
        work(Pace.WINDOW_MS);
        assertEquals("10+2", burst(12));
        assertEquals("10+2", burst(12));
        assertEquals(one.got().size(), two.got().size(), "each has its turn");
    }

    @Test
    void aRowHasItsLimit() {
        burst(400);
        work(Pace.WINDOW_MS);
        assertEquals(Pace.ROW_MAX + "+0", burst(Pace.ROW_MAX));
        assertEquals(Pace.ROW_MAX + "+1", burst(Pace.ROW_MAX + 1));
    }

    @Test
    void aRowEndsWithTheCredit() {
        burst(40);
        one.credit(one.got().size() + 3);
        work(Pace.WINDOW_MS);
        assertEquals("13+3", burst(16));
    }

    @Test
    void whoTakesLongGetsOneAtATimeAgain() {
        burst(40);
        work(Pace.WINDOW_MS);
        burst(20);
        broker.tick(Pace.WINDOW_MS);
        assertEquals("2+2", burst(4));
    }

    @Test
    void whoHasHadLittleToDoGetsOneAtATime() {
        burst(40);
        work(1000);
        assertEquals("2+2", burst(4));
    }

    @Test
    void givingBackIsNoWork() {
        burst(40);
        one.release(1, one.got().size());
        broker.tick(Pace.WINDOW_MS);
        assertEquals("2+2", burst(4));
    }

    @Test
    void acknowledgingWithoutAMarkIs() {
        burst(40);
        one.ack(1, 20);
        two.ack(1, 20);
        broker.tick(Pace.WINDOW_MS);
        assertEquals("10+2", burst(12));
    }

    @Test
    void aClockThatIsSetBackMeansOneAtATime() {
        burst(40);
        work(Pace.WINDOW_MS);
        burst(2);
        broker.now -= 3_600_000;
        assertEquals("2+2", burst(4));
    }
}
