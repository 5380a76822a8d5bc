package io.posthorn.server.simulation;

import io.posthorn.time.Clock;

/** Time that passes only when it is told to. */
final class HandClock implements Clock {

    private volatile long nowMs = 1_000_000;

    void pass(long ms) {
        nowMs += ms;
    }

    @Override
    public long wallMs() {
        return nowMs;
    }

    @Override
    public long monotonicNs() {
        return nowMs * 1_000_000;
    }
}
