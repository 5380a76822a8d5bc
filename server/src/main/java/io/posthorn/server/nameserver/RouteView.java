package io.posthorn.server.nameserver;

import io.posthorn.server.route.BrokerIdentity;
import io.posthorn.server.route.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What some clients are shown in place of the plain route. Pure functions. */
final class RouteView {

    /** Brokers look each other up by these topics, and must see who is really there. */
    private static final String MEMBER_TOPIC_PREFIX = "%SYNC_BROKER_MEMBER_";

    private RouteView() {}

    /**
     * The route in which every group that has lost its Master, wants an acting one and cannot be written shows its lowest Slave under the
     * Master's id.
     */
    static Route withActingMasters(String topic, Route route) {
        if (topic.startsWith(MEMBER_TOPIC_PREFIX)) {
            return route;
        }
        List<BrokerData> brokers = new ArrayList<>();
        for (BrokerData data : route.brokers()) {
            boolean orphaned = data.actingMaster() && !data.addresses().containsKey(BrokerIdentity.MASTER_ID);
            brokers.add(orphaned && isReadOnly(data.brokerName(), route) ? promoted(data) : data);
        }
        return new Route(route.queues(), brokers);
    }

    private static boolean isReadOnly(String brokerName, Route route) {
        return route.queues().stream()
                .anyMatch(queue -> queue.brokerName().equals(brokerName) && (queue.perm() & Permission.WRITE) == 0);
    }

    private static BrokerData promoted(BrokerData data) {
        SortedMap<Long, String> addresses = new TreeMap<>(data.addresses());
        addresses.put(BrokerIdentity.MASTER_ID, addresses.remove(addresses.firstKey()));
        return new BrokerData(data.cluster(), data.brokerName(), addresses, data.actingMaster(), data.zone());
    }

    /** The route without the groups of other zones; a group without a Master is shown everywhere. */
    static Route inZone(String zone, Route route) {
        List<BrokerData> near = route.brokers().stream()
                .filter(data ->
                        zone.equalsIgnoreCase(data.zone()) || !data.addresses().containsKey(BrokerIdentity.MASTER_ID))
                .toList();
        List<String> names = near.stream().map(BrokerData::brokerName).toList();
        return new Route(
                route.queues().stream()
                        .filter(queue -> names.contains(queue.brokerName()))
                        .toList(),
                near);
    }
}
