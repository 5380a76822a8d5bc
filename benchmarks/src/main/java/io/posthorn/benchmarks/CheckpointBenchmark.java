package io.posthorn.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One checkpoint of a journal with 50,000 messages into an empty LMDB environment, of which the first part is consumed already. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(1)
public class CheckpointBenchmark {

    private static final int MESSAGES = 50_000;

    /** How many percent of the messages are consumed, so that they never get into LMDB. */
    @Param({"0", "90", "100"})
    public int consumed;

    private TemporaryStore files;

    @Setup(Level.Iteration)
    public void fill() throws IOException, InterruptedException {
        files = new TemporaryStore();
        files.fill(MESSAGES);
        if (consumed > 0) {
            files.store().append(Messages.settled(0, MESSAGES / 100L * consumed - 1));
            files.flush();
        }
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        files.close();
    }

    @Benchmark
    public void checkpoint() throws InterruptedException {
        files.checkpoint();
    }
}
