package io.posthorn.provider.remote;

import io.posthorn.protocol.Json;
import io.posthorn.protocol.ProtocolException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the Masters are, as one NameServer tells it: brokerName → address of brokerId 0. Groups without a Master are left
 * out. Immutable.
 *
 * @param masters by rising brokerName; not null
 */
record ClusterView(SortedMap<String, InetSocketAddress> masters) {

    private static final String MASTER_ID = "0";

    /** Reads the body of GET_BROKER_CLUSTER_INFO. */
    static ClusterView ofClusterInfo(byte[] json) {
        SortedMap<String, InetSocketAddress> masters = new TreeMap<>();
        for (Map.Entry<String, Object> group :
                object(parse(json), "brokerAddrTable").entrySet()) {
            addMaster(masters, group.getKey(), group.getValue());
        }
        return new ClusterView(masters);
    }

    /** Reads the body of GET_ROUTEINFO_BY_TOPIC: the groups that hold the topic. */
    static ClusterView ofRoute(byte[] json) {
        SortedMap<String, InetSocketAddress> masters = new TreeMap<>();
        if (parse(json).get("brokerDatas") instanceof Iterable<?> groups) {
            for (Object group : groups) {
                if (group instanceof Map<?, ?> fields && fields.get("brokerName") instanceof String name) {
                    addMaster(masters, name, group);
                }
            }
        }
        return new ClusterView(masters);
    }

    private static void addMaster(SortedMap<String, InetSocketAddress> masters, String name, Object group) {
        if (group instanceof Map<?, ?> fields
                && fields.get("brokerAddrs") instanceof Map<?, ?> addresses
                && addresses.get(MASTER_ID) instanceof String master) {
            masters.put(name, address(master));
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
