package io.posthorn.cluster.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** About how many messages wait at a destination, so that its senders do not get far ahead of its receivers. Any thread. */
final class Backlog {

    private static final long LONG = 200;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final AtomicLong waiting = new AtomicLong();

    void sent(int messages) {
        waiting.addAndGet(messages);
    }

    void received() {
        waiting.decrementAndGet();
    }

    /** Lets a little time pass if it is too long; to be asked again. */
    boolean isLong() {
        if (waiting.get() < LONG) {
            return false;
        }
        LockSupport.parkNanos(PAUSE_NS);
        return true;
    }
}
