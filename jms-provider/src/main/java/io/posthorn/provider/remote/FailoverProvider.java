package io.posthorn.provider.remote;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ConsumerClosedCommand;
import io.posthorn.protocol.api.CreditRequest;
import io.posthorn.protocol.api.DeliverCommand;
import io.posthorn.provider.Branches;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.LargeBodies;
import io.posthorn.provider.Login;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderListener;
import io.posthorn.provider.SendCallback;
import io.posthorn.provider.Settle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JMS connection to the home broker group of a cluster, over as many links as it takes. Any thread may call the verbs;
 * links come and go on the event loop.
 *
 * <pre>
 * CONNECTING → WORKING ⇄ MENDING → FAILED      any → CLOSED
 * </pre>
 *
 * <p>While MENDING, verbs wait; in FAILED they fail with what the listener was told, in CLOSED with kind CLOSED.
 */
final class FailoverProvider implements Provider {

    private static final Logger LOG = LoggerFactory.getLogger(FailoverProvider.class);

    /** How often a NameServer is asked where the Masters are: keeps that connection warm, too. */
    private static final Duration ROUTE_REFRESH = Duration.ofSeconds(30);

    private enum Phase {
        CONNECTING,
        WORKING,
        MENDING,
        FAILED,
        CLOSED
    }

    private final Mending.Parts parts;
    private final Loop loop;
    private final ProviderListener listener;
    private final NameServerLink names;
    private final ConnectionState state;
    private final RemoteBranches branches;
    private final RemoteLargeBodies largeBodies;
    private final Mending mending;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    // Event loop only.
    private Phase phase = Phase.CONNECTING;
    private boolean closing;
    private Future<?> nextRefresh;

    FailoverProvider(Mending.Parts parts, Login login, ProviderListener listener) {
        this.parts = parts;
        this.loop = parts.loop();
        this.listener = listener;
        this.names = new NameServerLink(parts.client(), parts.config(), parts.random());
        this.state = new ConnectionState(login, parts.config(), loop, parts.random(), listener::problem);
        this.branches = new RemoteBranches(state);
        this.largeBodies = new RemoteLargeBodies(state);
        this.mending = new Mending(parts, names, state, new LinkEvents(), new MendingOutcome(), listener::problem);
    }

    /** Connects and logs in; on failure everything is closed before the future fails. */
    CompletableFuture<Provider> connect() {
        CompletableFuture<Provider> connected = new CompletableFuture<>();
        loop.execute(() -> mending.connectOnce().whenComplete((link, failure) -> {
            if (failure == null && link.isOpen()) {
                phase = Phase.WORKING;
                scheduleRefresh();
                connected.complete(this);
            } else {
                ProviderException reason = failure == null
                        ? Failures.unreachable("the broker closed the connection at once", null)
                        : Failures.asProviderException(failure);
                shutDown(reason);
                closed.whenComplete((done, never) -> connected.completeExceptionally(reason));
            }
        }));
        return connected;
    }

    @Override
    public CompletableFuture<Void> claimClientId(String clientId) {
        return state.requests().ask(Verbs.claimClientId(clientId, state::clientId));
    }

    @Override
    public ProducerHandle openProducer() {
        return state.openProducer();
    }

    @Override
    public void send(ProducerHandle producer, EncodedMessage message, boolean transacted, SendCallback callback) {
        // Refused here: a frame over the broker's limit would cost the connection, and be repeated on the next one.
        int limit = state.messageMaxBytes();
        if (message.size() > limit) {
            throw new ProviderException(
                    ProviderException.Kind.INVALID_MESSAGE,
                    "a message of " + message.size() + " bytes to " + message.destination() + " is over maxMessageSize="
                            + limit);
        }
        ((RemoteProducer) producer).send(message, transacted, callback);
    }

    @Override
    public CompletableFuture<ConsumerHandle> openConsumer(ConsumerSpec spec, DeliveryListener deliveries) {
        RemoteConsumer consumer = state.consumers().add(spec, deliveries);
        return state.requests().ask(Verbs.open(consumer, state::link));
    }

    @Override
    public void credit(ConsumerHandle handle, long limit, int windowMaxBytes) {
        RemoteConsumer consumer = (RemoteConsumer) handle;
        // It leaves with the credit.
        state.settlements().flush();
        BrokerLink link = state.link();
        if (link != null) {
            CreditRequest request =
                    new CreditRequest(consumer.consumerId(), consumer.ledger().wireLimit(limit), windowMaxBytes);
            link.oneWayNow(RequestCode.CREDIT, 24, request::encode);
        }
    }

    @Override
    public CompletableFuture<Boolean> drain(ConsumerHandle handle, long limit) {
        state.settlements().flush();
        return state.requests().ask(Verbs.drain((RemoteConsumer) handle, limit));
    }

    @Override
    public void handOver(ConsumerHandle consumer, long deliveryIdTo) {
        state.settlements().handOver((RemoteConsumer) consumer, deliveryIdTo);
    }

    @Override
    public void accept(ConsumerHandle consumer, long from, long to, long handOverTo) {
        state.settlements().accept((RemoteConsumer) consumer, from, to, handOverTo);
    }

