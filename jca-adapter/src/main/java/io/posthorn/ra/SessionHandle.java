package io.posthorn.ra;

import jakarta.jms.BytesMessage;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;
import jakarta.jms.TransactionInProgressException;
import java.io.Serializable;

/**
 * The session that an application gets. A joined one stands on the transacted session of the managed connection: the container commits it, it
 * outlives this handle until the transaction has ended, and commit and rollback are refused here. Any other has a session of its own.
 * Used by one thread at a time, except close.
 */
public final class SessionHandle implements Session {

    private final ConnectionHandle connection;
    private final Session physical;
    private final boolean joined;
    private final HandleChildren consumers = new HandleChildren();
    private volatile boolean closed;

    SessionHandle(ConnectionHandle connection, Session physical, boolean joined) {
        this.connection = connection;
        this.physical = physical;
        this.joined = joined;
    }

    /** Whether it takes part in the container's transactions. */
    boolean joined() {
        return joined;
    }

    /** Repeatable. A session that refuses, because its own listener is the caller, stays open. */
    @Override
    public void close() throws JMSException {
        if (closed) {
            return;
        }
        if (joined) {
            ended();
            consumers.closeConsumers();
            return;
        }
        try {
            physical.close();
        } catch (IllegalStateException refusedInItsListener) {
            throw refusedInItsListener;
        } catch (JMSException failed) {
            ended();
            throw failed;
        }
        ended();
    }

    private void ended() {
        closed = true;
        connection.closed(this);
    }

    private Session open() throws IllegalStateException {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        return physical;
    }

    private <C extends AutoCloseable> C track(C consumer) {
        return joined ? consumers.consumer(consumer) : consumer;
    }

    private void refuseWhenJoined(String method) throws JMSException {
        open();
        if (joined) {
            throw new TransactionInProgressException(
                    method + " belongs to the container: the session is in its transaction");
        }
    }

    private void refuseInContainer(String method) throws JMSException {
        open();
        if (connection.managed()) {
            throw new IllegalStateException(method + " must not be called in web and EJB applications");
        }
    }

    // ---- transactions and acknowledgement

    @Override
    public boolean getTransacted() throws JMSException {
        return open().getTransacted();
    }

    @Override
    public int getAcknowledgeMode() throws JMSException {
        return open().getAcknowledgeMode();
    }

    @Override
    public void commit() throws JMSException {
        refuseWhenJoined("commit");
        physical.commit();
    }

    @Override
    public void rollback() throws JMSException {
        refuseWhenJoined("rollback");
        physical.rollback();
    }

    @Override
    public void recover() throws JMSException {
        refuseWhenJoined("recover");
        physical.recover();
    }

    // ---- listeners of the session

    @Override
    public MessageListener getMessageListener() throws JMSException {
        refuseInContainer("Session.getMessageListener");
        return physical.getMessageListener();
    }

    @Override
    public void setMessageListener(MessageListener listener) throws JMSException {
        refuseInContainer("Session.setMessageListener");
        physical.setMessageListener(listener);
    }

    /** Only a container calls it, on sessions of its own; so there is nothing to do for an application. */
    @Override
    public void run() {
        physical.run();
    }

    // ---- messages

    @Override
    public BytesMessage createBytesMessage() throws JMSException {
        return open().createBytesMessage();
    }

    @Override
    public MapMessage createMapMessage() throws JMSException {
        return open().createMapMessage();
    }

    @Override
    public Message createMessage() throws JMSException {
        return open().createMessage();
    }

    @Override
    public ObjectMessage createObjectMessage() throws JMSException {
        return open().createObjectMessage();
    }

    @Override
    public ObjectMessage createObjectMessage(Serializable object) throws JMSException {
        return open().createObjectMessage(object);
    }

    @Override
    public StreamMessage createStreamMessage() throws JMSException {
        return open().createStreamMessage();
    }

    @Override
    public TextMessage createTextMessage() throws JMSException {
        return open().createTextMessage();
    }

    @Override
    public TextMessage createTextMessage(String text) throws JMSException {
        return open().createTextMessage(text);
    }

    // ---- destinations, producers, consumers

    @Override
    public Queue createQueue(String name) throws JMSException {
        return open().createQueue(name);
    }

    @Override
    public Topic createTopic(String name) throws JMSException {
        return open().createTopic(name);
    }

    @Override
    public TemporaryQueue createTemporaryQueue() throws JMSException {
        TemporaryQueue made = open().createTemporaryQueue();
        return connection.managed() ? connection.children().temporary(made) : made;
    }

    @Override
    public TemporaryTopic createTemporaryTopic() throws JMSException {
        TemporaryTopic made = open().createTemporaryTopic();
        return connection.managed() ? connection.children().temporary(made) : made;
    }

    @Override
    public MessageProducer createProducer(Destination destination) throws JMSException {
        return open().createProducer(destination);
    }

    @Override
    public MessageConsumer createConsumer(Destination destination) throws JMSException {
        return track(open().createConsumer(destination));
    }

    @Override
    public MessageConsumer createConsumer(Destination destination, String selector) throws JMSException {
        return track(open().createConsumer(destination, selector));
    }

    @Override
    public MessageConsumer createConsumer(Destination destination, String selector, boolean noLocal)
            throws JMSException {
        return track(open().createConsumer(destination, selector, noLocal));
    }

    @Override
    public MessageConsumer createSharedConsumer(Topic topic, String subscription) throws JMSException {
        return track(open().createSharedConsumer(topic, subscription));
    }

    @Override
    public MessageConsumer createSharedConsumer(Topic topic, String subscription, String selector) throws JMSException {
        return track(open().createSharedConsumer(topic, subscription, selector));
    }

    @Override
    public MessageConsumer createDurableConsumer(Topic topic, String subscription) throws JMSException {
        return track(open().createDurableConsumer(topic, subscription));
    }

    @Override
    public MessageConsumer createDurableConsumer(Topic topic, String subscription, String selector, boolean noLocal)
            throws JMSException {
        return track(open().createDurableConsumer(topic, subscription, selector, noLocal));
    }

    @Override
    public MessageConsumer createSharedDurableConsumer(Topic topic, String subscription) throws JMSException {
        return track(open().createSharedDurableConsumer(topic, subscription));
    }

    @Override
    public MessageConsumer createSharedDurableConsumer(Topic topic, String subscription, String selector)
            throws JMSException {
        return track(open().createSharedDurableConsumer(topic, subscription, selector));
    }

    @Override
    public TopicSubscriber createDurableSubscriber(Topic topic, String subscription) throws JMSException {
        return track(open().createDurableSubscriber(topic, subscription));
    }

    @Override
    public TopicSubscriber createDurableSubscriber(Topic topic, String subscription, String selector, boolean noLocal)
            throws JMSException {
        return track(open().createDurableSubscriber(topic, subscription, selector, noLocal));
    }

    @Override
    public QueueBrowser createBrowser(Queue queue) throws JMSException {
        return track(open().createBrowser(queue));
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, String selector) throws JMSException {
        return track(open().createBrowser(queue, selector));
    }

    @Override
    public void unsubscribe(String subscription) throws JMSException {
        open().unsubscribe(subscription);
    }
}
