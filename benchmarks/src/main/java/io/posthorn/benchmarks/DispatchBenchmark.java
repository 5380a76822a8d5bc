package io.posthorn.benchmarks;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.queue.BrokerHeart;
import io.posthorn.server.queue.ClientState;
import io.posthorn.server.queue.ConsumerMode;
import io.posthorn.server.queue.ConsumerOpening;
import io.posthorn.server.queue.ConsumerState;
import io.posthorn.server.queue.HeartConfig;
import io.posthorn.server.queue.HeartOutput;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.queue.RefusalKind;
import io.posthorn.server.queue.Settling;
import io.posthorn.server.queue.Span;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ScheduledRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The way of one message through the heart: sent, committed, dispatched to one of the queue's consumers, acknowledged; without a disk. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DispatchBenchmark implements HeartOutput {

    private static final int ENTRY_BYTES = 1100;
    private static final long PRODUCER = 5;

    @Param({"true", "false"})
    public boolean persistent;

    @Param({"1", "8"})
    public int consumers;

    private BrokerHeart heart;
    private ClientState client;
    private EncodedMessage message;
    private long end = 1;
    private long sequence;
    private ConsumerState deliveredTo;
    private long deliveryId;

    @Setup
    public void open() {
        heart = new BrokerHeart(HeartConfig.defaults("benchmark"), this);
        client = apply(heart.connect(1, 1, null, 0, 1));
        message = Messages.message(persistent);
        for (int id = 1; id <= consumers; id++) {
            apply(heart.openConsumer(
                    client,
                    new ConsumerOpening(id, ConsumerMode.QUEUE, Messages.QUEUE, null, null, false, List.of()),
                    1));
            heart.credit(client, id, Long.MAX_VALUE, Integer.MAX_VALUE);
        }
    }

    @Benchmark
    public long dispatch() {
        deliveredTo = null;
        apply(heart.send(client, PRODUCER, persistent ? ++sequence : 0, 0, message, 1));
        heart.committed(end);
        apply(heart.dispatch(1));
        if (deliveredTo == null) {
            throw new IllegalStateException("message " + sequence + " was not delivered");
        }
        apply(heart.acknowledge(
                client, Settling.ACCEPT, List.of(new Span(deliveredTo.consumerId(), deliveryId, deliveryId)), 1));
        return deliveryId;
    }

    private <R> R apply(Outcome<R> outcome) {
        for (List<JournalRecord> entry : outcome.entries()) {
            heart.replay(new JournalEntry(end, 1, entry));
            end += ENTRY_BYTES;
        }
        return outcome.response();
    }

    @Override
    public void deliver(ConsumerState to, long id, int count, long lane, long offset, EncodedMessage delivered) {
        deliveredTo = to;
        deliveryId = id;
    }

    @Override
    public void drained(ConsumerState consumer, Object token, long lastDeliveryId, boolean endOfBrowse) {}

    @Override
    public void consumerClosed(ConsumerState consumer, RefusalKind why, String text) {}

    @Override
    public void readScheduled(ScheduledRequest request) {
        throw new IllegalStateException("nothing is delayed");
    }

    @Override
    public void readExpired(ExpiredRequest request) {
        throw new IllegalStateException("nobody ticks");
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

    @Override
    public void read(ReadRequest request) {
        throw new IllegalStateException("everything is in memory here");
    }
}
