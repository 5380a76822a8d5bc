package io.posthorn.jms;

import io.posthorn.provider.ProviderException;
import io.posthorn.provider.SendCallback;
import io.posthorn.time.Clock;
import java.util.concurrent.locks.LockSupport;

/**
 * One awaited send: the sender parks until the I/O thread reports the end. Separate from a future because it costs one small
 * object and one unpark.
 */
final class SendWait implements SendCallback {

    private static final Object SUCCESS = new Object();

    private final Thread sender = Thread.currentThread();
    private volatile Object outcome;

    @Override
    public void done(ProviderException failure) {
        outcome = failure == null ? SUCCESS : failure;
        LockSupport.unpark(sender);
    }

    @Override
    public boolean isAwaited() {
        return true;
    }

    /**
     * Waits on the thread that made this object; an interrupt does not end the wait and is kept.
     *
     * @param clock measures the wait
     * @param timeoutMs at most this long; 0 = without limit
     * @return null when the send succeeded; TIMEOUT when there was no report in time
     */
    ProviderException await(Clock clock, long timeoutMs) {
        if (outcome == null) {
            park(clock, timeoutMs);
        }
        Object end = outcome;
        if (end == null) {
            return new ProviderException(
                    ProviderException.Kind.TIMEOUT,
                    "the broker did not confirm the message within " + timeoutMs + " ms; it may or may not be stored");
        }
        return end == SUCCESS ? null : (ProviderException) end;
    }

    private void park(Clock clock, long timeoutMs) {
        boolean interrupted = false;
        long limitNs = timeoutMs * 1_000_000;
        long startNs = timeoutMs > 0 ? clock.monotonicNs() : 0;
        while (outcome == null) {
            if (timeoutMs > 0) {
                long leftNs = limitNs - (clock.monotonicNs() - startNs);
                if (leftNs <= 0) {
                    break;
                }
                LockSupport.parkNanos(this, leftNs);
            } else {
                LockSupport.park(this);
            }
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            sender.interrupt();
        }
    }
}
