package io.posthorn.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.cluster.harness.ClusterFiles;
import io.posthorn.cluster.harness.Host;
import io.posthorn.cluster.history.Event.MemoryLost;
import io.posthorn.cluster.load.Load;
import io.posthorn.testing.ServerProcess;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server on another host whose cable is pulled: nobody is told that anything is lost. */
class CableIT {

    private static final int PROGRESS = 200;

    @RegisterExtension
    final ClusterFiles files = new ClusterFiles();

    @Test
    void clientsWorkOnWhenTheCableIsPluggedInAgain() throws Exception {
        try (Host host = Host.create();
                ServerProcess server = ServerProcess.standaloneInside(
                        host.enter(),
                        files.dir().resolve("data"),
                        "--bind",
                        host.address(),
                        "--allow-anonymous",
                        "true",
                        "--resume-timeout-ms",
                        Long.toString(Load.RESUME_TIMEOUT_MS))) {
            Load load = Load.start(
                    "posthorn://" + host.address() + ":" + server.nameServerPort() + "?" + Load.options(), "cable");
            load.awaitProgress(PROGRESS);

            host.unplug();
            load.awaitStandstill();
            host.plugIn();
            load.awaitProgress(PROGRESS);

            // The server dies behind the cable; its successor knows nothing of the connections that clients still
            // believe in.
            host.unplug();
            int since = load.history().size();
            server.kill();
            server.start();
            load.history().add(new MemoryLost(since));
            host.plugIn();
            load.awaitProgress(PROGRESS);
            load.finish();
            assertEquals(List.of(), load.check(files.dir().resolve("history")));
        }
    }
}
