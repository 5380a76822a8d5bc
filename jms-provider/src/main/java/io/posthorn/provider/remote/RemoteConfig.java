package io.posthorn.provider.remote;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How to reach a cluster and how long to wait for it. Immutable; start from {@link #of} and change with the {@code with…}
 * methods.
 *
 * @param nameServers at least one; resolved or not
 * @param connectTimeout for one TCP connection
 * @param requestTimeout how long an answer may take
 * @param failoverTimeout how long to look for a broker after a loss before the connection fails; negative: for ever
 * @param keepAlive interval of the PINGs that keep a link warm and notice a silent one
 * @param closeTimeout how long {@code close()} waits for unanswered requests and for the broker's goodbye
 * @param inFlightMax persistent and transacted sends that may be unanswered at a time, per connection
 * @param nonPersistentInFlightMax the same for non-persistent sends outside transactions
 * @param inFlightMaxBytes how many bytes each of the two kinds of sends may have unanswered
 * @param frameMaxBytes largest frame sent or taken
 * @param slaveRead whether messages that a Master has left on disk are fetched from a Slave
 */
public record RemoteConfig(
        List<InetSocketAddress> nameServers,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration failoverTimeout,
        Duration keepAlive,
        Duration closeTimeout,
        int inFlightMax,
        int nonPersistentInFlightMax,
        int inFlightMaxBytes,
        int frameMaxBytes,
        boolean slaveRead) {

    /** Most unanswered requests on a link that are no sends: settlements and single verbs. */
    static final int OTHER_IN_FLIGHT_MAX = 2_048;

    /** @throws IllegalArgumentException naming the value that cannot be used */
    public RemoteConfig {
        nameServers = List.copyOf(nameServers);
        if (nameServers.isEmpty()) {
            throw new IllegalArgumentException("at least one NameServer is needed");
        }
        positive("connectTimeout", connectTimeout);
        positive("requestTimeout", requestTimeout);
        Objects.requireNonNull(failoverTimeout, "failoverTimeout");
        positive("keepAlive", keepAlive);
        positive("closeTimeout", closeTimeout);
        positive("inFlightMax", inFlightMax);
        positive("nonPersistentInFlightMax", nonPersistentInFlightMax);
        positive("inFlightMaxBytes", inFlightMaxBytes);
        positive("frameMaxBytes", frameMaxBytes);
    }

    /**
     * The defaults: connect 10 s, request 30 s, failover 60 s, keep-alive 30 s, close 5 s, 1,000 sends and 4 MiB in flight of
     * either kind, frames of 16 MiB, and reading from Slaves.
     */
    public static RemoteConfig of(List<InetSocketAddress> nameServers) {
        return new RemoteConfig(
                nameServers,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                1_000,
                1_000,
                4 << 20,
                16 << 20,
                true);
    }

    public RemoteConfig withConnectTimeout(Duration value) {
        return copy(value, requestTimeout, failoverTimeout, keepAlive, closeTimeout);
    }

    public RemoteConfig withRequestTimeout(Duration value) {
        return copy(connectTimeout, value, failoverTimeout, keepAlive, closeTimeout);
    }

    /** @param value negative: never give up */
    public RemoteConfig withFailoverTimeout(Duration value) {
        return copy(connectTimeout, requestTimeout, value, keepAlive, closeTimeout);
    }

    public RemoteConfig withKeepAlive(Duration value) {
        return copy(connectTimeout, requestTimeout, failoverTimeout, value, closeTimeout);
    }

    public RemoteConfig withCloseTimeout(Duration value) {
        return copy(connectTimeout, requestTimeout, failoverTimeout, keepAlive, value);
    }

    public RemoteConfig withInFlightMax(int value) {
        return bounded(value, nonPersistentInFlightMax, inFlightMaxBytes, frameMaxBytes);
    }

    public RemoteConfig withNonPersistentInFlightMax(int value) {
        return bounded(inFlightMax, value, inFlightMaxBytes, frameMaxBytes);
    }

    public RemoteConfig withInFlightMaxBytes(int value) {
        return bounded(inFlightMax, nonPersistentInFlightMax, value, frameMaxBytes);
    }

    public RemoteConfig withFrameMaxBytes(int value) {
        return bounded(inFlightMax, nonPersistentInFlightMax, inFlightMaxBytes, value);
    }

    public RemoteConfig withSlaveRead(boolean value) {
        return new RemoteConfig(
                nameServers,
                connectTimeout,
                requestTimeout,
                failoverTimeout,
                keepAlive,
                closeTimeout,
                inFlightMax,
                nonPersistentInFlightMax,
                inFlightMaxBytes,
                frameMaxBytes,
                value);
    }

    /** Whether to look for a broker for ever. */
    boolean failsOverForEver() {
        return failoverTimeout.isNegative();
    }

    /** Bound of unanswered requests on one link: all the flows together never reach it. */
    int requestsInFlightMax() {
        return inFlightMax + nonPersistentInFlightMax + OTHER_IN_FLIGHT_MAX;
    }

    private RemoteConfig copy(Duration connect, Duration request, Duration failover, Duration alive, Duration close) {
        return new RemoteConfig(
                nameServers,
                connect,
                request,
                failover,
                alive,
                close,
                inFlightMax,
                nonPersistentInFlightMax,
                inFlightMaxBytes,
                frameMaxBytes,
                slaveRead);
    }

    private RemoteConfig bounded(int sends, int nonPersistent, int bytes, int frame) {
        return new RemoteConfig(
                nameServers,
                connectTimeout,
                requestTimeout,
                failoverTimeout,
                keepAlive,
                closeTimeout,
                sends,
                nonPersistent,
                bytes,
                frame,
                slaveRead);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }

    private static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
