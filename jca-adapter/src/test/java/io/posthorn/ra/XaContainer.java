package io.posthorn.ra;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * As little of an application server as global transactions need: a pool whose connections are enlisted with a transaction manager, one per
 * transaction and request. A connection that an application keeps is enlisted when the next transaction begins. One thread.
 */
final class XaContainer implements ConnectionManager, ConnectionEventListener {

    private static final long serialVersionUID = 1L;

    private final transient TransactionManager manager;
    private final transient Set<ManagedConnection> created = new HashSet<>();
    private final transient Set<ManagedConnection> free = new HashSet<>();
    private final transient Map<ManagedConnection, Integer> handles = new HashMap<>();
    private final transient Map<ConnectionRequestInfo, ManagedConnection> enlisted = new HashMap<>();

    XaContainer(TransactionManager manager) {
        this.manager = manager;
    }

    void begin() throws Exception {
        manager.begin();
        for (ManagedConnection kept : handles.keySet()) {
            enlist(manager.getTransaction(), kept, new ConnectionRequest(null, null));
        }
    }

    int created() {
        return created.size();
    }

    void shutDown() throws ResourceException {
        for (ManagedConnection connection : created) {
            connection.destroy();
        }
    }

    @Override
    public Object allocateConnection(ManagedConnectionFactory from, ConnectionRequestInfo info)
            throws ResourceException {
        try {
            Transaction current = manager.getTransaction();
            ManagedConnection connection = current == null ? null : enlisted.get(info);
            if (connection == null) {
                connection = from.matchManagedConnections(free, null, info);
                if (connection == null) {
                    connection = from.createManagedConnection(null, info);
                    connection.addConnectionEventListener(this);
                    created.add(connection);
                }
                free.remove(connection);
                if (current != null) {
                    enlist(current, connection, info);
                }
            }
            handles.merge(connection, 1, Integer::sum);
            return connection.getConnection(null, info);
        } catch (SystemException | RollbackException failed) {
            throw new ResourceException(failed);
        }
    }

    private void enlist(Transaction transaction, ManagedConnection connection, ConnectionRequestInfo info)
            throws ResourceException, RollbackException, SystemException {
        if (!transaction.enlistResource(connection.getXAResource())) {
            throw new ResourceException("not enlisted");
        }
        if (enlisted.isEmpty()) {
            transaction.registerSynchronization(new AtEnd());
        }
        enlisted.put(info, connection);
    }

    private final class AtEnd implements Synchronization {

        @Override
        public void beforeCompletion() {}

        @Override
        public void afterCompletion(int status) {
            assert status != Status.STATUS_ACTIVE;
            Set<ManagedConnection> all = Set.copyOf(enlisted.values());
            enlisted.clear();
            all.forEach(XaContainer.this::giveBackIfUnused);
        }
    }

    @Override
    public void connectionClosed(ConnectionEvent event) {
        ManagedConnection connection = (ManagedConnection) event.getSource();
        handles.merge(connection, -1, Integer::sum);
        if (!enlisted.containsValue(connection)) {
            giveBackIfUnused(connection);
        }
    }

    private void giveBackIfUnused(ManagedConnection connection) {
        if (handles.getOrDefault(connection, -1) == 0) {
            handles.remove(connection);
            try {
                connection.cleanup();
                free.add(connection);
            } catch (ResourceException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
        free.remove((ManagedConnection) event.getSource());
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {}

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {}

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {}
}
