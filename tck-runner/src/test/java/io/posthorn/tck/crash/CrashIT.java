package io.posthorn.tck.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.tck.Background;
import io.posthorn.tck.DataDir;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGKILL at random moments under load, also during checkpoints, backups and snapshots for a Slave: every acknowledged message comes exactly once, transactions are
 * whole, and the directory is sound. {@code -Dposthorn.crash.seed=N} chooses the same rounds again (not the same moments: processes and disks have
 * their own), {@code -Dposthorn.crash.rounds=N} their number.
 */
class CrashIT {

    private static final Logger LOG = LoggerFactory.getLogger(CrashIT.class);

    /** After so many rounds everything has to come out, and a new server with an empty directory begins. */
    private static final int ROUNDS_AT_ONCE = 10;

    private static final long LONGEST_MS = 900;
    private static final long LOOK_NS = 100_000;

    /** What goes on when the server dies. */
    private enum During {
        WORK,
        CHECKPOINT,
        BACKUP,
        SNAPSHOT
    }

    @TempDir
    Path dir;

    private final Account account = new Account();
    private int checkpoints;
    private int backups;
    private int backupsCompleted;
    private int snapshots;
    /** What a round has started beside the server. */
    private Background<ServerProcess> slave;

    @Test
    void whatWasAcknowledgedComesExactlyOnceThroughCrashes() throws Exception {
        long seed =
                Long.getLong("posthorn.crash.seed", ThreadLocalRandom.current().nextLong());
        int rounds = Integer.getInteger("posthorn.crash.rounds", ROUNDS_AT_ONCE);
        SplittableRandom random = new SplittableRandom(seed);
        try {
            for (int done = 0; done < rounds; done += ROUNDS_AT_ONCE) {
                sitting(done, Math.min(rounds, done + ROUNDS_AT_ONCE), random);
                LOG.info("{} rounds: {}", Math.min(rounds, done + ROUNDS_AT_ONCE), account.summary());
            }
        } catch (Exception | AssertionError failed) {
            throw new AssertionError("seed " + seed + " (-Dposthorn.crash.seed): " + failed.getMessage(), failed);
        }
        LOG.info(
                "seed {}: {} rounds, {} of them during a checkpoint, {} during a backup ({} of which completed), {} during a snapshot; {}",
                seed,
                rounds,
                checkpoints,
                backups,
                backupsCompleted,
                snapshots,
                account.summary());
    }

    /** The rounds [from, to) on one directory. Producers have numbers of their own in each. */
    private void sitting(int from, int to, SplittableRandom random) throws Exception {
        Path data = dir.resolve("data-" + from);
        try (ServerProcess server = server(data);
                OrderLoad load = new OrderLoad(server.url(), account, from, random.split(), 0)) {
            for (int round = from; round < to; round++) {
                long before = account.acknowledged();
                Await.until(
                        "the load goes on",
                        () -> account.acknowledged() > before + 20
                                || !load.failures().isEmpty());
                assertEquals(List.of(), load.failures(), "round " + round);
                kill(server, data, During.values()[random.nextInt(During.values().length)], random, round);
                if (round % 5 == 4) {
                    new DataDir(data).assertSound();
                }
                server.start();
                if (slave != null) {
                    // It may have become ready only now, for it needs the NameServer.
                    slave.result().close();
                    slave = null;
                }
            }
            load.stopSending();
            Await.until(
                    "all that was acknowledged comes",
                    () -> account.isComplete() || !load.failures().isEmpty());
            assertEquals(List.of(), load.failures(), "at the end");
        }
        assertEquals(List.of(), account.violations());
        new DataDir(data).assertSound();
    }

    private void kill(ServerProcess server, Path data, During what, SplittableRandom random, int round)
            throws Exception {
        long afterNs = random.nextLong(LONGEST_MS * 1_000_000);
        switch (what) {
            case WORK -> {
                LockSupport.parkNanos(afterNs);
                server.kill();
            }
            case CHECKPOINT -> {
                Path tables = new DataDir(data).tables();
                FileTime last = Files.getLastModifiedTime(tables);
                Await.untilWithin(
                        LOOK_NS,
                        "a checkpoint",
                        () -> !Files.getLastModifiedTime(tables).equals(last));
                // It takes some milliseconds.
                LockSupport.parkNanos(afterNs % 5_000_000);
                server.kill();
                checkpoints++;
            }
            case BACKUP -> {
                Path target = dir.resolve("backup-" + round);
                Background<ServerProcess.Finished> backup =
                        Background.of(() -> new DataDir(data).store("backup", target.toString()));
                Await.untilWithin(LOOK_NS, "the backup begins", () -> Files.isDirectory(target.resolve("lmdb")));
                LockSupport.parkNanos(afterNs % 200_000_000);
                server.kill();
                backups++;
                ServerProcess.Finished finished = backup.result();
                assertTrue(!finished.output().contains("\tat "), finished.output());
                if (finished.exitCode() == 0) {
                    backupsCompleted++;
                    new DataDir(target).assertSound();
                }
            }
            case SNAPSHOT -> {
                // A new Slave, which the journal alone cannot help any more.
                Background<ServerProcess> coming = Background.of(() -> ServerProcess.brokerWith(
                        List.of("--broker-role", "SLAVE", "--broker-id", "1"), dir.resolve("slave-" + round), server));
                Path made = data.resolve("snapshot");
                Await.untilWithin(LOOK_NS, "a snapshot", () -> Files.isDirectory(made));
                LockSupport.parkNanos(afterNs % 100_000_000);
                server.kill();
                snapshots++;
                slave = coming;
            }
        }
    }

    /** Small segments and a checkpoint every 200 ms, so that files come and go all the time. */
    private static ServerProcess server(Path data) {
        return ServerProcess.standalone(
                data,
                "--max-message-bytes",
                "65536",
                "--journal-segment-bytes",
                "1179648",
                "--checkpoint-interval-ms",
                "200",
                "--max-deliveries",
                "0");
    }
}
