package io.posthorn.jms;

import io.posthorn.jms.destination.PosthornDestination;
import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.jms.destination.PosthornTopic;
import io.posthorn.jms.message.PosthornBytesMessage;
import io.posthorn.jms.message.PosthornMapMessage;
import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.jms.message.PosthornObjectMessage;
import io.posthorn.jms.message.PosthornStreamMessage;
import io.posthorn.jms.message.PosthornTextMessage;
import io.posthorn.provider.ConsumerSpec;
import jakarta.jms.BytesMessage;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.QueueReceiver;
import jakarta.jms.QueueSender;
import jakarta.jms.QueueSession;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;
import jakarta.jms.TopicSession;
import jakarta.jms.TopicSubscriber;
import java.io.Serializable;

/**
 * A session of all three API families (Jakarta Messaging 3.1, 6.2): checks arguments in the order closed, domain, destination, selector,
 * names, and leaves the work to {@link SessionWork}. One thread at a time, except {@link #close()}, which any thread may call.
 */
public final class PosthornSession implements QueueSession, TopicSession {

    /**
     * An acknowledge mode beyond the specification: as CLIENT_ACKNOWLEDGE, but {@code Message.acknowledge()} acknowledges that message only.
     * Recover, and close, give back what was not acknowledged. Refused unless the option {@code individualAcknowledge} is set. Several
     * other providers use the same number.
     */
    public static final int INDIVIDUAL_ACKNOWLEDGE = 101;

    private final Domain domain;
    private final SessionWork work;

    PosthornSession(Domain domain, SessionWork work) {
        this.domain = domain;
        this.work = work;
    }

    SessionWork work() {
        return work;
    }

    // ---- messages

    @Override
    public BytesMessage createBytesMessage() throws JMSException {
        work.checkOpen();
        return new PosthornBytesMessage(work.spool());
    }

    @Override
    public MapMessage createMapMessage() throws JMSException {
        work.checkOpen();
        return new PosthornMapMessage();
    }

    @Override
    public Message createMessage() throws JMSException {
        work.checkOpen();
        return new PosthornMessage();
    }

    @Override
    public ObjectMessage createObjectMessage() throws JMSException {
        return createObjectMessage(null);
    }

    @Override
    public ObjectMessage createObjectMessage(Serializable object) throws JMSException {
        work.checkOpen();
        ObjectMessage message = new PosthornObjectMessage();
        message.setObject(object);
        return message;
    }

    @Override
    public StreamMessage createStreamMessage() throws JMSException {
        work.checkOpen();
        return new PosthornStreamMessage();
    }

    @Override
    public TextMessage createTextMessage() throws JMSException {
        work.checkOpen();
        return new PosthornTextMessage();
    }

    @Override
    public TextMessage createTextMessage(String text) throws JMSException {
        TextMessage message = createTextMessage();
        message.setText(text);
        return message;
    }

    // ---- state

    @Override
    public boolean getTransacted() throws JMSException {
        work.checkOpen();
        return work.transacted();
    }

    @Override
    public int getAcknowledgeMode() throws JMSException {
        work.checkOpen();
        return work.mode();
    }

    @Override
    public void commit() throws JMSException {
        work.commit();
    }

    @Override
    public void rollback() throws JMSException {
        work.rollback();
    }

    @Override
    public void recover() throws JMSException {
        work.recover();
    }

    /** Waits for the listener and the asynchronous sends that are under way, then rolls back or leaves unacknowledged what is open. */
    @Override
    public void close() throws JMSException {
        work.close();
    }

    /** The listener of {@link #setMessageListener}. */
    @Override
    public MessageListener getMessageListener() throws JMSException {
        work.checkOpen();
        return work.serverRun().listener();
    }

    /**
     * For application servers (11.2.6): who gets the messages that connection consumers load into this session. While one is set the session has no
     * consumers beside it.
     */
    @Override
    public void setMessageListener(MessageListener listener) throws JMSException {
        work.checkOpen();
        work.serverRun().listener(listener);
    }

    /**
     * For application servers, on a thread of theirs: gives the loaded messages to the listener, one after the other, and returns when there are no
     * more. While the connection is stopped it waits.
     */
    @Override
    public void run() {
        work.serverRun().run();
    }

    // ---- producers

    @Override
    public MessageProducer createProducer(Destination destination) throws JMSException {
        return producer(destination);
    }

    @Override
    public QueueSender createSender(Queue queue) throws JMSException {
        return producer(queue);
    }

    @Override
    public TopicPublisher createPublisher(Topic topic) throws JMSException {
        return producer(topic);
    }

    // ---- queues and plain subscriptions

    @Override
    public PosthornConsumer createConsumer(Destination destination) throws JMSException {
        return createConsumer(destination, null, false);
    }

    @Override
    public PosthornConsumer createConsumer(Destination destination, String selector) throws JMSException {
        return createConsumer(destination, selector, false);
    }

    /** Without effect on queues: noLocal. */
    @Override
    public PosthornConsumer createConsumer(Destination destination, String selector, boolean noLocal)
            throws JMSException {
        work.checkOpen();
        PosthornDestination from = inDomain(destination);
        boolean queue = from.kind().isQueue();
        ConsumerSpec.Kind kind = queue ? ConsumerSpec.Kind.QUEUE : ConsumerSpec.Kind.TOPIC;
        return work.consume(
                from, new ConsumerSpec(kind, from.name(), null, Selectors.checked(selector), noLocal && !queue));
    }

    @Override
    public QueueReceiver createReceiver(Queue queue) throws JMSException {
        return createReceiver(queue, null);
    }

    @Override
    public QueueReceiver createReceiver(Queue queue, String selector) throws JMSException {
        return createConsumer(queue, selector, false);
    }

