package io.posthorn.tck.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import io.posthorn.time.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mixed load for a long time ({@code -Dposthorn.soak.minutes=N}): nothing is lost or doubled, and heap, resident memory, threads, handles and files do
 * not grow. Every sample is a line of {@code soak.csv} in the directory of the servers' logs.
 */
@Tag("soak")
class SoakIT {

    private static final Logger LOG = LoggerFactory.getLogger(SoakIT.class);

    private static final String HEAP = "-Xmx256m";
    private static final int SAMPLES = 60;
    private static final long PAUSE_NS = 15_000_000;
    private static final long LOOK_NS = 100_000_000;

    /** What may differ between an early sample and a late one without anything growing. */
    private static final long HEAP_SLACK_BYTES = 32L << 20;

    private static final long RESIDENT_SLACK_BYTES = 64L << 20;
    private static final long THREADS_SLACK = 8;
    private static final long HANDLES_SLACK = 16;
    private static final long FILES_SLACK = 8;
    private static final long DATA_SLACK_BYTES = 96L << 20;

    @TempDir
    Path dir;

    @Test
    void nothingGrowsUnderMixedLoad() throws Exception {
        long minutes = Long.getLong("posthorn.soak.minutes", 30);
        Clock clock = Clock.system();
        Path data = dir.resolve("data");
        Account account = new Account();
        List<Footprint> samples = new ArrayList<>();
        try (ServerProcess server = ServerProcess.standaloneIn(
                        HEAP,
                        data,
                        "--journal-segment-bytes",
                        "8388608",
                        "--max-message-bytes",
                        "4194304",
                        "--checkpoint-bytes",
                        "33554432",
                        "--checkpoint-interval-ms",
                        "10000",
                        "--max-deliveries",
                        "0");
                SideLoad side = new SideLoad(server.url(), new SplittableRandom(2));
                OrderLoad orders = new OrderLoad(server.url(), account, 0, new SplittableRandom(1), PAUSE_NS)) {
            Path table = server.log().resolveSibling("soak.csv");
            List<String> lines = new ArrayList<>(List.of("s," + Footprint.HEADER + ",acknowledged"));
            long startNs = clock.monotonicNs();
            long lengthNs = minutes * 60_000_000_000L;
            for (int i = 1; i <= SAMPLES; i++) {
                long nextNs = startNs + lengthNs * i / SAMPLES;
                while (clock.monotonicNs() < nextNs) {
                    LockSupport.parkNanos(LOOK_NS);
                    assertEquals(List.of(), orders.failures(), "orders");
                    assertEquals(List.of(), side.failures(), "the rest");
                }
                Footprint sample = Footprint.of(server.pid(), data);
                samples.add(sample);
                lines.add((clock.monotonicNs() - startNs) / 1_000_000_000 + "," + sample.line() + ","
                        + account.acknowledged());
                Files.write(table, lines);
            }
            orders.stopSending();
            Await.until("all that was acknowledged comes", account::isComplete);
            assertEquals(List.of(), orders.failures(), "orders at the end");
            LOG.info("the rest: {}", side.summary());
        }
        assertEquals(List.of(), account.violations());
        // The first sixth is for warming up: the JIT's code, caches, and the first checkpoints.
        Footprint early = Footprint.most(samples.subList(SAMPLES / 6, SAMPLES / 2));
        Footprint late = Footprint.most(samples.subList(SAMPLES / 2, SAMPLES));
        LOG.info("{} minutes, {}", minutes, account.summary());
        LOG.info("{}: at most {} in the first half, {} in the second", Footprint.HEADER, early.line(), late.line());
        assertBounded("heap", early.heapBytes(), late.heapBytes(), HEAP_SLACK_BYTES);
        assertBounded("resident memory", early.residentBytes(), late.residentBytes(), RESIDENT_SLACK_BYTES);
        assertBounded("threads", early.threads(), late.threads(), THREADS_SLACK);
        assertBounded("handles", early.handles(), late.handles(), HANDLES_SLACK);
        assertBounded("files", early.files(), late.files(), FILES_SLACK);
        assertBounded("data", early.dataBytes(), late.dataBytes(), DATA_SLACK_BYTES);
    }

    private static void assertBounded(String what, long early, long late, long slack) {
        assertTrue(late <= early + slack, what + " grew from " + early + " to " + late);
    }
}
