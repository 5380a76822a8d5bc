package io.posthorn.benchmarks;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.journal.Journal;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Appending to the journal: one batch of messages until it is durable, with one {@code fdatasync}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class JournalBenchmark {

    /** Segments are given back when so much has been appended. */
    private static final long RELEASE_BYTES = 64L << 20;

    /** Messages per batch. */
    @Param({"1", "16", "256"})
    public int batch;

    private final EncodedMessage message = Messages.message(true);
    private final StoreEvents events = new StoreEvents();
    private Path dir;
    private Journal journal;
    private long offset;
    private long releaseAt;

    @Setup
    public void open() throws IOException {
        dir = TemporaryStore.directory();
        journal = new Journal(StoreConfig.defaults(dir), Clock.system(), events);
        journal.recover(0, (position, end, epoch, array, from, length) -> {});
        journal.beginEpoch(1, List.of(new JournalRecord.EpochStarted(1, 1)));
        releaseAt = journal.endPosition() + RELEASE_BYTES;
    }

    @TearDown
    public void close() throws IOException {
        journal.close();
        TemporaryStore.delete(dir);
    }

    @Benchmark
    public void append() throws InterruptedException {
        for (int i = 0; i < batch; i++) {
            journal.append(Messages.published(message, offset++));
        }
        journal.seal();
        journal.flushSealed();
        long end = journal.endPosition();
        events.awaitCommitted(end);
        if (end >= releaseAt) {
            journal.release(end);
            releaseAt = end + RELEASE_BYTES;
        }
    }
}
