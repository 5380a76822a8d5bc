package io.posthorn.jms;

import io.posthorn.jms.destination.PosthornDestination;
import io.posthorn.jms.message.Spool;
import jakarta.jms.CompletionListener;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.Queue;
import jakarta.jms.QueueSender;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;

/**
 * A message producer of all three API families (Jakarta Messaging 3.1, 7.1). One thread at a time, as for its session.
 *
 * <p>setDisableMessageID and setDisableMessageTimestamp are honoured: applications then see null and 0.
 */
public final class PosthornProducer implements QueueSender, TopicPublisher {

    private final SessionWork session;
    private final SessionSender sender;
    private final PosthornDestination destination;
    private int deliveryMode = Message.DEFAULT_DELIVERY_MODE;
    private int priority = Message.DEFAULT_PRIORITY;
    private long timeToLiveMs;
    private long deliveryDelayMs;
    private Outgoing.Stamp stamp = Outgoing.Stamp.FULL;
    private volatile boolean closed;

    /** @param destination null for a producer whose sends name theirs */
    PosthornProducer(SessionWork session, SessionSender sender, PosthornDestination destination) {
        this.session = session;
        this.sender = sender;
        this.destination = destination;
    }

    /** Where the application's large messages lie. */
    Spool spool() {
        return session.spool();
    }

    // ---- sending to the producer's own destination

    @Override
    public void send(Message message) throws JMSException {
        send(message, deliveryMode, priority, timeToLiveMs);
    }

    @Override
    public void send(Message message, int mode, int level, long ttlMs) throws JMSException {
        checkOpen();
        sender.send(outgoing(ownDestination(), message, mode, level, ttlMs));
    }

    @Override
    public void send(Message message, CompletionListener listener) throws JMSException {
        send(message, deliveryMode, priority, timeToLiveMs, listener);
    }

    @Override
    public void send(Message message, int mode, int level, long ttlMs, CompletionListener listener)
            throws JMSException {
        checkOpen();
        PosthornDestination to = ownDestination();
        checkListener(listener);
        sender.sendAsync(this, outgoing(to, message, mode, level, ttlMs), listener);
    }

    // ---- sending to a destination of the call

    @Override
    public void send(Destination to, Message message) throws JMSException {
        send(to, message, deliveryMode, priority, timeToLiveMs);
    }

    @Override
    public void send(Destination to, Message message, int mode, int level, long ttlMs) throws JMSException {
        checkOpen();
        sender.send(outgoing(callDestination(to), message, mode, level, ttlMs));
    }

    @Override
    public void send(Destination to, Message message, CompletionListener listener) throws JMSException {
        send(to, message, deliveryMode, priority, timeToLiveMs, listener);
    }

    @Override
    public void send(Destination to, Message message, int mode, int level, long ttlMs, CompletionListener listener)
            throws JMSException {
        checkOpen();
        PosthornDestination target = callDestination(to);
        checkListener(listener);
        sender.sendAsync(this, outgoing(target, message, mode, level, ttlMs), listener);
    }

    // ---- the domain-specific names of the same

    @Override
    public void send(Queue to, Message message) throws JMSException {
        send((Destination) to, message);
    }

    @Override
    public void send(Queue to, Message message, int mode, int level, long ttlMs) throws JMSException {
        send((Destination) to, message, mode, level, ttlMs);
    }

    @Override
    public void publish(Message message) throws JMSException {
        send(message);
    }

    @Override
    public void publish(Message message, int mode, int level, long ttlMs) throws JMSException {
        send(message, mode, level, ttlMs);
    }

    @Override
    public void publish(Topic to, Message message) throws JMSException {
        send((Destination) to, message);
    }

    @Override
    public void publish(Topic to, Message message, int mode, int level, long ttlMs) throws JMSException {
        send((Destination) to, message, mode, level, ttlMs);
    }

    // ---- settings

