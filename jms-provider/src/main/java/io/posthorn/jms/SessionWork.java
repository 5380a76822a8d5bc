package io.posthorn.jms;

import io.posthorn.jms.destination.PosthornDestination;
import io.posthorn.jms.message.AcknowledgeHook;
import io.posthorn.jms.message.Spool;
import io.posthorn.message.DestinationName;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TransactionInProgressException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a session consists of, wired together, and its life cycle: open, closing (the listener and the asynchronous sends under way
 * may finish, with everything at their disposal), closed.
 *
 * <p>Separate from {@link PosthornSession} so that the API class holds argument checks only.
 */
final class SessionWork {

    /** The mode of an XA session: transacted in a branch, AUTO_ACKNOWLEDGE outside. */
    static final int XA = -1;

    private final PosthornConnection connection;
    private final Provider provider;
    private final ConnectionSettings settings;
    private final int mode;
    private final String name;

    private final DeliveryGate gate = new DeliveryGate();
    private final SessionConsumers consumers;
    private final Acknowledgement acknowledgement;
    private final InboundMessages inbound;
    private final ProducerHandle producerHandle;
    private final CompletionDispatcher completions;
    private final SessionTransaction transaction;
    private final PosthornXAResource resource;
    private final SessionSender sender;
    private final ServerSessionRun serverRun;

    private final Set<PosthornProducer> producers = ConcurrentHashMap.newKeySet();
    private final Set<PosthornConsumer> openConsumers = ConcurrentHashMap.newKeySet();
    private final Set<PosthornBrowser> browsers = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;
    private volatile boolean closed;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean delivering;

    /** @param mode one of the four of {@link Session}, {@link #XA}, or {@link PosthornSession#INDIVIDUAL_ACKNOWLEDGE} */
    SessionWork(
            PosthornConnection connection,
            Provider provider,
            ConnectionSettings settings,
            ExceptionReporter reporter,
            int mode,
            String name) {
        this.connection = connection;
        this.provider = provider;
        this.settings = settings;
        this.mode = mode;
        this.name = name;
        consumers = new SessionConsumers(gate, provider);
        completions = new CompletionDispatcher(name + "-completions");
        producerHandle = provider.openProducer();
        AcknowledgeHook forAll = this::acknowledge;
        InboundMessages.Hooks hooks = (from, deliveryId) -> forAll;
        if (mode == XA) {
            HeldAcknowledgement held = new HeldAcknowledgement(provider, gate, consumers, false);
            resource = new PosthornXAResource(provider, producerHandle, gate, consumers, held, completions);
            acknowledgement = new BranchAcknowledgement(
                    resource, held, new AutoAcknowledgement(provider, settings.clock(), false, consumers));
            transaction = null;
        } else if (mode == PosthornSession.INDIVIDUAL_ACKNOWLEDGE) {
            HeldAcknowledgement held = new HeldAcknowledgement(provider, gate, consumers, true);
            acknowledgement = held;
            transaction = null;
            resource = null;
            hooks = (from, deliveryId) -> () -> {
                checkOpen();
                held.acknowledge(from, deliveryId);
            };
        } else if (mode == Session.SESSION_TRANSACTED || mode == Session.CLIENT_ACKNOWLEDGE) {
            HeldAcknowledgement held =
                    new HeldAcknowledgement(provider, gate, consumers, mode == Session.CLIENT_ACKNOWLEDGE);
            acknowledgement = held;
            transaction = mode == Session.SESSION_TRANSACTED
                    ? new SessionTransaction(provider, producerHandle, gate, consumers, held)
                    : null;
            resource = null;
        } else {
            acknowledgement =
                    new AutoAcknowledgement(provider, settings.clock(), mode == Session.DUPS_OK_ACKNOWLEDGE, consumers);
            transaction = null;
            resource = null;
        }
        inbound = new InboundMessages(provider, settings, hooks);
        sender = new SessionSender(provider, producerHandle, settings, completions, this::currentTransaction, reporter);
        serverRun = new ServerSessionRun(gate, provider, consumers, acknowledgement, inbound);
    }

