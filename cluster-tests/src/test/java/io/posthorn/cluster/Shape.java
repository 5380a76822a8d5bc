package io.posthorn.cluster;

import io.posthorn.cluster.harness.Cluster;
import io.posthorn.cluster.harness.HostClock;
import io.posthorn.cluster.load.Load;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Clusters that random faults strike; all have two NameServers. */
enum Shape {
    ONE_MASTER {
        @Override
        void plan(Cluster.Plan plan) {
            plan.group("a", options());
        }
    },
    MASTER_AND_SLAVE {
        @Override
        void plan(Cluster.Plan plan) {
            plan.group(REPLICATED_GROUP, options("--broker-role", "SYNC_MASTER"))
                    .slaves(1);
        }

        @Override
        void await(Cluster cluster) throws Exception {
            cluster.group(REPLICATED_GROUP)
                    .awaitInSync(cluster.group(REPLICATED_GROUP).master(), 2);
        }
    },
    TWO_GROUPS {
        @Override
        void plan(Cluster.Plan plan) {
            plan.group("a", options("--directory-broker-name", "a"))
                    .group("b", options("--directory-broker-name", "a"));
        }

        @Override
        void await(Cluster cluster) throws Exception {
            cluster.awaitDirectory("a");
        }
    };

    static final String REPLICATED_GROUP = "a";

    abstract void plan(Cluster.Plan plan);

    /** Waits until it is what it is to be. */
    void await(Cluster cluster) throws Exception {}

    Cluster start(Path dir) throws Exception {
        Cluster.Plan plan = Cluster.in(dir).nameServers(2).clock(HostClock.in(dir.resolve("clock")));
        plan(plan);
        Cluster cluster = plan.start();
        try {
            await(cluster);
            return cluster;
        } catch (Exception | AssertionError failed) {
            cluster.close();
            throw failed;
        }
    }

    /** The faults that can befall it. */
    List<Fault> faults() {
        return Arrays.stream(Fault.values())
                .filter(fault -> this == MASTER_AND_SLAVE || !fault.needsSlave())
                .toList();
    }

    private static String[] options(String... more) {
        List<String> all = new ArrayList<>(
                List.of("--resume-timeout-ms", Long.toString(Load.RESUME_TIMEOUT_MS), "--disk-reserve-bytes", "0"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
