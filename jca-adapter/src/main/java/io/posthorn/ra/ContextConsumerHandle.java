package io.posthorn.ra;

import jakarta.jms.JMSConsumer;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** The consumer that an application gets of a context: it ends with it, and has no listener (Jakarta Messaging 3.1, 12.2). */
final class ContextConsumerHandle implements JMSConsumer {

    private final ContextHandle context;
    private final JMSConsumer physical;

    ContextConsumerHandle(ContextHandle context, JMSConsumer physical) {
        this.context = context;
        this.physical = physical;
    }

    @Override
    public String getMessageSelector() {
        return physical.getMessageSelector();
    }

    @Override
    public MessageListener getMessageListener() {
        throw Forbidden.unchecked("JMSConsumer.getMessageListener");
    }

    @Override
    public void setMessageListener(MessageListener listener) {
        throw Forbidden.unchecked("JMSConsumer.setMessageListener");
    }

    @Override
    public Message receive() {
        return physical.receive();
    }

    @Override
    public Message receive(long timeoutMs) {
        return physical.receive(timeoutMs);
    }

    @Override
    public Message receiveNoWait() {
        return physical.receiveNoWait();
    }

    @Override
    public <T> T receiveBody(Class<T> type) {
        return physical.receiveBody(type);
    }

    @Override
    public <T> T receiveBody(Class<T> type, long timeoutMs) {
        return physical.receiveBody(type, timeoutMs);
    }

    @Override
    public <T> T receiveBodyNoWait(Class<T> type) {
        return physical.receiveBodyNoWait(type);
    }

    @Override
    public void close() {
        context.close(physical);
    }
}
