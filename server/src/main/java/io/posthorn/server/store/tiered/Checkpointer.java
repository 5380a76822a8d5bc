package io.posthorn.server.store.tiered;

import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.StoreBounds;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.journal.Journal;
import io.posthorn.server.store.lmdb.DeepStore;
import io.posthorn.time.Clock;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that moves the journal's durable part into LMDB from time to time, then lets old segments go. A checkpoint that fails is
 * logged and tried again after the next interval: nothing is lost by it, the journal grows meanwhile. An error that ends the thread fences
 * the journal.
 */
final class Checkpointer implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

    /** How often it looks whether one is due: coarse, for a look costs a wake-up. */
    private static final long LOOK_NS = 200_000_000L;

    /** On a full disk one follows the other at this distance, so that segments come back soon. */
    private static final long SHORT_PAUSE_NS = 1_000_000_000L;

    private final Journal journal;
    private final DeepStore deep;
    private final CommitListener listener;
    private final StoreBounds bounds;
    private final Clock clock;
    private final Path dir;
    private final long bytesMax;
    private final long intervalNs;
    private final long retainMaxBytes;

    /** No room was found and that was said. */
    private boolean failing;

    private volatile boolean requested;
    private volatile boolean stopping;
    private volatile Thread thread;

    Checkpointer(
            Journal journal,
            DeepStore deep,
            CommitListener listener,
            StoreBounds bounds,
            Clock clock,
            StoreConfig config) {
        this.journal = journal;
        this.deep = deep;
        this.listener = listener;
        this.bounds = bounds;
        this.clock = clock;
        this.dir = config.dir();
        this.bytesMax = config.checkpoint().bytes();
        this.intervalNs = config.checkpoint().interval().toNanos();
        this.retainMaxBytes = config.disk().journalRetainMaxBytes();
    }

    /** When one is due: enough has been written, or something has and the last one was long ago. */
    static boolean due(long journalBytes, long bytesMax, long elapsedNs, long intervalNs) {
        return journalBytes >= bytesMax || journalBytes > 0 && elapsedNs >= intervalNs;
    }

    void start() {
        Thread started = new Thread(this, "posthorn-checkpointer");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    /**
     * One on the calling thread, before {@link #start}, if the disk is so full that the next starts might find no room: it gives the
     * segments back that lie before this epoch.
     */
    void makeRoom() {
        if (journal.needsRoom()) {
            checkpoint(true);
        }
    }

    /** Asks for one as soon as possible; any thread. */
    void request() {
        requested = true;
        LockSupport.unpark(thread);
    }

    /** Ends after the transaction at hand; the rest stays in the journal. */
    void stop() {
        stopping = true;
        Thread running = thread;
        if (running == null) {
            return;
        }
        LockSupport.unpark(running);
        try {
            running.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try {
            work();
        } catch (Throwable broken) {
            // The loop's edge: without checkpoints the journal would grow until the disk is full, and nobody would know
            // why.
            journal.fence("the checkpoint thread has ended", broken);
        }
    }

    private void work() {
        long lastNs = clock.monotonicNs();
        while (!stopping) {
            boolean asked = requested;
            long journalBytes = bytesBehindCheckpoint();
            long sinceNs = clock.monotonicNs() - lastNs;
            journal.space().look();
            boolean isShort = journal.isShort() && journalBytes > 0 && sinceNs >= SHORT_PAUSE_NS;
            if (asked || isShort || due(journalBytes, bytesMax, sinceNs, intervalNs)) {
                requested = false;
                if (!checkpoint(journal.isShort() || journal.space().refusal() != null)) {
                    // Bytes alone must not bring it back at once: what failed will most likely fail again.
                    waitAfterFailure();
                }
                lastNs = clock.monotonicNs();
            } else {
                journal.ballast().restore();
                if (journal.isShort() && sinceNs >= SHORT_PAUSE_NS) {
                    journal.retrySpares();
                }
                LockSupport.parkNanos(LOOK_NS);
            }
        }
    }

    private long bytesBehindCheckpoint() {
        // Not the difference of the positions: between two epochs lies a gap.
        return journal.bytesBetween(deep.position(), foldable());
    }

    private long foldable() {
        return Math.max(deep.position(), bounds.foldTo(journal.durablePosition()));
    }

    private boolean checkpoint(boolean full) {
        if (tryCheckpoint(full)) {
            return true;
        }
        if (!journal.space().isExhausted()) {
            return false;
        }
        // The ballast's room is for this: what a checkpoint takes it gives back as journal segments.
        journal.ballast().release();
        return tryCheckpoint(true);
    }

    private boolean tryCheckpoint(boolean full) {
        try {
            long to = foldable();
            long reached = full
                    ? deep.foldInSmallSteps(journal, to, this::afterSmallStep)
                    : deep.fold(journal, to, position -> !stopping);
            if (!stopping) {
                letGo(reached, full);
            }
            failing = false;
            return true;
        } catch (StoreException failed) {
            if (!journal.space().isExhausted()) {
                LOG.error("A checkpoint failed; the journal is kept and it will be tried again", failed);
            } else if (!failing) {
                failing = true;
                LOG.warn(
                        "No room for a checkpoint; the journal is kept and it will be tried again: {}",
                        failed.getMessage());
            }
        } catch (RuntimeException unexpected) {
            LOG.error("A checkpoint failed unexpectedly; the journal is kept and it will be tried again", unexpected);
        }
        return false;
    }

    /** Between two transactions on a full disk: the room of the segments that are done is wanted at once. */
    private boolean afterSmallStep(long position) {
        if (!stopping) {
            deep.sync();
            letGo(position, true);
        }
        return !stopping;
    }

    /** On a full disk nothing is kept for Slaves: they can take a snapshot. */
    private void letGo(long reached, boolean full) {
        listener.checkpointed(reached);
        // In this order: a backup that pins the journal from now on finds tables that are at least as far as this.
        if (!BackupPin.isTaken(dir) || abortedBackup(reached)) {
            journal.release(full ? reached : Math.min(reached, bounds.keepFrom(reached)));
        }
    }

    /** Whether a backup has to do without the journal from now on, because that has become too long, or the disk too full. */
    private boolean abortedBackup(long reached) {
        if (BackupPin.isAborted(dir)) {
            return true;
        }
        long retained = journal.releasableBytes(reached);
        String full = journal.space().refusal();
        if (retained <= retainMaxBytes && full == null) {
            return false;
        }
        String why = full != null
                ? full
                : "journalRetainMaxBytes=" + retainMaxBytes + " is reached: " + retained
                        + " bytes of journal were kept for the backup";
        LOG.warn("The backup that is running is aborted: {}", why);
        return BackupPin.abort(dir, why);
    }

    private void waitAfterFailure() {
        long intervalNs = Math.min(this.intervalNs, journal.space().isExhausted() ? SHORT_PAUSE_NS : this.intervalNs);
        long since = clock.monotonicNs();
        while (!stopping && !requested && clock.monotonicNs() - since < intervalNs) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }
}
