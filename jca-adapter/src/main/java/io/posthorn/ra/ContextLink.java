package io.posthorn.ra;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSContext;

/** A link that serves the simplified API: a context that nobody uses holds the connection, those of applications are made from it. */
final class ContextLink implements JmsLink {

    private final JMSContext root;
    private JMSContext transacted;

    private ContextLink(JMSContext root) {
        this.root = root;
    }

    static ContextLink open(ConnectionFactory factory, Credentials credentials) {
        return new ContextLink(
                credentials.user() == null
                        ? factory.createContext()
                        : factory.createContext(credentials.user(), credentials.password()));
    }

    @Override
    public Handle newHandle(PosthornManagedConnection owner, boolean managed) {
        return new ContextHandle(owner, this, managed);
    }

    JMSContext root() {
        return root;
    }

    /** The context of the container's transactions. */
    synchronized JMSContext transacted() {
        if (transacted == null) {
            transacted = root.createContext(JMSContext.SESSION_TRANSACTED);
        }
        return transacted;
    }

    @Override
    public ConnectionMetaData metaData() {
        return root.getMetaData();
    }

    @Override
    public void onFailure(ExceptionListener listener) {
        root.setExceptionListener(listener);
    }

    @Override
    public synchronized void commit() {
        if (transacted != null) {
            transacted.commit();
        }
    }

    @Override
    public synchronized void rollback() {
        if (transacted != null) {
            transacted.rollback();
        }
    }

    @Override
    public synchronized void reset() {
        if (transacted != null) {
            transacted.close();
            transacted = null;
        }
        root.stop();
    }

    /** Ends the transacted context too; contexts of handles end with their handles. */
    @Override
    public synchronized void close() {
        if (transacted != null) {
            transacted.close();
            transacted = null;
        }
        root.close();
    }
}
