package io.posthorn.provider.remote;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.BrowseCommittedRequest;
import io.posthorn.protocol.api.BrowseCommittedResponse;
import io.posthorn.protocol.api.ConsumerClosedCommand;
import io.posthorn.protocol.api.CreditRequest;
import io.posthorn.protocol.api.DeliverCommand;
import io.posthorn.protocol.api.DeliverReferencesCommand;
import io.posthorn.provider.BranchReply;
import io.posthorn.provider.CommittedPage;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.Delivered;
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
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JMS connection to one broker group, over as many links as it takes; {@link ClusterProvider} puts those to several groups
 * together. Any thread may call the verbs; links come and go on the event loop.
 *
 * <pre>
 * CONNECTING → WORKING ⇄ MENDING → FAILED      any → CLOSED
 * </pre>
 *
 * <p>While MENDING, verbs wait; in FAILED they fail with what the listener was told, in CLOSED with kind CLOSED.
 */
final class FailoverProvider implements Provider {

    private static final Logger LOG = LoggerFactory.getLogger(FailoverProvider.class);

    /** How long a Master may be silent once the NameServers know another one. */
    private static final Duration DOUBT_PATIENCE = Duration.ofSeconds(3);

    /** A Slave may have to move a part of its journal into its tables first. */
    private static final Duration BROWSE_PATIENCE = Duration.ofSeconds(10);

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
    private final ConnectionState state;
    private final RemoteBranches branches;
    private final RemoteLargeBodies largeBodies;
    private final SlaveLink slave;
    private final BodyFetch bodies;
    private final Mending mending;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile boolean reachable = true;

    // Event loop only.
    private Phase phase = Phase.CONNECTING;
    private boolean closing;
    private boolean interrupted;

    /**
     * @param names shared with others, which outlive it, like the client in the parts
     * @param group its name
     */
    FailoverProvider(Mending.Parts parts, NameServerLink names, String group, Login login, ProviderListener listener) {
        this.parts = parts;
        this.loop = parts.loop();
        this.listener = listener;
        this.state = new ConnectionState(group, login, parts.config(), loop, parts.random(), listener::problem);
        this.branches = new RemoteBranches(state);
        this.largeBodies = new RemoteLargeBodies(state);
        this.slave = new SlaveLink(parts, names, state);
        this.bodies = new BodyFetch(state, slave);
        this.mending = new Mending(parts, names, state, new LinkEvents(), new MendingOutcome(), listener::problem);
    }

    /** Connects and logs in at once, or fails and is closed. Event loop. @param view where the Masters are */
    CompletableFuture<FailoverProvider> connect(ClusterView view) {
        CompletableFuture<FailoverProvider> connected = new CompletableFuture<>();
        mending.connectOnce(view).whenComplete((link, failure) -> {
            if (failure == null && link.isOpen()) {
                phase = Phase.WORKING;
                connected.complete(this);
            } else {
                ProviderException reason = failure == null
                        ? Failures.unreachable("the broker closed the connection at once", null)
                        : Failures.asProviderException(failure);
                shutDown(reason);
                connected.completeExceptionally(reason);
            }
        });
        return connected;
    }

    /** Connects as if the connection had been lost: verbs may be called at once, and wait. */
    void connectPatiently() {
        loop.execute(() -> {
            if (phase == Phase.CONNECTING) {
                phase = Phase.MENDING;
                mending.start();
            }
        });
    }

    /** Name of its broker group. */
    String group() {
        return state.brokerName();
    }

    /** Name of the cluster; null before the first login. */
    String clusterName() {
        return state.clusterName();
    }

    /** Whether there is a link to the Master now. */
    boolean isConnected() {
        return state.link() != null;
    }

    /** Whether there is a link, or nothing speaks against there being one soon: the first attempt is under way. */
    boolean isReachable() {
        return reachable;
    }

    /** Takes over where the Masters are. Event loop. */
    void remember(ClusterView view) {
        checkMaster(view);
        mending.remember(view);
    }

    /** A verb that is no part of the port: asked like all others. */
    <T> CompletableFuture<T> ask(PendingVerb.Verb<T> verb) {
        return state.requests().ask(verb);
    }

    /** Ends the producer's transaction here, and decides thereby for other broker groups. */
    CompletableFuture<Void> commitDeciding(
            RemoteProducer producer, List<DeliverySpan> consumed, TransactionEnd.Decision decision) {
        state.settlements().flush();
        return producer.end(true, consumed, decision);
    }

