package io.posthorn.ra;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.resource.ResourceException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The connection that an application gets: closing it gives the managed connection back. Any thread.
 *
 * <p>In a container it keeps the rules of Jakarta Messaging 3.1, 12.2 and 12.3: one session at a time, no client id, stop, exception listener
 * or connection consumer, and outside a transaction sessions that acknowledge by themselves. Without a container it forbids nothing.
 */
public final class ConnectionHandle implements Connection, Handle {

    private final boolean managed;
    private final HandleChildren children = new HandleChildren();
    private final List<SessionHandle> sessions = new CopyOnWriteArrayList<>();
    private PosthornManagedConnection owner;
    private ConnectionLink link;
    private boolean closed;

    ConnectionHandle(PosthornManagedConnection owner, ConnectionLink link, boolean managed) {
        this.owner = owner;
        this.link = link;
        this.managed = managed;
    }

    // ---- sessions

    @Override
    public Session createSession() throws JMSException {
        return createSession(Session.AUTO_ACKNOWLEDGE);
    }

    @Override
    public Session createSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return createSession(transacted ? Session.SESSION_TRANSACTED : acknowledgeMode);
    }

    /** In a container's transaction the session takes part in it, whatever the mode. */
    @Override
    public synchronized Session createSession(int sessionMode) throws JMSException {
        Connection connection = open();
        if (managed && !sessions.isEmpty()) {
            throw new IllegalStateException(
                    "this connection has a session already, and in web and EJB applications it can have only one");
        }
        boolean joined = owner.inTransaction();
        Session session = joined ? link.transacted() : connection.createSession(effectiveMode(managed, sessionMode));
        SessionHandle handle = new SessionHandle(this, session, joined);
        sessions.add(handle);
        return handle;
    }

    /** Nobody could commit or acknowledge in a container (12.3). */
    static int effectiveMode(boolean managed, int mode) {
        boolean selfMade = mode == Session.SESSION_TRANSACTED || mode == Session.CLIENT_ACKNOWLEDGE;
        return managed && selfMade ? Session.AUTO_ACKNOWLEDGE : mode;
    }

    // ---- the connection's own

    @Override
    public String getClientID() throws JMSException {
        return open().getClientID();
    }

    @Override
    public void setClientID(String clientId) throws JMSException {
        refuseInContainer("setClientID");
        open().setClientID(clientId);
    }

    @Override
    public ConnectionMetaData getMetaData() throws JMSException {
        return open().getMetaData();
    }

    @Override
    public synchronized ExceptionListener getExceptionListener() throws JMSException {
        open();
        return owner.applicationListener();
    }

    @Override
    public synchronized void setExceptionListener(ExceptionListener listener) throws JMSException {
        refuseInContainer("setExceptionListener");
        open();
        owner.applicationListener(listener);
    }

    @Override
    public void start() throws JMSException {
        open().start();
    }

    @Override
    public void stop() throws JMSException {
        refuseInContainer("stop");
        open().stop();
    }

    /** Ends its sessions and temporary destinations, and gives the managed connection back. Repeatable. */
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
            if (isClosed()) {
                giveBack(from);
            }
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
        refuseInContainer("createConnectionConsumer");
        return open().createConnectionConsumer(destination, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createSharedConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        refuseInContainer("createSharedConnectionConsumer");
        return open().createSharedConnectionConsumer(topic, subscription, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createDurableConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        refuseInContainer("createDurableConnectionConsumer");
        return open().createDurableConnectionConsumer(topic, subscription, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createSharedDurableConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        refuseInContainer("createSharedDurableConnectionConsumer");
        return open().createSharedDurableConnectionConsumer(topic, subscription, selector, pool, messagesMax);
    }

    // ---- for its managed connection

    @Override
    public boolean hasPlainSession() {
        for (SessionHandle session : sessions) {
            if (!session.joined()) {
                return true;
            }
        }
        return false;
    }

    /** A session that refuses to be closed here, because its listener is the caller, leaves the handle open. */
    @Override
    public void end() throws JMSException {
        if (isClosed()) {
            return;
        }
        JMSException first = null;
        for (SessionHandle session : sessions) {
            try {
                session.close();
            } catch (IllegalStateException refused) {
                throw refused;
            } catch (JMSException failed) {
                first = first == null ? failed : first;
            }
        }
        synchronized (this) {
            closed = true;
        }
        children.deleteTemporaries();
        if (first != null) {
            throw first;
        }
    }

    @Override
    public synchronized void moveTo(PosthornManagedConnection newOwner, JmsLink newLink) throws ResourceException {
        if (newOwner == owner) {
            return;
        }
        if (!(newLink instanceof ConnectionLink classic)) {
            throw new ResourceException("a connection cannot move to a managed connection that serves contexts");
        }
        if (closed || !sessions.isEmpty()) {
            throw new ResourceException("a connection that is closed or has open sessions cannot move");
        }
        owner.forget(this);
        owner = newOwner;
        link = classic;
    }

    // ---- for its sessions

    boolean managed() {
        return managed;
    }

    HandleChildren children() {
        return children;
    }

    void closed(SessionHandle session) {
        sessions.remove(session);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized Connection open() throws IllegalStateException {
        if (closed) {
            throw new IllegalStateException("the connection is closed");
        }
        return link.connection();
    }

    private void refuseInContainer(String method) throws IllegalStateException {
        if (managed) {
            throw new IllegalStateException(method + " must not be called in web and EJB applications");
        }
    }
}
