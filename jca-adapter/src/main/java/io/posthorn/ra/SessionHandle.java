package io.posthorn.ra;

import io.posthorn.jms.PosthornConsumer;
import io.posthorn.jms.PosthornProducer;
import io.posthorn.jms.PosthornSession;
import jakarta.jms.BytesMessage;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.QueueReceiver;
import jakarta.jms.QueueSender;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;
import jakarta.jms.TopicSession;
import jakarta.jms.TopicSubscriber;
import jakarta.jms.TransactionInProgressException;
import java.io.Serializable;

/**
 * The session that an application gets. It stands on one of the two sessions of the managed connection, which outlive it: the container ends their
 * transactions, and the next handle uses them again. Used by one thread at a time, except close.
 *
 * <p>A session that stands on the global one takes part in every global transaction that its connection is enlisted in, and acknowledges by
 * itself in between. Commit and rollback belong to the container, in a transaction and outside.
 */
public final class SessionHandle implements QueueSession, TopicSession {

    private final ConnectionHandle connection;
    private final ConnectionLink link;
    private final PosthornSession physical;
    private final boolean local;
    private final int modeOutside;
    private final HandleChildren children = new HandleChildren();
    private volatile boolean closed;

    /** @param modeOutside what it says to acknowledge by when it is in no transaction */
    SessionHandle(
            ConnectionHandle connection,
            ConnectionLink link,
            PosthornSession physical,
            boolean local,
            int modeOutside) {
        this.connection = connection;
        this.link = link;
        this.physical = physical;
        this.local = local;
        this.modeOutside = modeOutside;
    }

    /** Whether it stands on the session of local transactions. */
    boolean local() {
        return local;
    }

    /** Its consumers and browsers. */
    HandleChildren children() {
        return children;
    }

    Family family() {
        return connection.family();
    }

    /** The simplified face of the session it stands on. */
    JMSContext face() throws JMSException {
        return link.connection().contextOf(open());
    }

    /** Repeatable. */
    @Override
    public void close() throws JMSException {
        if (closed) {
            return;
        }
        closed = true;
        connection.closed(this);
        children.closeAll();
    }

    void checkOpen() throws IllegalStateException {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
    }

    private PosthornSession open() throws IllegalStateException {
        checkOpen();
        return physical;
    }

    private PosthornSession openFor(Family refused, String method) throws IllegalStateException {
        checkOpen();
        family().refuseFor(refused, method);
        return physical;
    }

    private boolean inTransaction() {
        return local || link.inBranch();
    }

    private ConsumerHandle track(PosthornConsumer consumer) {
        return new ConsumerHandle(this, children.opened(consumer));
    }

    // ---- transactions and acknowledgement

    @Override
    public boolean getTransacted() throws JMSException {
        checkOpen();
        return inTransaction();
    }

    @Override
    public int getAcknowledgeMode() throws JMSException {
        checkOpen();
        return inTransaction() ? Session.SESSION_TRANSACTED : modeOutside;
    }

    @Override
    public void commit() throws JMSException {
        throw containerEnds("commit");
    }

    @Override
    public void rollback() throws JMSException {
        throw containerEnds("rollback");
    }

    private JMSException containerEnds(String method) throws IllegalStateException {
        checkOpen();
        return inTransaction()
                ? new TransactionInProgressException(
                        method + " belongs to the container: the session is in its transaction")
                : new IllegalStateException(method + ": the session is not transacted");
    }

    /** Outside a transaction there is nothing to bring back: what receive() has returned is acknowledged. */
    @Override
    public void recover() throws JMSException {
        checkOpen();
        if (inTransaction()) {
            throw new IllegalStateException("recover: the session is in the container's transaction");
        }
    }

    // ---- listeners of the session

    @Override
    public MessageListener getMessageListener() throws JMSException {
        checkOpen();
        throw Forbidden.exception("Session.getMessageListener");
    }

    @Override
    public void setMessageListener(MessageListener listener) throws JMSException {
        checkOpen();
        throw Forbidden.exception("Session.setMessageListener");
    }

    @Override
    public void run() {
        throw Forbidden.unchecked("Session.run");
    }

    // ---- messages

    @Override
    public BytesMessage createBytesMessage() throws JMSException {
        return open().createBytesMessage();
    }

    @Override
    public MapMessage createMapMessage() throws JMSException {
        return open().createMapMessage();
    }

    @Override
    public Message createMessage() throws JMSException {
        return open().createMessage();
    }

    @Override
    public ObjectMessage createObjectMessage() throws JMSException {
        return open().createObjectMessage();
    }

    @Override
    public ObjectMessage createObjectMessage(Serializable object) throws JMSException {
        return open().createObjectMessage(object);
    }

    @Override
    public StreamMessage createStreamMessage() throws JMSException {
        return open().createStreamMessage();
    }

    @Override
    public TextMessage createTextMessage() throws JMSException {
        return open().createTextMessage();
    }

