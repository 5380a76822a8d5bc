package io.posthorn.server.broker.registration;

import io.posthorn.net.NetConfig;
import io.posthorn.server.route.BrokerIdentity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Who registers, and where.
 *
 * @param broker the broker as clients shall know it; not null
 * @param nameServers every NameServer of the cluster, resolved or not; empty = registers nowhere
 * @param interval pause between two full registrations; default 30 s
 * @param autoCreateTopics whether the template topic is announced from which Apache clients create topics
 * @param net limits of the connections
 */
public record RegistrationConfig(
        BrokerIdentity broker,
        List<InetSocketAddress> nameServers,
        Duration interval,
        boolean autoCreateTopics,
        NetConfig net) {

    /** @throws IllegalArgumentException if the interval is under 1 ms */
    public RegistrationConfig {
        Objects.requireNonNull(broker, "broker");
        Objects.requireNonNull(net, "net");
        nameServers = List.copyOf(nameServers);
        if (interval.toMillis() <= 0) {
            throw new IllegalArgumentException("the registration interval is at least 1 ms: " + interval);
        }
    }

    /**
     * The defaults for this broker.
     *
     * @param brokerAddress {@code ip:port} by which clients reach it
     */
    public static RegistrationConfig of(
            String clusterName,
            String brokerName,
            long brokerId,
            String brokerAddress,
            List<InetSocketAddress> nameServers) {
        return new RegistrationConfig(
                new BrokerIdentity(clusterName, brokerName, brokerId, brokerAddress),
                nameServers,
                Duration.ofSeconds(30),
                false,
                NetConfig.defaults());
    }

    public RegistrationConfig withInterval(Duration newInterval) {
        return new RegistrationConfig(broker, nameServers, newInterval, autoCreateTopics, net);
    }

    public RegistrationConfig withAutoCreateTopics(boolean create) {
        return new RegistrationConfig(broker, nameServers, interval, create, net);
    }
}
