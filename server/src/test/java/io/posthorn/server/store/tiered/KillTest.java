package io.posthorn.server.store.tiered;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord.LaneRow;
import io.posthorn.server.store.JournalRecord.PendingRow;
import io.posthorn.server.store.JournalRecord.Published;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.StoreFixtures;
import io.posthorn.time.Clock;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that appends is killed with SIGKILL at any moment, checkpoints included: what it had acknowledged is there. */
class KillTest {

    private static final long LANE = LaneId.of(1, 0, 4);
    private static final int ROUNDS = 5;
    private static final int ACKNOWLEDGED_BEFORE_KILL = 1000;

    @TempDir
    Path dir;

    @Test
    void whatWasAcknowledgedSurvivesKill() throws Exception {
        long next = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long acknowledged = runAndKill(next, next + ACKNOWLEDGED_BEFORE_KILL + 400L * round);
            long recovered = recover();
            assertTrue(
                    recovered >= acknowledged,
                    "round " + round + ": acknowledged " + acknowledged + " messages, found " + recovered);
            next = recovered;
        }
    }

    /** Starts a child, reads how many messages it has acknowledged, and kills it once they are enough. */
    private long runAndKill(long next, long enough) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appender.class.getName(),
                        dir.toString(),
                        Long.toString(next))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long acknowledged = next;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                acknowledged = Long.parseLong(line);
                if (acknowledged >= enough) {
                    // Not through the Process: that would close the stream with what is still to be read.
                    child.toHandle().destroyForcibly();
                }
            }
        } finally {
            child.destroyForcibly();
        }
        assertTrue(child.waitFor(20, TimeUnit.SECONDS));
        assertEquals(137, child.exitValue(), "the child ended by itself");
        assertTrue(acknowledged >= enough);
        return acknowledged;
    }

    /** How many messages there are; they must be dense from 0. */
    private long recover() {
        long[] messages = {0};
        try (TieredStore store = new TieredStore(config(dir), Clock.system())) {
            store.listener(new AwaitingListener());
            long[] pending = {0};
            store.recover(entry -> count(entry, messages, pending));
            assertEquals(messages[0], pending[0], "pending messages");
        }
        return messages[0];
    }

    private static void count(JournalEntry entry, long[] messages, long[] pending) {
        if (entry.records().get(0) instanceof LaneRow lane) {
            messages[0] = lane.nextOffset();
        } else if (entry.records().get(0) instanceof PendingRow row) {
            for (long word : row.bits()) {
                pending[0] += Long.bitCount(word);
            }
        } else if (entry.records().get(0) instanceof Published published) {
            assertEquals(messages[0], published.offset(), "offsets are dense");
            messages[0]++;
            pending[0]++;
        }
    }

    private static StoreConfig config(Path dir) {
        return StoreConfig.defaults(dir).withSegmentBytes(128 << 10).withCheckpoint(100_000, Duration.ofMillis(200));
    }

    /** The child: appends in small batches for ever and prints how many messages are committed. */
    static final class Appender {

        private Appender() {}

        public static void main(String[] args) {
            TieredStore store = new TieredStore(config(Path.of(args[0])), Clock.system());
            AtomicLong committed = new AtomicLong();
            Thread appender = Thread.currentThread();
            store.listener(new CommitListener() {
                @Override
                public void committed(long position) {
                    committed.set(position);
                    LockSupport.unpark(appender);
                }

                @Override
                public void failed(StoreException cause) {
                    Runtime.getRuntime().halt(3);
                }

                @Override
                public void checkpointed(long position) {}
            });
            store.recover(entry -> {});
            for (long next = Long.parseLong(args[1]); ; ) {
                for (int i = 0; i < 7; i++) {
                    store.append(List.of(StoreFixtures.published(LANE, next++, 1, "body " + next)));
                }
                store.flush(true);
                while (committed.get() < store.endPosition()) {
                    LockSupport.park();
                }
                System.out.println(next);
            }
        }
    }
}
