package io.posthorn.net;

import java.time.Duration;
import java.util.Objects;

/**
 * Limits and time-outs of connections.
 *
 * @param frameMaxBytes largest frame in either direction, its length field included
 * @param inFlightMax most unanswered requests of ours per connection
 * @param connectTimeout how long a TCP connect may take
 * @param requestTimeout how long {@link FrameConnection#send} waits for an answer; noticed up to an eighth of it (at most
 *     1 s) late
 * @param idleTimeout a connection with neither read nor write for so long is closed; zero for never
 * @param eventLoopThreads number of event loops; 0 for the default: one in a client, half of up to four cores in a server
 * @param threadNamePrefix first part of the names of the event loop threads
 */
public record NetConfig(
        int frameMaxBytes,
        int inFlightMax,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration idleTimeout,
        int eventLoopThreads,
        String threadNamePrefix) {

    /** @throws IllegalArgumentException if a value is out of range; the text names it */
    public NetConfig {
        Objects.requireNonNull(threadNamePrefix, "threadNamePrefix");
        check(frameMaxBytes >= 1024, "frameMaxBytes", frameMaxBytes);
        check(inFlightMax >= 1, "inFlightMax", inFlightMax);
        check(
                connectTimeout.toMillis() >= 1 && connectTimeout.toMillis() <= Integer.MAX_VALUE,
                "connectTimeout",
                connectTimeout);
        check(requestTimeout.toMillis() >= 1, "requestTimeout", requestTimeout);
        check(!idleTimeout.isNegative(), "idleTimeout", idleTimeout);
        check(eventLoopThreads >= 0, "eventLoopThreads", eventLoopThreads);
    }

    /** Frame 16 MiB, 4,096 requests in flight, connect 10 s, request 30 s, idle 120 s. */
    public static NetConfig defaults() {
        return new NetConfig(
                16 * 1024 * 1024,
                4096,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(120),
                0,
                "posthorn-net");
    }

    private static void check(boolean legal, String name, Object value) {
        if (!legal) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }
}
