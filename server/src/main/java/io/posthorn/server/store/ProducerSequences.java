package io.posthorn.server.store;

import io.posthorn.server.store.JournalRecord.ProducerRow;
import java.util.Arrays;

/**
 * Which sequences of one producer are stored: a newest one, and the gaps below it of which the newest {@value
 * Store#PRODUCER_GAPS_MAX} are remembered. The checkpoint and whoever replays records keep it by the same rules. One
 * thread.
 */
public final class ProducerSequences {

    private long last;
    private long[] gaps;
    private int gapCount;
    private long lastTx;
    private long lastSeenMs;

    /** A producer that has stored nothing. */
    public ProducerSequences() {
        gaps = new long[0];
    }

    public ProducerSequences(ProducerRow row) {
        last = row.lastSequence();
        gaps = row.gaps().clone();
        gapCount = gaps.length;
        lastTx = row.lastTx();
        lastSeenMs = row.lastSeenMs();
    }

    /** Whether a sequence is stored; so are gaps that are too old to be remembered. */
    public boolean stored(long sequence) {
        return sequence <= last && (gapCount == 0 || Arrays.binarySearch(gaps, 0, gapCount, sequence) < 0);
    }

    /**
     * Notes that something was stored.
     *
     * @param sequence 1 or more; 0 = it had none
     */
    public void store(long sequence, long timeMs) {
        lastSeenMs = Math.max(lastSeenMs, timeMs);
        if (sequence > last) {
            addGaps(last + 1, sequence - 1);
            last = sequence;
        } else if (sequence > 0 && gapCount > 0) {
            removeGap(sequence);
        }
    }

    /** Notes that a transaction was committed. */
    public void committed(long txSequence, long timeMs) {
        lastSeenMs = Math.max(lastSeenMs, timeMs);
        lastTx = Math.max(lastTx, txSequence);
    }

    /** Newest committed transaction, 0 = none. */
    public long lastTx() {
        return lastTx;
    }

    public long lastSeenMs() {
        return lastSeenMs;
    }

    public ProducerRow row(long producerId) {
        return new ProducerRow(producerId, last, Arrays.copyOf(gaps, gapCount), lastTx, lastSeenMs);
    }

    private void addGaps(long from, long to) {
        int added = (int) Math.min(to - from + 1, Store.PRODUCER_GAPS_MAX);
        if (added <= 0) {
            return;
        }
        int kept = Math.min(gapCount, Store.PRODUCER_GAPS_MAX - added);
        long[] grown = gaps.length >= kept + added ? gaps : new long[kept + added];
        System.arraycopy(gaps, gapCount - kept, grown, 0, kept);
        for (int i = 0; i < added; i++) {
            grown[kept + i] = to - added + 1 + i;
        }
        gaps = grown;
        gapCount = kept + added;
    }

    private void removeGap(long sequence) {
        int at = Arrays.binarySearch(gaps, 0, gapCount, sequence);
        if (at >= 0) {
            System.arraycopy(gaps, at + 1, gaps, at, gapCount - at - 1);
            gapCount--;
        }
    }
}