    @Override
    public TopicSubscriber createSubscriber(Topic topic) throws JMSException {
        return createSubscriber(topic, null, false);
    }

    @Override
    public TopicSubscriber createSubscriber(Topic topic, String selector, boolean noLocal) throws JMSException {
        return createConsumer(topic, selector, noLocal);
    }

    // ---- named subscriptions

    @Override
    public TopicSubscriber createDurableSubscriber(Topic topic, String name) throws JMSException {
        return createDurableSubscriber(topic, name, null, false);
    }

    @Override
    public TopicSubscriber createDurableSubscriber(Topic topic, String name, String selector, boolean noLocal)
            throws JMSException {
        return subscribe(ConsumerSpec.Kind.DURABLE, topic, name, selector, noLocal);
    }

    @Override
    public PosthornConsumer createDurableConsumer(Topic topic, String name) throws JMSException {
        return createDurableConsumer(topic, name, null, false);
    }

    @Override
    public PosthornConsumer createDurableConsumer(Topic topic, String name, String selector, boolean noLocal)
            throws JMSException {
        return subscribe(ConsumerSpec.Kind.DURABLE, topic, name, selector, noLocal);
    }

    @Override
    public PosthornConsumer createSharedConsumer(Topic topic, String name) throws JMSException {
        return createSharedConsumer(topic, name, null);
    }

    @Override
    public PosthornConsumer createSharedConsumer(Topic topic, String name, String selector) throws JMSException {
        return subscribe(ConsumerSpec.Kind.SHARED, topic, name, selector, false);
    }

    @Override
    public PosthornConsumer createSharedDurableConsumer(Topic topic, String name) throws JMSException {
        return createSharedDurableConsumer(topic, name, null);
    }

    @Override
    public PosthornConsumer createSharedDurableConsumer(Topic topic, String name, String selector) throws JMSException {
        return subscribe(ConsumerSpec.Kind.SHARED_DURABLE, topic, name, selector, false);
    }

    @Override
    public void unsubscribe(String name) throws JMSException {
        work.checkOpen();
        refuseFor(Domain.QUEUE, "unsubscribe");
        checkName(name);
        work.unsubscribe(name);
    }

    // ---- browsers and destinations

    @Override
    public QueueBrowser createBrowser(Queue queue) throws JMSException {
        return createBrowser(queue, null);
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, String selector) throws JMSException {
        work.checkOpen();
        refuseFor(Domain.TOPIC, "createBrowser");
        PosthornDestination from = PosthornDestination.from(queue);
        return work.browse(queue, from.name(), Selectors.checked(selector));
    }

    @Override
    public Queue createQueue(String name) throws JMSException {
        work.checkOpen();
        refuseFor(Domain.TOPIC, "createQueue");
        try {
            return new PosthornQueue(name);
        } catch (IllegalArgumentException illegal) {
            throw Failures.linked(new InvalidDestinationException(illegal.getMessage()), illegal);
        }
    }

    @Override
    public Topic createTopic(String name) throws JMSException {
        work.checkOpen();
        refuseFor(Domain.QUEUE, "createTopic");
        try {
            return new PosthornTopic(name);
        } catch (IllegalArgumentException illegal) {
            throw Failures.linked(new InvalidDestinationException(illegal.getMessage()), illegal);
        }
    }

    @Override
    public TemporaryQueue createTemporaryQueue() throws JMSException {
        work.checkOpen();
        refuseFor(Domain.TOPIC, "createTemporaryQueue");
        return work.temporaries().createQueue();
    }

    @Override
    public TemporaryTopic createTemporaryTopic() throws JMSException {
        work.checkOpen();
        refuseFor(Domain.QUEUE, "createTemporaryTopic");
        return work.temporaries().createTopic();
    }

    private PosthornProducer producer(Destination destination) throws JMSException {
        work.checkOpen();
        return work.produce(destination == null ? null : inDomain(destination));
    }

    private PosthornConsumer subscribe(
            ConsumerSpec.Kind kind, Topic topic, String name, String selector, boolean noLocal) throws JMSException {
        work.checkOpen();
        refuseFor(Domain.QUEUE, "subscribing to a topic");
        PosthornDestination from = PosthornDestination.from(topic);
        String checked = Selectors.checked(selector);
        if (kind == ConsumerSpec.Kind.DURABLE) {
            work.requireClientId();
        }
        checkName(name);
        if (from.kind().isTemporary()
                && (kind == ConsumerSpec.Kind.DURABLE || kind == ConsumerSpec.Kind.SHARED_DURABLE)) {
            throw new InvalidDestinationException("a temporary topic has no durable subscriptions: " + from);
        }
        return work.consume(from, new ConsumerSpec(kind, from.name(), name, checked, noLocal));
    }

    private PosthornDestination inDomain(Destination destination) throws InvalidDestinationException {
        PosthornDestination ours = PosthornDestination.from(destination);
        boolean queue = ours.kind().isQueue();
        if (domain == Domain.QUEUE && !queue || domain == Domain.TOPIC && queue) {
            throw new InvalidDestinationException("a " + (queue ? "topic" : "queue") + " session cannot use " + ours);
        }
        return ours;
    }

    private void refuseFor(Domain refusing, String call) throws IllegalStateException {
        if (domain == refusing) {
            throw new IllegalStateException(
                    call + " is not for a " + (refusing == Domain.QUEUE ? "QueueSession" : "TopicSession"));
        }
    }

    static void checkName(String name) throws InvalidDestinationException {
        if (name == null || name.isEmpty()) {
            throw new InvalidDestinationException(
                    "a subscription needs a name, not " + (name == null ? "null" : "\"\""));
        }
    }
}
