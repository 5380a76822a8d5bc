package io.posthorn.jms;

import io.posthorn.jms.destination.PosthornDestination;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.Login;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderFactory;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueSession;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicSession;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A connection of all three API families (Jakarta Messaging 3.1, 6.1). Any thread may use it.
 *
 * <p>It owns its provider, and with that its network connections and threads; close ends all of them. Lost connections are mended below;
 * what cannot be mended reaches the exception listener.
 */
public final class PosthornConnection implements QueueConnection, TopicConnection {

    private final Domain domain;
    private final Provider provider;
    private final Runnable release;
    private final ConnectionSettings settings;
    private final ExceptionReporter reporter;
    private final TemporaryDestinations temporaries;
    private final String name;
    private final CopyOnWriteArrayList<SessionWork> sessions = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<PosthornConnectionConsumer> feeders = new CopyOnWriteArrayList<>();
    private final IdleCheck idleCheck;
    private final AtomicInteger sessionCount = new AtomicInteger();

    // Under this object's monitor, which is not held while anybody waits for a listener.
    private String clientId;
    private boolean used;
    private boolean started;
    private volatile boolean closed;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private PosthornConnection(
            Domain domain,
            Provider provider,
            Runnable release,
            ConnectionSettings settings,
            ExceptionReporter reporter,
            String clientId) {
        this.domain = domain;
        this.provider = provider;
        this.release = release;
        this.settings = settings;
        this.reporter = reporter;
        this.clientId = clientId;
        this.temporaries = new TemporaryDestinations(provider);
        this.name = "posthorn-" + Integer.toHexString(System.identityHashCode(this));
        this.idleCheck = new IdleCheck(sessions, name + "-idle");
    }

    /**
     * Connects and logs in.
     *
     * @param release frees what the provider came from, at the end or when connecting fails; does not throw
     */
    static PosthornConnection open(
            Domain domain, ProviderFactory from, Runnable release, Login login, ConnectionSettings settings)
            throws JMSException {
        ExceptionReporter reporter = new ExceptionReporter("posthorn-exceptions");
        try {
            Provider provider = Waits.await(from.connect(login, reporter));
            PosthornConnection connection =
                    new PosthornConnection(domain, provider, release, settings, reporter, login.clientId());
            reporter.onLost(connection::lost);
            return connection;
        } catch (JMSException | RuntimeException refused) {
            reporter.close();
            release.run();
            throw refused;
        }
    }

    // ---- sessions

