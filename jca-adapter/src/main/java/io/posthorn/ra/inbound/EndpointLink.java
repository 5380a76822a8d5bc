package io.posthorn.ra.inbound;

import io.posthorn.jms.PosthornXAConnection;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.jms.PosthornXASession;
import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.Connection;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.XAResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of an activation with its parallel sessions, from the moment it is made until its loss or the activation's end; the next one
 * is another object. Its activation's thread opens and closes it.
 *
 * <p>Each session has a consumer of its own, so that the broker keeps message groups in order across them. Closing waits for nobody: what is not
 * being worked on goes back at once, and the last session that ends closes the connection.
 */
final class EndpointLink {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointLink.class);

    private final EndpointActivation activation;
    private final Connection connection;
    private final List<EndpointSession> sessions = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private EndpointLink(EndpointActivation activation, Connection connection) {
        this.activation = activation;
        this.connection = connection;
    }

    /**
     * Connects, opens the consumers, and lets messages come.
     *
     * @param listener told on a thread of the client when the connection, or a consumer, is lost for good
     * @throws JMSException if one of these fails; nothing is left open
     */
    static EndpointLink open(
            EndpointActivation activation, ActivationSettings settings, Endpoint endpoints, ExceptionListener listener)
            throws JMSException {
        PosthornXAConnection connection = connect(settings);
        EndpointLink link = new EndpointLink(activation, connection);
        try {
            connection.setExceptionListener(listener);
            for (int i = 0; i < settings.sessionsMax(); i++) {
                link.addSession(connection, settings, endpoints);
            }
            // One for the link itself, until it is closed.
            link.open.set(1 + link.sessions.size());
            connection.start();
        } catch (JMSException | RuntimeException failed) {
            link.closeConnection();
            throw failed;
        }
        for (EndpointSession session : link.sessions) {
            session.start();
        }
        return link;
    }

    private static PosthornXAConnection connect(ActivationSettings settings) throws JMSException {
        ClientUrl to = settings.connection();
        PosthornXAConnectionFactory factory = new PosthornXAConnectionFactory(to.url());
        return to.user() == null ? factory.createXAConnection() : factory.createXAConnection(to.user(), to.password());
    }

    private void addSession(PosthornXAConnection connection, ActivationSettings settings, Endpoint endpoints)
            throws JMSException {
        Session session;
        XAResource resource;
        if (endpoints.transacted()) {
            PosthornXASession transacted = connection.createXASession();
            session = transacted;
            resource = endpoints.enlisted(transacted.getXAResource(), settings.connection());
        } else {
            session = connection.createSession(settings.acknowledgeMode());
            resource = null;
        }
        sessions.add(new EndpointSession(
                this,
                endpoints,
                resource,
                settings.redelivery(),
                settings.subscription().consumer(session)));
    }

    // ---- for its sessions

    /** Has it run on a thread of the container, after a pause. Any thread; does not wait. */
    void schedule(EndpointSession session, long pauseMs) {
        activation.schedule(session, pauseMs);
    }

    /** A session has ended. */
    void ended() {
        if (open.decrementAndGet() == 0) {
            closeConnection();
        }
    }

    // ---- the end

    /**
     * Delivers nothing more. Once.
     *
     * @return completes when the last message that was being worked on is through, and all is closed
     */
    CompletableFuture<Void> close() {
        try {
            // What the sessions have not looked at goes back now, and not after the slowest of them.
            connection.stop();
        } catch (JMSException | RuntimeException failed) {
            LOG.debug("{}: stop", this, failed);
        }
        for (EndpointSession session : sessions) {
            session.close();
        }
        ended();
        return end;
    }

    private void closeConnection() {
        try {
            connection.close();
        } catch (JMSException | RuntimeException failed) {
            LOG.debug("{}: close", this, failed);
        } finally {
            end.complete(null);
        }
    }

    @Override
    public String toString() {
        return activation.toString();
    }
}
