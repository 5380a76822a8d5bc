package io.posthorn.server.nameserver;

import io.posthorn.server.route.BrokerIdentity;
import io.posthorn.server.route.DataVersion;

/**
 * A sign of life of one broker address, with what a later one is compared to. Immutable.
 *
 * @param <C> the connection's type; only its identity counts
 * @param heardNs monotonic time of the last sign
 */
record LiveBroker<C>(
        BrokerIdentity broker,
        C connection,
        long heardNs,
        long timeoutMs,
        DataVersion version,
        String haServerAddress) {

    LiveBroker<C> heardAgain(long nowNs) {
        return new LiveBroker<>(broker, connection, nowNs, timeoutMs, version, haServerAddress);
    }

    boolean isSilent(long nowNs) {
        // In milliseconds, since a time-out of Long.MAX_VALUE is legal and has no nanoseconds.
        return (nowNs - heardNs) / 1_000_000 > timeoutMs;
    }
}
