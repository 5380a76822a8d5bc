package io.posthorn.ra;

import jakarta.jms.ConnectionFactory;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.Subject;

/**
 * As little of an application server as the adapter's contract needs: a pool that matches, cleans and throws out, and one transaction at a time,
 * in which equal requests share a connection. One thread.
 */
final class SmallContainer implements ConnectionManager, ConnectionEventListener {

    private static final long serialVersionUID = 1L;

    private final transient PosthornManagedConnectionFactory factory;
    private final transient Set<ManagedConnection> created = new HashSet<>();
    private final transient Set<ManagedConnection> free = new HashSet<>();
    private final transient Map<ManagedConnection, Integer> handles = new HashMap<>();
    private final transient Map<ConnectionRequestInfo, ManagedConnection> enlisted = new HashMap<>();
    private final transient List<Exception> errors = new ArrayList<>();
    private boolean inTransaction;
    private transient Subject subject;

    SmallContainer(PosthornManagedConnectionFactory factory) {
        this.factory = factory;
    }

    ConnectionFactory lookup() throws ResourceException {
        return (ConnectionFactory) factory.createConnectionFactory(this);
    }

    void signOnAs(Subject user) {
        subject = user;
    }

    /** Closes what is left, at the end of a test. */
    void shutDown() throws ResourceException {
        for (ManagedConnection connection : created) {
            connection.destroy();
        }
    }

    /** How many physical connections there have been. */
    int created() {
        return created.size();
    }

    Set<ManagedConnection> free() {
        return free;
    }

    List<Exception> errors() {
        return errors;
    }

    void begin() {
        inTransaction = true;
    }

    void commit() throws ResourceException {
        for (ManagedConnection connection : endOfTransaction()) {
            connection.getLocalTransaction().commit();
            giveBackIfUnused(connection);
        }
    }

    void rollback() throws ResourceException {
        for (ManagedConnection connection : endOfTransaction()) {
            connection.getLocalTransaction().rollback();
            giveBackIfUnused(connection);
        }
    }

    private List<ManagedConnection> endOfTransaction() {
        inTransaction = false;
        List<ManagedConnection> all = List.copyOf(enlisted.values());
        enlisted.clear();
        return all;
    }

    /** Puts a connection that an application holds into the transaction, as servers do for handles that are kept. */
    void enlist(ManagedConnection connection) throws ResourceException {
        connection.getLocalTransaction().begin();
        enlisted.put(new ConnectionRequest(null, null), connection);
    }

    ManagedConnection inUse() {
        return handles.keySet().iterator().next();
    }

    @Override
    public Object allocateConnection(ManagedConnectionFactory from, ConnectionRequestInfo info)
            throws ResourceException {
        ManagedConnection connection = inTransaction ? enlisted.get(info) : null;
        if (connection == null) {
            connection = from.matchManagedConnections(free, subject, info);
            if (connection == null) {
                connection = from.createManagedConnection(subject, info);
                created.add(connection);
                connection.addConnectionEventListener(this);
            }
            free.remove(connection);
            if (inTransaction) {
                connection.getLocalTransaction().begin();
                enlisted.put(info, connection);
            }
        }
        handles.merge(connection, 1, Integer::sum);
        return connection.getConnection(subject, info);
    }

    @Override
    public void connectionClosed(ConnectionEvent event) {
        ManagedConnection connection = (ManagedConnection) event.getSource();
        handles.merge(connection, -1, Integer::sum);
        if (!enlisted.containsValue(connection)) {
            try {
                giveBackIfUnused(connection);
            } catch (ResourceException failed) {
                errors.add(failed);
            }
        }
    }

    private void giveBackIfUnused(ManagedConnection connection) throws ResourceException {
        if (handles.getOrDefault(connection, -1) == 0) {
            handles.remove(connection);
            connection.cleanup();
            free.add(connection);
        }
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
        ManagedConnection connection = (ManagedConnection) event.getSource();
        errors.add(event.getException());
        handles.remove(connection);
        free.remove(connection);
        try {
            connection.destroy();
        } catch (ResourceException failed) {
            errors.add(failed);
        }
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {}

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {}

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {}
}
