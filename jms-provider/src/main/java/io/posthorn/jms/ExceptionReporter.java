package io.posthorn.jms;

import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderListener;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the application's ExceptionListener what no call can report, one problem at a time, on a thread of its own that lives only
 * while there is something to tell (Jakarta Messaging 3.1, 6.1.7).
 *
 * <p>The provider calls it on an I/O thread and is never held up; what comes faster than the listener takes it is only logged.
 */
final class ExceptionReporter implements ProviderListener {

    private static final Logger LOG = LoggerFactory.getLogger(ExceptionReporter.class);
    private static final int WAITING_MAX = 64;
    private static final long THREAD_IDLE_MS = 1_000;

    private final ThreadPoolExecutor executor;
    private volatile ExceptionListener listener;
    private volatile ProviderException lost;
    private volatile Runnable onLost;

    ExceptionReporter(String threadName) {
        executor = new ThreadPoolExecutor(
                1,
                1,
                THREAD_IDLE_MS,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(WAITING_MAX),
                task -> {
                    Thread thread = new Thread(task, threadName);
                    thread.setDaemon(true);
                    return thread;
                },
                (task, full) -> LOG.warn("the exception listener is slow or gone; a problem was only logged"));
        executor.allowCoreThreadTimeOut(true);
    }

    ExceptionListener listener() {
        return listener;
    }

    /** @param value null for none */
    void listener(ExceptionListener value) {
        listener = value;
    }

    /** Runs this when the connection is lost for good, at once if it is already. */
    void onLost(Runnable action) {
        onLost = action;
        if (lost != null) {
            action.run();
        }
    }

    /** Why the connection is lost for good, or null. */
    ProviderException lost() {
        return lost;
    }

    @Override
    public void interrupted(String reason) {
        LOG.info("connection interrupted, reconnecting: {}", reason);
    }

    @Override
    public void restored() {
        LOG.info("connection restored");
    }

    @Override
    public void problem(ProviderException failure) {
        report(Failures.toJms(failure));
    }

    @Override
    public void failed(ProviderException failure) {
        lost = failure;
        report(Failures.toJms(failure));
        Runnable action = onLost;
        if (action != null) {
            action.run();
        }
    }

    /** Passes a problem on; without a listener it is logged. */
    void report(JMSException problem) {
        ExceptionListener current = listener;
        if (current == null) {
            LOG.warn("problem of a connection without exception listener: {}", problem.getMessage(), problem);
            return;
        }
        executor.execute(() -> tell(current, problem));
    }

    /** No further reports; does not wait for the one that is being made. */
    void close() {
        listener = null;
        executor.shutdown();
    }

    private static void tell(ExceptionListener listener, JMSException problem) {
        try {
            listener.onException(problem);
        } catch (RuntimeException | Error fault) {
            LOG.warn("exception listener {} has thrown", listener, fault);
        }
    }
}
