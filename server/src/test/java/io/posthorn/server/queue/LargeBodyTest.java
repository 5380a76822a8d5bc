package io.posthorn.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.server.queue.HeartFixture.Client;
import io.posthorn.server.queue.HeartFixture.Reader;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chunks of large bodies stay as long as something refers to them, and no longer. */
class LargeBodyTest {

    private static final DestinationName QUEUE = DestinationName.queue("q");
    private static final DestinationName TOPIC = DestinationName.topic("t");
    private static final long LENGTH = 2L * LargeBody.CHUNK_BYTES + 5;

    private final HeartFixture broker = new HeartFixture();
    private Client client;
    private long lastUpload;

    @BeforeEach
    void connect() {
        client = broker.client();
    }

    private Outcome<DeliveryRef> put(Client from, long upload, int index) {
        return broker.heart.putChunk(
                from.state, upload, LENGTH, index, new byte[LargeBody.chunkBytes(LENGTH, index)], broker.now);
    }

    private LargeBody upload(Client from, long upload) {
        DeliveryRef first = broker.ok(put(from, upload, 0));
        broker.ok(put(from, upload, 1));
        DeliveryRef last = broker.ok(put(from, upload, 2));
        return new LargeBody(LENGTH, first.lane(), new long[] {first.offset(), last.offset()});
    }

    private Outcome<Void> trySend(Client from, DestinationName to, LargeBody body, boolean persistent) {
        HeartFixture.Mail mail = HeartFixture.mail("");
        mail.head.persistent(persistent);
        EncodedMessage message = mail.to(to).withLargeBody(body);
        if (from.tx > 0) {
            from.staged++;
        }
        return broker.heart.send(from.state, from.producerId, ++from.sequence, from.tx, message, broker.now);
    }

    private LargeBody send(Client from, DestinationName to, boolean persistent) {
        long upload = ++lastUpload;
        LargeBody body = upload(from, upload);
        broker.ok(trySend(from, to, body, persistent));
        broker.ok(broker.heart.endUpload(from.state, upload));
        return body;
    }

    /** How many chunks there are. */
    private long chunks() {
        DestinationState chunks = broker.heart.state().destinations.find(LargeBody.CHUNKS);
        return chunks == null ? 0 : chunks.queueSubscription().level(4).pending.count();
    }

    @Test
    void theyGoWithTheLastMessage() {
        Reader durable = client(TOPIC, "a");
        Reader other = client(TOPIC, "b");
        LargeBody body = send(client, TOPIC, true);
        assertEquals(3, chunks());
        assertEquals(body, durable.credit(9).last().message().largeBody());
        durable.ack(1, 1);
        assertEquals(3, chunks());
        assertNotNull(broker.heart.locateChunk(body.lane(), body.firstOffset() + 2));
        other.credit(9).ack(1, 1);
        assertEquals(0, chunks());
        assertNull(broker.heart.locateChunk(body.lane(), body.firstOffset()));
    }

    private Reader client(DestinationName topic, String id) {
        return broker.client(id, 0).durable(topic, "d");
    }

    @Test
    void messagesOfMemoryHoldThemToo() {
        Reader first = client.topic(TOPIC);
        Reader second = client.topic(TOPIC);
        send(client, TOPIC, false);
        first.credit(9).ack(1, 1);
        assertEquals(3, chunks());
        second.credit(9).ack(1, 1);
        assertEquals(0, chunks());
        send(client, DestinationName.topic("nobody"), false);
        assertEquals(0, chunks());
    }

    @Test
    void transactionsDelaysAndDeadLettersHoldThem() {
        client.begin(1);
        send(client, QUEUE, true);
        assertEquals(3, chunks());
        client.rollback();
        assertEquals(0, chunks());
        client.begin(2);
        send(client, QUEUE, true);
        send(client, QUEUE, false);
        client.commit();
        assertEquals(6, chunks());
        Reader reader = client.queue(QUEUE).credit(9);
        reader.ack(1, 1);
        assertEquals(3, chunks());
        reader.reject(2, 2);
        assertEquals(3, chunks());
        client.queue(DestinationName.queue("DLQ.QUEUE.q")).credit(9).ack(1, 1);
        assertEquals(0, chunks());
    }

    @Test
    void delayedOnesHoldThem() {
        for (boolean persistent : new boolean[] {true, false}) {
            long upload = ++lastUpload;
            LargeBody body = upload(client, upload);
            HeartFixture.Mail mail = HeartFixture.mail("").delay(1000);
            mail.head.persistent(persistent);
            broker.ok(broker.heart.send(
                    client.state,
                    client.producerId,
                    ++client.sequence,
                    0,
                    mail.to(QUEUE).withLargeBody(body),
                    broker.now));
            broker.ok(broker.heart.endUpload(client.state, upload));
            assertEquals(3, chunks());
            broker.tick(2000);
            assertEquals(3, chunks());
            Reader reader = client.queue(QUEUE).credit(1);
            reader.ack(1, 1);
            assertEquals(0, chunks());
            reader.close(1, false);
        }
    }

