package io.posthorn.ra;

import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;

/**
 * A physical connection in the container's pool, with the handles that applications hold on it (Jakarta Connectors 2.1, 6.5.4). The container
 * calls it, one thread at a time; failures come in on a thread of the JMS client.
 *
 * <p>When the client gives a connection up, this one is broken for good, and the container is told so that it leaves the pool.
 */
public final class PosthornManagedConnection implements ManagedConnection {

    private final JmsLink link;
    private final ConnectionRequest.Kind kind;
    private final Credentials credentials;
    private final ConnectionEvents events;
    private final LocalTransactionState transaction;
    private final List<Handle> handles = new CopyOnWriteArrayList<>();
    private volatile ExceptionListener applicationListener;
    private volatile JMSException failure;
    private PrintWriter logWriter;

    private PosthornManagedConnection(JmsLink link, ConnectionRequest.Kind kind, Credentials credentials) {
        this.link = link;
        this.kind = kind;
        this.credentials = credentials;
        this.events = new ConnectionEvents(this);
        this.transaction = new LocalTransactionState(link, this::hasPlainSession);
    }

    /** Takes the link over; closes it when that fails. */
    static PosthornManagedConnection over(JmsLink link, ConnectionRequest.Kind kind, Credentials credentials)
            throws JMSException {
        PosthornManagedConnection connection = new PosthornManagedConnection(link, kind, credentials);
        try {
            link.onFailure(connection::failed);
        } catch (JMSException | JMSRuntimeException refused) {
            link.close();
            throw refused;
        }
        return connection;
    }

    /** Whether it can serve such a request. */
    boolean fits(ConnectionRequest.Kind wanted, Credentials login) {
        return failure == null && kind == wanted && credentials.equals(login);
    }

    /** Why it is broken, null while it is sound. */
    JMSException failure() {
        return failure;
    }

    // ---- for the container

    /** A new handle, which the application gets; several share the physical connection. */
    @Override
    public Object getConnection(Subject subject, ConnectionRequestInfo info) throws ResourceException {
        if (failure != null) {
            throw new ResourceException("the connection is broken: " + failure.getMessage(), failure);
        }
        ConnectionRequest request = ConnectionRequest.of(info);
        if (info != null && request.kind() != kind) {
            throw new ResourceException("a connection of kind " + kind + " cannot serve " + request);
        }
        Handle handle = link.newHandle(this, request.managed());
        handles.add(handle);
        return handle;
    }

    @Override
    public void associateConnection(Object handle) throws ResourceException {
        if (!(handle instanceof Handle ours)) {
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
            applicationListener = null;
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

    /** @throws NotSupportedException always; the adapter declares local transactions */
    @Override
    public XAResource getXAResource() throws NotSupportedException {
        throw new NotSupportedException(
                "this release of the Posthorn resource adapter has no XA, only local transactions");
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

    /** Whether sessions opened now belong to the container's transaction. */
    boolean inTransaction() {
        return transaction.active();
    }

    /** The application has closed this handle. */
    void closed(Handle handle) {
        handles.remove(handle);
        events.closed(handle);
    }

    /** The handle has moved to another managed connection. */
    void forget(Handle handle) {
        handles.remove(handle);
    }

    ExceptionListener applicationListener() {
        return applicationListener;
    }

    void applicationListener(ExceptionListener listener) {
        applicationListener = listener;
    }

    private boolean hasPlainSession() {
        for (Handle handle : handles) {
            if (handle.hasPlainSession()) {
                return true;
            }
        }
        return false;
    }

    private void failed(JMSException reason) {
        failure = reason;
        ExceptionListener listener = applicationListener;
        try {
            if (listener != null) {
                listener.onException(reason);
            }
        } finally {
            events.failed(reason);
        }
    }
}