    /** Prepares what the producer's transaction has done here. */
    CompletableFuture<BranchReply> prepare(RemoteProducer producer, BranchId branch, List<DeliverySpan> consumed) {
        state.settlements().flush();
        RemoteBranchWork work = new RemoteBranchWork(producer, producer.transaction());
        BranchWorkEnd end = new BranchWorkEnd(work, branch, null, consumed);
        producer.end(end);
        return end.future();
    }

    @Override
    public CompletableFuture<Void> claimClientId(String clientId) {
        return state.requests().ask(Verbs.claimClientId(clientId, state::clientId));
    }

    @Override
    public RemoteProducer openProducer() {
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
        RemoteProducer.of(producer).send(message, transacted, callback);
    }

    @Override
    public CompletableFuture<ConsumerHandle> openConsumer(ConsumerSpec spec, DeliveryListener deliveries) {
        RemoteConsumer consumer = state.consumers().add(spec, deliveries);
        return state.requests().ask(Verbs.open(consumer, state::link));
    }

    @Override
    public void credit(ConsumerHandle handle, long limit, int windowMaxBytes) {
        RemoteConsumer consumer = RemoteConsumer.of(handle);
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
        RemoteConsumer consumer = RemoteConsumer.of(handle);
        // What was delivered by reference before the answer belongs before it.
        return state.requests().ask(Verbs.drain(consumer, limit)).thenCompose(consumer::afterFetches);
    }

    @Override
    public void handOver(ConsumerHandle consumer, long deliveryIdTo) {
        state.settlements().handOver(RemoteConsumer.of(consumer), deliveryIdTo);
    }

    @Override
    public void accept(ConsumerHandle consumer, long from, long to, long handOverTo) {
        state.settlements().accept(RemoteConsumer.of(consumer), from, to, handOverTo);
    }

    @Override
    public void acceptLast(ConsumerHandle consumer, long from, long to) {
        state.settlements().acceptLast(RemoteConsumer.of(consumer), from, to);
    }

    @Override
    public CompletableFuture<Void> acknowledge(Settle settle, List<DeliverySpan> spans, boolean await) {
        return state.settlements().acknowledge(settle, spans, await);
    }

    @Override
    public CompletableFuture<Void> commit(ProducerHandle producer, List<DeliverySpan> consumed) {
        state.settlements().flush();
        return RemoteProducer.of(producer).end(true, consumed, null);
    }

    @Override
    public CompletableFuture<Void> rollback(ProducerHandle producer, List<DeliverySpan> consumed) {
        state.settlements().flush();
        return RemoteProducer.of(producer).end(false, consumed, null);
    }

    @Override
    public RemoteBranches branches() {
        return branches;
    }

    @Override
    public LargeBodies largeBodies() {
        return largeBodies;
    }

    @Override
    public CompletableFuture<CommittedPage> browseCommitted(
            DestinationName queue, CommittedPage after, int messagesMax, int bytesMax) {
        CompletableFuture<CommittedPage> page = new CompletableFuture<>();
        loop.execute(() -> {
            boolean begins = after == CommittedPage.NONE;
            if (begins && phase != Phase.MENDING || !parts.config().slaveRead()) {
                page.completeExceptionally(new ProviderException(
                        ProviderException.Kind.ILLEGAL_STATE, "queues are browsed at the Master of " + group()));
                return;
            }
            BrowseCommittedRequest request =
                    new BrowseCommittedRequest(queue, after.priority(), after.offset(), messagesMax, bytesMax);
            slave.get()
                    .thenCompose(link -> link.call(
                            "browsing at a Slave",
                            RequestCode.BROWSE_COMMITTED,
                            request::encode,
                            BrowseCommittedResponse::decode,
                            BROWSE_PATIENCE))
                    .whenComplete((answer, failure) -> {
                        if (failure != null) {
                            page.completeExceptionally(Failures.asProviderException(failure));
                        } else if (!answer.known()) {
                            page.completeExceptionally(new ProviderException(
                                    ProviderException.Kind.INVALID_DESTINATION, "the Slave knows no " + queue));
                        } else {
                            List<Delivered> messages = answer.messages().stream()
                                    .map(one -> new Delivered(one.deliveryId(), one.deliveryCount(), one.message()))
                                    .toList();
                            page.complete(
                                    new CommittedPage(messages, answer.end(), answer.priority(), answer.offset()));
                        }
                    });
        });
        return page;
    }

