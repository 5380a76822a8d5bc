package io.posthorn.jms;

import io.posthorn.jms.destination.PosthornDestination;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.Settle;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.ServerSession;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import jakarta.jms.XASession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the server sessions of an application server (Jakarta Messaging 3.1, 11.2): whenever messages are there it takes a server session from
 * the pool, loads up to a number of them into its session, and starts it.
 *
 * <p>A thread of its own does that, and may be kept waiting by the pool: then messages stay in the window, and beyond it at the broker. Loaded
 * messages count as handed over. What cannot be loaded goes back; the exception listener is told, and after a pause it tries again.
 */
final class PosthornConnectionConsumer implements ConnectionConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(PosthornConnectionConsumer.class);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final PosthornConnection connection;
    private final Provider provider;
    private final ExceptionReporter reporter;
    private final ServerSessionPool pool;
    private final int messagesMax;
    private final DeliveryGate gate = new DeliveryGate();
    private final Condition over = gate.lock.newCondition();
    private final SessionConsumers consumers;
    private final ConsumerBuffer buffer;

    // Under gate.lock.
    private boolean closed;

    /** @param messagesMax at least 1 */
    PosthornConnectionConsumer(
            PosthornConnection connection,
            Provider provider,
            ConnectionSettings settings,
            ExceptionReporter reporter,
            PosthornDestination from,
            ServerSessionPool pool,
            int messagesMax) {
        this.connection = connection;
        this.provider = provider;
        this.reporter = reporter;
        this.pool = pool;
        this.messagesMax = messagesMax;
        this.consumers = new SessionConsumers(gate, provider);
        this.buffer = new ConsumerBuffer(
                from.name(), gate, provider, settings, reason -> connection.consumerLost(from, reason));
    }

    /** Opens it at the broker and starts its thread; messages flow from {@link #start} on. */
    void open(ConsumerSpec spec, String threadName) throws JMSException {
        buffer.opened(Waits.await(provider.openConsumer(spec, buffer)));
        // Never called: it stands for the sessions, which take messages as listeners do.
        buffer.listener(message -> {});
        consumers.add(buffer);
        Thread thread = new Thread(this::feed, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    void start() {
        consumers.start();
    }

    /** Nothing is loaded after {@link #awaitStopped}; does not wait. */
    void beginStop() {
        consumers.forbid();
    }

    /** Gives back what was not loaded. */
    void awaitStopped() {
        consumers.stop();
    }

    void connectionLost(ProviderException reason) {
        buffer.closed(reason);
    }

    @Override
    public ServerSessionPool getServerSessionPool() throws JMSException {
        gate.lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the connection consumer is closed");
            }
            return pool;
        } finally {
            gate.lock.unlock();
        }
    }

    /** Nothing more is loaded. What is, stays with its sessions. */
    @Override
    public void close() throws JMSException {
        gate.lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            buffer.end();
            gate.end();
            over.signalAll();
        } finally {
            gate.lock.unlock();
        }
        connection.forget(this);
        gate.turn.lock();
        try {
            Waits.awaitEnd(buffer.closeKeeping());
        } finally {
            gate.turn.unlock();
        }
    }

    private void feed() {
        while (gate.nextReady() != null) {
            try {
                if (hasMessages()) {
                    feed(pool.getServerSession());
                }
            } catch (JMSException | RuntimeException refused) {
                report(refused);
                pause();
            } finally {
                // Has itself queued again if there is more.
                buffer.leaveListener();
            }
        }
    }

    private boolean hasMessages() {
        gate.turn.lock();
        try {
            buffer.openWindow();
            return buffer.peek() != null;
        } finally {
            gate.turn.unlock();
        }
    }

    private void feed(ServerSession server) throws JMSException {
        SessionWork session = session(server);
        List<Delivered> messages = take();
        if (!messages.isEmpty() && !session.serverRun().load(buffer.handle(), messages)) {
            giveBack(messages);
            throw new IllegalStateException("the session of " + server + " is closed");
        }
        boolean started = false;
        try {
            // Also without messages, when delivery was stopped meanwhile: a server session goes back to its pool by
            // itself after its run.
            server.start();
            started = true;
        } finally {
            if (!started) {
                session.serverRun().giveBackRest();
            }
        }
    }

    private SessionWork session(ServerSession server) throws JMSException {
        if (server == null) {
            throw new JMSException("the server session pool has given no server session");
        }
        Session session = server.getSession();
        if (session instanceof XASession xa) {
            session = xa.getSession();
        }
        if (session instanceof PosthornSession ours && ours.work().isOf(connection)) {
            return ours.work();
        }
        throw new JMSException(
                "the session of " + server + " was not made by the connection of the connection consumer");
    }

    private List<Delivered> take() {
        List<Delivered> messages = new ArrayList<>();
        gate.turn.lock();
        try {
            Delivered next = buffer.takeForListener();
            while (next != null) {
                messages.add(next);
                next = messages.size() < messagesMax ? buffer.takeForListener() : null;
            }
            if (!messages.isEmpty()) {
                provider.handOver(
                        buffer.handle(), messages.get(messages.size() - 1).deliveryId());
            }
            buffer.grant();
        } finally {
            gate.turn.unlock();
        }
        return messages;
    }

    private void giveBack(List<Delivered> messages) {
        long first = messages.get(0).deliveryId();
        long last = messages.get(messages.size() - 1).deliveryId();
        provider.acknowledge(Settle.RELEASE, List.of(new DeliverySpan(buffer.handle(), first, last)), false);
    }

    private void report(Exception refused) {
        LOG.warn("no server session could be given messages", refused);
        if (!isClosed()) {
            reporter.report(
                    refused instanceof JMSException known
                            ? known
                            : Failures.linked(new JMSException("no server session: " + refused.getMessage()), refused));
        }
    }

    private boolean isClosed() {
        gate.lock.lock();
        try {
            return closed;
        } finally {
            gate.lock.unlock();
        }
    }

    private void pause() {
        gate.lock.lock();
        try {
            long left = PAUSE_NS;
            while (left > 0 && !closed) {
                left = over.awaitNanos(left);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            gate.lock.unlock();
        }
    }
}