    @Override
    public TextMessage createTextMessage(String text) throws JMSException {
        return open().createTextMessage(text);
    }

    // ---- destinations

    @Override
    public Queue createQueue(String name) throws JMSException {
        return openFor(Family.TOPIC, "createQueue").createQueue(name);
    }

    @Override
    public Topic createTopic(String name) throws JMSException {
        return openFor(Family.QUEUE, "createTopic").createTopic(name);
    }

    @Override
    public TemporaryQueue createTemporaryQueue() throws JMSException {
        TemporaryQueue made = openFor(Family.TOPIC, "createTemporaryQueue").createTemporaryQueue();
        return connection.temporaries().temporary(made);
    }

    @Override
    public TemporaryTopic createTemporaryTopic() throws JMSException {
        TemporaryTopic made = openFor(Family.QUEUE, "createTemporaryTopic").createTemporaryTopic();
        return connection.temporaries().temporary(made);
    }

    // ---- producers

    @Override
    public ProducerHandle createProducer(Destination destination) throws JMSException {
        PosthornSession session = open();
        return new ProducerHandle(this, (PosthornProducer) session.createProducer(family().checked(destination)));
    }

    @Override
    public QueueSender createSender(Queue queue) throws JMSException {
        return createProducer(queue);
    }

    @Override
    public TopicPublisher createPublisher(Topic topic) throws JMSException {
        return createProducer(topic);
    }

    // ---- consumers of queues and plain subscriptions

    @Override
    public ConsumerHandle createConsumer(Destination destination) throws JMSException {
        return createConsumer(destination, null, false);
    }

    @Override
    public ConsumerHandle createConsumer(Destination destination, String selector) throws JMSException {
        return createConsumer(destination, selector, false);
    }

    @Override
    public ConsumerHandle createConsumer(Destination destination, String selector, boolean noLocal)
            throws JMSException {
        PosthornSession session = open();
        return track(session.createConsumer(family().checked(destination), selector, noLocal));
    }

    @Override
    public QueueReceiver createReceiver(Queue queue) throws JMSException {
        return createConsumer(queue, null, false);
    }

    @Override
    public QueueReceiver createReceiver(Queue queue, String selector) throws JMSException {
        return createConsumer(queue, selector, false);
    }

    @Override
    public TopicSubscriber createSubscriber(Topic topic) throws JMSException {
        return createConsumer(topic, null, false);
    }

    @Override
    public TopicSubscriber createSubscriber(Topic topic, String selector, boolean noLocal) throws JMSException {
        return createConsumer(topic, selector, noLocal);
    }

    // ---- named subscriptions

    @Override
    public ConsumerHandle createSharedConsumer(Topic topic, String subscription) throws JMSException {
        return createSharedConsumer(topic, subscription, null);
    }

    @Override
    public ConsumerHandle createSharedConsumer(Topic topic, String subscription, String selector) throws JMSException {
        PosthornSession session = openFor(Family.QUEUE, "createSharedConsumer");
        return track(session.createSharedConsumer(topic, subscription, selector));
    }

    @Override
    public ConsumerHandle createDurableConsumer(Topic topic, String subscription) throws JMSException {
        return createDurableConsumer(topic, subscription, null, false);
    }

    @Override
    public ConsumerHandle createDurableConsumer(Topic topic, String subscription, String selector, boolean noLocal)
            throws JMSException {
        PosthornSession session = openFor(Family.QUEUE, "createDurableConsumer");
        return track(session.createDurableConsumer(topic, subscription, selector, noLocal));
    }

    @Override
    public ConsumerHandle createSharedDurableConsumer(Topic topic, String subscription) throws JMSException {
        return createSharedDurableConsumer(topic, subscription, null);
    }

    @Override
    public ConsumerHandle createSharedDurableConsumer(Topic topic, String subscription, String selector)
            throws JMSException {
        PosthornSession session = openFor(Family.QUEUE, "createSharedDurableConsumer");
        return track(session.createSharedDurableConsumer(topic, subscription, selector));
    }

    @Override
    public TopicSubscriber createDurableSubscriber(Topic topic, String subscription) throws JMSException {
        return createDurableConsumer(topic, subscription, null, false);
    }

    @Override
    public TopicSubscriber createDurableSubscriber(Topic topic, String subscription, String selector, boolean noLocal)
            throws JMSException {
        return createDurableConsumer(topic, subscription, selector, noLocal);
    }

    @Override
    public void unsubscribe(String subscription) throws JMSException {
        openFor(Family.QUEUE, "unsubscribe").unsubscribe(subscription);
    }

    // ---- browsers

    @Override
    public QueueBrowser createBrowser(Queue queue) throws JMSException {
        return createBrowser(queue, null);
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, String selector) throws JMSException {
        PosthornSession session = openFor(Family.TOPIC, "createBrowser");
        return new BrowserHandle(this, children.opened(session.createBrowser(queue, selector)));
    }
}
