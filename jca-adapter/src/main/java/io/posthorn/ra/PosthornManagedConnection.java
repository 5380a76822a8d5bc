package io.posthorn.ra;

import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import jakarta.resource.spi.SecurityException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A physical connection in the container's pool, with the handles that applications hold on it (Jakarta Connectors 2.1, 6.5.4). One serves
 * connections and contexts alike. The container calls it, one thread at a time; failures come in on a thread of the JMS client.
 *
 * <p>When the client gives a connection up, this one is broken for good, and the container is told so that it leaves the pool. Problems that
 * concern one message or consumer leave it where it is.
 */
public final class PosthornManagedConnection implements ManagedConnection {

    private static final Logger LOG = LoggerFactory.getLogger(PosthornManagedConnection.class);

    private final ConnectionLink link;
    private final PosthornManagedConnectionFactory factory;
    private final ClientUrl settings;
    private final Credentials credentials;
    private final ConnectionEvents events;
    private final LocalTransactionState transaction;
    private final List<ConnectionHandle> handles = new CopyOnWriteArrayList<>();
    private volatile JMSException failure;
    private PrintWriter logWriter;

    private PosthornManagedConnection(
            ConnectionLink link, PosthornManagedConnectionFactory factory, ClientUrl settings, Credentials login) {
        this.link = link;
        this.factory = factory;
        this.settings = settings;
        this.credentials = login;
        this.events = new ConnectionEvents(this);
        this.transaction = new LocalTransactionState(link, this::hasGlobalSession);
    }

    /** Takes the link over; closes it when that fails. */
    static PosthornManagedConnection over(
            ConnectionLink link, PosthornManagedConnectionFactory factory, ClientUrl settings, Credentials login)
            throws JMSException {
        PosthornManagedConnection connection = new PosthornManagedConnection(link, factory, settings, login);
        try {
            link.connection().setExceptionListener(connection::problem);
        } catch (JMSException | JMSRuntimeException refused) {
            link.close();
            throw refused;
        }
        return connection;
    }

    /** Whether it is sound and made with these settings for this user. */
    boolean fits(ClientUrl wanted, Credentials login) {
        return !isBroken() && settings.equals(wanted) && credentials.equals(login);
    }

    boolean isBroken() {
        return failure != null || link.connection().isLost();
    }

    // ---- for the container

    /**
     * A new handle, which the application gets; several share the physical connection.
     *
     * @throws SecurityException if it is asked for another user: connections do not change theirs
     * @throws ResourceException if it is broken
     */
    @Override
    public Object getConnection(Subject subject, ConnectionRequestInfo info) throws ResourceException {
        if (isBroken()) {
            String why = failure == null ? "it is lost" : failure.getMessage();
            throw new ResourceException("the connection is broken: " + why, failure);
        }
        Credentials wanted = factory.credentials(subject, ConnectionRequest.of(info));
        if (!wanted.equals(credentials)) {
            throw new SecurityException("a connection of " + credentials + " cannot serve " + wanted);
        }
        ConnectionHandle handle = new ConnectionHandle(this, link);
        handles.add(handle);
        return handle;
    }

    @Override
    public void associateConnection(Object handle) throws ResourceException {
        if (!(handle instanceof ConnectionHandle ours)) {
            throw new ResourceException("not a handle of this resource adapter: " + handle);
        }
        ours.moveTo(this, link);
        if (!handles.contains(ours)) {
            handles.add(ours);
        }
    }

    /** Ends all handles, rolls back what is not committed, stops delivery: ready for the next application. */
    @Override
    public void cleanup() throws ResourceException {
        try {
            endHandles();
            if (transaction.active()) {
                transaction.rollback();
            }
            link.reset();
        } catch (JMSException | JMSRuntimeException failed) {
            throw new ResourceException(
                    "cannot make the connection ready for its next user: " + failed.getMessage(), failed);
        }
    }

    /** Ends the physical connection, whatever its handles are doing. */
    @Override
    public void destroy() throws ResourceException {
        try {
            try {
                endHandles();
            } finally {
                link.close();
            }
        } catch (JMSException | JMSRuntimeException failed) {
            throw new ResourceException("cannot close the connection: " + failed.getMessage(), failed);
        }
    }

    private void endHandles() throws JMSException {
        HandleChildren.endAll(handles.stream()
                .<HandleChildren.Ending>map(handle -> handle::end)
                .toList());
        handles.clear();
    }

    @Override
    public LocalTransaction getLocalTransaction() {
        return transaction;
    }

    /** Always the same while the connection is in use; recovery may use it without any handle. */
    @Override
    public XAResource getXAResource() throws ResourceException {
        try {
            return link.global().getXAResource();
        } catch (JMSException failed) {
            throw new ResourceException("cannot open an XA session: " + failed.getMessage(), failed);
        }
    }

    @Override
    public ManagedConnectionMetaData getMetaData() {
        return new AdapterMetaData(link, credentials.user());
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        events.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        events.remove(listener);
    }

    @Override
    public PrintWriter getLogWriter() {
        return logWriter;
    }

    /** Kept for the container; nothing is written to it. */
    @Override
    public void setLogWriter(PrintWriter writer) {
        logWriter = writer;
    }

    // ---- for its handles

    /** Whether sessions opened now belong to the container's local transaction. */
    boolean inLocalTransaction() {
        return transaction.active();
    }

    /** The application has closed this handle. */
    void closed(ConnectionHandle handle) {
        handles.remove(handle);
        events.closed(handle);
    }

    /** The handle has moved to another managed connection. */
    void forget(ConnectionHandle handle) {
        handles.remove(handle);
    }

    private boolean hasGlobalSession() {
        for (ConnectionHandle handle : handles) {
            if (handle.hasGlobalSession()) {
                return true;
            }
        }
        return false;
    }

    /** Applications in a container have no exception listener to be told by. */
    private void problem(JMSException reason) {
        if (link.connection().isLost()) {
            failure = reason;
            events.failed(reason);
        } else {
            LOG.warn("problem of a connection of {}: {}", credentials, reason.getMessage(), reason);
        }
    }
}
