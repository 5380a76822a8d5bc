package io.posthorn.cluster.harness;

import io.posthorn.testing.Await;
import io.posthorn.testing.RawRoute;
import io.posthorn.testing.ServerProcess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * NameServers and broker groups, each server a process of its own with a {@link Proxy} in front. Read it as a sentence:
 *
 * <pre>
 * try (Cluster cluster = Cluster.in(dir).nameServers(2).group("a").slaves(1).start()) {
 *     cluster.group("a").master().kill();
 *     cluster.nameServer(0).network().cut();
 * }
 * </pre>
 *
 * Clients reach every server through its proxy, brokers reach NameServers directly. One thread at a time.
 */
public final class Cluster implements Closeable {

    private final List<Node> nameServers = new ArrayList<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Deque<Closeable> started = new ArrayDeque<>();

    private HostClock clock;

    private Cluster() {}

    /** @param dir an empty directory for the brokers' data */
    public static Plan in(Path dir) {
        return new Plan(dir);
    }

    public Node nameServer(int index) {
        return nameServers.get(index);
    }

    public List<Node> nameServers() {
        return List.copyOf(nameServers);
    }

    public Group group(String name) {
        return groups.get(name);
    }

    /** All brokers. */
    public List<Node> brokers() {
        return groups.values().stream()
                .flatMap(group -> group.members().stream())
                .toList();
    }

    /** The wall clock of the brokers; null when they have the host's. */
    public HostClock clock() {
        return clock;
    }

    /** Ends all network faults. */
    public void healNetwork() {
        nameServers.forEach(node -> node.network().heal());
        brokers().forEach(node -> node.network().heal());
    }

    /**
     * What clients connect to.
     *
     * @param options {@code name=value&…}
     */
    public String url(String options) {
        List<String> addresses = nameServers.stream().map(Node::address).toList();
        return "posthorn://" + String.join(",", addresses) + "?" + options;
    }

    /** Waits until every NameServer knows the group. */
    public void awaitRegistered(String group) throws Exception {
        for (Node nameServer : nameServers) {
            Await.until(
                    group + " is registered with " + nameServer,
                    () -> RawRoute.of(group, nameServer.process()) != null);
        }
    }

    /** Waits until the group that is the directory sees all others, and places destinations on them. */
    public void awaitDirectory(String directory) throws Exception {
        String broker = group(directory).master().directAddress();
        Await.until(directory + " sees " + groups.keySet(), () -> {
            String listed =
                    ServerProcess.run("group", "list", "--broker", broker).output();
            return groups.keySet().stream().allMatch(group -> listed.contains(group + " reachable"));
        });
    }

    @Override
    public void close() throws IOException {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }

    /** What is to be started. */
    public static final class Plan {

        private final Path dir;
        private int nameServerCount = 1;
        private final Map<String, List<String>> groupOptions = new LinkedHashMap<>();
        private final Map<String, Integer> slaves = new LinkedHashMap<>();
        private String lastGroup;
        private HostClock clock;

        private Plan(Path dir) {
            this.dir = dir;
        }

        public Plan nameServers(int count) {
            nameServerCount = count;
            return this;
        }

        /** A group of a Master, with these options of the broker command. */
        public Plan group(String name, String... options) {
            groupOptions.put(name, List.of(options));
            lastGroup = name;
            return this;
        }

        /** The group named last gets so many Slaves, with the options of its Master but the role. */
        public Plan slaves(int count) {
            slaves.put(lastGroup, count);
            return this;
        }

        /** The brokers get a wall clock that can be set. */
        public Plan clock(HostClock hostClock) {
            clock = hostClock;
            return this;
        }

        /** Starts everything, and returns when all brokers are registered with all NameServers. */
        public Cluster start() throws Exception {
            Cluster cluster = new Cluster();
            cluster.clock = clock;
            try {
                for (int i = 0; i < nameServerCount; i++) {
                    ServerProcess process = cluster.opened(ServerProcess.nameServer());
                    cluster.nameServers.add(
                            cluster.opened(new Node("NameServer " + i, process, process.nameServerPort())));
                }
                String addresses = String.join(
                        ";",
                        cluster.nameServers.stream().map(Node::directAddress).toList());
                for (String name : groupOptions.keySet()) {
                    List<Node> members = new ArrayList<>();
                    for (int id = 0; id <= slaves.getOrDefault(name, 0); id++) {
                        members.add(startBroker(cluster, addresses, name, id));
                    }
                    cluster.groups.put(name, new Group(name, addresses, members));
                }
                for (String group : groupOptions.keySet()) {
                    cluster.awaitRegistered(group);
                }
                return cluster;
            } catch (Exception | AssertionError failed) {
                cluster.close();
                throw failed;
            }
        }

        private Node startBroker(Cluster cluster, String nameServers, String group, int id) throws IOException {
            List<String> options =
                    new ArrayList<>(List.of("--broker-name", group, "--broker-id", Integer.toString(id)));
            options.addAll(List.of("--advertised-host", Proxy.HOST));
            options.addAll(groupOptions.get(group));
            if (id > 0) {
                int role = options.indexOf("--broker-role");
                if (role >= 0) {
                    options.subList(role, role + 2).clear();
                }
                options.addAll(List.of("--broker-role", "SLAVE"));
            }
            List<String> jvm = clock == null ? List.of() : clock.jvmOptions();
            ServerProcess process =
                    cluster.opened(ServerProcess.brokerIn(jvm, dir.resolve(group + "-" + id), nameServers, options));
            return cluster.opened(new Node("Broker " + group + "#" + id, process, process.brokerPort()));
        }
    }

    private ServerProcess opened(ServerProcess process) {
        started.push(process::close);
        return process;
    }

    private Node opened(Node node) {
        started.push(node);
        return node;
    }
}
