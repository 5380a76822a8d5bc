package io.posthorn.server.store.journal;

import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.StoreFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Keeps files ready for the next segments, filled by a thread of its own so that neither sequencer nor flusher waits for it. Two spares
 * are the reserve: when the disk is full, a segment is begun for a message only if two remain, and for what settles
 * messages only if one remains, with which the next start begins its epoch. The ballast is the last resort. Segments that a checkpoint has
 * freed become spares again: on a disk with plenty of room all that are wanted until the next one, so that a busy broker writes no zeros.
 * Thread-safe.
 */
final class SpareSegments {

    /** Spares kept ready; once the disk is full one more, which may be used for messages. */
    static final int SPARES = 2;

    private final SegmentFiles files;
    private final Ballast ballast;
    private final int recycledMax;
    private final ExecutorService filler;

    private final ArrayDeque<Path> ready = new ArrayDeque<>();
    private int promised;
    private long nextNumber;
    private boolean filling;
    /** Made beforehand, for when there is no memory left to say more. */
    private final StoreException lastWords =
            new StoreException("no journal segment can be prepared: memory is exhausted");

    private StoreException failure;
    /** The next file may take what should stay free, because the ballast has just been thrown overboard for it. */
    private boolean fromReserve;

    /** @param recycledMax how many freed segments are kept where there is plenty of room */
    SpareSegments(SegmentFiles files, Ballast ballast, int recycledMax) {
        this.files = files;
        this.ballast = ballast;
        this.recycledMax = recycledMax;
        this.filler = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "posthorn-segments");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Takes over what an earlier run has left. The first {@link #take} begins to fill up. */
    synchronized void open(List<Path> found) {
        for (Path spare : found) {
            ready.add(spare);
            String name = spare.getFileName().toString();
            String number = name.substring(0, name.length() - SegmentFiles.SPARE_SUFFIX.length());
            nextNumber = Math.max(nextNumber, Long.parseLong(number) + 1);
        }
    }

    /**
     * The sequencer is about to begin a segment, which the flusher will {@link #take}. Never waits.
     *
     * @throws StoreException if the disk is full and what is left is not for this entry; nothing is promised then
     */
    synchronized void promise(boolean bearsMessage) {
        int left = ready.size() - promised;
        boolean lastResort = !bearsMessage && ballast.isThere();
        if (failure != null && left < (bearsMessage ? SPARES + 1 : 2) && !lastResort) {
            StoreException refusal = bearsMessage
                    ? new StoreFullException(failure.getMessage(), failure)
                    : new StoreException(failure.getMessage(), failure);
            refill();
            throw refusal;
        }
        promised++;
    }

    /** The flusher takes a promised file; waits while it is being filled. */
    synchronized Path take() throws IOException {
        refill();
        while (ready.isEmpty()) {
            if (!filling) {
                if (failure != null && !filler.isShutdown() && ballast.release()) {
                    fromReserve = true;
                    refill();
                    continue;
                }
                throw failure != null ? failure : new StoreException("the journal is closed");
            }
            try {
                wait();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for a journal segment", interrupted);
            }
        }
        promised--;
        Path spare = ready.poll();
        refill();
        return spare;
    }

    /** Whether the disk is full and the reserve has been drawn on: a checkpoint would give segments back. */
    synchronized boolean isShort() {
        return failure != null && ready.size() - promised <= SPARES;
    }

    /** A segment is not needed any more: becomes a spare, or is deleted when there are enough. */
    void giveBack(Segment segment) throws IOException {
        boolean plenty = files.hasPlentyOfRoom();
        List<Path> surplus = new ArrayList<>();
        long number = -1;
        synchronized (this) {
            int max = plenty ? Math.max(recycledMax, kept()) : kept();
            while (ready.size() > max + promised) {
                surplus.add(ready.pollLast());
            }
            if (ready.size() < max && segment.capacity() == files.capacity()) {
                number = nextNumber++;
            }
        }
        for (Path spare : surplus) {
            Files.deleteIfExists(spare);
        }
        if (number < 0) {
            files.delete(segment);
            return;
        }
        Path spare = files.recycle(segment, number);
        synchronized (this) {
            ready.add(spare);
            notifyAll();
        }
    }

    void close() {
        synchronized (this) {
            // Not while somebody has just seen that it goes on and hands it a task.
            filler.shutdown();
        }
        try {
            if (!filler.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new StoreException("a journal segment is still being written after 60 s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private int kept() {
        return failure == null ? SPARES : SPARES + 1;
    }

    /** Looks for room again while the disk is full, so that what was refused is taken as soon as it can be. */
    synchronized void retry() {
        if (failure != null) {
            refill();
        }
    }

    /** Whether the reserve is not whole. */
    synchronized boolean isLow() {
        return ready.size() < SPARES;
    }

    private synchronized void refill() {
        if (!filling && !filler.isShutdown() && ready.size() < kept() + promised) {
            filling = true;
            filler.execute(this::fill);
        }
    }

    private void fill() {
        long number;
        boolean reserve;
        synchronized (this) {
            number = nextNumber++;
            reserve = fromReserve;
            fromReserve = false;
        }
        Path spare = null;
        StoreException failed = lastWords;
        try {
            spare = files.fill(number, reserve);
            failed = null;
        } catch (StoreException full) {
            failed = full;
        } catch (IOException | RuntimeException | Error unexpected) {
            failed = new StoreException("no journal segment can be prepared: " + unexpected, unexpected);
        } finally {
            // In any case: the flusher may be waiting.
            filled(spare, failed);
        }
    }

    private synchronized void filled(Path spare, StoreException failed) {
        filling = false;
        failure = failed;
        if (spare != null) {
            ready.add(spare);
            refill();
        }
        notifyAll();
    }
}
