package io.posthorn.provider.remote;

import io.posthorn.protocol.Json;
import io.posthorn.protocol.ProtocolException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where the Masters are, as one NameServer tells it: brokerName → address of brokerId 0. Groups without a Master are left
 * out. Immutable.
 *
 * @param masters by rising brokerName; not null
 * @param slaves  likewise, the address of brokerId 1, which is the Slave that takes read load; also of groups without a Master
 * @param clusters names of the groups of each cluster; empty when that was not asked for
 */
record ClusterView(
        SortedMap<String, InetSocketAddress> masters,
        SortedMap<String, InetSocketAddress> slaves,
        Map<String, Set<String>> clusters) {

    private static final String MASTER_ID = "0";
    private static final String SLAVE_ID = "1";

    /** Reads the body of GET_BROKER_CLUSTER_INFO. */
    static ClusterView ofClusterInfo(byte[] json) {
        SortedMap<String, InetSocketAddress> masters = new TreeMap<>();
        SortedMap<String, InetSocketAddress> slaves = new TreeMap<>();
        for (Map.Entry<String, Object> group :
                object(parse(json), "brokerAddrTable").entrySet()) {
            add(masters, MASTER_ID, group.getKey(), group.getValue());
            add(slaves, SLAVE_ID, group.getKey(), group.getValue());
        }
        Map<String, Set<String>> clusters = new TreeMap<>();
        for (Map.Entry<String, Object> cluster :
                object(parse(json), "clusterAddrTable").entrySet()) {
            if (cluster.getValue() instanceof Iterable<?> groups) {
                Set<String> names = new TreeSet<>();
                groups.forEach(group -> names.add(String.valueOf(group)));
                clusters.put(cluster.getKey(), names);
            }
        }
        return new ClusterView(masters, slaves, clusters);
    }

    /** Only the groups of this cluster; all of them when it is null, or nothing is known of it. */
    ClusterView of(String clusterName) {
        Set<String> groups = clusterName == null ? null : clusters.get(clusterName);
        if (groups == null || groups.containsAll(masters.keySet())) {
            return this;
        }
        SortedMap<String, InetSocketAddress> own = new TreeMap<>(masters);
        own.keySet().retainAll(groups);
        return new ClusterView(own, slaves, clusters);
    }

    /** Reads the body of GET_BROKER_CLUSTER_INFO for one group: brokerId → address. */
    static Map<Long, InetSocketAddress> membersOf(byte[] json, String brokerName) {
        Map<Long, InetSocketAddress> members = new TreeMap<>();
        if (object(parse(json), "brokerAddrTable").get(brokerName) instanceof Map<?, ?> fields
                && fields.get("brokerAddrs") instanceof Map<?, ?> addresses) {
            for (Map.Entry<?, ?> entry : addresses.entrySet()) {
                members.put(Long.valueOf(String.valueOf(entry.getKey())), address(String.valueOf(entry.getValue())));
            }
        }
        return members;
    }

    /** Reads the body of GET_ROUTEINFO_BY_TOPIC: the groups that hold the topic. */
    static ClusterView ofRoute(byte[] json) {
        SortedMap<String, InetSocketAddress> masters = new TreeMap<>();
        if (parse(json).get("brokerDatas") instanceof Iterable<?> groups) {
            for (Object group : groups) {
                if (group instanceof Map<?, ?> fields && fields.get("brokerName") instanceof String name) {
                    add(masters, MASTER_ID, name, group);
                }
            }
        }
        return new ClusterView(masters, new TreeMap<>(), Map.of());
    }

    private static void add(SortedMap<String, InetSocketAddress> to, String brokerId, String name, Object group) {
        if (group instanceof Map<?, ?> fields
                && fields.get("brokerAddrs") instanceof Map<?, ?> addresses
                && addresses.get(brokerId) instanceof String address) {
            to.put(name, address(address));
        }
    }

    /** {@code host:port}, unresolved: whoever connects resolves anew. */
    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(colon, 0));
            if (!host.isEmpty()) {
                boolean bracketed = host.startsWith("[") && host.endsWith("]");
                return InetSocketAddress.createUnresolved(
                        bracketed ? host.substring(1, host.length() - 1) : host,
                        Integer.parseInt(text.substring(colon + 1)));
            }
        } catch (IllegalArgumentException notAPort) {
            // Reported below, with the whole text.
        }
        throw new ProtocolException("not an address: " + text);
    }

    private static Map<?, ?> parse(byte[] json) {
        if (Json.parseLenient(new String(json, StandardCharsets.UTF_8)) instanceof Map<?, ?> map) {
            return map;
        }
        throw new ProtocolException("the NameServer's answer is not an object");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Map<?, ?> from, String key) {
        return from.get(key) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
