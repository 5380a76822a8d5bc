package io.posthorn.server.store.journal;

import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.FlushDiskType;
import io.posthorn.server.store.StoreException;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes batches durable: writes what the sequencer has sealed, syncs once, reports, and takes what has been sealed
 * meanwhile. It has a thread for that; a thread that has a single small batch and nothing better to do may do a step itself. After the first
 * failed write or sync it never writes again: the page cache may have dropped what was lost, so a retry could succeed without the data. The
 * thread reports that as its last act, again and again if need be: when memory is short, reporting may fail as well.
 */
final class Flusher implements Runnable {

    private static final String FENCED = ", the broker is fenced until it is restarted";

    /** A batch nobody waits for is taken after one to two of these, so within a second. */
    private static final long IDLE_NS = 400_000_000L;

    /** How long to wait before a report is tried again. */
    private static final long REPORT_NS = 10_000_000L;

    /** How long to wait for another thread's write before looking again. */
    private static final long OTHERS_NS = 1_000_000L;

    private final BatchLog log;
    private final SegmentRoll roll;
    private final CommitListener listener;
    private final Clock clock;
    private final boolean syncEach;
    private final long asyncWindowNs;

    /** Held by whoever writes: the flusher's thread, or a caller of {@link #flushHere}. Guards the next three fields. */
    private final AtomicBoolean writing = new AtomicBoolean();

    private Segment segment;
    private volatile long written;
    private long lastSyncNs;
    private boolean idleOnce;

    /** Made beforehand, for when there is no memory left to say more. */
    private final StoreException lastWords = new StoreException("memory is exhausted" + FENCED);

    private volatile long durable;
    private volatile long committed;
    private volatile boolean parked;
    private volatile boolean stopping;
    private volatile StoreException failure;
    private volatile Thread thread;

    /** Where the next segment comes from; runs on the flusher. */
    @FunctionalInterface
    interface SegmentRoll {
        Segment begin(long base, long previousEnd) throws IOException;
    }

    Flusher(
            BatchLog log,
            SegmentRoll roll,
            CommitListener listener,
            Clock clock,
            FlushDiskType type,
            long asyncWindowNs,
            long durable) {
        this.log = log;
        this.roll = roll;
        this.listener = listener;
        this.clock = clock;
        this.syncEach = type == FlushDiskType.SYNC_FLUSH;
        this.asyncWindowNs = asyncWindowNs;
        this.written = durable;
        this.durable = durable;
        this.committed = durable;
        this.lastSyncNs = clock.monotonicNs();
    }

    /** Writes and syncs what has been sealed, on the caller's thread; only before {@link #start}. */
    void writeThrough() {
        step(true);
        if (failure != null) {
            throw failure;
        }
    }

    void start() {
        Thread flusher = new Thread(this, "posthorn-flusher");
        flusher.setDaemon(true);
        thread = flusher;
        flusher.start();
    }

    /** Something urgent has been sealed. */
    void wake() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Does a step of the flusher's work on the calling thread, which saves waking the flusher and being woken by it. When somebody is
     * writing, it is left to the flusher.
     */
    void flushHere() {
        if (failure == null && writing.compareAndSet(false, true)) {
            try {
                step(false);
            } finally {
                writing.set(false);
            }
        }
        if (log.urgentEnd() > written) {
            LockSupport.unpark(thread);
        }
    }

    /** Writes and syncs the rest, and ends the thread. */
    void stop() {
        stopping = true;
        Thread running = thread;
        if (running == null) {
            return;
        }
        LockSupport.unpark(running);
        boolean interrupted = false;
        while (running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    long written() {
        return written;
    }

    long durable() {
        return durable;
    }

    long committed() {
        return committed;
    }

    /** What fenced the store, or null. */
    StoreException failure() {
        return failure;
    }

    @Override
    public void run() {
        try {
            work();
        } catch (Throwable broken) {
            // The loop's edge: a flusher that died silently would leave everybody waiting for ever.
            fence("the journal cannot be written", broken);
        }
        report();
    }

    private void work() {
        while (failure == null) {
            boolean last = stopping;
            if (!writing.compareAndSet(false, true)) {
                // Somebody else is writing, and wakes this thread if something is left.
                LockSupport.parkNanos(OTHERS_NS);
                continue;
            }
            boolean worked;
            try {
                worked = step(last);
            } finally {
                writing.set(false);
            }
            if (last) {
                return;
            }
            if (!worked) {
                park();
            }
        }
    }

    private boolean step(boolean everything) {
        try {
            long target = log.sealedEnd();
            boolean wanted = everything || idleOnce || log.urgentEnd() > written;
            boolean worked = false;
            if (target > written && wanted) {
                write(target);
                listener.written(target);
                worked = true;
            }
            if (durable < written && (syncEach || everything || clock.monotonicNs() - lastSyncNs >= asyncWindowNs)) {
                sync();
            }
            if (worked) {
                idleOnce = false;
                committed = written;
                listener.committed(written);
            }
            return worked;
        } catch (Throwable failed) {
            // The edge as well, when another thread does the step.
            fence("the journal cannot be written", failed);
            return false;
        }
    }

    private void write(long target) throws IOException {
        while (written < target) {
            BatchLog.Chunk chunk = log.head();
            BatchLog.Chunk next = chunk.next();
            if (chunk.beginsSegment() && (segment == null || segment.base() != chunk.base())) {
                beginSegment(chunk);
            }
            long to = next == null ? target : Math.min(target, next.base());
            if (written < to) {
                segment.write(chunk.bytes(written, to), written);
                written = to;
            }
            if (next != null && written == next.base()) {
                log.drop(chunk);
            }
        }
    }

    private void beginSegment(BatchLog.Chunk chunk) throws IOException {
        // The segment before must be whole on disk before a header says that it is.
        if (segment != null) {
            segment.force();
            durable = written;
        }
        segment = roll.begin(chunk.base(), chunk.segmentPreviousEnd());
        written = chunk.base();
    }

    private void sync() throws IOException {
        segment.force();
        durable = written;
        lastSyncNs = clock.monotonicNs();
    }

    private void park() {
        long sealedBefore = log.sealedEnd();
        parked = true;
        if (log.urgentEnd() <= written && !stopping) {
            LockSupport.parkNanos(durable < written ? Math.min(IDLE_NS, asyncWindowNs) : IDLE_NS);
        }
        parked = false;
        // What was waiting before a whole idle period, and still is, has waited long enough.
        idleOnce = sealedBefore > written;
    }

    /** Nothing more is written; any thread. The first cause counts. */
    void fence(String what, Throwable cause) {
        if (failure != null) {
            return;
        }
        StoreException fenced;
        try {
            String why = cause instanceof Error ? cause.toString() : cause.getMessage();
            fenced = new StoreException(what + FENCED + ": " + why, cause);
        } catch (OutOfMemoryError nothingLeft) {
            fenced = lastWords;
        }
        failure = fenced;
        LockSupport.unpark(thread);
    }

    private void report() {
        boolean said = failure == null;
        while (!said) {
            try {
                listener.failed(failure);
                said = true;
            } catch (Throwable again) {
                said = stopping;
                LockSupport.parkNanos(REPORT_NS);
            }
        }
    }
}
