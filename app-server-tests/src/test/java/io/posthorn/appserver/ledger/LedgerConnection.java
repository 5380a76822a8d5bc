package io.posthorn.appserver.ledger;

import jakarta.resource.NotSupportedException;
import jakarta.resource.cci.Connection;
import jakarta.resource.cci.ConnectionMetaData;
import jakarta.resource.cci.Interaction;
import jakarta.resource.cci.InteractionSpec;
import jakarta.resource.cci.LocalTransaction;
import jakarta.resource.cci.Record;
import jakarta.resource.cci.ResourceWarning;
import jakarta.resource.cci.ResultSetInfo;

/** A handle of the application. Executing an interaction writes one line, the name of the record. One thread. */
final class LedgerConnection implements Connection, Interaction {

    private LedgerManagedConnection managed;

    LedgerConnection(LedgerManagedConnection managed) {
        this.managed = managed;
    }

    void moveTo(LedgerManagedConnection other) {
        managed = other;
    }

    @Override
    public Interaction createInteraction() {
        return this;
    }

    @Override
    public Record execute(InteractionSpec spec, Record line) {
        managed.write(line.getRecordName());
        return line;
    }

    @Override
    public boolean execute(InteractionSpec spec, Record line, Record output) {
        execute(spec, line);
        return true;
    }

    @Override
    public void close() {
        LedgerManagedConnection open = managed;
        managed = null;
        if (open != null) {
            open.closed(this);
        }
    }

    @Override
    public Connection getConnection() {
        return this;
    }

    @Override
    public void clearWarnings() {
        // There are none.
    }

    @Override
    public ResourceWarning getWarnings() {
        return null;
    }

    @Override
    public LocalTransaction getLocalTransaction() throws NotSupportedException {
        throw new NotSupportedException("global transactions only");
    }

    @Override
    public ConnectionMetaData getMetaData() throws NotSupportedException {
        throw new NotSupportedException("no metadata");
    }

    @Override
    public ResultSetInfo getResultSetInfo() throws NotSupportedException {
        throw new NotSupportedException("no result sets");
    }
}
