package io.posthorn.jms;

import static io.posthorn.jms.JmsCall.perform;

import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
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
import jakarta.jms.XAJMSContext;
import java.io.Serializable;
import javax.transaction.xa.XAResource;

/**
 * The simplified API with transactions that a transaction manager ends (Jakarta Messaging 3.1, 11.3): a connection and an XA session of its
 * own; see {@link PosthornXASession}. Consumers start the connection unless autoStart is off, as in any context.
 */
public final class PosthornXAContext implements XAJMSContext {

    private final PosthornContext context;

    PosthornXAContext(PosthornContext context) {
        this.context = context;
    }

    /** The plain face of this context, with the same session. */
    @Override
    public JMSContext getContext() {
        perform(() -> context.session().work().checkOpen());
        return context;
    }

    @Override
    public XAResource getXAResource() {
        return context.session().work().resource();
    }

    /** An ordinary context on the same connection. */
    @Override
    public JMSContext createContext(int sessionMode) {
        return context.createContext(sessionMode);
    }

    // ---- everything else is the context's

    @Override
    public JMSProducer createProducer() {
        return context.createProducer();
    }

    @Override
    public String getClientID() {
        return context.getClientID();
    }

    @Override
    public void setClientID(String clientId) {
        context.setClientID(clientId);
    }

    @Override
    public ConnectionMetaData getMetaData() {
        return context.getMetaData();
    }

    @Override
    public ExceptionListener getExceptionListener() {
        return context.getExceptionListener();
    }

    @Override
    public void setExceptionListener(ExceptionListener listener) {
        context.setExceptionListener(listener);
    }

    @Override
    public void start() {
        context.start();
    }

    @Override
    public void stop() {
        context.stop();
    }

    @Override
    public void setAutoStart(boolean value) {
        context.setAutoStart(value);
    }

    @Override
    public boolean getAutoStart() {
        return context.getAutoStart();
    }

    @Override
    public void close() {
        context.close();
    }

    @Override
    public BytesMessage createBytesMessage() {
        return context.createBytesMessage();
    }

    @Override
    public MapMessage createMapMessage() {
        return context.createMapMessage();
    }

    @Override
    public Message createMessage() {
        return context.createMessage();
    }

    @Override
    public ObjectMessage createObjectMessage() {
        return context.createObjectMessage();
    }

    @Override
    public ObjectMessage createObjectMessage(Serializable object) {
        return context.createObjectMessage(object);
    }

    @Override
    public StreamMessage createStreamMessage() {
        return context.createStreamMessage();
    }

    @Override
    public TextMessage createTextMessage() {
        return context.createTextMessage();
    }

    @Override
    public TextMessage createTextMessage(String text) {
        return context.createTextMessage(text);
    }

    @Override
    public boolean getTransacted() {
        return context.getTransacted();
    }

    @Override
    public int getSessionMode() {
        return context.getSessionMode();
    }

    @Override
    public void commit() {
        context.commit();
    }

    @Override
    public void rollback() {
        context.rollback();
    }

    @Override
    public void recover() {
        context.recover();
    }

    @Override
    public void acknowledge() {
        context.acknowledge();
    }

    @Override
    public void unsubscribe(String name) {
        context.unsubscribe(name);
    }

    @Override
    public JMSConsumer createConsumer(Destination destination) {
        return context.createConsumer(destination);
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, String selector) {
        return context.createConsumer(destination, selector);
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, String selector, boolean noLocal) {
        return context.createConsumer(destination, selector, noLocal);
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String name) {
        return context.createDurableConsumer(topic, name);
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String name, String selector, boolean noLocal) {
        return context.createDurableConsumer(topic, name, selector, noLocal);
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String name) {
        return context.createSharedDurableConsumer(topic, name);
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String name, String selector) {
        return context.createSharedDurableConsumer(topic, name, selector);
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String name) {
        return context.createSharedConsumer(topic, name);
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String name, String selector) {
        return context.createSharedConsumer(topic, name, selector);
    }

    @Override
    public QueueBrowser createBrowser(Queue queue) {
        return context.createBrowser(queue);
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, String selector) {
        return context.createBrowser(queue, selector);
    }

    @Override
    public Queue createQueue(String name) {
        return context.createQueue(name);
    }

    @Override
    public Topic createTopic(String name) {
        return context.createTopic(name);
    }

    @Override
    public TemporaryQueue createTemporaryQueue() {
        return context.createTemporaryQueue();
    }

    @Override
    public TemporaryTopic createTemporaryTopic() {
        return context.createTemporaryTopic();
    }
}
