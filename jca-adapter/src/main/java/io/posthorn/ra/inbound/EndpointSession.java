package io.posthorn.ra.inbound;

import io.posthorn.jms.EndpointConsumer;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import javax.transaction.xa.XAResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the parallel sessions of an activation: a JMS session, its consumer, and the endpoint it delivers to. When messages have come it is
 * run on a thread of the container, delivers them one after the other, and gives the thread back; so idle sessions hold none.
 *
 * <p>In a container's transaction a message is taken after the transaction has begun, and belongs to it: what becomes of it is the transaction
 * manager's, and the broker's, business. Without one it is acknowledged when the bean returns, and comes again when the bean throws. What fails
 * around the bean is tried again after a pause.
 *
 * <p>Phases: NEW → IDLE ⇄ SCHEDULED → RUNNING → IDLE, SCHEDULED or PAUSED (→ SCHEDULED); CLOSED from any, from RUNNING at the end of the run.
 */
final class EndpointSession {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointSession.class);

    /** After so many messages the thread goes back to the container, so that other work gets its turn. */
    private static final int BURST_MESSAGES = 64;

    private static final long PAUSE_FIRST_MS = 50;
    private static final long PAUSE_MAX_MS = 5_000;

    /** One warning in so many pauses in a row, the first included. */
    private static final int WARN_EVERY = 20;

    private enum Phase {
        NEW,
        IDLE,
        SCHEDULED,
        RUNNING,
        PAUSED,
        CLOSED
    }

    private final EndpointLink link;
    private final Endpoint endpoints;
    private final XAResource resource;
    private final EndpointConsumer consumer;
    private final RedeliveryPolicy redelivery;
    private final Backoff pauses = new Backoff(PAUSE_FIRST_MS, PAUSE_MAX_MS);

    // Under this object's monitor, with which nothing is called.
    private Phase phase = Phase.NEW;
    private boolean again;

    private volatile boolean closing;

    /** How long the message at hand has to wait for its next try. The worker's. */
    private long deferMs;

    /** The worker's, and the closer's when there is no worker. */
    private MessageEndpoint endpoint;

    /** @param resource null outside transactions */
    EndpointSession(
            EndpointLink link,
            Endpoint endpoints,
            XAResource resource,
            RedeliveryPolicy redelivery,
            MessageConsumer from)
            throws JMSException {
        this.link = link;
        this.endpoints = endpoints;
        this.resource = resource;
        this.redelivery = redelivery;
        this.consumer = EndpointConsumer.of(from, this::arrived);
    }

    /** Work may begin. Once. */
    void start() {
        synchronized (this) {
            if (phase != Phase.NEW) {
                return;
            }
            phase = Phase.SCHEDULED;
        }
        link.schedule(this, 0);
    }

    /** Something may be there to deliver. Any thread, with locks of the client. */
    private void arrived() {
        synchronized (this) {
            if (phase != Phase.IDLE) {
                again = true;
                return;
            }
            phase = Phase.SCHEDULED;
        }
        link.schedule(this, 0);
    }

    /** The container has no thread for it at the moment. */
    void rejected(Exception reason) {
        long pauseMs;
        synchronized (this) {
            if (phase != Phase.SCHEDULED) {
                return;
            }
            phase = Phase.PAUSED;
            trouble("gets no thread of the server", reason);
            pauseMs = pauses.nextMs();
        }
        link.schedule(this, pauseMs);
    }

    /** The pause, or the way to the container's thread, is over; false when it has been closed meanwhile. */
    synchronized boolean due() {
        if (phase == Phase.PAUSED) {
            phase = Phase.SCHEDULED;
        }
        return phase == Phase.SCHEDULED;
    }

    /** On the container's thread; once for each burst. */
    void run(EndpointBurst burst) {
        synchronized (this) {
            if (phase != Phase.SCHEDULED) {
                return;
            }
            phase = Phase.RUNNING;
            again = false;
        }
        boolean failed = true;
        try {
            failed = !deliverAll(burst);
        } finally {
            endOfRun(failed);
        }
    }

    private void endOfRun(boolean failed) {
        long pauseMs = 0;
        boolean last = false;
        synchronized (this) {
            if (closing) {
                phase = Phase.CLOSED;
                last = true;
            } else if (failed) {
                phase = Phase.PAUSED;
                pauseMs = pauses.nextMs();
            } else {
                pauses.reset();
                pauseMs = deferMs;
                phase = pauseMs > 0 ? Phase.PAUSED : again ? Phase.SCHEDULED : Phase.IDLE;
                if (phase == Phase.IDLE) {
                    return;
                }
            }
        }
        if (last) {
            end();
        } else {
            link.schedule(this, pauseMs);
        }
    }

    /** Delivers nothing more. When a message is being worked on, the end comes after it; {@link EndpointLink#ended} is told in either case. */
    void close() {
        synchronized (this) {
            closing = true;
            if (phase == Phase.RUNNING || phase == Phase.CLOSED) {
                return;
            }
            phase = Phase.CLOSED;
        }
        end();
    }

    private void end() {
        releaseEndpoint();
        link.ended();
    }

    private void releaseEndpoint() {
        MessageEndpoint old = endpoint;
        endpoint = null;
        if (old != null) {
            try {
                old.release();
            } catch (RuntimeException failed) {
                LOG.debug("release of an endpoint", failed);
            }
        }
    }

    // ---- delivery: on the container's thread

    /** Whether all went well, whatever the bean did. */
    private boolean deliverAll(EndpointBurst burst) {
        boolean well;
        deferMs = 0;
        try {
            consumer.enter();
            try {
                well = deliverSome(burst);
            } finally {
                consumer.leave();
            }
        } catch (RuntimeException broken) {
            // The client refuses calls: the connection is being closed or lost, and others report that.
            LOG.debug("delivery interrupted", broken);
            well = false;
        }
        return well;
    }

    private boolean deliverSome(EndpointBurst burst) {
        for (int i = 0; i < BURST_MESSAGES; i++) {
            if (burst.isReleased()) {
                break;
            }
            int attempt = closing ? 0 : consumer.next();
            if (attempt == 0) {
                return true;
            }
            if (!deliver(attempt)) {
                return false;
            }
            if (deferMs > 0) {
                return true;
            }
        }
        synchronized (this) {
            // There may be more.
            again = true;
        }
        return true;
    }

    private boolean deliver(int attempt) {
        if (redelivery.isExhausted(attempt)) {
            return discard(attempt - 1);
        }
        long waitMs = redelivery.delayBeforeMs(attempt);
        if (waitMs > 0 && !consumer.isDeferred()) {
            consumer.defer();
            deferMs = waitMs;
            return true;
        }
        try {
            if (endpoint == null) {
                endpoint = endpoints.create(resource);
            }
        } catch (UnavailableException | RuntimeException later) {
            trouble("has no endpoint to give", later);
            return false;
        }
        return resource == null ? deliverPlainly() : deliverInTransaction();
    }

    private boolean discard(int tries) {
        try {
            consumer.discard(redelivery.deadLetterQueue(), "delivered " + tries + " times");
            return true;
        } catch (JMSException failed) {
            trouble("cannot put a message among the dead letters", failed);
            return false;
        }
    }

    private boolean deliverPlainly() {
        Message message = consumer.take();
        if (message != null) {
            boolean failed = true;
            try {
                failed = !onMessage(message);
            } finally {
                consumer.settled(failed);
            }
        }
        return true;
    }

    private boolean deliverInTransaction() {
        try {
            endpoints.before(endpoint);
        } catch (ResourceException | RuntimeException refused) {
            trouble("cannot begin a transaction", refused);
            releaseEndpoint();
            return false;
        }
        boolean failed = true;
        try {
            Message message = consumer.take();
            failed = message != null && !onMessage(message);
        } finally {
            failed = !endTransaction() || failed;
            // Of effect only if the container has begun no transaction, against what it had said.
            consumer.settled(failed);
        }
        // A transaction that could not be ended says nothing of the next one, with another endpoint.
        return true;
    }

    private boolean endTransaction() {
        try {
            endpoint.afterDelivery();
            return true;
        } catch (ResourceException | RuntimeException failed) {
            trouble("could not end a transaction as it was to end", failed);
            releaseEndpoint();
            return false;
        }
    }

    /** What goes on failing is told now and then. */
    private void trouble(String what, Exception failure) {
        if (!closing && pauses.failures() % WARN_EVERY == 0) {
            LOG.warn("{}: {}: {}", link, what, failure.toString());
        } else {
            LOG.debug("{}: {}", link, what, failure);
        }
    }

    private boolean onMessage(Message message) {
        try {
            ((MessageListener) endpoint).onMessage(message);
            return true;
        } catch (RuntimeException | Error fault) {
            // The container has logged it, and has marked its transaction.
            LOG.debug("{}: the bean has thrown at {}", link, message, fault);
            return false;
        }
    }
}