    @Test
    void uploadsThatCameToNothingAreDropped() {
        upload(client, 1);
        broker.ok(broker.heart.endUpload(client.state, 1));
        assertEquals(0, chunks());
        upload(client, 2);
        client.close();
        assertEquals(0, chunks());
        Client lost = broker.client();
        broker.ok(put(lost, 1, 0));
        lost.lose();
        assertEquals(1, chunks());
        broker.tick(broker.config.retention().resumeTimeoutMs() + 1);
        assertEquals(0, chunks());
    }

    @Test
    void aClientThatComesBackGoesOnAndChunksAreStoredOnce() {
        DeliveryRef first = broker.ok(put(client, 1, 0));
        client.lose();
        Client back = broker.client(null, client.state.token());
        assertEquals(first, broker.ok(put(back, 1, 0)));
        DeliveryRef second = broker.ok(put(back, 1, 1));
        assertEquals(second, broker.ok(put(back, 1, 1)));
        broker.ok(put(back, 1, 2));
        assertEquals(3, chunks());
        LargeBody body = new LargeBody(LENGTH, first.lane(), new long[] {first.offset(), first.offset() + 2});
        broker.ok(trySend(back, QUEUE, body, true));
        broker.ok(broker.heart.endUpload(back.state, 1));
        broker.tick(broker.config.retention().resumeTimeoutMs() + 1);
        assertEquals(3, chunks());
        back.queue(QUEUE).credit(1).ack(1, 1);
        assertEquals(0, chunks());
    }

    @Test
    void aRestartKeepsWhatMessagesReferToAndNothingElse() {
        send(client, QUEUE, true);
        client.begin(1);
        send(client, QUEUE, true);
        client.tx = 0;
        upload(client, 77);
        assertEquals(9, chunks());
        broker.restart();
        assertEquals(3, chunks());
        Client next = broker.client();
        assertEquals(RefusalKind.BODY_LOST, broker.refused(put(next, 77, 1)));
        Reader reader = next.queue(QUEUE).credit(9);
        broker.answerReads();
        reader.ack(1, 1);
        assertEquals(0, chunks());
        broker.restart();
        assertEquals(0, chunks());
    }

    @Test
    void nobodyRefersToWhatIsNotHisOrNotComplete() {
        Client other = broker.client();
        LargeBody body = upload(client, 1);
        assertEquals(RefusalKind.BODY_LOST, broker.refused(trySend(other, QUEUE, body, true)));
        LargeBody wrong =
                new LargeBody(LENGTH, body.lane(), new long[] {body.firstOffset(), body.firstOffset() + 1, 900, 900});
        assertEquals(RefusalKind.BODY_LOST, broker.refused(trySend(client, QUEUE, wrong, true)));
        DeliveryRef first = broker.ok(put(client, 2, 0));
        LargeBody half = new LargeBody(LENGTH, first.lane(), new long[] {first.offset(), first.offset() + 2});
        assertEquals(RefusalKind.BODY_LOST, broker.refused(trySend(client, QUEUE, half, true)));
        broker.ok(trySend(client, QUEUE, body, true));
    }

    @Test
    void theQueueOfTheChunksIsNobodys() {
        upload(client, 1);
        assertEquals(
                RefusalKind.INVALID_DESTINATION,
                broker.refused(client.tryOpen(ConsumerMode.QUEUE, LargeBody.CHUNKS, null, null, false)));
        assertEquals(
                RefusalKind.INVALID_DESTINATION,
                broker.refused(client.trySend(LargeBody.CHUNKS, HeartFixture.mail("x"))));
        assertEquals(List.of(), broker.heart.destinations());
    }

    @Test
    void oddChunksAndTooLargeBodiesAreRefused() {
        long max = broker.config.message().maxBytes();
        assertEquals(
                RefusalKind.INVALID_MESSAGE,
                broker.refused(broker.heart.putChunk(
                        client.state, 1, max + 1, 0, new byte[LargeBody.CHUNK_BYTES], broker.now)));
        assertEquals(
                RefusalKind.INVALID_MESSAGE,
                broker.refused(broker.heart.putChunk(client.state, 1, LENGTH, 0, new byte[5], broker.now)));
        assertEquals(RefusalKind.BODY_LOST, broker.refused(put(client, 1, 1)));
        broker.ok(put(client, 1, 0));
        assertEquals(RefusalKind.BODY_LOST, broker.refused(put(client, 1, 2)));
        assertEquals(0, broker.reads.size());
    }
}
