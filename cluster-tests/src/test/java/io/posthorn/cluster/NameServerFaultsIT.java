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

/** NameServers share nothing, and who has routes needs none. */
class NameServerFaultsIT {

    private static final int PROGRESS = 200;

    @RegisterExtension
    final ClusterFiles files = new ClusterFiles();

    @Test
    void clientsWorkOnWhileNameServersGoAndEvenWithoutAny() throws Exception {
        try (Cluster cluster = Cluster.in(files.dir())
                .nameServers(2)
                .group("a", "--resume-timeout-ms", Long.toString(Load.RESUME_TIMEOUT_MS))
                .start()) {
            Load load = Load.start(cluster.url(Load.options()), "names");
            load.awaitProgress(PROGRESS);

            cluster.nameServer(0).kill();
            load.awaitProgress(PROGRESS);
            cluster.nameServer(1).kill();
            load.awaitProgress(PROGRESS);
            // Every client has to connect anew, by the routes that it remembers.
            cluster.group("a").master().network().reset();
            load.awaitProgress(PROGRESS);

            cluster.nameServers().forEach(Node::start);
            cluster.awaitRegistered("a");
            int since = load.history().size();
            cluster.group("a").master().kill();
            cluster.group("a").master().start();
            load.history().add(new MemoryLost(since));
            load.awaitProgress(PROGRESS);
            load.finish();
            assertEquals(List.of(), load.check(files.dir().resolve("history")));
        }
    }
}
