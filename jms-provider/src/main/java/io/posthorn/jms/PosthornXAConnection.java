package io.posthorn.jms;

import jakarta.jms.ConnectionConsumer;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueSession;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicSession;
import jakarta.jms.XAQueueConnection;
import jakarta.jms.XAQueueSession;
import jakarta.jms.XATopicConnection;
import jakarta.jms.XATopicSession;

/**
 * A connection whose sessions can take part in global transactions (Jakarta Messaging 3.1, 11.3). Ordinary sessions are to be had as well.
 * Any thread may use it.
 *
 * <p>Its close, and its loss, roll back what its sessions have in branches that are not prepared. Prepared branches need no connection: any
 * other one may decide them.
 */
public final class PosthornXAConnection implements XAQueueConnection, XATopicConnection {

    private final PosthornConnection connection;

    PosthornXAConnection(PosthornConnection connection) {
        this.connection = connection;
    }

    @Override
    public PosthornXASession createXASession() throws JMSException {
        return new PosthornXASession(connection.createXaSession(Domain.ANY, true));
    }

    @Override
    public XAQueueSession createXAQueueSession() throws JMSException {
        return new PosthornXASession(connection.createXaSession(Domain.QUEUE, true));
    }

    @Override
    public XATopicSession createXATopicSession() throws JMSException {
        return new PosthornXASession(connection.createXaSession(Domain.TOPIC, true));
    }

    /**
     * The simplified face of a session, for resource adapters: both take part in the same transactions. Closing the context closes the session,
     * not this connection.
     *
     * @param session of this connection; an XA session's plain face
     * @throws IllegalStateException if it is closed
     */
    public JMSContext contextOf(PosthornSession session) throws JMSException {
        session.work().checkOpen();
        return PosthornContext.over(connection, session);
    }

    /** Whether it is lost for good, so that it is of no use in a pool. True before the exception listener is told. Any thread. */
    public boolean isLost() {
        return connection.isLost();
    }

    // ---- everything else is the connection's

    @Override
    public Session createSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return connection.createSession(transacted, acknowledgeMode);
    }

    @Override
    public Session createSession(int sessionMode) throws JMSException {
        return connection.createSession(sessionMode);
    }

    @Override
    public Session createSession() throws JMSException {
        return connection.createSession();
    }

    @Override
    public QueueSession createQueueSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return connection.createQueueSession(transacted, acknowledgeMode);
    }

    @Override
    public TopicSession createTopicSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return connection.createTopicSession(transacted, acknowledgeMode);
    }

    @Override
    public String getClientID() throws JMSException {
        return connection.getClientID();
    }

    @Override
    public void setClientID(String id) throws JMSException {
        connection.setClientID(id);
    }

    @Override
    public ConnectionMetaData getMetaData() throws JMSException {
        return connection.getMetaData();
    }

    @Override
    public ExceptionListener getExceptionListener() throws JMSException {
        return connection.getExceptionListener();
    }

    @Override
    public void setExceptionListener(ExceptionListener listener) throws JMSException {
        connection.setExceptionListener(listener);
    }

    @Override
    public void start() throws JMSException {
        connection.start();
    }

    @Override
    public void stop() throws JMSException {
        connection.stop();
    }

    @Override
    public void close() throws JMSException {
        connection.close();
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Destination destination, String selector, ServerSessionPool pool, int messagesMax) throws JMSException {
        return connection.createConnectionConsumer(destination, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Queue queue, String selector, ServerSessionPool pool, int messagesMax) throws JMSException {
        return connection.createConnectionConsumer(queue, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Topic topic, String selector, ServerSessionPool pool, int messagesMax) throws JMSException {
        return connection.createConnectionConsumer(topic, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createSharedConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        return connection.createSharedConnectionConsumer(topic, subscription, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createDurableConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        return connection.createDurableConnectionConsumer(topic, subscription, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createSharedDurableConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        return connection.createSharedDurableConnectionConsumer(topic, subscription, selector, pool, messagesMax);
    }
}
