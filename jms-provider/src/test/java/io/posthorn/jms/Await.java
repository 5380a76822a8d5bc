package io.posthorn.jms;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits of tests for conditions, with a time limit. */
final class Await {

    private static final int TRIES = 2_000;
    private static final long PAUSE_NS = 5_000_000;

    private Await() {}

    /** Ten seconds at most. */
    static void until(String what, BooleanSupplier condition) {
        for (int i = 0; i < TRIES; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        throw new AssertionError("not in time: " + what);
    }

    static void latch(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("not in time: " + latch);
            }
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
