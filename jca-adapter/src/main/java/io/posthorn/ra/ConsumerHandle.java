package io.posthorn.ra;

import io.posthorn.jms.PosthornConsumer;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Queue;
import jakarta.jms.QueueReceiver;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;

/** The consumer that an application gets: it ends with its session handle, and has no listener (Jakarta Messaging 3.1, 12.2). */
final class ConsumerHandle implements QueueReceiver, TopicSubscriber {

    private final SessionHandle session;
    private final PosthornConsumer physical;

    ConsumerHandle(SessionHandle session, PosthornConsumer physical) {
        this.session = session;
        this.physical = physical;
    }

    @Override
    public String getMessageSelector() throws JMSException {
        return physical.getMessageSelector();
    }

    @Override
    public MessageListener getMessageListener() throws JMSException {
        throw Forbidden.exception("MessageConsumer.getMessageListener");
    }

    @Override
    public void setMessageListener(MessageListener listener) throws JMSException {
        throw Forbidden.exception("MessageConsumer.setMessageListener");
    }

    @Override
    public Message receive() throws JMSException {
        return physical.receive();
    }

    @Override
    public Message receive(long timeoutMs) throws JMSException {
        return physical.receive(timeoutMs);
    }

    @Override
    public Message receiveNoWait() throws JMSException {
        return physical.receiveNoWait();
    }

    @Override
    public void close() throws JMSException {
        session.children().close(physical);
    }

    @Override
    public Queue getQueue() throws JMSException {
        return physical.getQueue();
    }

    @Override
    public Topic getTopic() throws JMSException {
        return physical.getTopic();
    }

    @Override
    public boolean getNoLocal() throws JMSException {
        return physical.getNoLocal();
    }
}
