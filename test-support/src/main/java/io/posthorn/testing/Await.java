package io.posthorn.testing;

import io.posthorn.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another process brings about. */
public final class Await {

    private static final long PAUSE_NS = 5_000_000L;
    private static final long LONG_PAUSE_NS = 20_000_000L;

    private Await() {}

    /** Returns when the condition holds; fails with this text after 30 s. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        untilWithin(PAUSE_NS, what, condition);
    }

    /** As above; looks so often that it notices within this time. */
    public static void untilWithin(long pauseNs, String what, Callable<Boolean> condition) throws Exception {
        until(30, pauseNs, what, condition);
    }

    /** Returns when the condition holds; fails with this text after so many seconds. Looks less often, at what costs something. */
    public static void within(int seconds, String what, Callable<Boolean> condition) throws Exception {
        until(seconds, LONG_PAUSE_NS, what, condition);
    }

    private static void until(int seconds, long pauseNs, String what, Callable<Boolean> condition) throws Exception {
        long startNs = Clock.system().monotonicNs();
        while (!condition.call()) {
            if (Clock.system().monotonicNs() - startNs > TimeUnit.SECONDS.toNanos(seconds)) {
                throw new AssertionError("not within " + seconds + " s: " + what);
            }
            LockSupport.parkNanos(pauseNs);
        }
    }
}
