package io.posthorn.server.broker;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs events one at a time, in batches, and so gives the heart its single writer.
 *
 * <p>There is no thread behind it: whoever calls {@link #drain} works off what is queued, unless somebody is doing so
 * already, who then takes the new events along. An event loop that has just decoded a request thus carries it out itself,
 * which saves two thread wake-ups per request, while any number of event loops can feed the same heart. A thread that has
 * worked for {@value #ROUNDS_MAX} batches passes the rest to the relief executor, so that its own sockets do not starve.
 */
final class Sequencer {

    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);
    private static final int BATCH_MAX = 512;
    private static final int ROUNDS_MAX = 16;

    private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
    /** Calls of drain since the last time nobody was at work; 0 = nobody is. */
    private final AtomicInteger calls = new AtomicInteger();
    /** Whether a call of drain is on its way to an event loop. */
    private final AtomicBoolean drainScheduled = new AtomicBoolean();

    private final Runnable scheduledDrain = this::scheduledDrain;

    private final Runnable batchEnd;
    private final Runnable afterwards;
    private final Executor relief;
    private final Consumer<Error> broken;
    /** An error that could not be reported yet; by whoever holds the role. */
    private Error unreported;

    /**
     * @param batchEnd called after each batch of events, in the same exclusive section
     * @param afterwards called by the thread that gives the role back, after it has; what it posts is worked off then
     * @param relief   takes over long runs
     * @param broken   told of an error in an event, which has left its work half done; again when it has thrown
     */
    Sequencer(Runnable batchEnd, Runnable afterwards, Executor relief, Consumer<Error> broken) {
        this.broken = broken;
        this.batchEnd = batchEnd;
        this.afterwards = afterwards;
        this.relief = relief;
    }

    /** Queues an event without running it; somebody has to call {@link #drain} afterwards. Any thread. */
    void post(Runnable event) {
        events.add(event);
    }

    /** Works off what is queued, here or on the thread that is at it already. Any thread; not from within an event. */
    void drain() {
        if (calls.getAndIncrement() == 0) {
            work();
        }
    }

    /**
     * Has what is queued worked off when an event loop has read from all its connections that have something: then it is one batch, with
     * one sync, and not one for each connection. Any thread.
     */
    void drainAfterReads(Executor eventLoop) {
        if (!drainScheduled.getAndSet(true)) {
            try {
                eventLoop.execute(scheduledDrain);
            } catch (RejectedExecutionException loopEnded) {
                scheduledDrain();
            }
        }
    }

    private void scheduledDrain() {
        // First, so that whoever queues something from now on asks for another drain.
        drainScheduled.set(false);
        drain();
    }

    /** As {@link #drain}, but without the step afterwards; for that step. */
    void drainOnly() {
        if (calls.getAndIncrement() == 0 && !workOff()) {
            relief.execute(this::work);
        }
    }

    /** Queues an event and has it worked off. Any thread. */
    void run(Runnable event) {
        post(event);
        drain();
    }

    private void work() {
        if (workOff()) {
            afterwards();
        } else {
            relief.execute(this::work);
        }
    }

    /** Returns whether the role was given back; otherwise it is still held. */
    private boolean workOff() {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            int seen = calls.get();
            Runnable event;
            for (int n = 0; n < BATCH_MAX && (event = events.poll()) != null; n++) {
                guarded(event);
            }
            guarded(batchEnd);
            reportError();
            // A call that came meanwhile makes the exchange fail, so its event is never left behind.
            if (events.isEmpty() && calls.compareAndSet(seen, 0)) {
                return true;
            }
        }
        return false;
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException bug) {
            // The loop's edge: one broken request must not stop the broker. Every expected failure is answered before.
            LOG.error("an event failed unexpectedly", bug);
        } catch (Error error) {
            // Out of memory, most likely. The role has to be given back all the same, or nothing would ever be answered
            // again.
            unreported = error;
        }
    }

    private void reportError() {
        if (unreported != null) {
            try {
                broken.accept(unreported);
                unreported = null;
            } catch (RuntimeException | Error again) {
                // With the next batch: memory may be short for this too.
                LOG.error("an error could not be dealt with yet", again);
            }
        }
    }

    /** Without the role: what goes wrong here is reported with it. */
    private void afterwards() {
        try {
            afterwards.run();
        } catch (RuntimeException bug) {
            LOG.error("the step after a batch failed unexpectedly", bug);
        } catch (Error error) {
            run(() -> {
                throw error;
            });
        }
    }
}
