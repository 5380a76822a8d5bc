package io.posthorn.ra;

import jakarta.jms.ConnectionConsumer;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueSession;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicSession;
import jakarta.resource.ResourceException;
import java.util.List;

/**
 * The connection that an application gets: closing it gives the managed connection back. Any thread.
 *
 * <p>It keeps the rules for web and EJB containers (Jakarta Messaging 3.1, 12.2 and 12.3): one session at a time, no client id, stop, exception
 * listener or connection consumer, and sessions that either are in the container's transaction or acknowledge by themselves.
 */
public final class ConnectionHandle implements QueueConnection, TopicConnection {

    private final HandleChildren temporaries = new HandleChildren();
    private PosthornManagedConnection owner;
    private ConnectionLink link;
    private Family family = Family.ANY;
    private SessionHandle session;
    private boolean closed;

    ConnectionHandle(PosthornManagedConnection owner, ConnectionLink link) {
        this.owner = owner;
        this.link = link;
    }

    /** Decides which API it belongs to, before the application gets it. */
    ConnectionHandle of(Family api) {
        family = api;
        return this;
    }

    // ---- sessions

    @Override
    public Session createSession() throws JMSException {
        return openSession(Session.AUTO_ACKNOWLEDGE);
    }

    @Override
    public Session createSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return openSession(transacted ? Session.SESSION_TRANSACTED : acknowledgeMode);
    }

    @Override
    public Session createSession(int sessionMode) throws JMSException {
        return openSession(sessionMode);
    }

    @Override
    public QueueSession createQueueSession(boolean transacted, int acknowledgeMode) throws JMSException {
        family.refuseFor(Family.TOPIC, "createQueueSession");
        return openSession(transacted ? Session.SESSION_TRANSACTED : acknowledgeMode);
    }

    @Override
    public TopicSession createTopicSession(boolean transacted, int acknowledgeMode) throws JMSException {
        family.refuseFor(Family.QUEUE, "createTopicSession");
        return openSession(transacted ? Session.SESSION_TRANSACTED : acknowledgeMode);
    }

    /**
     * In the container's transaction it takes part in it, whatever the mode. Outside of one nobody could commit or acknowledge, so the modes
     * for that become AUTO_ACKNOWLEDGE (12.3).
     */
    synchronized SessionHandle openSession(int mode) throws JMSException {
        checkOpen();
        if (mode < Session.SESSION_TRANSACTED || mode > Session.DUPS_OK_ACKNOWLEDGE) {
            throw new JMSException("no acknowledge mode for a session in a container: " + mode);
        }
        if (session != null) {
            throw new IllegalStateException(
                    "this connection has a session already, and in web and EJB applications it can have only one");
        }
        int outside = mode == Session.DUPS_OK_ACKNOWLEDGE ? mode : Session.AUTO_ACKNOWLEDGE;
        session = owner.inLocalTransaction()
                ? new SessionHandle(this, link, link.local(), true, outside)
                : new SessionHandle(this, link, link.global().getSession(), false, outside);
        return session;
    }

    // ---- the connection's own

    @Override
    public String getClientID() throws JMSException {
        return open().connection().getClientID();
    }

    @Override
    public void setClientID(String clientId) throws JMSException {
        throw refused("setClientID");
    }

    @Override
    public ConnectionMetaData getMetaData() throws JMSException {
        return open().connection().getMetaData();
    }

    /** Null: none can be set. */
    @Override
    public ExceptionListener getExceptionListener() throws JMSException {
        checkOpen();
        return null;
    }

    @Override
    public void setExceptionListener(ExceptionListener listener) throws JMSException {
        throw refused("setExceptionListener");
    }

    @Override
    public void start() throws JMSException {
        open().connection().start();
    }

    @Override
    public void stop() throws JMSException {
        throw refused("stop");
    }

    /** Ends its session and temporary destinations, and gives the managed connection back. Repeatable. */
    @Override
    public void close() throws JMSException {
        PosthornManagedConnection from;
        synchronized (this) {
            if (closed) {
                return;
            }
            from = owner;
        }
        try {
            end();
        } finally {
            giveBack(from);
        }
    }

    private void giveBack(PosthornManagedConnection to) throws JMSException {
        try {
            to.closed(this);
        } catch (JMSRuntimeException failed) {
            throw new JMSException(failed.getMessage(), failed.getErrorCode(), failed);
        }
    }

    // ---- connection consumers

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Destination destination, String selector, ServerSessionPool pool, int messagesMax) throws JMSException {
        throw refused("createConnectionConsumer");
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Queue queue, String selector, ServerSessionPool pool, int messagesMax) throws JMSException {
        throw refused("createConnectionConsumer");
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Topic topic, String selector, ServerSessionPool pool, int messagesMax) throws JMSException {
        throw refused("createConnectionConsumer");
    }

    @Override
    public ConnectionConsumer createSharedConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        throw refused("createSharedConnectionConsumer");
    }

    @Override
    public ConnectionConsumer createDurableConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        throw refused("createDurableConnectionConsumer");
    }

    @Override
    public ConnectionConsumer createSharedDurableConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        throw refused("createSharedDurableConnectionConsumer");
    }

    private IllegalStateException refused(String method) throws IllegalStateException {
        checkOpen();
        return Forbidden.exception(method);
    }

    // ---- for its managed connection

    /** Whether a session is open on it that a local transaction would not contain. */
    synchronized boolean hasGlobalSession() {
        return session != null && !session.local();
    }

    /** Closes what was opened through it, without telling the container; further use throws IllegalStateException. Repeatable. */
    void end() throws JMSException {
        SessionHandle last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = session;
        }
        HandleChildren.endAll(List.of(
                () -> {
                    if (last != null) {
                        last.close();
                    }
                },
                temporaries::deleteTemporaries));
    }

    /**
     * Puts it on another managed connection (Jakarta Connectors 2.1, 6.5.3).
     *
     * @throws ResourceException if it is closed or has an open session
     */
    synchronized void moveTo(PosthornManagedConnection newOwner, ConnectionLink newLink) throws ResourceException {
        if (newOwner == owner) {
            return;
        }
        if (closed || session != null) {
            throw new ResourceException("a connection that is closed or has an open session cannot move");
        }
        owner.forget(this);
        owner = newOwner;
        link = newLink;
    }

    // ---- for its session

    HandleChildren temporaries() {
        return temporaries;
    }

    Family family() {
        return family;
    }

    synchronized void closed(SessionHandle ended) {
        if (session == ended) {
            session = null;
        }
    }

    synchronized void checkOpen() throws IllegalStateException {
        if (closed) {
            throw new IllegalStateException("the connection is closed");
        }
    }

    private synchronized ConnectionLink open() throws IllegalStateException {
        checkOpen();
        return link;
    }
}