    /** Where the application's large messages lie. */
    Spool spool() {
        return settings.spool();
    }

    int mode() {
        return mode == XA ? Session.SESSION_TRANSACTED : mode;
    }

    boolean transacted() {
        return transaction != null || resource != null;
    }

    /** Null unless it is an XA session. */
    PosthornXAResource resource() {
        return resource;
    }

    private Transaction currentTransaction() {
        if (resource != null) {
            return resource.current();
        }
        return transaction == null ? null : transaction.current();
    }

    boolean closed() {
        return closed;
    }

    /** Whether it belongs to this connection. */
    boolean isOf(PosthornConnection other) {
        return connection == other;
    }

    /** What workers of an application server take this consumer's messages with. */
    EndpointConsumer forEndpoint(ConsumerBuffer buffer, Runnable arrived) {
        return new EndpointConsumer(buffer, gate, provider, acknowledgement, inbound, arrived);
    }

    /** Its part as a session of an application server. */
    ServerSessionRun serverRun() {
        return serverRun;
    }

    TemporaryDestinations temporaries() {
        return connection.temporaries();
    }

    void checkOpen() throws IllegalStateException {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
    }

    // ---- children

    PosthornProducer produce(PosthornDestination toOrNull) {
        PosthornProducer producer = new PosthornProducer(this, sender, toOrNull);
        producers.add(producer);
        return producer;
    }

    PosthornConsumer consume(PosthornDestination from, ConsumerSpec spec) throws JMSException {
        serverRun.refuseOtherReceipt();
        ConsumerBuffer buffer =
                new ConsumerBuffer(from.name(), gate, provider, settings, reason -> consumerLost(from, reason));
        Receiver receiver = new Receiver(
                buffer,
                gate.turn,
                acknowledgement,
                inbound,
                consumers,
                mode == Session.AUTO_ACKNOWLEDGE || mode == Session.DUPS_OK_ACKNOWLEDGE);
        PosthornConsumer consumer = new PosthornConsumer(this, buffer, receiver, from, spec.selector(), spec.noLocal());
        buffer.opened(Waits.await(provider.openConsumer(spec, buffer)));
        connection.consuming();
        consumers.add(buffer);
        openConsumers.add(consumer);
        if (closed) {
            consumer.close();
            checkOpen();
        }
        return consumer;
    }

    PosthornBrowser browse(Queue queue, DestinationName name, String selectorOrNull) throws JMSException {
        ConsumerSpec spec = new ConsumerSpec(ConsumerSpec.Kind.BROWSE, name, null, selectorOrNull, false);
        PosthornBrowser browser = new PosthornBrowser(this, provider, inbound, queue, spec, settings.windowBytes());
        browser.verify();
        browsers.add(browser);
        return browser;
    }

    void unsubscribe(String subscription) throws JMSException {
        Waits.await(provider.unsubscribe(subscription));
    }

    /** @throws IllegalStateException if the connection has no client id (8.3.3) */
    void requireClientId() throws JMSException {
        if (connection.clientId() == null) {
            throw new IllegalStateException("an unshared durable subscription needs a client id on its connection");
        }
    }

    void forget(PosthornProducer producer) {
        producers.remove(producer);
    }

    void forget(PosthornBrowser browser) {
        browsers.remove(browser);
    }

    /** Whether it was open until now. */
    boolean forget(PosthornConsumer consumer) {
        consumers.remove(consumer.buffer());
        return openConsumers.remove(consumer);
    }

    // ---- delivery

    /** Starts the delivery thread, once. */
    synchronized void startDelivery() {
        if (!delivering && !closing) {
            delivering = true;
            Thread thread = new Thread(new ListenerDispatcher(gate, acknowledgement, inbound), name + "-delivery");
            thread.setDaemon(true);
            consumers.deliveryThread(thread);
            thread.start();
        }
    }

    void start() {
        consumers.start();
    }

    /** No message reaches the application after {@link #awaitStopped()}. */
    void beginStop() {
        consumers.forbid();
    }

    void awaitStopped() {
        consumers.stop();
    }

    void idleCheck() {
        consumers.idleCheck();
    }

