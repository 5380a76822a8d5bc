package io.posthorn.server.broker;

import io.posthorn.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Takes dispatching out of the round trip of a lone persistent producer. Its event loop answers it when the disk has its message, and
 * would then work out the deliveries, while the next send already waits to be read. So when this producer's sends have followed their answers
 * at once, dispatching is put off until the next one is there, and a thread of this class does it while the event loop is in
 * the sync. When no send comes in time the event loop dispatches after all.
 *
 * <p>Methods without another mark are for the sequencer.
 */
final class DispatchRelief implements AutoCloseable {

    /** How soon after its answer the next send is expected, and how long dispatching is put off at most. */
    static final long WAIT_NS = 400_000;

    /** So many sends have to follow at once before dispatching is put off. */
    static final int STREAK_MIN = 4;

    private final Sequencer sequencer;
    private final Clock clock;
    private final ExecutorService thread;

    private Object producer;
    private long answeredNs;
    private int streak;

    private volatile boolean putOff;
    private volatile boolean due;
    private long putOffNs;
    private boolean timed;

    DispatchRelief(Sequencer sequencer, Clock clock) {
        this.sequencer = sequencer;
        this.clock = clock;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "posthorn-dispatch");
            made.setDaemon(true);
            return made;
        });
    }

    /** Somebody waits for the disk from now on. */
    void waits(Object who) {
        boolean follows = who == producer && clock.monotonicNs() - answeredNs <= WAIT_NS;
        streak = follows ? streak + 1 : 0;
        producer = who;
    }

    /**
     * A sync by an event loop has ended, and with it the wait of the only one who waited.
     *
     * @param eventLoop the calling thread, which will read the next send
     */
    void answered(ScheduledExecutorService eventLoop) {
        answeredNs = clock.monotonicNs();
        if (streak >= STREAK_MIN && !putOff) {
            putOffNs = answeredNs;
            putOff = true;
            due = false;
            if (!timed) {
                timed = true;
                time(eventLoop, WAIT_NS);
            }
        }
    }

    /** Whether to leave dispatching for later. If not, it counts as done. */
    boolean isPutOff() {
        if (putOff && !due && clock.monotonicNs() - putOffNs < WAIT_NS) {
            return true;
        }
        putOff = false;
        return false;
    }

    /** An event loop is about to wait for the disk; outside the sequencer. */
    void syncing() {
        if (putOff && !due) {
            due = true;
            try {
                thread.execute(sequencer::drain);
            } catch (RejectedExecutionException closing) {
                // Whoever holds the sequencer next sees that it is due.
                return;
            }
        }
    }

    private void time(ScheduledExecutorService eventLoop, long delayNs) {
        try {
            eventLoop.schedule(() -> sequencer.run(() -> timeIsUp(eventLoop)), delayNs, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            due = true;
        }
    }

    /** Only looks; when it is late enough the end of this batch dispatches. */
    private void timeIsUp(ScheduledExecutorService eventLoop) {
        long leftNs = WAIT_NS - (clock.monotonicNs() - putOffNs);
        if (putOff && leftNs > 0) {
            time(eventLoop, leftNs);
        } else {
            timed = false;
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
