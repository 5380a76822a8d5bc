package io.posthorn.ra.inbound;

/** How long to wait before the next try of something that has failed: doubling, up to a limit. */
final class Backoff {

    private static final int DOUBLINGS_MAX = 20;

    private final long firstMs;
    private final long maxMs;
    private int failures;

    Backoff(long firstMs, long maxMs) {
        this.firstMs = firstMs;
        this.maxMs = maxMs;
    }

    /** One more has failed. */
    long nextMs() {
        return Math.min(maxMs, firstMs << Math.min(failures++, DOUBLINGS_MAX));
    }

    /** How many have failed since the last success. */
    int failures() {
        return failures;
    }

    void reset() {
        failures = 0;
    }
}
