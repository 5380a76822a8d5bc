package io.posthorn.server.queue;

import io.posthorn.server.store.Store;
import java.util.List;
import java.util.TreeSet;

/** What of one producer is stored already: its newest sequence, the gaps below it, and its newest committed transaction. */
final class ProducerState {

    final long producerId;
    long lastSequence;
    long lastTx;
    long lastSeenMs;
    /** Unstored sequences below the newest; null when there are none. Bounded by {@link Store#PRODUCER_GAPS_MAX}. */
    private TreeSet<Long> gaps;
    /** When it did something that left no trace in the journal. */
    private long usedMs;
    /** Newest transaction that left no trace in the journal. */
    private long lastVolatileTx;
    /** Sequences that were carried out in memory only; null when there are none. Bounded likewise. */
    private TreeSet<Long> doneInMemory;
    /** Whether a record has made this row; otherwise it is memory of this broker's life only. */
    boolean journalled;

    ProducerState(long producerId) {
        this.producerId = producerId;
    }

    /** Whether this sequence was carried out before. */
    boolean isDone(long sequence) {
        return sequence <= lastSequence && (gaps == null || !gaps.contains(sequence))
                || doneInMemory != null && doneInMemory.contains(sequence);
    }

    /** A record with this sequence is replayed. */
    void stored(long sequence, long atMs) {
        journalled = true;
        lastSeenMs = Math.max(lastSeenMs, atMs);
        if (sequence > lastSequence) {
            if (sequence > lastSequence + 1) {
                addGaps(Math.max(lastSequence + 1, sequence - Store.PRODUCER_GAPS_MAX), sequence);
            }
            lastSequence = sequence;
        } else if (gaps != null) {
            gaps.remove(sequence);
        }
    }

    void committed(long txSequence, long atMs) {
        journalled = true;
        lastSeenMs = Math.max(lastSeenMs, atMs);
        lastTx = Math.max(lastTx, txSequence);
    }

    void doneInMemory(long sequence, long atMs) {
        usedMs = Math.max(usedMs, atMs);
        if (doneInMemory == null) {
            doneInMemory = new TreeSet<>();
        }
        doneInMemory.add(sequence);
        if (doneInMemory.size() > Store.PRODUCER_GAPS_MAX) {
            doneInMemory.pollFirst();
        }
    }

    void committedInMemory(long txSequence, long atMs) {
        usedMs = Math.max(usedMs, atMs);
        lastVolatileTx = txSequence;
    }

    /** Newest committed transaction, 0 for none. */
    long newestTx() {
        return Math.max(lastTx, lastVolatileTx);
    }

    /** When it did anything last. */
    long lastUsedMs() {
        return Math.max(lastSeenMs, usedMs);
    }

    /** Row of a snapshot. */
    void restore(long sequence, long[] unstored, long tx, long seenMs) {
        journalled = true;
        lastSequence = sequence;
        lastTx = tx;
        lastSeenMs = seenMs;
        gaps = null;
        for (long gap : unstored) {
            addGaps(gap, gap + 1);
        }
    }

    /** Ascending. */
    Iterable<Long> gaps() {
        return gaps == null ? List.of() : gaps;
    }

    private void addGaps(long from, long to) {
        if (gaps == null) {
            gaps = new TreeSet<>();
        }
        for (long gap = from; gap < to; gap++) {
            gaps.add(gap);
        }
        while (gaps.size() > Store.PRODUCER_GAPS_MAX) {
            gaps.pollFirst();
        }
    }
}
