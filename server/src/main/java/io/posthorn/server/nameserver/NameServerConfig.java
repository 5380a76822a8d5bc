package io.posthorn.server.nameserver;

import io.posthorn.net.NetConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Settings of one NameServer.
 *
 * @param listen address and port to bind; port 0 takes a free one; default loopback, 9876
 * @param brokerTimeout silence after which a broker that names no time-out of its own is removed; default 120 s
 * @param scanInterval pause between two looks for silent brokers; default 5 s
 * @param kvConfigFile where the KV configuration is kept, or null for memory only
 * @param switches what is on from the start; default none
 * @param net limits and threads of the connections
 */
public record NameServerConfig(
        InetSocketAddress listen,
        Duration brokerTimeout,
        Duration scanInterval,
        Path kvConfigFile,
        Set<Switch> switches,
        NetConfig net) {

    /** The port that RocketMQ clients expect. */
    public static final int DEFAULT_PORT = 9876;

    /** @throws IllegalArgumentException if a duration is not positive */
    public NameServerConfig {
        Objects.requireNonNull(listen, "listen");
        Objects.requireNonNull(net, "net");
        switches = Set.copyOf(switches);
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
                null,
                Set.of(),
                NetConfig.defaults());
    }

    /** One event loop carries tens of thousands of route polls a second, so it is the default. */
    int eventLoopThreads() {
        return Math.max(1, net.eventLoopThreads());
    }

    /** What does not change while the process runs, by RocketMQ's keys. */
    Map<String, String> fixed() {
        return Map.of(
                "bindAddress", listen.getAddress().getHostAddress(),
                "listenPort", String.valueOf(listen.getPort()),
                "kvConfigPath", kvConfigFile == null ? "" : kvConfigFile.toString(),
                "scanNotActiveBrokerInterval", String.valueOf(scanInterval.toMillis()));
    }

    public NameServerConfig withListen(InetSocketAddress address) {
        return new NameServerConfig(address, brokerTimeout, scanInterval, kvConfigFile, switches, net);
    }

    public NameServerConfig withScanInterval(Duration interval) {
        return new NameServerConfig(listen, brokerTimeout, interval, kvConfigFile, switches, net);
    }

    /** @param file null for memory only */
    public NameServerConfig withKvConfigFile(Path file) {
        return new NameServerConfig(listen, brokerTimeout, scanInterval, file, switches, net);
    }

    public NameServerConfig withSwitches(Set<Switch> on) {
        return new NameServerConfig(listen, brokerTimeout, scanInterval, kvConfigFile, on, net);
    }
}