    @Override
    public CompletableFuture<Void> closeConsumer(ConsumerHandle handle, long handedOverTo, boolean keepUnsettled) {
        RemoteConsumer consumer = RemoteConsumer.of(handle);
        if (!consumer.closing(handedOverTo)) {
            return CompletableFuture.completedFuture(null);
        }
        state.settlements().flush();
        return state.requests().ask(Verbs.close(consumer, handedOverTo, keepUnsettled));
    }

    @Override
    public void closeProducer(ProducerHandle producer) {
        RemoteProducer.of(producer).close();
    }

    @Override
    public CompletableFuture<Void> unsubscribe(String name) {
        state.settlements().flush();
        return state.requests().ask(Verbs.unsubscribe(name));
    }

    @Override
    public CompletableFuture<DestinationName> createTemporary(boolean queue) {
        return state.requests().ask(Verbs.createTemporary(queue)).thenApply(name -> {
            state.temporaries().add(name);
            return name;
        });
    }

    @Override
    public CompletableFuture<Void> deleteTemporary(DestinationName name) {
        state.settlements().flush();
        return state.requests().ask(Verbs.deleteTemporary(name)).thenApply(done -> {
            state.temporaries().remove(name);
            return done;
        });
    }

    @Override
    public CompletableFuture<Void> close() {
        loop.execute(this::beginClose);
        return closed;
    }

    private void beginClose() {
        if (closing || phase == Phase.CLOSED) {
            return;
        }
        closing = true;
        if (phase == Phase.MENDING) {
            // The broker keeps everything for this connection: it is told, if it can be reached, that nobody comes
            // back.
            mending.finish(parts.config().closeTimeout());
        } else if (phase == Phase.WORKING) {
            sayGoodbye();
        } else {
            shutDown(Failures.closed());
        }
    }

    private void sayGoodbye() {
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

    /** Ends everything with this failure. */
    private void shutDown(ProviderException reason) {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        mending.stop();
        slave.close();
        BrokerLink link = state.link();
        try {
            state.fail(reason);
        } finally {
            // Whatever a callback throws, the socket goes.
            if (link != null) {
                link.close("the client closes");
            }
            closed.complete(null);
        }
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
        reachable = false;
        LOG.info("the connection to {} was lost: {}; looking for its Master", state.brokerName(), reason);
        state.detach();
        interrupted = true;
        listener.interrupted(reason);
        mending.start();
    }

    /** A Master that was stopped without dying keeps its connections: its clients would wait for it although there is another. */
    private void checkMaster(ClusterView view) {
        BrokerLink link = state.link();
        InetSocketAddress master = view.masters().get(state.brokerName());
        if (link != null && master != null && !master.equals(mending.master())) {
            link.probe(DOUBT_PATIENCE);
        }
    }

    /** A message that was delivered by reference is on no broker: it goes the way of one that cannot be read, and its Master finds out why. */
    private void gone(RemoteConsumer consumer, ReferredDelivery delivery) {
        ProviderException reason = BodyFetch.gone(delivery);
        LOG.error("{}", reason.getMessage());
        listener.problem(reason);
        if (consumer.isBrowsing()) {
            return;
        }
        DeliverySpan span = new DeliverySpan(consumer, delivery.localId(), delivery.localId());
        state.settlements().acknowledge(Settle.REJECT, List.of(span), false);
    }

    private final class LinkEvents implements BrokerLink.Events {

        @Override
        public void delivered(DeliverCommand command) {
            state.consumers().deliver(command);
        }

        @Override
        public void referred(DeliverReferencesCommand command) {
            state.consumers().refer(command, bodies, FailoverProvider.this::gone);
        }

        @Override
        public void consumerClosed(ConsumerClosedCommand command) {
            state.consumers().closedByBroker(command);
        }

        @Override
        public void endOfBatch() {
            state.consumers().endOfBatch();
            state.settlements().endOfBatch();
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
            if (closing) {
                sayGoodbye();
                return;
            }
            reachable = true;
            state.consumers().resume();
            if (interrupted) {
                LOG.info("the connection to {} is restored", state.brokerName());
                listener.restored();
            }
        }

        @Override
        public void delayed(ProviderException reason) {
            reachable = false;
            state.sendElsewhere(reason);
        }

        @Override
        public void hopeless(ProviderException reason) {
            if (closing) {
                shutDown(Failures.closed());
                return;
            }
            phase = Phase.FAILED;
            reachable = false;
            state.fail(reason);
            listener.failed(reason);
        }
    }
}
