package io.posthorn.server.broker;

import io.posthorn.net.FrameConnection;

/**
 * Decides who syncs a batch: the thread that has worked it off, or the flusher's. The former saves two thread wake-ups, which counts in
 * the round trip of a lone producer; the latter overlaps with the sequencer and lets the batch grow, which counts as soon
 * as there are two. Sequencer only; times are ms since 1970.
 */
final class FlushChoice {

    /** How long after company was seen, or a message that should not wait for the disk, a thread is not spent on a sync. */
    private static final long QUIET_MS = 50;

    private long lastVolatileMs;
    private long lastCompanyMs;
    private FrameConnection lastWaiter;
    private long lastWaiterMs;

    /** A message that lives in memory was sent: it should not find its event loop waiting for the disk. */
    void sentInMemory(long nowMs) {
        lastVolatileMs = nowMs;
    }

    /** A client waits for the disk. */
    void waits(FrameConnection waiter, long nowMs) {
        if (waiter != lastWaiter) {
            if (nowMs - lastWaiterMs <= QUIET_MS) {
                lastCompanyMs = nowMs;
            }
            lastWaiter = waiter;
        }
        lastWaiterMs = nowMs;
    }

    /**
     * Whether the thread of this batch may sync it itself.
     *
     * @param awaited how many answers are parked that somebody waits for
     */
    boolean mayFlushHere(int awaited, long nowMs) {
        return awaited == 1 && nowMs - lastVolatileMs > QUIET_MS && nowMs - lastCompanyMs > QUIET_MS;
    }
}
