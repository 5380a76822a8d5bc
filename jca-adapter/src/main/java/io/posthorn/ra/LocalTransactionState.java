package io.posthorn.ra;

import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import java.util.function.BooleanSupplier;

/**
 * The container's transaction on a managed connection (Jakarta Connectors 2.1, 7.7). States: idle → begin → active → commit or rollback → idle,
 * also when the commit fails. The container calls it.
 *
 * <p>While it is active, sessions that are opened stand on the local session of the link. What an application sends on such a session after the
 * transaction is dropped when the next one begins, or when the connection goes back to the pool.
 */
final class LocalTransactionState implements LocalTransaction {

    private final ConnectionLink link;
    private final BooleanSupplier otherSessionOpen;
    private boolean active;

    LocalTransactionState(ConnectionLink link, BooleanSupplier otherSessionOpen) {
        this.link = link;
        this.otherSessionOpen = otherSessionOpen;
    }

    synchronized boolean active() {
        return active;
    }

    /** @throws LocalTransactionException if one is active, or a session is open that could not take part in it */
    @Override
    public synchronized void begin() throws LocalTransactionException {
        if (active) {
            throw new LocalTransactionException("a local transaction is active on this connection already");
        }
        if (otherSessionOpen.getAsBoolean()) {
            throw new LocalTransactionException(
                    "a session or context was opened before the transaction began and cannot"
                            + " take part in it: open it inside the transaction, or close it before");
        }
        run("begin", link::rollback);
        active = true;
    }

    @Override
    public synchronized void commit() throws LocalTransactionException {
        requireActive("commit");
        active = false;
        run("commit", link::commit);
    }

    @Override
    public synchronized void rollback() throws LocalTransactionException {
        requireActive("roll back");
        active = false;
        run("roll back", link::rollback);
    }

    private void requireActive(String action) throws LocalTransactionException {
        if (!active) {
            throw new LocalTransactionException("cannot " + action + ": no local transaction is active");
        }
    }

    private static void run(String action, Step step) throws LocalTransactionException {
        try {
            step.run();
        } catch (JMSException | JMSRuntimeException failed) {
            throw new LocalTransactionException("cannot " + action + ": " + failed.getMessage(), failed);
        }
    }

    /** One call of the link. */
    private interface Step {
        void run() throws JMSException;
    }
}
