package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.message.DestinationName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who consumes and forwards while the broker refuses messages. */
class PatienceTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final DestinationName OUT = DestinationName.queue("results");
    private static final DestinationName DEAD = DestinationName.queue("DLQ.QUEUE.orders");

    /** The default of maxDeliveries. */
    private static final int MAX = 10;

    private final HeartFixture broker = new HeartFixture();
    private final HeartFixture.Client sender = broker.client();
    private final HeartFixture.Client mover = broker.client();
    private final HeartFixture.Reader in = mover.queue(Q).credit(1);
    private int attempts;

    /** Takes the next message, sends, which may be refused, and rolls back. */
    private void fail(boolean refused) {
        mover.begin(++attempts);
        in.handOver(in.last().id());
        Outcome<Void> send = mover.trySend(OUT, mail("out"));
        if (refused) {
            broker.heart.discard(send.entries().get(0), broker.now);
            mover.staged--;
        } else {
            broker.ok(send);
        }
        mover.rollback(in.span(in.last().id(), in.last().id()));
        in.credit(in.last().id() + 1);
    }

    @Test
    void refusalsMakeNoDeadLetterAndTheMessageKeepsItsPlace() {
        sender.send(Q, "a", "b");
        for (int i = 1; i <= 3 * MAX; i++) {
            fail(true);
            assertEquals(i, in.got().size(), "it is tried again a little later only");
            broker.tick(Patience.PAUSE_MS);
            assertEquals("a*" + i, in.texts().get(i));
        }
        mover.begin(++attempts);
        in.handOver(in.last().id());
        mover.send(OUT, "out");
        mover.commit(in.span(in.last().id(), in.last().id()));
        assertEquals("b", in.credit(in.last().id() + 1).last().text());
        assertEquals(List.of("out"), sender.queue(OUT).credit(5).texts());
    }

    @Test
    void failuresCountAgainWhenNothingIsRefusedAnyMore() {
        sender.send(Q, "a");
        for (int i = 0; i < MAX; i++) {
            fail(true);
            broker.tick(Patience.PAUSE_MS);
        }
        broker.tick(Patience.REFUSING_MS);
        for (int i = 0; i < MAX; i++) {
            assertEquals(0, dead());
            fail(false);
        }
        assertEquals(1, dead());
    }

    @Test
    void aMessageInMemoryIsSparedToo() {
        sender.send(Q, mail("a").nonPersistent());
        for (int i = 1; i <= 2 * MAX; i++) {
            fail(true);
            broker.tick(Patience.PAUSE_MS);
            assertEquals("a*" + i, in.texts().get(i));
        }
    }

    @Test
    void whatWasSparedIsTriedOnceMoreAfterARestart() {
        sender.send(Q, "a");
        for (int i = 0; i < 2 * MAX; i++) {
            fail(true);
            broker.tick(Patience.PAUSE_MS);
        }
        broker.restart();
        HeartFixture.Client next = broker.client();
        HeartFixture.Reader again = next.queue(Q).credit(1);
        assertEquals(List.of("a*" + 2 * MAX), again.texts());
        again.handOver(1);
        again.release(1, 1);
        assertEquals(1, again.credit(2).got().size());
        assertEquals(1, dead());
    }

    @Test
    void aClockThatIsSetBackEndsThePause() {
        sender.send(Q, "a");
        fail(true);
        broker.tick(-1000);
        broker.settle();
        in.credit(9);
        assertEquals(List.of("a", "a*1"), in.texts());
    }

    private long dead() {
        HeartFixture.Client looking = broker.client();
        int found = looking.open(ConsumerMode.BROWSE, DEAD, null, null, false)
                .drain(9)
                .size();
        looking.close();
        return found;
    }
}
