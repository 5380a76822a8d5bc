package io.posthorn.tck.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.tck.DataDir;
import io.posthorn.testing.ServerProcess;
import io.posthorn.time.Clock;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Queue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much checkpoints delay a send: two servers take the same load in turns, one of which moves its journal into LMDB all the time and the other
 * never. A probe sends one persistent message after the other and waits for each, while fillers make a backlog that checkpoints have to move. The
 * 99th percentile with checkpoints is at most three times that without.
 */
@Tag("benchmark")
class CheckpointLatencyIT {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointLatencyIT.class);

    private static final int ROUNDS = 4;
    private static final long WARM_UP_MS = 8_000;
    private static final long TURN_MS = 8_000;
    private static final int FILLERS = 2;
    private static final int FILLED_AT_ONCE = 50;
    private static final byte[] BODY = new byte[1024];
    private static final int FACTOR_MAX = 3;

    @TempDir
    Path dir;

    private final Clock clock = Clock.system();

    /** What was measured in the turns of one server, in ns. */
    private record Latencies(List<Long> all) {

        long percentile(double part) {
            long[] sorted = all.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * part))];
        }

        String line() {
            return String.format(
                    "%d sends, p50 %d µs, p99 %d µs, p99.9 %d µs, longest %d µs",
                    all.size(),
                    percentile(0.5) / 1000,
                    percentile(0.99) / 1000,
                    percentile(0.999) / 1000,
                    percentile(1) / 1000);
        }
    }

    @Test
    void checkpointsDoNotHoldUpSends() throws Exception {
        DataDir without = new DataDir(dir.resolve("without"));
        DataDir with = new DataDir(dir.resolve("with"));
        try (ServerProcess off = server(without, 1L << 40, 3_600_000);
                ServerProcess on = server(with, 4L << 20, 200)) {
            turn(off, WARM_UP_MS);
            turn(on, WARM_UP_MS);
            Latencies offLatencies = new Latencies(new ArrayList<>());
            Latencies onLatencies = new Latencies(new ArrayList<>());
            Set<Object> checkpoints = new HashSet<>();
            for (int i = 0; i < ROUNDS; i++) {
                offLatencies.all().addAll(turn(off, TURN_MS));
                onLatencies.all().addAll(turn(on, TURN_MS));
                checkpoints.add(Files.getLastModifiedTime(with.tables()));
            }
            double factor = (double) onLatencies.percentile(0.99) / offLatencies.percentile(0.99);
            LOG.info("checkpoints off: {}", offLatencies.line());
            LOG.info("checkpoints on:  {}", onLatencies.line());
            LOG.info("p99 on / p99 off = {}", String.format("%.2f", factor));
            assertTrue(checkpoints.size() == ROUNDS, "checkpoints were made in every round: " + checkpoints);
            assertTrue(factor <= FACTOR_MAX, "p99 with checkpoints is " + factor + " times that without");
        }
    }

    private static ServerProcess server(DataDir data, long checkpointBytes, long intervalMs) {
        return ServerProcess.standalone(
                data.path(),
                "--checkpoint-bytes",
                Long.toString(checkpointBytes),
                "--checkpoint-interval-ms",
                Long.toString(intervalMs));
    }

    /** Load for some time; what the probe has measured. */
    private List<Long> turn(ServerProcess server, long lengthMs) throws InterruptedException {
        long endNs = clock.monotonicNs() + lengthMs * 1_000_000;
        List<Long> measured = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < FILLERS; i++) {
            threads.add(new Thread(() -> fill(server, endNs), "filler-" + i));
        }
        threads.add(new Thread(() -> probe(server, endNs, measured), "probe"));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(!measured.isEmpty(), "nothing was measured");
        return measured;
    }

    private void fill(ServerProcess server, long endNs) {
        try (JMSContext context =
                new PosthornConnectionFactory(server.url()).createContext(JMSContext.SESSION_TRANSACTED)) {
            Queue queue = context.createQueue("filled");
            JMSProducer producer = context.createProducer();
            while (clock.monotonicNs() < endNs) {
                for (int i = 0; i < FILLED_AT_ONCE; i++) {
                    producer.send(queue, BODY);
                }
                context.commit();
            }
        }
    }

    private void probe(ServerProcess server, long endNs, List<Long> measured) {
        try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            Queue queue = context.createQueue("probed");
            JMSProducer producer = context.createProducer();
            for (long beginNs = clock.monotonicNs(); beginNs < endNs; beginNs = clock.monotonicNs()) {
                producer.send(queue, BODY);
                measured.add(clock.monotonicNs() - beginNs);
            }
        }
    }
}
