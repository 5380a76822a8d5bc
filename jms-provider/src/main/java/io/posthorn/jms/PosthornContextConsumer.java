package io.posthorn.jms;

import static io.posthorn.jms.JmsCall.get;
import static io.posthorn.jms.JmsCall.perform;

import io.posthorn.jms.message.RuntimeTwins;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** A consumer of the simplified API (Jakarta Messaging 3.1, 8.6). Threads as for {@link PosthornConsumer}. */
final class PosthornContextConsumer implements JMSConsumer {

    private final PosthornConsumer consumer;

    PosthornContextConsumer(PosthornConsumer consumer) {
        this.consumer = consumer;
    }

    @Override
    public String getMessageSelector() {
        return get(consumer::getMessageSelector);
    }

    @Override
    public MessageListener getMessageListener() {
        return get(consumer::getMessageListener);
    }

    @Override
    public void setMessageListener(MessageListener listener) {
        perform(() -> consumer.setMessageListener(listener));
    }

    @Override
    public Message receive() {
        try {
            return consumer.receive();
        } catch (JMSException checked) {
            throw RuntimeTwins.unchecked(checked);
        }
    }

    @Override
    public Message receive(long timeoutMs) {
        try {
            return consumer.receive(timeoutMs);
        } catch (JMSException checked) {
            throw RuntimeTwins.unchecked(checked);
        }
    }

    @Override
    public Message receiveNoWait() {
        try {
            return consumer.receiveNoWait();
        } catch (JMSException checked) {
            throw RuntimeTwins.unchecked(checked);
        }
    }

    @Override
    public <T> T receiveBody(Class<T> type) {
        return body(type, Receiver.FOR_EVER_NS);
    }

    @Override
    public <T> T receiveBody(Class<T> type, long timeoutMs) {
        return body(type, PosthornConsumer.nanos(timeoutMs));
    }

    @Override
    public <T> T receiveBodyNoWait(Class<T> type) {
        return body(type, 0);
    }

    @Override
    public void close() {
        perform(consumer::close);
    }

    private <T> T body(Class<T> type, long waitNs) {
        try {
            Message message = consumer.receiveBody(waitNs, type);
            return message == null ? null : message.getBody(type);
        } catch (JMSException checked) {
            throw RuntimeTwins.unchecked(checked);
        }
    }
}
