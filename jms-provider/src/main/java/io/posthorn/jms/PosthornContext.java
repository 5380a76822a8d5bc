package io.posthorn.jms;

import static io.posthorn.jms.JmsCall.get;
import static io.posthorn.jms.JmsCall.perform;

import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
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
import java.io.Serializable;

/**
 * The simplified API: a connection, shared with the contexts created from this one, and a session of its own (Jakarta Messaging 3.1,
 * 2.8.2). One thread at a time, except {@link #close()} and {@link #createContext}, which any thread may call.
 */
public final class PosthornContext implements JMSContext {

    private final SharedConnection shared;
    private final PosthornSession session;
    private volatile boolean autoStart = true;
    private boolean left;

    private PosthornContext(SharedConnection shared, PosthornSession session) {
        this.shared = shared;
        this.session = session;
    }

    /** The first context of a connection, which is closed when that fails. */
    static PosthornContext open(PosthornConnection connection, int sessionMode) throws JMSException {
        try {
            return join(new SharedConnection(connection), sessionMode);
        } catch (JMSException refused) {
            connection.close();
            throw refused;
        }
    }

    /** The context of an XA connection of its own, which is closed when that fails. */
    static PosthornContext openXa(PosthornConnection connection) throws JMSException {
        try {
            SharedConnection shared = new SharedConnection(connection);
            PosthornSession session = connection.createXaSession(Domain.ANY, false);
            shared.join();
            return new PosthornContext(shared, session);
        } catch (JMSException refused) {
            connection.close();
            throw refused;
        }
    }

    /** A context on a connection that it does not close, because somebody else owns it. */
    static PosthornContext over(PosthornConnection connection, PosthornSession session) {
        SharedConnection shared = new SharedConnection(connection);
        shared.join(); // for the owner
        shared.join();
        return new PosthornContext(shared, session);
    }

    PosthornSession session() {
        return session;
    }

    private static PosthornContext join(SharedConnection shared, int sessionMode) throws JMSException {
        PosthornSession session = shared.connection().createContextSession(sessionMode);
        shared.join();
        return new PosthornContext(shared, session);
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return get(() -> {
            session.work().checkOpen();
            return join(shared, sessionMode);
        });
    }

    @Override
    public JMSProducer createProducer() {
        return get(() -> {
            session.work().checkOpen();
            PosthornProducer producer = session.work().produce(null);
            used();
            return new PosthornContextProducer(producer);
        });
    }

    // ---- the connection

    @Override
    public String getClientID() {
        return get(() -> open().getClientID());
    }

    @Override
    public void setClientID(String clientId) {
        perform(() -> open().setClientID(clientId));
    }

    @Override
    public ConnectionMetaData getMetaData() {
        return get(() -> open().getMetaData());
    }

    @Override
    public ExceptionListener getExceptionListener() {
        return get(() -> open().getExceptionListener());
    }

    @Override
    public void setExceptionListener(ExceptionListener listener) {
        perform(() -> open().setExceptionListener(listener));
    }

    @Override
    public void start() {
        perform(() -> open().start());
    }

    @Override
    public void stop() {
        perform(() -> open().stop());
    }

    @Override
    public void setAutoStart(boolean value) {
        perform(this::open);
        autoStart = value;
    }

    @Override
    public boolean getAutoStart() {
        perform(this::open);
        return autoStart;
    }

    @Override
    public void close() {
        perform(() -> {
            session.work().refuseCloseHere("close a context");
            boolean first;
            synchronized (this) {
                first = !left;
                left = true;
            }
            session.close();
            if (first) {
                shared.leave();
            }
        });
    }

    // ---- messages

    @Override
    public BytesMessage createBytesMessage() {
        return get(session::createBytesMessage);
    }

    @Override
    public MapMessage createMapMessage() {
        return get(session::createMapMessage);
    }

    @Override
    public Message createMessage() {
        return get(session::createMessage);
    }

    @Override
    public ObjectMessage createObjectMessage() {
        return get(() -> session.createObjectMessage());
    }

    @Override
    public ObjectMessage createObjectMessage(Serializable object) {
        return get(() -> session.createObjectMessage(object));
    }

    @Override
    public StreamMessage createStreamMessage() {
        return get(session::createStreamMessage);
    }

    @Override
    public TextMessage createTextMessage() {
        return get(() -> session.createTextMessage());
    }

    @Override
    public TextMessage createTextMessage(String text) {
        return get(() -> session.createTextMessage(text));
    }

    // ---- the session

    @Override
    public boolean getTransacted() {
        return get(session::getTransacted);
    }

    @Override
    public int getSessionMode() {
        return get(session::getAcknowledgeMode);
    }

    @Override
    public void commit() {
        perform(session::commit);
    }

    @Override
    public void rollback() {
        perform(session::rollback);
    }

    @Override
    public void recover() {
        perform(session::recover);
    }

    /** In CLIENT_ACKNOWLEDGE: everything the session has delivered. Without effect in the other modes. */
    @Override
    public void acknowledge() {
        perform(() -> session.work().acknowledge());
    }

    @Override
    public void unsubscribe(String name) {
        perform(() -> {
            session.unsubscribe(name);
            used();
        });
    }

    // ---- consumers: each starts the connection unless autoStart is off (6.1.4)

    @Override
    public JMSConsumer createConsumer(Destination destination) {
        return consumer(() -> session.createConsumer(destination));
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, String selector) {
        return consumer(() -> session.createConsumer(destination, selector));
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, String selector, boolean noLocal) {
        return consumer(() -> session.createConsumer(destination, selector, noLocal));
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String name) {
        return consumer(() -> session.createDurableConsumer(topic, name));
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String name, String selector, boolean noLocal) {
        return consumer(() -> session.createDurableConsumer(topic, name, selector, noLocal));
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String name) {
        return consumer(() -> session.createSharedDurableConsumer(topic, name));
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String name, String selector) {
        return consumer(() -> session.createSharedDurableConsumer(topic, name, selector));
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String name) {
        return consumer(() -> session.createSharedConsumer(topic, name));
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String name, String selector) {
        return consumer(() -> session.createSharedConsumer(topic, name, selector));
    }

    // ---- browsers and destinations

    @Override
    public QueueBrowser createBrowser(Queue queue) {
        return createBrowser(queue, null);
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, String selector) {
        return get(() -> {
            QueueBrowser browser = session.createBrowser(queue, selector);
            used();
            return browser;
        });
    }

    @Override
    public Queue createQueue(String name) {
        return get(() -> session.createQueue(name));
    }

    @Override
    public Topic createTopic(String name) {
        return get(() -> session.createTopic(name));
    }

    @Override
    public TemporaryQueue createTemporaryQueue() {
        return get(() -> {
            TemporaryQueue queue = session.createTemporaryQueue();
            used();
            return queue;
        });
    }

    @Override
    public TemporaryTopic createTemporaryTopic() {
        return get(() -> {
            TemporaryTopic topic = session.createTemporaryTopic();
            used();
            return topic;
        });
    }

    private JMSConsumer consumer(JmsCall<PosthornConsumer> creation) {
        return get(() -> {
            PosthornConsumer consumer = creation.run();
            used();
            if (autoStart) {
                shared.connection().start();
            }
            return new PosthornContextConsumer(consumer);
        });
    }

    /** The connection of a context that is not closed. */
    private PosthornConnection open() throws IllegalStateException {
        if (session.work().closed()) {
            throw new IllegalStateException("the context is closed");
        }
        return shared.connection();
    }

    /** From now on the client id can no longer be set. */
    private void used() {
        shared.connection().use();
    }
}
