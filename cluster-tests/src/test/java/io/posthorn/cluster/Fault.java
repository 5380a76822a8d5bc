package io.posthorn.cluster;

import io.posthorn.cluster.harness.Cluster;
import io.posthorn.cluster.harness.Group;
import io.posthorn.cluster.harness.Node;
import io.posthorn.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** What can befall a cluster for a while. Each leaves it as it was: everything runs, and is connected. */
enum Fault {
    NAME_SERVER_KILLED {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            Node node = nameServer(cluster, random);
            node.kill();
            last(random);
            node.start();
        }
    },
    NAME_SERVER_PAUSED {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            Node node = nameServer(cluster, random);
            node.pause();
            last(random);
            node.resume();
        }
    },
    NAME_SERVERS_CUT_OFF {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            cluster.nameServers().forEach(node -> node.network().cut());
            broker(cluster, random).network().reset();
            last(random);
            cluster.healNetwork();
        }
    },
    BROKER_KILLED {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            Node node = broker(cluster, random);
            node.kill();
            node.start();
        }
    },
    BROKER_STOPPED {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            Node node = broker(cluster, random);
            node.stop();
            node.start();
        }
    },
    BROKER_PAUSED {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            Node node = broker(cluster, random);
            node.pause();
            last(random);
            node.resume();
        }
    },
    BROKER_KILLED_WHILE_PAUSED {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            Node node = broker(cluster, random);
            node.pause();
            last(random);
            node.kill();
            node.start();
        }
    },
    CONNECTIONS_RESET {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            for (int i = 0; i < 5; i++) {
                broker(cluster, random).network().reset();
                hold(Duration.ofMillis(random.nextInt(100)));
            }
        }
    },
    BROKER_CUT_OFF {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            broker(cluster, random).network().cut();
            last(random);
            cluster.healNetwork();
        }
    },
    LOSS_TOWARDS_THE_BROKER {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            Node node = broker(cluster, random);
            node.network().loseUp();
            last(random);
            resetOrNot(node, random);
            cluster.healNetwork();
        }
    },
    LOSS_FROM_THE_BROKER {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            Node node = broker(cluster, random);
            node.network().loseDown();
            last(random);
            resetOrNot(node, random);
            cluster.healNetwork();
        }
    },
    SLOW_LINK {
        @Override
        void strike(Cluster cluster, RandomGenerator random) {
            Node node = broker(cluster, random);
            node.network().slow(Duration.ofMillis(10 + random.nextInt(90)));
            last(random);
            resetOrNot(node, random);
            cluster.healNetwork();
        }
    },
    CLOCK_JUMPS {
        @Override
        void strike(Cluster cluster, RandomGenerator random) throws Exception {
            Duration by = Duration.ofMillis(random.nextLong(-LONGEST_JUMP_MS, LONGEST_JUMP_MS));
            cluster.clock().jump(by);
            last(random);
            resetOrNot(broker(cluster, random), random);
            last(random);
            cluster.clock().jump(by.negated());
        }
    },
    /** The Master dies, its Slave takes its place, and gives it back later. */
    MASTER_REPLACED {
        @Override
        void strike(Cluster cluster, RandomGenerator random) throws Exception {
            Group group = cluster.group(Shape.REPLICATED_GROUP);
            Node old = group.currentMaster();
            Node successor = group.currentSlave();
            old.kill();
            last(random);
            group.promote("--min-in-sync-replicas", "1");
            old.start();
            group.awaitSlave(old);
            group.awaitInSync(successor, 2);
            group.promote("--min-in-sync-replicas", "2");
            group.awaitInSync(old, 2);
        }
    },
    /** Master and Slave change places, and the Master stops serving before. */
    MASTER_SWITCHED {
        @Override
        void strike(Cluster cluster, RandomGenerator random) throws Exception {
            Group group = cluster.group(Shape.REPLICATED_GROUP);
            Node successor = group.currentSlave();
            group.promote();
            group.awaitInSync(successor, 2);
        }
    };

    private static final int LONGEST_MS = 1_500;
    private static final long LONGEST_JUMP_MS = 3_600_000;

    /** Whether a broker starts anew, or becomes the Master. */
    boolean restartsBroker() {
        return switch (this) {
            case BROKER_KILLED, BROKER_STOPPED, BROKER_KILLED_WHILE_PAUSED, MASTER_REPLACED, MASTER_SWITCHED -> true;
            default -> false;
        };
    }

    /** Whether it may lose what clients have said last, and keep them away for longer than they are waited for. */
    boolean losesLastWords() {
        return this == BROKER_CUT_OFF;
    }

    /** Whether it can befall a group of one broker. */
    boolean needsSlave() {
        return this == MASTER_REPLACED || this == MASTER_SWITCHED;
    }

    /** Lets it happen, and returns when it is over. */
    abstract void strike(Cluster cluster, RandomGenerator random) throws Exception;

    private static Node nameServer(Cluster cluster, RandomGenerator random) {
        return cluster.nameServers().get(random.nextInt(cluster.nameServers().size()));
    }

    private static Node broker(Cluster cluster, RandomGenerator random) {
        return cluster.brokers().get(random.nextInt(cluster.brokers().size()));
    }

    private static void resetOrNot(Node node, RandomGenerator random) {
        if (random.nextBoolean()) {
            node.network().reset();
        }
    }

    private static void last(RandomGenerator random) {
        hold(Duration.ofMillis(random.nextInt(LONGEST_MS)));
    }

    /** A fault has a length; nothing is waited for here. */
    private static void hold(Duration length) {
        Clock clock = Clock.system();
        long startNs = clock.monotonicNs();
        for (long left = length.toNanos(); left > 0; left = length.toNanos() - (clock.monotonicNs() - startNs)) {
            LockSupport.parkNanos(left);
        }
    }
}
