package io.posthorn.appserver.ledger;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.cci.Connection;
import jakarta.resource.cci.ConnectionFactory;
import jakarta.resource.cci.ConnectionSpec;
import jakarta.resource.cci.RecordFactory;
import jakarta.resource.cci.ResourceAdapterMetaData;
import jakarta.resource.spi.ConnectionManager;
import javax.naming.Reference;

/** What applications look up. Any thread. */
public final class LedgerConnectionFactory implements ConnectionFactory {

    private static final long serialVersionUID = 1L;

    private final LedgerManagedConnectionFactory factory;
    private final transient ConnectionManager manager;
    private Reference reference;

    /** Some application servers refuse a factory class without it. Nobody calls it. */
    public LedgerConnectionFactory() {
        this(null, null);
    }

    LedgerConnectionFactory(LedgerManagedConnectionFactory factory, ConnectionManager manager) {
        this.factory = factory;
        this.manager = manager;
    }

    @Override
    public Connection getConnection() throws ResourceException {
        return (Connection) manager.allocateConnection(factory, null);
    }

    @Override
    public Connection getConnection(ConnectionSpec spec) throws ResourceException {
        return getConnection();
    }

    @Override
    public RecordFactory getRecordFactory() throws NotSupportedException {
        throw new NotSupportedException("records are the application's own");
    }

    @Override
    public ResourceAdapterMetaData getMetaData() throws NotSupportedException {
        throw new NotSupportedException("no metadata");
    }

    @Override
    public void setReference(Reference value) {
        reference = value;
    }

    @Override
    public Reference getReference() {
        return reference;
    }
}
