package io.posthorn.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.cluster.harness.Cluster;
import io.posthorn.cluster.harness.ClusterFiles;
import io.posthorn.cluster.harness.Node;
import io.posthorn.cluster.history.Event.MemoryLost;
import io.posthorn.cluster.load.Load;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Destinations that lie on two broker groups, and transactions over both, while one group after the other fails in every way. */
class BrokerGroupFaultsIT {

    private static final int PROGRESS = 200;
    private static final String[] OPTIONS = {
        "--directory-broker-name", "a", "--resume-timeout-ms", Long.toString(Load.RESUME_TIMEOUT_MS)
    };

    @RegisterExtension
    final ClusterFiles files = new ClusterFiles();

    @Test
    void transactionsOverTwoGroupsStayWholeWhateverHappensToOne() throws Exception {
        try (Cluster cluster =
                Cluster.in(files.dir()).group("a", OPTIONS).group("b", OPTIONS).start()) {
            cluster.awaitDirectory("a");
            Load load = Load.start(cluster.url(Load.options()), "groups");
            load.awaitProgress(PROGRESS);
            for (String group : List.of("b", "a")) {
                Node master = cluster.group(group).master();
                master.network().reset();
                load.awaitProgress(PROGRESS);
                int since = load.history().size();
                master.kill();
                master.start();
                load.history().add(new MemoryLost(since));
                load.awaitProgress(PROGRESS);
            }
            load.finish();
            assertEquals(List.of(), load.check(files.dir().resolve("history")));
        }
    }
}
