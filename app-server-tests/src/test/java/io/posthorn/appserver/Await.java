package io.posthorn.appserver;

import io.posthorn.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another process brings about. */
final class Await {

    private static final long PAUSE_NS = 20_000_000L;

    private Await() {}

    /** Returns when the condition holds; fails with this text after so many seconds. */
    static void within(int seconds, String what, Callable<Boolean> condition) throws Exception {
        long startNs = Clock.system().monotonicNs();
        while (!condition.call()) {
            if (Clock.system().monotonicNs() - startNs > seconds * 1_000_000_000L) {
                throw new AssertionError("not within " + seconds + " s: " + what);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
