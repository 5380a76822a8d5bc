package io.posthorn.server.cluster;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * How a broker reaches the other groups of its cluster.
 *
 * @param brokerName of its own group
 * @param directoryBrokerName setting of this name, empty when it is not set
 * @param nameServers that know where the others are
 * @param user as whom it logs in there; null = nobody in particular
 * @param password null without a user
 */
public record PeerConfig(
        String clusterName,
        String brokerName,
        String directoryBrokerName,
        List<InetSocketAddress> nameServers,
        String user,
        String password) {

    public PeerConfig {
        nameServers = List.copyOf(nameServers);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "PeerConfig[" + clusterName + "/" + brokerName + ", directory " + directoryBrokerName + ", " + user
                + "]";
    }
}
