package io.posthorn.server.queue;

import static io.posthorn.server.queue.HeartFixture.mail;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Placement;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Recovery: snapshot rows and the journal's tail make the state that was. */
class RecoveryTest {

    private static final DestinationName Q = DestinationName.queue("orders");
    private static final DestinationName T = DestinationName.topic("news");
    private static final long LANE = LaneId.of(1, 0, 4);
    private final HeartFixture broker = new HeartFixture();

    private void row(JournalRecord... records) {
        broker.heart.replay(new JournalEntry(0, 1, List.of(records)));
    }

    private void queueRows(long next) {
        row(new JournalRecord.DestinationCreated(1, Q, 1, 5, Map.of()));
        row(new JournalRecord.SubscriptionCreated(1, 1, null, null, null, false, true));
        row(new JournalRecord.LaneRow(LANE, next));
    }

    @Test
    void rowsOfASnapshotAreReadBackWhenTheyAreWanted() {
        queueRows(5000);
        long[] bits = new long[64];
        bits[0] = 0b1010;
        row(new JournalRecord.PendingRow(1, LANE, 0, bits));
        row(new JournalRecord.PendingRow(1, LANE, 1, new long[] {1}));
        row(new JournalRecord.DeliveryRow(1, LANE, 3, 2, 0));
        HeartFixture.Client client = broker.client();
        HeartFixture.Reader reader = client.queue(Q).credit(9);
        ReadRequest request = broker.reads.remove(0);
        assertEquals("[1, 3, 4096]", Arrays.toString(request.offsets()));
        assertEquals("[-1, -1, -1]", Arrays.toString(request.positions()));
        answer(request);
        assertEquals(List.of("m1", "m3*2", "m4096"), reader.texts());
        client.send(Q, "new");
        assertEquals(5000, reader.last().ref().offset());
        reader.ack(1, 4);
        assertFalse(broker.heart.journalledState().contains("pending"));
    }

    private void answer(ReadRequest request) {
        EncodedMessage[] found = new EncodedMessage[request.offsets().length];
        for (int i = 0; i < found.length; i++) {
            found[i] = mail("m" + request.offsets()[i]).to(Q);
        }
        broker.heart.readDone(new ReadResult(request, found, new long[found.length]));
        broker.settle();
    }

    @Test
    void aTransactionStagedInTheSnapshotAndCommittedInTheTailIsThere() {
        queueRows(0);
        row(new JournalRecord.Staged(7, 3, 0, 12, 5, mail("staged").to(Q)));
        row(new JournalRecord.Staged(7, 4, 0, 13, 5, mail("open").to(Q)));
        row(new JournalRecord.ProducerRow(7, 13, new long[] {4}, 2, 5));
        broker.heart.replay(new JournalEntry(
                1000,
                1,
                List.of(new JournalRecord.Committed(
                        7, 3, 6, List.of(new Placement(0, LANE, 0, new int[] {1})), List.of()))));
        broker.end = 1064;
        broker.commit();
        broker.append(broker.heart.recovered(broker.now));
        HeartFixture.Client client = broker.client();
        assertEquals(List.of("staged"), client.queue(Q).credit(9).texts());
        assertTrue(broker.heart.outcome(7, 3).response());
        assertFalse(broker.heart.outcome(7, 4).response());
        assertFalse(broker.heart.journalledState().contains("staged Key"));
        assertTrue(broker.heart
                .send(client.state, 7, 13, 0, mail("again").to(Q), broker.now)
                .awaitCommit());
        assertFalse(broker.heart
                .send(client.state, 7, 4, 0, mail("gap").to(Q), broker.now)
                .awaitCommit());
    }

    @Test
    void aScheduledMessageOfTheSnapshotComesWhenItIsDue() {
        queueRows(0);
        row(new JournalRecord.Scheduled(
                4, broker.now + 50, 5, 7, 1, new int[] {1}, mail("later").to(Q)));
        broker.append(broker.heart.recovered(broker.now));
        HeartFixture.Reader reader = broker.client().queue(Q).credit(9);
        assertTrue(broker.heart.nextTickMs() <= broker.now + 50);
        broker.tick(50);
        assertEquals(List.of("later"), reader.texts());
    }

    @Test
    void tenMillionWaitingMessagesTakeFewMegabytes() {
        int blocks = 2442;
        queueRows(blocks * 4096L);
        long[] full = new long[64];
        Arrays.fill(full, -1L);
        long before = usedBytes();
        for (int block = 0; block < blocks; block++) {
            row(new JournalRecord.PendingRow(1, LANE, block, full));
        }
        long bytes = usedBytes() - before;
        assertTrue(bytes < 8 << 20, bytes + " bytes for " + blocks * 4096L + " messages");
        HeartFixture.Reader reader = broker.client().queue(Q).credit(1);
        answer(broker.reads.remove(0));
        assertEquals(List.of("m0"), reader.texts());
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aDurableSubscriptionThatGoesTakesOnlyItsOwnMessagesAlong() {
        HeartFixture.Client reader = broker.client("r", 0);
        reader.durable(T, "one").close(0, false);
        HeartFixture.Reader two = reader.durable(T, "two").credit(1);
        broker.client().send(T, "a", "b");
        two.ack(1, 1);
        broker.ok(broker.heart.unsubscribe(reader.state, "one", broker.now));
        String before = broker.heart.journalledState();
        broker.restart();
        assertEquals(before, broker.heart.journalledState());
        assertEquals(
                List.of("b"), broker.client("r", 0).durable(T, "two").credit(9).texts());
    }

    @Test
    void aDeletedDestinationTakesEverythingAlongAndItsConsumersAreTold() {
        HeartFixture.Client client = broker.client();
        client.send(Q, "a");
        HeartFixture.Reader reader = client.queue(Q).credit(1);
        broker.heart.replay(new JournalEntry(broker.end, 1, List.of(new JournalRecord.DestinationDeleted(1))));
        assertEquals(List.of("queue://orders was deleted"), broker.closed);
        reader.ack(1, 1);
        assertEquals(0, broker.heart.state().hot.bytes());
        client.send(Q, "b");
        assertEquals(List.of("b"), client.queue(Q).credit(9).texts());
    }
}
