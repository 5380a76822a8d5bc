package io.posthorn.server.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;

/**
 * Who a broker is and where it is found.
 *
 * @param clusterName cluster it belongs to ({@code brokerClusterName}); not empty
 * @param brokerName  name of its group ({@code brokerName}); letters, digits, {@code _} and {@code -}, at most 64
 * @param brokerId    0 = Master, above 0 = Slave ({@code brokerId}), as long as its role has not changed
 * @param bind        address it listens on; port 0 takes a free one
 * @param advertisedHost IP address that clients are told, or null for the address it listens on, which then has to be
 *     a definite one ({@code brokerIP1})
 * @param nameServers NameServers to register with ({@code namesrvAddr}); not empty
 */
public record BrokerConfig(
        String clusterName,
        String brokerName,
        long brokerId,
        InetSocketAddress bind,
        String advertisedHost,
        List<InetSocketAddress> nameServers) {

    /** @throws IllegalArgumentException naming the setting that is wrong */
    public BrokerConfig {
        requireName("brokerClusterName", clusterName);
        requireName("brokerName", brokerName);
        Objects.requireNonNull(bind, "bind");
        if (advertisedHost == null && bind.getAddress().isAnyLocalAddress()) {
            throw new IllegalArgumentException("clients cannot be told "
                    + bind.getAddress().getHostAddress() + ": set --advertised-host to an address they can reach");
        }
        nameServers = List.copyOf(nameServers);
        if (nameServers.isEmpty()) {
            throw new IllegalArgumentException("namesrvAddr names no NameServer");
        }
    }

    /** The same at another port, the one that was free at the first start. */
    public BrokerConfig at(int port) {
        return new BrokerConfig(
                clusterName,
                brokerName,
                brokerId,
                new InetSocketAddress(bind.getAddress(), port),
                advertisedHost,
                nameServers);
    }

    private static void requireName(String setting, String name) {
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException(
                    setting + " must be 1 to 64 letters, digits, _ or -, but is \"" + name + "\"");
        }
    }
}
