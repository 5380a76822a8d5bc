package io.posthorn.server.broker;

/**
 * Decides when a batch is worth a sync, while several clients wait for the disk again and again. A sync costs about as much processor time
 * as a message or two; started for the first client that comes back, it leaves all others to the next one. So it waits for half of the clients that have
 * been seen lately, for a short time at most. When that was in vain it is not tried again for a while, and a lone
 * client, or one of two, never waits. Sequencer only; times are monotonic.
 */
final class FlushGathering {

    /** Clients that wait within such a time count as busy. */
    static final long WINDOW_NS = 2_000_000;

    /** Longest wait for others. */
    static final long WAIT_MAX_NS = 250_000;

    /** So many batches go at once after a wait in vain. */
    static final int PAUSE_BATCHES = 256;

    private long windowNumber = 1;
    private long windowFromNs;
    private int clientsInWindow;
    private int clientsBefore;

    private int waiting;
    private long sinceNs;
    private int pause;

    /** A client waits for what was appended last. */
    void waits(ClientSession client, long nowNs) {
        long windowNs = nowNs - windowFromNs;
        if (windowNs >= WINDOW_NS) {
            clientsBefore = windowNs < 2 * WINDOW_NS ? clientsInWindow : 0;
            clientsInWindow = 0;
            windowFromNs = nowNs;
            windowNumber++;
        }
        if (client.enterWindow(windowNumber)) {
            clientsInWindow++;
        }
        if (waiting++ == 0) {
            sinceNs = nowNs;
        }
    }

    /** Whether the sync had better wait for more. */
    boolean waitsForMore(long nowNs) {
        if (waiting == 0 || pause > 0 || waiting >= Math.max(clientsBefore, clientsInWindow) / 2) {
            return false;
        }
        if (nowNs - sinceNs < WAIT_MAX_NS) {
            return true;
        }
        if (waiting == 1) {
            pause = PAUSE_BATCHES;
        }
        return false;
    }

    /** How long the sync may wait yet, in ns; for a batch that {@link #waitsForMore}. */
    long leftNs(long nowNs) {
        return Math.max(1, WAIT_MAX_NS - (nowNs - sinceNs));
    }

    /** The batch is on its way to the disk. */
    void flushed() {
        waiting = 0;
        if (pause > 0) {
            pause--;
        }
    }
}
