package io.posthorn.jms;

import io.posthorn.jms.destination.PosthornDestination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Queue;
import jakarta.jms.QueueReceiver;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;
import java.util.concurrent.TimeUnit;

/**
 * A message consumer of all three API families (Jakarta Messaging 3.1, chapter 8). One thread at a time, except {@link #close()}, which
 * any thread may call.
 *
 * <p>A negative time-out of receive counts as 0, which is for ever.
 */
public final class PosthornConsumer implements QueueReceiver, TopicSubscriber {

    private final SessionWork session;
    private final ConsumerBuffer buffer;
    private final Receiver receiver;
    private final PosthornDestination destination;
    private final String selector;
    private final boolean noLocal;
    private volatile boolean closed;

    /** @param selector null for none */
    PosthornConsumer(
            SessionWork session,
            ConsumerBuffer buffer,
            Receiver receiver,
            PosthornDestination destination,
            String selector,
            boolean noLocal) {
        this.session = session;
        this.buffer = buffer;
        this.receiver = receiver;
        this.destination = destination;
        this.selector = selector;
        this.noLocal = noLocal;
    }

    @Override
    public Message receive() throws JMSException {
        return receive(Receiver.FOR_EVER_NS, null);
    }

    @Override
    public Message receive(long timeoutMs) throws JMSException {
        return receive(nanos(timeoutMs), null);
    }

    @Override
    public Message receiveNoWait() throws JMSException {
        return receive(0, null);
    }

    /** As receive(), with a body that must be readable as this type: JMSConsumer.receiveBody (8.6). */
    Message receiveBody(long waitNs, Class<?> bodyType) throws JMSException {
        return receive(waitNs, bodyType);
    }

    static long nanos(long timeoutMs) {
        return timeoutMs <= 0 ? Receiver.FOR_EVER_NS : TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    }

    @Override
    public String getMessageSelector() throws JMSException {
        checkOpen();
        return selector;
    }

    @Override
    public MessageListener getMessageListener() throws JMSException {
        checkOpen();
        return buffer.listener();
    }

    /** Takes effect at once, also while the connection is started. */
    @Override
    public void setMessageListener(MessageListener listener) throws JMSException {
        checkOpen();
        if (listener != null) {
            session.serverRun().refuseOtherReceipt();
            session.startDelivery();
        }
        buffer.listener(listener);
    }

    @Override
    public Queue getQueue() throws JMSException {
        checkOpen();
        return destination instanceof Queue queue ? queue : null;
    }

    @Override
    public Topic getTopic() throws JMSException {
        checkOpen();
        return destination instanceof Topic topic ? topic : null;
    }

    @Override
    public boolean getNoLocal() throws JMSException {
        checkOpen();
        return noLocal;
    }

    /**
     * Waits for a receive() or listener call of this consumer that is under way in another thread; from its own listener it returns at
     * once and no further message comes (8.8). Messages it has handed over stay in their session's care.
     */
    @Override
    public void close() throws JMSException {
        if (closed || !session.forget(this)) {
            return;
        }
        closed = true;
        buffer.end();
        buffer.awaitQuiet();
        Waits.awaitEnd(buffer.close());
    }

    /** The session is closed. */
    void sessionClosed() {
        closed = true;
    }

    ConsumerBuffer buffer() {
        return buffer;
    }

    SessionWork session() {
        return session;
    }

    private Message receive(long waitNs, Class<?> bodyType) throws JMSException {
        checkOpen();
        session.serverRun().refuseOtherReceipt();
        return receiver.receive(waitNs, bodyType);
    }

    private void checkOpen() throws IllegalStateException {
        if (closed) {
            throw new IllegalStateException("the consumer is closed");
        }
    }
}
