package io.posthorn.server.nameserver;

import io.posthorn.server.route.BrokerIdentity;
import java.util.Collections;
import java.util.TreeMap;

/** The brokers of one brokerName that are registered now. Guarded by the lock of its {@link RouteTable}. */
final class BrokerGroup {

    private final String cluster;
    private final String brokerName;
    private final TreeMap<Long, String> addresses = new TreeMap<>();
    private boolean actingMaster;
    private String zone;

    BrokerGroup(String cluster, String brokerName) {
        this.cluster = cluster;
        this.brokerName = brokerName;
    }

    /** After a role switch a broker must not stay listed under its former id. */
    void forgetOtherIds(BrokerIdentity broker) {
        addresses
                .entrySet()
                .removeIf(entry ->
                        entry.getKey() != broker.brokerId() && entry.getValue().equals(broker.address()));
    }

    /** @return true if the id was free */
    boolean put(Registration registration) {
        actingMaster = Boolean.TRUE.equals(registration.actingMaster());
        zone = registration.zone();
        BrokerIdentity broker = registration.broker();
        return addresses.put(broker.brokerId(), broker.address()) == null;
    }

    void remove(String address) {
        addresses.values().removeIf(address::equals);
    }

    /** The address of this id, or null. */
    String address(long brokerId) {
        return addresses.get(brokerId);
    }

    boolean isEmpty() {
        return addresses.isEmpty();
    }

    boolean hasMaster() {
        return addresses.containsKey(BrokerIdentity.MASTER_ID);
    }

    boolean isLowestId(long brokerId) {
        return !addresses.isEmpty() && addresses.firstKey() == brokerId;
    }

    boolean actingMaster() {
        return actingMaster;
    }

    String brokerName() {
        return brokerName;
    }

    BrokerData toData() {
        return new BrokerData(
                cluster, brokerName, Collections.unmodifiableSortedMap(new TreeMap<>(addresses)), actingMaster, zone);
    }
}
