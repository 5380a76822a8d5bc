package io.posthorn.ra;

import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.resource.ResourceException;
import java.io.Serializable;

/**
 * The context that an application gets: connection handle and session handle in one, with the same rules in a container and in its
 * transactions. Used by one thread at a time, except close. It cannot move to another managed connection.
 */
public final class ContextHandle implements JMSContext, Handle {

    private final PosthornManagedConnection owner;
    private final ContextLink link;
    private final boolean managed;
    private final HandleChildren children = new HandleChildren();
    private JMSContext physical;
    private boolean joined;
    private volatile boolean closed;

    ContextHandle(PosthornManagedConnection owner, ContextLink link, boolean managed) {
        this.owner = owner;
        this.link = link;
        this.managed = managed;
    }

    /** Opens its session; called once, right after allocation. Gives the managed connection back when that fails. */
    void open(int sessionMode) {
        try {
            joined = owner.inTransaction();
            physical = joined
                    ? link.transacted()
                    : link.root().createContext(ConnectionHandle.effectiveMode(managed, sessionMode));
        } catch (JMSRuntimeException failed) {
            closed = true;
            owner.closed(this);
            throw failed;
        }
    }

    /** Ends its session and temporary destinations, and gives the managed connection back. Repeatable. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        try {
            end();
        } catch (JMSException failed) {
            throw new JMSRuntimeException(failed.getMessage(), failed.getErrorCode(), failed);
        } finally {
            if (closed) {
                owner.closed(this);
            }
        }
    }

    // ---- for its managed connection

    @Override
    public boolean hasPlainSession() {
        return physical != null && !closed && !joined;
    }

    /** A session that refuses to be closed here, because its listener is the caller, leaves the handle open. */
    @Override
    public void end() throws JMSException {
        if (closed) {
            return;
        }
        if (physical != null && !joined) {
            try {
                physical.close();
            } catch (IllegalStateRuntimeException refusedInItsListener) {
                throw refusedInItsListener;
            } catch (JMSRuntimeException failed) {
                closed = true;
                throw failed;
            }
        }
        closed = true;
        children.closeConsumers();
        children.deleteTemporaries();
    }

    @Override
    public void moveTo(PosthornManagedConnection newOwner, JmsLink newLink) throws ResourceException {
        if (newOwner != owner) {
            throw new ResourceException("a context has an open session and cannot move to another managed connection");
        }
    }

    private JMSContext open() {
        if (closed || physical == null) {
            throw new IllegalStateRuntimeException("the context is closed");
        }
        return physical;
    }

    private <C extends AutoCloseable> C track(C consumer) {
        return joined ? children.consumer(consumer) : consumer;
    }

    private void refuseWhenJoined(String method) {
        open();
        if (joined) {
            throw new TransactionInProgressRuntimeException(
                    method + " belongs to the container: the context is in its transaction");
        }
    }

    private void refuseInContainer(String method) {
        open();
        if (managed) {
            throw new IllegalStateRuntimeException(method + " must not be called in web and EJB applications");
        }
    }

    // ---- the connection's part

    /** Not in a container, where a connection can have one session only. */
    @Override
    public JMSContext createContext(int sessionMode) {
        refuseInContainer("createContext(int) of a context");
        return physical.createContext(sessionMode);
    }

    @Override
    public String getClientID() {
        return open().getClientID();
    }

    @Override
    public void setClientID(String clientId) {
        refuseInContainer("setClientID");
        physical.setClientID(clientId);
    }

    @Override
    public ConnectionMetaData getMetaData() {
        return open().getMetaData();
    }

    @Override
    public ExceptionListener getExceptionListener() {
        open();
        return owner.applicationListener();
    }

    @Override
    public void setExceptionListener(ExceptionListener listener) {
        refuseInContainer("setExceptionListener");
        owner.applicationListener(listener);
    }

    @Override
    public void start() {
        open().start();
    }

    @Override
    public void stop() {
        refuseInContainer("stop");
        physical.stop();
    }

    @Override
    public void setAutoStart(boolean autoStart) {
        open().setAutoStart(autoStart);
    }

    @Override
    public boolean getAutoStart() {
        return open().getAutoStart();
    }

    // ---- transactions and acknowledgement

    @Override
    public boolean getTransacted() {
        return open().getTransacted();
    }

    @Override
    public int getSessionMode() {
        return open().getSessionMode();
    }

    @Override
    public void commit() {
        refuseWhenJoined("commit");
        physical.commit();
    }

    @Override
    public void rollback() {
        refuseWhenJoined("rollback");
        physical.rollback();
    }

    @Override
    public void recover() {
        refuseWhenJoined("recover");
        physical.recover();
    }

    @Override
    public void acknowledge() {
        open().acknowledge();
    }

    // ---- messages

    @Override
    public BytesMessage createBytesMessage() {
        return open().createBytesMessage();
    }

    @Override
    public MapMessage createMapMessage() {
        return open().createMapMessage();
    }

    @Override
    public Message createMessage() {
        return open().createMessage();
    }

    @Override
    public ObjectMessage createObjectMessage() {
        return open().createObjectMessage();
    }

    @Override
    public ObjectMessage createObjectMessage(Serializable object) {
        return open().createObjectMessage(object);
    }

    @Override
    public StreamMessage createStreamMessage() {
        return open().createStreamMessage();
    }

    @Override
    public TextMessage createTextMessage() {
        return open().createTextMessage();
    }

    @Override
    public TextMessage createTextMessage(String text) {
        return open().createTextMessage(text);
    }

    // ---- destinations, producers, consumers

    @Override
    public Queue createQueue(String name) {
        return open().createQueue(name);
    }

    @Override
    public Topic createTopic(String name) {
        return open().createTopic(name);
    }

    @Override
    public TemporaryQueue createTemporaryQueue() {
        TemporaryQueue made = open().createTemporaryQueue();
        return managed ? children.temporary(made) : made;
    }

    @Override
    public TemporaryTopic createTemporaryTopic() {
        TemporaryTopic made = open().createTemporaryTopic();
        return managed ? children.temporary(made) : made;
    }

    @Override
    public JMSProducer createProducer() {
        return open().createProducer();
    }

    @Override
    public JMSConsumer createConsumer(Destination destination) {
        return track(open().createConsumer(destination));
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, String selector) {
        return track(open().createConsumer(destination, selector));
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, String selector, boolean noLocal) {
        return track(open().createConsumer(destination, selector, noLocal));
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String subscription) {
        return track(open().createSharedConsumer(topic, subscription));
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String subscription, String selector) {
        return track(open().createSharedConsumer(topic, subscription, selector));
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String subscription) {
        return track(open().createDurableConsumer(topic, subscription));
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String subscription, String selector, boolean noLocal) {
        return track(open().createDurableConsumer(topic, subscription, selector, noLocal));
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String subscription) {
        return track(open().createSharedDurableConsumer(topic, subscription));
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String subscription, String selector) {
        return track(open().createSharedDurableConsumer(topic, subscription, selector));
    }

    @Override
    public QueueBrowser createBrowser(Queue queue) {
        return track(open().createBrowser(queue));
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, String selector) {
        return track(open().createBrowser(queue, selector));
    }

    @Override
    public void unsubscribe(String subscription) {
        open().unsubscribe(subscription);
    }
}
