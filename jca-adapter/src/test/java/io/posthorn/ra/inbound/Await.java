package io.posthorn.ra.inbound;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other threads and processes bring about. */
final class Await {

    private static final int TRIES_MAX = 6_000;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private Await() {}

    /** Returns when the condition holds; fails with this text after some 30 s. */
    static void until(String what, Callable<Boolean> condition) throws Exception {
        for (int i = 0; !condition.call(); i++) {
            if (i == TRIES_MAX) {
                throw new AssertionError("did not come about: " + what);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
