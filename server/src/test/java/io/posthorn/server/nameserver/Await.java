package io.posthorn.server.nameserver;

import io.posthorn.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another thread or process brings about. */
public final class Await {

    private static final long LIMIT_NS = 20_000_000_000L;
    private static final long PAUSE_NS = 2_000_000L;

    private Await() {}

    /** Returns when the condition holds; fails with this text after 20 s. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long startNs = Clock.system().monotonicNs();
        while (!condition.call()) {
            if (Clock.system().monotonicNs() - startNs > LIMIT_NS) {
                throw new AssertionError("not within 20 s: " + what);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
