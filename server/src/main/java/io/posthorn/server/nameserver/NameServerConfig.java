package io.posthorn.server.nameserver;

import io.posthorn.net.NetConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;

/**
 * Settings of one NameServer.
 *
 * @param listen address and port to bind; port 0 takes a free one; default loopback, 9876
 * @param brokerTimeout silence after which a broker that names no time-out of its own is removed; default 120 s
 * @param scanInterval pause between two looks for silent brokers; default 5 s
 * @param net limits and threads of the connections
 */
public record NameServerConfig(InetSocketAddress listen, Duration brokerTimeout, Duration scanInterval, NetConfig net) {

    /** The port that RocketMQ clients expect. */
    public static final int DEFAULT_PORT = 9876;

    /** @throws IllegalArgumentException if a duration is not positive */
    public NameServerConfig {
        Objects.requireNonNull(listen, "listen");
        Objects.requireNonNull(net, "net");
        if (brokerTimeout.toMillis() <= 0 || scanInterval.toMillis() <= 0) {
            throw new IllegalArgumentException(
                    "brokerTimeout and scanInterval are at least 1 ms: " + brokerTimeout + ", " + scanInterval);
        }
    }

    public static NameServerConfig defaults() {
        return new NameServerConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), DEFAULT_PORT),
                Duration.ofSeconds(120),
                Duration.ofSeconds(5),
                NetConfig.defaults());
    }

    /** One event loop carries tens of thousands of route polls a second, so it is the default. */
    int eventLoopThreads() {
        return Math.max(1, net.eventLoopThreads());
    }

    public NameServerConfig withListen(InetSocketAddress address) {
        return new NameServerConfig(address, brokerTimeout, scanInterval, net);
    }

    public NameServerConfig withScanInterval(Duration interval) {
        return new NameServerConfig(listen, brokerTimeout, interval, net);
    }
}
