package io.posthorn.provider.remote;

import io.posthorn.provider.ProviderException;

/**
 * Bounds what one kind of sends has unanswered, in messages and in bytes. Application threads wait in {@link #acquire}; the
 * event loop gives back in {@link #release} and never waits.
 *
 * <p>Who waits is woken only when half of the window is free again: a pipelining sender then writes in bursts instead of being
 * woken for every answer.
 */
final class SendWindow {

    private final int messagesMax;
    private final int bytesMax;

    // Guarded by this.
    private int messages;
    private long bytes;
    private int waiting;
    private ProviderException failure;

    SendWindow(int messagesMax, int bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    /**
     * Takes room for one message; one that is larger than the window may travel alone.
     *
     * @throws ProviderException what {@link #fail} said
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    synchronized void acquire(int size) throws InterruptedException {
        if (isFull(size)) {
            waiting++;
            try {
                do {
                    wait();
                } while (failure == null && isFull(size));
            } finally {
                waiting--;
            }
        }
        if (failure != null) {
            throw failure;
        }
        take(size);
    }

    /** Takes room even when there is none: for threads that must not wait. */
    synchronized void acquireAtOnce(int size) {
        if (failure != null) {
            throw failure;
        }
        take(size);
    }

    synchronized void release(int size) {
        messages--;
        bytes -= size;
        if (waiting > 0 && messages <= messagesMax / 2 && bytes <= bytesMax / 2) {
            notifyAll();
        }
    }

    /** Wakes everybody who waits, and refuses everybody from now on. */
    synchronized void fail(ProviderException reason) {
        if (failure == null) {
            failure = reason;
            notifyAll();
        }
    }

    private boolean isFull(int size) {
        return failure == null && messages > 0 && (messages >= messagesMax || bytes + size > bytesMax);
    }

    private void take(int size) {
        messages++;
        bytes += size;
    }
}