    @Override
    public Destination getDestination() throws JMSException {
        checkOpen();
        return destination;
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
    public void setDisableMessageID(boolean value) throws JMSException {
        checkOpen();
        stamp = new Outgoing.Stamp(!value, stamp.withTimestamp());
    }

    @Override
    public boolean getDisableMessageID() throws JMSException {
        checkOpen();
        return !stamp.withId();
    }

    @Override
    public void setDisableMessageTimestamp(boolean value) throws JMSException {
        checkOpen();
        stamp = new Outgoing.Stamp(stamp.withId(), !value);
    }

    @Override
    public boolean getDisableMessageTimestamp() throws JMSException {
        checkOpen();
        return !stamp.withTimestamp();
    }

    @Override
    public void setDeliveryMode(int value) throws JMSException {
        checkOpen();
        checkMode(value);
        deliveryMode = value;
    }

    @Override
    public int getDeliveryMode() throws JMSException {
        checkOpen();
        return deliveryMode;
    }

    @Override
    public void setPriority(int value) throws JMSException {
        checkOpen();
        checkPriority(value);
        priority = value;
    }

    @Override
    public int getPriority() throws JMSException {
        checkOpen();
        return priority;
    }

    @Override
    public void setTimeToLive(long value) throws JMSException {
        checkOpen();
        checkDuration("time to live", value);
        timeToLiveMs = value;
    }

    @Override
    public long getTimeToLive() throws JMSException {
        checkOpen();
        return timeToLiveMs;
    }

    @Override
    public void setDeliveryDelay(long value) throws JMSException {
        checkOpen();
        checkDuration("delivery delay", value);
        deliveryDelayMs = value;
    }

    @Override
    public long getDeliveryDelay() throws JMSException {
        checkOpen();
        return deliveryDelayMs;
    }

    /**
     * Waits for the session's asynchronous sends and their callbacks (7.3.4).
     *
     * @throws IllegalStateException in a callback of the session, while a send of this producer is not over: waiting there would never end
     */
    @Override
    public void close() throws JMSException {
        if (closed) {
            return;
        }
        session.awaitCompletions(this);
        closed = true;
        session.forget(this);
    }

    /** The session is closed; its sends are complete. */
    void sessionClosed() {
        closed = true;
    }

    private void checkOpen() throws IllegalStateException {
        if (closed) {
            throw new IllegalStateException("the producer is closed");
        }
    }

    private PosthornDestination ownDestination() {
        if (destination == null) {
            throw new UnsupportedOperationException("this producer has no destination; use a send that names one");
        }
        return destination;
    }

    private PosthornDestination callDestination(Destination to) throws InvalidDestinationException {
        if (destination != null) {
            throw new UnsupportedOperationException(
                    "this producer sends to " + destination + " only; create one without destination");
        }
        return PosthornDestination.from(to);
    }

    private Outgoing outgoing(PosthornDestination to, Message message, int mode, int level, long ttlMs)
            throws JMSException {
        if (message == null) {
            throw new MessageFormatException("a message is required, not null");
        }
        checkMode(mode);
        checkPriority(level);
        checkDuration("time to live", ttlMs);
        return new Outgoing(message, to, mode, level, ttlMs, deliveryDelayMs, stamp);
    }

    private static void checkListener(CompletionListener listener) {
        if (listener == null) {
            throw new IllegalArgumentException("a completion listener is required, not null");
        }
    }

    private static void checkMode(int mode) throws JMSException {
        if (mode != DeliveryMode.PERSISTENT && mode != DeliveryMode.NON_PERSISTENT) {
            throw new JMSException("no delivery mode: " + mode + "; 1 is NON_PERSISTENT, 2 is PERSISTENT");
        }
    }

    private static void checkPriority(int level) throws JMSException {
        if (level < 0 || level > 9) {
            throw new JMSException("no priority: " + level + "; it goes from 0 to 9");
        }
    }

    private static void checkDuration(String what, long valueMs) throws JMSException {
        if (valueMs < 0) {
            throw new JMSException("the " + what + " must not be negative: " + valueMs + " ms");
        }
    }
}