    /** The connection is lost for good. */
    void connectionLost(ProviderException reason) {
        for (ConsumerBuffer consumer : consumers.all()) {
            consumer.closed(reason);
        }
    }

    boolean inListener() {
        return consumers.isDeliveryThread();
    }

    boolean inCallback() {
        return completions.isCallbackThread();
    }

    // ---- transactions and acknowledgement

    void commit() throws JMSException {
        SessionTransaction current = endOfTransaction("commit");
        current.commit();
    }

    void rollback() throws JMSException {
        SessionTransaction current = endOfTransaction("roll back");
        current.rollback();
    }

    void recover() throws JMSException {
        checkOpen();
        if (transacted()) {
            throw new IllegalStateException("a transacted session cannot be recovered; roll it back");
        }
        acknowledgement.recover();
    }

    /** Message.acknowledge() of any message of this session. */
    void acknowledge() throws JMSException {
        checkOpen();
        acknowledgement.acknowledge();
    }

    /** Waits for the asynchronous sends before a producer is closed; in a callback only another one can be, and without waiting (7.3.4). */
    void awaitCompletions(PosthornProducer closing) throws IllegalStateException {
        if (!completions.isCallbackThread()) {
            completions.awaitIdle();
        } else if (completions.isPendingOf(closing)) {
            refuseInCallback("close a producer with incomplete sends");
        }
    }

    private SessionTransaction endOfTransaction(String action) throws JMSException {
        checkOpen();
        if (resource != null) {
            throw new TransactionInProgressException(
                    "cannot " + action + ": the transaction manager ends the transactions of an XA session");
        }
        refuseInCallback(action);
        if (transaction == null) {
            throw new IllegalStateException("cannot " + action + ": the session is not transacted");
        }
        completions.awaitIdle();
        return transaction;
    }

    private void refuseInCallback(String action) throws IllegalStateException {
        if (completions.isCallbackThread()) {
            throw new IllegalStateException("cannot " + action + " in a completion listener of the same session");
        }
    }

    // ---- the end

    /** @throws IllegalStateException from its own listener or completion listener; the session stays as it is */
    void refuseCloseHere(String what) throws IllegalStateException {
        if (inListener()) {
            throw new IllegalStateException("cannot " + what + " in a message listener of its own");
        }
        refuseInCallback(what);
    }

    void close() throws JMSException {
        if (ended.isDone()) {
            return;
        }
        refuseCloseHere("close a session");
        boolean first;
        synchronized (this) {
            first = !closing;
            closing = true;
        }
        if (!first) {
            // Another thread is at it. Who closes the connection next must not take away what the listener still uses.
            Waits.awaitEnd(ended);
            return;
        }
        try {
            finishAndClose();
        } finally {
            ended.complete(null);
        }
    }

    private void finishAndClose() {
        consumers.forbid();
        for (PosthornConsumer consumer : openConsumers) {
            consumer.buffer().end();
        }
        for (PosthornConsumer consumer : openConsumers) {
            consumer.buffer().awaitQuiet();
        }
        completions.awaitIdle();
        gate.turn.lock();
        try {
            closed = true;
            endAtBroker();
        } finally {
            gate.turn.unlock();
        }
        gate.lock.lock();
        try {
            gate.end();
        } finally {
            gate.lock.unlock();
        }
        completions.close();
        connection.forget(this);
    }

    private void endAtBroker() {
        serverRun.end();
        for (PosthornBrowser browser : browsers) {
            browser.sessionClosed();
        }
        for (PosthornProducer producer : producers) {
            producer.sessionClosed();
        }
        for (PosthornConsumer consumer : openConsumers) {
            consumer.sessionClosed();
        }
        consumers.closeAll();
        acknowledgement.end();
        if (transaction != null) {
            transaction.end();
        }
        if (resource != null) {
            resource.sessionClosed();
        }
        openConsumers.clear();
        producers.clear();
        browsers.clear();
        provider.closeProducer(producerHandle);
    }

    private void consumerLost(PosthornDestination from, ProviderException reason) {
        connection.consumerLost(from, reason);
    }
}