    @Override
    public PosthornSession createSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return createSession(Domain.ANY, transacted ? Session.SESSION_TRANSACTED : acknowledgeMode, transacted);
    }

    @Override
    public PosthornSession createSession(int sessionMode) throws JMSException {
        return createSession(Domain.ANY, sessionMode, true);
    }

    @Override
    public PosthornSession createSession() throws JMSException {
        return createSession(Domain.ANY, Session.AUTO_ACKNOWLEDGE, false);
    }

    @Override
    public QueueSession createQueueSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return createSession(Domain.QUEUE, transacted ? Session.SESSION_TRANSACTED : acknowledgeMode, transacted);
    }

    @Override
    public TopicSession createTopicSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return createSession(Domain.TOPIC, transacted ? Session.SESSION_TRANSACTED : acknowledgeMode, transacted);
    }

    /** A session of a JMSContext, whose creation does not count as use of the connection (6.1.2). */
    PosthornSession createContextSession(int sessionMode) throws JMSException {
        checkOpen();
        checkMode(sessionMode, true, settings.individualAcknowledge());
        return newSession(Domain.ANY, sessionMode);
    }

    /** An XA session; of the simplified API when its creation does not count as use. */
    PosthornSession createXaSession(Domain of, boolean counts) throws JMSException {
        checkOpen();
        if (counts) {
            use();
        }
        return newSession(of, SessionWork.XA);
    }

    private PosthornSession createSession(Domain of, int mode, boolean transactedAllowed) throws JMSException {
        checkOpen();
        checkMode(mode, transactedAllowed, settings.individualAcknowledge());
        use();
        return newSession(of, mode);
    }

    private PosthornSession newSession(Domain of, int mode) throws JMSException {
        SessionWork work = new SessionWork(
                this, provider, settings, reporter, mode, name + "-session-" + sessionCount.incrementAndGet());
        synchronized (this) {
            checkOpen();
            sessions.add(work);
            if (started) {
                work.start();
            }
        }
        return new PosthornSession(of, work);
    }

    static void checkMode(int mode, boolean transactedAllowed, boolean individualAllowed) throws JMSException {
        if (mode == PosthornSession.INDIVIDUAL_ACKNOWLEDGE) {
            if (individualAllowed) {
                return;
            }
            throw new JMSException("the acknowledge mode INDIVIDUAL_ACKNOWLEDGE (" + mode
                    + ") is an extension: set the option individualAcknowledge=true to use it");
        }
        boolean known = mode == Session.AUTO_ACKNOWLEDGE
                || mode == Session.CLIENT_ACKNOWLEDGE
                || mode == Session.DUPS_OK_ACKNOWLEDGE
                || mode == Session.SESSION_TRANSACTED && transactedAllowed;
        if (!known) {
            throw new JMSException("no acknowledge mode for a session: " + mode);
        }
    }

    // ---- client id, metadata, exception listener

    @Override
    public synchronized String getClientID() throws JMSException {
        checkOpen();
        return clientId;
    }

    @Override
    public synchronized void setClientID(String id) throws JMSException {
        checkOpen();
        if (settings.clientIdConfigured()) {
            throw new IllegalStateException("the connection factory has set the client id to " + clientId);
        }
        if (clientId != null) {
            throw new IllegalStateException("the client id is " + clientId + " already");
        }
        if (used) {
            throw new IllegalStateException("the client id must be set before anything else is done");
        }
        if (id == null || id.isEmpty()) {
            throw new InvalidClientIDException("a client id must not be " + (id == null ? "null" : "empty"));
        }
        Waits.await(provider.claimClientId(id));
        clientId = id;
    }

    @Override
    public ConnectionMetaData getMetaData() throws JMSException {
        checkOpen();
        return new PosthornMetaData();
    }

    @Override
    public ExceptionListener getExceptionListener() throws JMSException {
        checkOpen();
        return reporter.listener();
    }

    @Override
    public void setExceptionListener(ExceptionListener listener) throws JMSException {
        checkOpen();
        reporter.listener(listener);
    }

    // ---- start, stop, close

    @Override
    public synchronized void start() throws JMSException {
        checkOpen();
        use();
        if (!started) {
            started = true;
            for (SessionWork session : sessions) {
                session.start();
            }
            for (PosthornConnectionConsumer feeder : feeders) {
                feeder.start();
            }
        }
    }

    /** Returns when no listener runs and no message can reach the application any more (6.1.5). */
    @Override
    public void stop() throws JMSException {
        checkOpen();
        refuseInListener("stop");
        synchronized (this) {
            use();
            if (!started) {
                return;
            }
            started = false;
            for (PosthornConnectionConsumer feeder : feeders) {
                feeder.beginStop();
            }
            for (SessionWork session : sessions) {
                session.beginStop();
            }
        }
        for (PosthornConnectionConsumer feeder : feeders) {
            feeder.awaitStopped();
        }
        for (SessionWork session : sessions) {
            session.awaitStopped();
        }
    }

    @Override
    public void close() throws JMSException {
        if (ended.isDone()) {
            return;
        }
        refuseInListener("close");
        for (SessionWork session : sessions) {
            session.refuseCloseHere("close the connection");
        }
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
        }
        if (!first) {
            Waits.awaitEnd(ended);
            return;
        }
        try {
            end();
        } finally {
            ended.complete(null);
        }
    }

    private void end() throws JMSException {
        for (PosthornConnectionConsumer feeder : feeders) {
            feeder.close();
        }
        for (SessionWork session : sessions) {
            session.beginStop();
        }
        for (SessionWork session : sessions) {
            session.close();
        }
        idleCheck.close();
        Waits.awaitEnd(provider.close());
        reporter.close();
        release.run();
    }

    // ---- connection consumers

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Destination destination, String selector, ServerSessionPool pool, int messagesMax) throws JMSException {
        checkOpen();
        PosthornDestination from = PosthornDestination.from(destination);
        boolean queue = from.kind().isQueue();
        if (domain == Domain.QUEUE && !queue || domain == Domain.TOPIC && queue) {
            throw new InvalidDestinationException("this connection cannot use " + from);
        }
        return feed(queue ? ConsumerSpec.Kind.QUEUE : ConsumerSpec.Kind.TOPIC, from, null, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Queue queue, String selector, ServerSessionPool pool, int messagesMax) throws JMSException {
        return createConnectionConsumer((Destination) queue, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Topic topic, String selector, ServerSessionPool pool, int messagesMax) throws JMSException {
        return createConnectionConsumer((Destination) topic, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createSharedConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        return subscribe(ConsumerSpec.Kind.SHARED, topic, subscription, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createDurableConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        return subscribe(ConsumerSpec.Kind.DURABLE, topic, subscription, selector, pool, messagesMax);
    }

    @Override
    public ConnectionConsumer createSharedDurableConnectionConsumer(
            Topic topic, String subscription, String selector, ServerSessionPool pool, int messagesMax)
            throws JMSException {
        return subscribe(ConsumerSpec.Kind.SHARED_DURABLE, topic, subscription, selector, pool, messagesMax);
    }

    private ConnectionConsumer subscribe(
            ConsumerSpec.Kind kind,
            Topic topic,
            String subscription,
            String selector,
            ServerSessionPool pool,
            int messagesMax)
            throws JMSException {
        checkOpen();
        if (domain == Domain.QUEUE) {
            throw new IllegalStateException("not for a QueueConnection");
        }
        PosthornDestination from = PosthornDestination.from(topic);
        boolean durable = kind != ConsumerSpec.Kind.SHARED;
        if (kind == ConsumerSpec.Kind.DURABLE && clientId() == null) {
            throw new IllegalStateException("an unshared durable subscription needs a client id on its connection");
        }
        PosthornSession.checkName(subscription);
        if (durable && from.kind().isTemporary()) {
            throw new InvalidDestinationException("a temporary topic has no durable subscriptions: " + from);
        }
        return feed(kind, from, subscription, selector, pool, messagesMax);
    }

    private ConnectionConsumer feed(
            ConsumerSpec.Kind kind,
            PosthornDestination from,
            String subscription,
            String selector,
            ServerSessionPool pool,
            int messagesMax)
            throws JMSException {
        String checked = Selectors.checked(selector);
        if (pool == null) {
            throw new JMSException("a connection consumer needs a server session pool");
        }
        if (messagesMax < 1) {
            throw new JMSException("a connection consumer loads at least 1 message at a time, not " + messagesMax);
        }
        use();
        PosthornConnectionConsumer feeder =
                new PosthornConnectionConsumer(this, provider, settings, reporter, from, pool, messagesMax);
        feeder.open(
                new ConsumerSpec(kind, from.name(), subscription, checked, false),
                name + "-feeder-" + sessionCount.incrementAndGet());
        synchronized (this) {
            feeders.add(feeder);
            if (started && !closed) {
                feeder.start();
            }
        }
        if (closed) {
            feeder.close();
            checkOpen();
        }
        return feeder;
    }

    void forget(PosthornConnectionConsumer feeder) {
        feeders.remove(feeder);
    }

    // ---- for its sessions

    /** What the names of its threads begin with. */
    String name() {
        return name;
    }

    TemporaryDestinations temporaries() {
        return temporaries;
    }

    synchronized String clientId() {
        return clientId;
    }

    /** A context has done something with it: the client id can no longer be set. */
    synchronized void use() {
        used = true;
    }

    /** The first consumer is there. */
    void consuming() {
        idleCheck.start();
    }

    void forget(SessionWork session) {
        sessions.remove(session);
    }

    /** The broker has ended a consumer with a listener, which has no call to be told by. */
    void consumerLost(PosthornDestination from, ProviderException reason) {
        // Of the connection's own end it is told separately, and once.
        boolean ofConnection = reason.kind() == ProviderException.Kind.CONNECTION
                || reason.kind() == ProviderException.Kind.CLOSED
                || reporter.lost() != null;
        if (!ofConnection && !closed) {
            JMSException cause = Failures.toJms(reason);
            reporter.report(Failures.linked(
                    new JMSException(
                            "the consumer of " + from + " has ended: " + reason.getMessage(), cause.getErrorCode()),
                    reason));
        }
    }

    /** Whether the caller is inside a message listener of one of its sessions. */
    void refuseInListener(String action) throws IllegalStateException {
        for (SessionWork session : sessions) {
            if (session.inListener()) {
                throw new IllegalStateException(
                        "cannot " + action + " a connection in a message listener of one of its sessions");
            }
        }
    }

    /** Whether it is lost for good. Any thread. */
    boolean isLost() {
        return reporter.lost() != null;
    }

    private void lost() {
        ProviderException reason = reporter.lost();
        for (SessionWork session : sessions) {
            session.connectionLost(reason);
        }
        for (PosthornConnectionConsumer feeder : feeders) {
            feeder.connectionLost(reason);
        }
    }

    private void checkOpen() throws IllegalStateException {
        if (closed) {
            throw new IllegalStateException("the connection is closed");
        }
    }
}
