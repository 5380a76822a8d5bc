package io.posthorn.provider.remote;

import io.posthorn.time.Clock;
import java.time.Duration;
import java.util.concurrent.Future;

/**
 * Says when gathered settlements have waited long enough: after 2 to 4 ms. There is one task of the event loop at a time, and none that is nearly due while
 * frames come in: in the last half millisecond before a task the event loop does not wait, it turns round and round, which would take a large part of a core from
 * everybody else. Guarded by its owner, but for {@link #isNearlyDue}.
 */
final class FlushTimer {

    /** How long settlements may wait for company, in ms. */
    static final long GATHER_MS = 4;

    private static final long GATHER_NS = GATHER_MS * 1_000_000;
    private static final long NEARLY_NS = 1_000_000;
    private static final long ENOUGH_NS = GATHER_NS / 2;

    private final Loop loop;
    private final Clock clock;
    private final Runnable task;

    private boolean wanted;
    private long wantedNs;
    /** The task, or null; guarded for writing. */
    private volatile Future<?> running;
    /** When the task is due; guarded for writing. */
    private volatile long dueNs;

    /** @param task run on the event loop when it is time to look again, see {@link #looked} */
    FlushTimer(Loop loop, Clock clock, Runnable task) {
        this.loop = loop;
        this.clock = clock;
        this.task = task;
    }

    /** Something begins to wait, or waits already. */
    void want() {
        if (!wanted) {
            wanted = true;
            wantedNs = clock.monotonicNs();
            if (running == null) {
                run(GATHER_NS);
            }
        }
    }

    /** Nothing waits any more. */
    void flushed() {
        wanted = false;
    }

    /** Whether the task had better be seen to now; any thread. */
    boolean isNearlyDue() {
        return running != null && dueNs - clock.monotonicNs() < NEARLY_NS;
    }

    /** It is time to look, or nearly so. @return whether what waits is to leave now; event loop */
    boolean looked() {
        if (running != null) {
            running.cancel(false);
            running = null;
        }
        if (!wanted) {
            return false;
        }
        long ageNs = clock.monotonicNs() - wantedNs;
        if (ageNs >= ENOUGH_NS) {
            return true;
        }
        run(GATHER_NS - ageNs);
        return false;
    }

    private void run(long delayNs) {
        dueNs = clock.monotonicNs() + delayNs;
        running = loop.schedule(task, Duration.ofNanos(delayNs));
    }
}
