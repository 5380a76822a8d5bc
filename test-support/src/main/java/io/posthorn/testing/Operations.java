package io.posthorn.testing;

import io.posthorn.message.DestinationName;
import io.posthorn.provider.BrokerGroup;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.remote.RemoteOperator;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * What an operator does with commands, for tests that only need it done: over a connection, because a command takes a JVM of its own. What
 * the commands themselves do is tested with {@link ServerProcess#run}. Everything fails with a {@link ProviderException} where
 * nothing else is said.
 */
public final class Operations {

    private static final String QUEUE = "queue:";
    private static final String TOPIC = "topic:";

    private Operations() {}

    /** A connection to this broker, nobody in particular; to be closed. */
    public static RemoteOperator connect(ServerProcess broker) {
        return RemoteOperator.connect(new InetSocketAddress("127.0.0.1", broker.brokerPort()), null, null);
    }

    /**
     * Creates a destination.
     *
     * @param destination with its kind before it, as {@code queue:orders}
     * @param settings each as {@code name=value}
     */
    public static void create(ServerProcess broker, String destination, String... settings) {
        Map<String, String> all = new HashMap<>();
        for (String setting : settings) {
            int split = setting.indexOf('=');
            all.put(setting.substring(0, split), setting.substring(split + 1));
        }
        try (RemoteOperator operator = connect(broker)) {
            operator.create(named(destination), all);
        }
    }

    /** How many messages a destination has. */
    public static long messages(ServerProcess broker, String destination) {
        try (RemoteOperator operator = connect(broker)) {
            return operator.destination(named(destination)).messages();
        }
    }

    private static DestinationName named(String destination) {
        if (destination.startsWith(QUEUE)) {
            return DestinationName.queue(destination.substring(QUEUE.length()));
        }
        if (destination.startsWith(TOPIC)) {
            return DestinationName.topic(destination.substring(TOPIC.length()));
        }
        throw new IllegalArgumentException(destination);
    }

    /** How the directory sees a broker group now; null when it does not know it, or does not answer. */
    public static BrokerGroup group(ServerProcess directory, String name) {
        try (RemoteOperator operator = connect(directory)) {
            return operator.groups().stream()
                    .filter(group -> group.name().equals(name))
                    .findFirst()
                    .orElse(null);
        } catch (ProviderException notNow) {
            return null;
        }
    }

    /** Waits until the directory has heard from the Master of a broker group. */
    public static void awaitReachable(ServerProcess directory, String name) throws Exception {
        Await.until(name + " can be reached", () -> {
            BrokerGroup group = group(directory, name);
            return group != null && group.reachable();
        });
    }
}
