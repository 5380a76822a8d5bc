package io.posthorn.ra;

import io.posthorn.jms.PosthornProducer;
import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueSender;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;

/** The producer that an application gets: it ends with its session handle, and sends nothing asynchronously (Jakarta Messaging 3.1, 12.2). */
final class ProducerHandle implements QueueSender, TopicPublisher {

    private final SessionHandle session;
    private final PosthornProducer physical;

    ProducerHandle(SessionHandle session, PosthornProducer physical) {
        this.session = session;
        this.physical = physical;
    }

    private PosthornProducer open() throws JMSException {
        session.checkOpen();
        return physical;
    }

    // ---- sending

    @Override
    public void send(Message message) throws JMSException {
        open().send(message);
    }

    @Override
    public void send(Message message, int mode, int priority, long timeToLiveMs) throws JMSException {
        open().send(message, mode, priority, timeToLiveMs);
    }

    @Override
    public void send(Destination to, Message message) throws JMSException {
        open().send(session.family().checked(to), message);
    }

    @Override
    public void send(Destination to, Message message, int mode, int priority, long timeToLiveMs) throws JMSException {
        open().send(session.family().checked(to), message, mode, priority, timeToLiveMs);
    }

    @Override
    public void send(Queue to, Message message) throws JMSException {
        open().send(session.family().checked(to), message);
    }

    @Override
    public void send(Queue to, Message message, int mode, int priority, long timeToLiveMs) throws JMSException {
        open().send(session.family().checked(to), message, mode, priority, timeToLiveMs);
    }

    @Override
    public void publish(Message message) throws JMSException {
        open().publish(message);
    }

    @Override
    public void publish(Message message, int mode, int priority, long timeToLiveMs) throws JMSException {
        open().publish(message, mode, priority, timeToLiveMs);
    }

    @Override
    public void publish(Topic to, Message message) throws JMSException {
        open().publish(session.family().checked(to), message);
    }

    @Override
    public void publish(Topic to, Message message, int mode, int priority, long timeToLiveMs) throws JMSException {
        open().publish(session.family().checked(to), message, mode, priority, timeToLiveMs);
    }

    // ---- asynchronous sending

    @Override
    public void send(Message message, CompletionListener listener) throws JMSException {
        throw asynchronous();
    }

    @Override
    public void send(Message message, int mode, int priority, long timeToLiveMs, CompletionListener listener)
            throws JMSException {
        throw asynchronous();
    }

    @Override
    public void send(Destination to, Message message, CompletionListener listener) throws JMSException {
        throw asynchronous();
    }

    @Override
    public void send(
            Destination to, Message message, int mode, int priority, long timeToLiveMs, CompletionListener listener)
            throws JMSException {
        throw asynchronous();
    }

    private static JMSException asynchronous() {
        return Forbidden.exception("MessageProducer.send with a CompletionListener");
    }

    // ---- properties

    @Override
    public void setDisableMessageID(boolean value) throws JMSException {
        open().setDisableMessageID(value);
    }

    @Override
    public boolean getDisableMessageID() throws JMSException {
        return open().getDisableMessageID();
    }

    @Override
    public void setDisableMessageTimestamp(boolean value) throws JMSException {
        open().setDisableMessageTimestamp(value);
    }

    @Override
    public boolean getDisableMessageTimestamp() throws JMSException {
        return open().getDisableMessageTimestamp();
    }

    @Override
    public void setDeliveryMode(int value) throws JMSException {
        open().setDeliveryMode(value);
    }

    @Override
    public int getDeliveryMode() throws JMSException {
        return open().getDeliveryMode();
    }

    @Override
    public void setPriority(int value) throws JMSException {
        open().setPriority(value);
    }

    @Override
    public int getPriority() throws JMSException {
        return open().getPriority();
    }

    @Override
    public void setTimeToLive(long timeMs) throws JMSException {
        open().setTimeToLive(timeMs);
    }

    @Override
    public long getTimeToLive() throws JMSException {
        return open().getTimeToLive();
    }

    @Override
    public void setDeliveryDelay(long timeMs) throws JMSException {
        open().setDeliveryDelay(timeMs);
    }

    @Override
    public long getDeliveryDelay() throws JMSException {
        return open().getDeliveryDelay();
    }

    @Override
    public Destination getDestination() throws JMSException {
        return open().getDestination();
    }

    @Override
    public Queue getQueue() throws JMSException {
        return open().getQueue();
    }

    @Override
    public Topic getTopic() throws JMSException {
        return open().getTopic();
    }

    @Override
    public void close() throws JMSException {
        physical.close();
    }
}
