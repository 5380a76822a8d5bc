package io.posthorn.server.nameserver;

import io.posthorn.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test sets. */
public final class HandClock implements Clock {

    private final AtomicLong ns = new AtomicLong();

    public void advance(Duration by) {
        ns.addAndGet(by.toNanos());
    }

    @Override
    public long wallMs() {
        return 1_700_000_000_000L + ns.get() / 1_000_000;
    }

    @Override
    public long monotonicNs() {
        return ns.get();
    }
}
