package io.posthorn.ra;

import io.posthorn.jms.message.RuntimeTwins;
import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.IllegalStateRuntimeException;
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
 * The context that an application gets: a connection handle and its one session handle, with the same rules in a container and in its
 * transactions. Used by one thread at a time, except close.
 */
public final class ContextHandle implements JMSContext {

    private final ConnectionHandle connection;
    private final SessionHandle session;
    private final JMSContext physical;

    private ContextHandle(ConnectionHandle connection, SessionHandle session, JMSContext physical) {
        this.connection = connection;
        this.session = session;
        this.physical = physical;
    }

    /** Opens the session of a new connection handle, which is closed when that fails. */
    static ContextHandle over(ConnectionHandle connection, int sessionMode) throws JMSException {
        try {
            SessionHandle session = connection.openSession(sessionMode);
            return new ContextHandle(connection, session, session.face());
        } catch (JMSException | RuntimeException failed) {
            connection.close();
            throw failed;
        }
    }

    /** Ends its session and temporary destinations, and gives the managed connection back. Repeatable. */
    @Override
    public void close() {
        perform(connection::close);
    }

    // ---- for its producers and consumers

    void checkOpen() {
        perform(connection::checkOpen);
    }

    void close(JMSConsumer consumer) {
        perform(() -> session.children().close(consumer));
    }

    private JMSContext face() {
        checkOpen();
        return physical;
    }

    private JMSConsumer track(JMSConsumer consumer) {
        return new ContextConsumerHandle(this, session.children().opened(consumer));
    }

    private IllegalStateRuntimeException refused(String method) {
        checkOpen();
        return Forbidden.unchecked(method);
    }

    private static void perform(HandleChildren.Ending call) {
        try {
            call.end();
        } catch (JMSException failed) {
            throw RuntimeTwins.unchecked(failed);
        }
    }

    // ---- the connection's part

    /** Refused: a connection in a container can have one session only. */
    @Override
    public JMSContext createContext(int sessionMode) {
        throw refused("JMSContext.createContext");
    }

    @Override
    public String getClientID() {
        return face().getClientID();
    }

    @Override
    public void setClientID(String clientId) {
        throw refused("setClientID");
    }

    @Override
    public ConnectionMetaData getMetaData() {
        return face().getMetaData();
    }

    /** Null: none can be set. */
    @Override
    public ExceptionListener getExceptionListener() {
        checkOpen();
        return null;
    }

    @Override
    public void setExceptionListener(ExceptionListener listener) {
        throw refused("setExceptionListener");
    }

    @Override
    public void start() {
        face().start();
    }

    @Override
    public void stop() {
        throw refused("stop");
    }

    @Override
    public void setAutoStart(boolean autoStart) {
        face().setAutoStart(autoStart);
    }

    @Override
    public boolean getAutoStart() {
        return face().getAutoStart();
    }

    // ---- transactions and acknowledgement

    @Override
    public boolean getTransacted() {
        return getSessionMode() == SESSION_TRANSACTED;
    }

    @Override
    public int getSessionMode() {
        try {
            return session.getAcknowledgeMode();
        } catch (JMSException closed) {
            throw RuntimeTwins.unchecked(closed);
        }
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

    /** Nothing is left to acknowledge, in a transaction or outside. */
    @Override
    public void acknowledge() {
        checkOpen();
    }

    // ---- messages

    @Override
    public BytesMessage createBytesMessage() {
        return face().createBytesMessage();
    }

    @Override
    public MapMessage createMapMessage() {
        return face().createMapMessage();
    }

    @Override
    public Message createMessage() {
        return face().createMessage();
    }

    @Override
    public ObjectMessage createObjectMessage() {
        return face().createObjectMessage();
    }

    @Override
    public ObjectMessage createObjectMessage(Serializable object) {
        return face().createObjectMessage(object);
    }

    @Override
    public StreamMessage createStreamMessage() {
        return face().createStreamMessage();
    }

    @Override
    public TextMessage createTextMessage() {
        return face().createTextMessage();
    }

    @Override
    public TextMessage createTextMessage(String text) {
        return face().createTextMessage(text);
    }

    // ---- destinations, producers

    @Override
    public Queue createQueue(String name) {
        return face().createQueue(name);
    }

    @Override
    public Topic createTopic(String name) {
        return face().createTopic(name);
    }

    @Override
    public TemporaryQueue createTemporaryQueue() {
        return connection.temporaries().temporary(face().createTemporaryQueue());
    }

    @Override
    public TemporaryTopic createTemporaryTopic() {
        return connection.temporaries().temporary(face().createTemporaryTopic());
    }

    @Override
    public JMSProducer createProducer() {
        return new ContextProducerHandle(this, face().createProducer());
    }

    // ---- consumers: each starts the connection unless autoStart is off (6.1.4)

    @Override
    public JMSConsumer createConsumer(Destination destination) {
        return track(face().createConsumer(destination));
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, String selector) {
        return track(face().createConsumer(destination, selector));
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, String selector, boolean noLocal) {
        return track(face().createConsumer(destination, selector, noLocal));
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String subscription) {
        return track(face().createSharedConsumer(topic, subscription));
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String subscription, String selector) {
        return track(face().createSharedConsumer(topic, subscription, selector));
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String subscription) {
        return track(face().createDurableConsumer(topic, subscription));
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String subscription, String selector, boolean noLocal) {
        return track(face().createDurableConsumer(topic, subscription, selector, noLocal));
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String subscription) {
        return track(face().createSharedDurableConsumer(topic, subscription));
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String subscription, String selector) {
        return track(face().createSharedDurableConsumer(topic, subscription, selector));
    }

    // ---- browsers, subscriptions

    @Override
    public QueueBrowser createBrowser(Queue queue) {
        return createBrowser(queue, null);
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, String selector) {
        return new BrowserHandle(session, session.children().opened(face().createBrowser(queue, selector)));
    }

    @Override
    public void unsubscribe(String subscription) {
        face().unsubscribe(subscription);
    }
}