    @Override
    public void acceptLast(ConsumerHandle consumer, long from, long to) {
        state.settlements().acceptLast((RemoteConsumer) consumer, from, to);
    }

    @Override
    public CompletableFuture<Void> acknowledge(Settle settle, List<DeliverySpan> spans, boolean await) {
        return state.settlements().acknowledge(settle, spans, await);
    }

    @Override
    public CompletableFuture<Void> commit(ProducerHandle producer, List<DeliverySpan> consumed) {
        state.settlements().flush();
        return ((RemoteProducer) producer).end(true, consumed);
    }

    @Override
    public CompletableFuture<Void> rollback(ProducerHandle producer, List<DeliverySpan> consumed) {
        state.settlements().flush();
        return ((RemoteProducer) producer).end(false, consumed);
    }

    @Override
    public Branches branches() {
        return branches;
    }

    @Override
    public LargeBodies largeBodies() {
        return largeBodies;
    }

    @Override
    public CompletableFuture<Void> closeConsumer(ConsumerHandle handle, long handedOverTo, boolean keepUnsettled) {
        RemoteConsumer consumer = (RemoteConsumer) handle;
        if (!consumer.closing(handedOverTo)) {
            return CompletableFuture.completedFuture(null);
        }
        state.settlements().flush();
        return state.requests().ask(Verbs.close(consumer, handedOverTo, keepUnsettled));
    }

    @Override
    public void closeProducer(ProducerHandle producer) {
        ((RemoteProducer) producer).close();
    }

    @Override
    public CompletableFuture<Void> unsubscribe(String name) {
        state.settlements().flush();
        return state.requests().ask(Verbs.unsubscribe(name));
    }

    @Override
    public CompletableFuture<DestinationName> createTemporary(boolean queue) {
        return state.requests().ask(Verbs.createTemporary(queue));
    }

    @Override
    public CompletableFuture<Void> deleteTemporary(DestinationName name) {
        state.settlements().flush();
        return state.requests().ask(Verbs.deleteTemporary(name));
    }

    @Override
    public CompletableFuture<Void> close() {
        loop.execute(this::beginClose);
        return closed;
    }

    /** Told once everything is gone. */
    void whenClosed(Runnable task) {
        closed.thenRun(task);
    }

    private void beginClose() {
        if (closing || phase == Phase.CLOSED) {
            return;
        }
        closing = true;
        if (phase != Phase.WORKING) {
            shutDown(Failures.closed());
            return;
        }
        BrokerLink link = state.link();
        CompletableFuture<Void> patience = new CompletableFuture<>();
        Future<?> timer =
                loop.schedule(() -> patience.complete(null), parts.config().closeTimeout());
        CompletableFuture.anyOf(state.drained(), patience)
                .thenComposeAsync(done -> link.goodbye(), loop::execute)
                .whenComplete((done, unheard) -> {
                    timer.cancel(false);
                    shutDown(Failures.closed());
                });
    }

    /** Ends everything with this failure; the wait for it happens in a thread of its own. */
    private void shutDown(ProviderException reason) {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        mending.stop();
        if (nextRefresh != null) {
            nextRefresh.cancel(false);
        }
        try {
            state.fail(reason);
        } finally {
            // Whatever a callback throws, the sockets go.
            startCloser();
        }
    }

    private void startCloser() {
        names.close();
        Thread closer = new Thread(
                () -> {
                    parts.client().close();
                    closed.complete(null);
                },
                "posthorn-client-close");
        closer.setDaemon(true);
        closer.start();
    }

    private void lost(BrokerLink link, String reason) {
        if (link != state.link() || phase != Phase.WORKING) {
            return;
        }
        if (closing) {
            shutDown(Failures.closed());
            return;
        }
        phase = Phase.MENDING;
        LOG.info("the connection to {} was lost: {}; looking for its Master", state.brokerName(), reason);
        state.detach();
        listener.interrupted(reason);
        mending.start();
    }

    private void scheduleRefresh() {
        if (phase != Phase.CLOSED) {
            nextRefresh = loop.schedule(this::refresh, ROUTE_REFRESH);
        }
    }

    private void refresh() {
        if (phase == Phase.CLOSED || phase == Phase.FAILED) {
            return;
        }
        names.cluster().whenComplete((view, failure) -> {
            if (failure == null) {
                mending.remember(view);
            }
            scheduleRefresh();
        });
    }

    private final class LinkEvents implements BrokerLink.Events {

        @Override
        public void delivered(DeliverCommand command) {
            state.consumers().deliver(command);
        }

        @Override
        public void consumerClosed(ConsumerClosedCommand command) {
            state.consumers().closedByBroker(command);
        }

        @Override
        public void endOfBatch() {
            state.consumers().endOfBatch();
        }

        @Override
        public void lost(BrokerLink link, String reason) {
            FailoverProvider.this.lost(link, reason);
        }
    }

    private final class MendingOutcome implements Mending.Outcome {

        @Override
        public void mended(BrokerLink link) {
            phase = Phase.WORKING;
            LOG.info("the connection to {} is restored", state.brokerName());
            state.consumers().resume();
            listener.restored();
        }

        @Override
        public void hopeless(ProviderException reason) {
            phase = Phase.FAILED;
            state.fail(reason);
            listener.failed(reason);
        }
    }
}
