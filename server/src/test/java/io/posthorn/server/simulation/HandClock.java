package io.posthorn.server.simulation;

import io.posthorn.time.Clock;

/** Time that passes only when it is told to; its wall clock can be set back. */
final class HandClock implements Clock {

    private volatile long nowMs = 1_000_000;
    private volatile long latestMs = nowMs;
    private volatile long passedMs = nowMs;

    void pass(long ms) {
        nowMs += ms;
        passedMs += ms;
        latestMs = Math.max(latestMs, nowMs);
    }

    void setBack(long ms) {
        nowMs -= ms;
    }

    /** The latest time that the wall clock has shown. */
    long latestMs() {
        return latestMs;
    }

    @Override
    public long wallMs() {
        return nowMs;
    }

    @Override
    public long monotonicNs() {
        return passedMs * 1_000_000;
    }
}
