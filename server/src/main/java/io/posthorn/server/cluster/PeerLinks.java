package io.posthorn.server.cluster;

import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import io.posthorn.provider.remote.RemoteOperator;
import io.posthorn.provider.remote.RemoteRoutes;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Connections to the Masters of the other groups, made when they are wanted. The cluster's thread only. */
final class PeerLinks implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PeerConfig config;
    private final RemoteRoutes routes;
    private final Map<String, Link> links = new HashMap<>();
    private SortedMap<String, InetSocketAddress> masters = new TreeMap<>();

    private record Link(InetSocketAddress address, RemoteOperator operator) {}

    PeerLinks(PeerConfig config) {
        this.config = config;
        this.routes = new RemoteRoutes(config.nameServers(), PATIENCE);
    }

    /**
     * Asks a NameServer where the Masters are.
     *
     * @return the groups that have one
     * @throws ProviderException if no NameServer answers
     */
    Set<String> look() {
        masters = routes.masters(config.clusterName());
        return new TreeSet<>(masters.keySet());
    }

    /**
     * Asks the Master of a group.
     *
     * @throws ProviderException of kind CONNECTION or TIMEOUT when it cannot be reached, with its name; of another kind when it refuses
     */
    <T> T ask(String group, Function<RemoteOperator, T> question) {
        try {
            return question.apply(link(group));
        } catch (ProviderException failed) {
            if (failed.kind() == Kind.CONNECTION || failed.kind() == Kind.TIMEOUT || failed.kind() == Kind.SECURITY) {
                drop(group);
                throw new ProviderException(
                        failed.kind(), "broker group " + group + " cannot be reached: " + failed.getMessage(), failed);
            }
            throw failed;
        }
    }

    private RemoteOperator link(String group) {
        InetSocketAddress address = masters.get(group);
        if (address == null) {
            throw new ProviderException(Kind.CONNECTION, "no Master of it is registered");
        }
        Link link = links.get(group);
        if (link != null && link.operator.isOpen() && link.address.equals(address)) {
            return link.operator;
        }
        drop(group);
        RemoteOperator operator = RemoteOperator.connect(address, config.user(), config.password(), PATIENCE);
        links.put(group, new Link(address, operator));
        return operator;
    }

    private void drop(String group) {
        Link link = links.remove(group);
        if (link != null) {
            link.operator.close();
        }
    }

    @Override
    public void close() {
        Set.copyOf(links.keySet()).forEach(this::drop);
        routes.close();
    }
}
