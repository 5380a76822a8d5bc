package io.posthorn.ra;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** A link that serves the classic API. */
final class ConnectionLink implements JmsLink {

    private final Connection connection;
    private Session transacted;

    private ConnectionLink(Connection connection) {
        this.connection = connection;
    }

    static ConnectionLink open(ConnectionFactory factory, Credentials credentials) throws JMSException {
        return new ConnectionLink(
                credentials.user() == null
                        ? factory.createConnection()
                        : factory.createConnection(credentials.user(), credentials.password()));
    }

    @Override
    public Handle newHandle(PosthornManagedConnection owner, boolean managed) {
        return new ConnectionHandle(owner, this, managed);
    }

    Connection connection() {
        return connection;
    }

    /** The session of the container's transactions. */
    synchronized Session transacted() throws JMSException {
        if (transacted == null) {
            transacted = connection.createSession(Session.SESSION_TRANSACTED);
        }
        return transacted;
    }

    @Override
    public ConnectionMetaData metaData() throws JMSException {
        return connection.getMetaData();
    }

    @Override
    public void onFailure(ExceptionListener listener) throws JMSException {
        connection.setExceptionListener(listener);
    }

    @Override
    public synchronized void commit() throws JMSException {
        if (transacted != null) {
            transacted.commit();
        }
    }

    @Override
    public synchronized void rollback() throws JMSException {
        if (transacted != null) {
            transacted.rollback();
        }
    }

    @Override
    public synchronized void reset() throws JMSException {
        if (transacted != null) {
            transacted.close();
            transacted = null;
        }
        connection.stop();
    }

    @Override
    public void close() throws JMSException {
        connection.close();
    }
}
