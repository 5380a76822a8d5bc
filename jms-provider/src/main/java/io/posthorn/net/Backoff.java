package io.posthorn.net;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling from first to max, with jitter so that clients that lost the same
 * peer do not come back in one moment. Immutable, no clock, no state; any thread.
 */
public final class Backoff {

    private final long firstMs;
    private final long maxMs;

    /**
     * @param first at least 1 ms
     * @param max   not less than first
     */
    public Backoff(Duration first, Duration max) {
        if (first.toMillis() < 1 || max.compareTo(first) < 0) {
            throw new IllegalArgumentException("backoff from " + first + " to " + max);
        }
        firstMs = first.toMillis();
        maxMs = max.toMillis();
    }

    /**
     * The delay in ms: evenly spread over the upper half of min(max, first · 2^failures).
     *
     * @param failures failed attempts so far, from 0
     */
    public long delayMs(int failures, RandomGenerator random) {
        // Shifts beyond the bit width wrap around, and a large first delay would overflow before that.
        long ceilingMs =
                failures > Long.numberOfLeadingZeros(firstMs) - 2 ? maxMs : Math.min(maxMs, firstMs << failures);
        return ceilingMs - random.nextLong(ceilingMs / 2 + 1);
    }
}
