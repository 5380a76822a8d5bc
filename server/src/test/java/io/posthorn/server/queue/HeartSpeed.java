package io.posthorn.server.queue;

import io.posthorn.message.BodyType;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.time.Clock;
import java.util.List;

/** Measures the heart alone, over a journal that keeps nothing; run by hand. */
public final class HeartSpeed implements HeartOutput {

    private static final DestinationName Q = DestinationName.queue("speed");
    private final BrokerHeart heart = new BrokerHeart(HeartConfig.defaults("b"), this);
    private long end = 100;
    private long delivered;

    public static void main(String[] arguments) {
        for (int round = 0; round < 8; round++) {
            new HeartSpeed().run(round % 2 == 0, 2_000_000);
        }
    }

    private void run(boolean persistent, int count) {
        ClientState client = apply(heart.connect(1, 1, null, 0, 1));
        ConsumerState consumer = apply(heart.openConsumer(
                        client, new ConsumerOpening(1, ConsumerMode.QUEUE, Q, null, null, false, List.of()), 1))
                .consumer();
        heart.credit(client, 1, Long.MAX_VALUE, Integer.MAX_VALUE);
        MessageHead head = new MessageHead();
        head.destination(Q);
        head.persistent(persistent);
        head.bodyType(BodyType.BYTES);
        EncodedMessage message = EncodedMessage.encode(head, new byte[1024]);
        long before = Clock.system().monotonicNs();
        for (int i = 1; i <= count; i++) {
            apply(heart.send(client, 5, persistent ? i : 0, 0, message, 1));
            heart.committed(end);
            apply(heart.dispatch(1));
            apply(heart.acknowledge(client, Settling.ACCEPT, List.of(new Span(1, i, i)), 1));
        }
        long nanos = Clock.system().monotonicNs() - before;
        System.out.printf(
                "%s: %d ns per publish + deliver + ack, %d delivered to %s%n",
                persistent ? "persistent" : "non-persistent", nanos / count, delivered, consumer);
    }

    private <R> R apply(Outcome<R> outcome) {
        for (List<JournalRecord> entry : outcome.entries()) {
            heart.replay(new JournalEntry(end, 1, entry));
            end += 1100;
        }
        return outcome.response();
    }

    @Override
    public void deliver(ConsumerState to, long id, int count, long lane, long offset, EncodedMessage message) {
        delivered++;
    }

    @Override
    public void drained(ConsumerState consumer, Object token, long lastDeliveryId, boolean endOfBrowse) {}

    @Override
    public void consumerClosed(ConsumerState consumer, RefusalKind why, String text) {}

    @Override
    public void read(ReadRequest request) {
        throw new AssertionError("nothing is cold here");
    }

    @Override
    public void readScheduled(ScheduledRequest request) {
        // Nobody ticks.
    }

    @Override
    public void readExpired(ExpiredRequest request) {
        // Likewise.
    }

    @Override
    public void spill(long id, EncodedMessage message) {
        throw new IllegalStateException("there is memory enough");
    }

    @Override
    public void readSpilled(long[] ids) {
        throw new IllegalStateException("nothing was spilled");
    }

    @Override
    public void dropSpilled(long id) {
        throw new IllegalStateException("nothing was spilled");
    }
}
