package io.posthorn.server.route;

import java.util.Objects;

/**
 * Who a broker says it is.
 *
 * @param cluster name of its cluster; not null
 * @param brokerName name of its group: one Master and its Slaves share it; not null
 * @param brokerId 0 = Master, above 0 = Slave
 * @param address where clients reach it, {@code ip:port}; not null
 */
public record BrokerIdentity(String cluster, String brokerName, long brokerId, String address) {

    /** The id of every group's Master. */
    public static final long MASTER_ID = 0;

    /** @throws IllegalArgumentException if the id is negative */
    public BrokerIdentity {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(brokerName, "brokerName");
        Objects.requireNonNull(address, "address");
        if (brokerId < 0) {
            throw new IllegalArgumentException("a broker id is not negative: " + brokerId);
        }
    }

    public boolean isMaster() {
        return brokerId == MASTER_ID;
    }

    /** For logs: {@code cluster/name#id at address}. */
    @Override
    public String toString() {
        return cluster + "/" + brokerName + "#" + brokerId + " at " + address;
    }
}
