package io.posthorn.benchmarks;

import io.posthorn.server.store.Origin;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
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

/** Reading 64 messages in a row that are not in memory, as for a consumer of a deep queue; with the way to the reader thread and back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ColdReadBenchmark {

    private static final int MESSAGES = 100_000;
    private static final int AT_ONCE = 64;

    /** Where messages lie that are not in memory: in the journal until the next checkpoint, in LMDB from then on. */
    public enum Place {
        JOURNAL,
        LMDB
    }

    @Param
    public Place place;

    private TemporaryStore files;
    private long[] positions;
    private int next;

    @Setup
    public void fill() throws IOException, InterruptedException {
        files = new TemporaryStore();
        positions = files.fill(MESSAGES);
        if (place == Place.LMDB) {
            files.checkpoint();
            Arrays.fill(positions, -1);
        }
    }

    @TearDown
    public void close() throws IOException {
        files.close();
    }

    @Benchmark
    public ReadResult read() {
        if (next + AT_ONCE > MESSAGES) {
            next = 0;
        }
        long[] offsets = new long[AT_ONCE];
        Arrays.setAll(offsets, i -> next + i);
        long[] at = Arrays.copyOfRange(positions, next, next + AT_ONCE);
        next += AT_ONCE;
        CompletableFuture<ReadResult> done = new CompletableFuture<>();
        files.store().read(new ReadRequest(Messages.LANE, offsets, at, new Origin[offsets.length]), done::complete);
        ReadResult result = done.join();
        if (result.messages()[AT_ONCE - 1] == null) {
            throw new IllegalStateException("message " + offsets[AT_ONCE - 1] + " was not found");
        }
        return result;
    }
}
