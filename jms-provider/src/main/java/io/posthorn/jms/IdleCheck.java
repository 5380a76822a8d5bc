package io.posthorn.jms;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's timer: every {@value #PERIOD_MS} ms it has each session give back what was fetched ahead and is not being asked
 * for, so that other consumers get it. Starts with the first consumer, ends with the connection.
 */
final class IdleCheck {

    /** An application that pauses for one to two periods loses what was fetched ahead for it. */
    static final long PERIOD_MS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(IdleCheck.class);

    private final List<SessionWork> sessions;
    private final String threadName;
    private ScheduledExecutorService timer;
    private boolean closed;

    /** @param sessions live and thread-safe */
    IdleCheck(List<SessionWork> sessions, String threadName) {
        this.sessions = sessions;
        this.threadName = threadName;
    }

    /** Any thread; the second and later calls do nothing. */
    synchronized void start() {
        if (timer == null && !closed) {
            timer = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, threadName);
                thread.setDaemon(true);
                return thread;
            });
            timer.scheduleWithFixedDelay(this::check, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
        }
    }

    synchronized void close() {
        closed = true;
        if (timer != null) {
            timer.shutdownNow();
        }
    }

    private void check() {
        try {
            for (SessionWork session : sessions) {
                session.idleCheck();
            }
        } catch (RuntimeException broken) {
            // Or the timer would stop. The connection is being lost or closed, and others report that.
            LOG.debug("idle check interrupted", broken);
        }
    }
}
