package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import org.junit.jupiter.api.Test;

/** Who is to be slowed down when messages in memory have nearly filled their room. */
class CrowdedMemoryTest {

    private static final DestinationName ABANDONED = new DestinationName(DestinationKind.QUEUE, "abandoned");
    private static final DestinationName BUSY = new DestinationName(DestinationKind.QUEUE, "busy");
    private static final DestinationName NEWS = new DestinationName(DestinationKind.TOPIC, "news");
    private static final int ROOM = 100_000;

    private final HeartFixture broker =
            new HeartFixture(HeartConfig.defaults("b").withMemory(1 << 20, ROOM, 10_000));

    private final HeartFixture.Client alice = broker.client();

    @Test
    void onlyWhoFillsTheMemoryIsHeldBack() {
        HeartFixture.Reader reader = alice.queue(BUSY).credit(10);
        send(BUSY, 3);
        assertFalse(isCrowded(ABANDONED));
        fill(ABANDONED);
        assertTrue(isCrowded(ABANDONED));
        assertFalse(isCrowded(BUSY));
        assertFalse(isCrowded(new DestinationName(DestinationKind.QUEUE, "new")));
        reader.ack(1, 3);
        assertEquals(0, reader.state.subscription.volatileBytes);
        fill(ABANDONED);
        assertTrue(isCrowded(ABANDONED));
        assertFalse(isCrowded(BUSY));
    }

    @Test
    void nobodyIsHeldBackOnceThereIsRoom() {
        fill(ABANDONED);
        HeartFixture.Reader late = alice.queue(ABANDONED).credit(100_000);
        assertTrue(isCrowded(ABANDONED));
        late.ack(1, late.got().size());
        assertFalse(isCrowded(ABANDONED));
    }

    @Test
    void manyWithEqualSharesAreAllHeldBack() {
        DestinationName[] queues = new DestinationName[20];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new DestinationName(DestinationKind.QUEUE, "q" + i);
        }
        for (int n = 0; !broker.heart.isMemoryTight(); n++) {
            send(queues[n % queues.length], 1);
        }
        for (DestinationName queue : queues) {
            assertTrue(isCrowded(queue), queue.toString());
        }
    }

    @Test
    void aTopicIsAsCrowdedAsItsSlowestSubscription() {
        HeartFixture.Reader slow = alice.topic(NEWS);
        HeartFixture.Reader quick = alice.topic(NEWS).credit(100_000);
        fill(NEWS);
        quick.ack(1, quick.got().size());
        fill(NEWS);
        assertTrue(isCrowded(NEWS));
        slow.close(0, false);
        assertFalse(isCrowded(NEWS));
        assertFalse(broker.heart.isMemoryTight());
    }

    private void fill(DestinationName with) {
        while (!broker.heart.isMemoryTight()) {
            send(with, 1);
        }
    }

    private void send(DestinationName to, int count) {
        for (int i = 0; i < count; i++) {
            alice.send(to, mail("some text to take room in memory").nonPersistent());
        }
    }

    private boolean isCrowded(DestinationName to) {
        return broker.heart.isCrowded(mail("x").nonPersistent().to(to));
    }
}
