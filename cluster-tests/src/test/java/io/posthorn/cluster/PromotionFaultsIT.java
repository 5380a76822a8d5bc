package io.posthorn.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.cluster.harness.Cluster;
import io.posthorn.cluster.harness.ClusterFiles;
import io.posthorn.cluster.harness.Group;
import io.posthorn.cluster.harness.MasterWatch;
import io.posthorn.cluster.harness.Node;
import io.posthorn.cluster.history.Event.MemoryLost;
import io.posthorn.cluster.history.Event.Promoted;
import io.posthorn.cluster.load.Load;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Master that waits for its Slave goes, in several ways, and the Slave is promoted: clients notice nothing but time. */
class PromotionFaultsIT {

    private static final int PROGRESS = 200;

    @RegisterExtension
    final ClusterFiles files = new ClusterFiles();

    private interface Scenario {
        void play(Group group, Load load) throws Exception;
    }

    private void play(String name, Scenario scenario) throws Exception {
        try (Cluster cluster = Cluster.in(files.dir())
                .nameServers(2)
                .group(
                        "a",
                        "--broker-role",
                        "SYNC_MASTER",
                        "--resume-timeout-ms",
                        Long.toString(Load.RESUME_TIMEOUT_MS),
                        "--disk-reserve-bytes",
                        "0",
                        // Commits are refused, again and again, while the Slave is away.
                        "--max-deliveries",
                        "0")
                .slaves(1)
                .start()) {
            Group group = cluster.group("a");
            group.awaitInSync(group.master(), 2);
            Load load = Load.start(cluster.url(Load.options()), name);
            MasterWatch watch = new MasterWatch(group, load.history());
            try {
                load.awaitProgress(PROGRESS);
                scenario.play(group, load);
                load.awaitProgress(PROGRESS);
                load.finish();
            } catch (AssertionError failed) {
                load.history().writeTo(files.dir().resolve("history"));
                throw failed;
            } finally {
                watch.close();
            }
            assertEquals(List.of(), load.check(files.dir().resolve("history")));
        }
    }

    private static void promote(Group group, Load load, String... options) {
        int since = load.history().size();
        group.promote(options);
        load.history().add(new MemoryLost(since));
        load.history().add(new Promoted("a", false, load.history().size()));
        load.awaitProgress(PROGRESS);
    }

    private static void killAndStart(Node node, Load load) {
        int since = load.history().size();
        node.kill();
        node.start();
        load.history().add(new MemoryLost(since));
    }

    @Test
    void aKilledMasterIsReplacedFollowsAndTakesItsPlaceAgain() throws Exception {
        play("killed", (group, load) -> {
            group.master().kill();
            promote(group, load, "--min-in-sync-replicas", "1");
            group.master().start();
            group.awaitSlave(group.master());
            group.awaitInSync(group.slave(1), 2);
            load.awaitProgress(PROGRESS);
            // In order this time: the Master is alive, stops serving, and loses nothing.
            promote(group, load);
        });
    }

    @Test
    void aMasterThatWakesUpBehindItsSuccessorServesNobody() throws Exception {
        play("paused", (group, load) -> {
            group.master().pause();
            promote(group, load, "--min-in-sync-replicas", "1");
            group.master().resume();
            group.awaitSlave(group.master());
            group.awaitInSync(group.slave(1), 2);
        });
    }

    @Test
    void faultsBetweenMasterAndSlaveLoseNothing() throws Exception {
        play("between", (group, load) -> {
            // The Slave reaches its Master through the proxy, like the clients.
            group.master().network().reset();
            load.awaitProgress(PROGRESS);
            group.slave(1).kill();
            group.slave(1).start();
            load.awaitProgress(PROGRESS);
            group.slave(1).pause();
            group.slave(1).resume();
            load.awaitProgress(PROGRESS);
            killAndStart(group.master(), load);
        });
    }
}
