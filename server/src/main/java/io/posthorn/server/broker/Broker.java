package io.posthorn.server.broker;

import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameServer;
import io.posthorn.net.NetConfig;
import io.posthorn.net.NetTransport;
import io.posthorn.protocol.RequestCode;
import io.posthorn.server.broker.registration.BrokerRegistration;
import io.posthorn.server.broker.registration.RegistrationConfig;
import io.posthorn.server.cluster.ClusterWork;
import io.posthorn.server.cluster.DirectoryRole;
import io.posthorn.server.cluster.PeerConfig;
import io.posthorn.server.config.BrokerConfig;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.ConnectionListener;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.HeartConfig;
import io.posthorn.server.replication.MasterHandler;
import io.posthorn.server.replication.MasterState;
import io.posthorn.server.replication.MasterWatch;
import io.posthorn.server.replication.ReplicatedStore;
import io.posthorn.server.security.Authenticator;
import io.posthorn.server.store.Store;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Master: recovers its state, listens, registers with the NameServers, and gives all of it back in the reverse order.
 * Started and closed by one owner.
 */
public final class Broker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    /** Connections beyond it are closed at once. */
    private static final int CONNECTIONS_MAX = 10_000;

    private static final Duration SHIP_TIMEOUT = Duration.ofSeconds(3);

    private final BrokerConfig config;
    private final Store store;
    private final MasterState master;
    private final MasterWatch watch;
    private final Consumer<String> replaced;
    private final Clock clock;
    private final BrokerCore core;
    private final DirectoryRole role;
    private final ClusterWork cluster;
    private final FrameServer server;
    private final LoginHandler logins;
    private final Authenticator authenticator;
    private final Duration loginTimeout;
    private final AtomicBoolean fenced = new AtomicBoolean();
    /** Where the journal ended when it stopped serving. */
    private volatile long lastEnd;

    private final AtomicLong connections = new AtomicLong();
    private final Set<FrameConnection> open = ConcurrentHashMap.newKeySet();
    private final TopicSupplier topics = new TopicSupplier();
    private volatile BrokerRegistration registration;

    /**
     * What a broker is made of.
     *
     * @param store  whose commit position is that of {@code master}
     * @param master its part in replication
     */
    public record Parts(
            ReplicatedStore store,
            MasterState master,
            HeartConfig heart,
            NetConfig net,
            NetTransport transport,
            Authenticator authenticator,
            Duration loginTimeout,
            PeerConfig peers) {}

    /**
     * @param replaced told once, on any thread, when somebody has a higher epoch: the broker serves nobody any more, and should be
     *     closed and follow
     */
    public Broker(BrokerConfig config, Parts parts, Clock clock, Consumer<String> replaced) {
        this.config = config;
        this.store = parts.store();
        this.master = parts.master();
        this.replaced = replaced;
        this.clock = clock;
        this.role = new DirectoryRole(config.brokerName(), parts.peers().directoryBrokerName());
        this.core = new BrokerCore(
                store, parts.heart(), role, clock, master, parts.transport().group(), this::destinationsChanged);
        this.cluster = new ClusterWork(parts.peers(), role, core);
        LoginHandler.Identity identity = new LoginHandler.Identity(
                config.brokerName(),
                config.clusterName(),
                parts.heart().message().maxBytes(),
                parts.net().inFlightMax());
        this.logins = new LoginHandler(
                new MasterAdmission(core, clock, parts.authenticator(), identity, role::isSettled),
                clock,
                parts.authenticator(),
                parts.transport().group());
        this.watch = new MasterWatch(master, new Fencing(), clock);
        this.authenticator = parts.authenticator();
        this.loginTimeout = parts.loginTimeout();
        Acceptor acceptor = new Acceptor(handlers(), new Connections());
        this.server = new FrameServer(parts.net(), acceptor, clock, parts.transport());
    }

    private Map<Integer, RequestHandler> handlers() {
        Map<Integer, RequestHandler> table = new HashMap<>();
        table.put(RequestCode.CONNECT, logins);
        table.put(RequestCode.AUTHENTICATE, logins);
        RequestHandler sends = new SendHandler(core);
        RequestHandler consumers = new ConsumerHandler(core);
        RequestHandler settlements = new SettlementHandler(core);
        RequestHandler branches = new BranchHandler(core);
        RequestHandler destinations = new DestinationHandler(core);
        put(table, logins, RequestCode.CLIENT_ID, RequestCode.CLOSE, RequestCode.PING);
        put(table, sends, RequestCode.SEND, RequestCode.PRODUCER_CLOSE);
        put(table, consumers, RequestCode.OPEN_CONSUMER, RequestCode.CLOSE_CONSUMER, RequestCode.CREDIT);
        put(table, consumers, RequestCode.DRAIN, RequestCode.HAND_OVER, RequestCode.PROGRESS);
        put(table, settlements, RequestCode.ACKNOWLEDGE, RequestCode.COMMIT, RequestCode.ROLLBACK, RequestCode.OUTCOME);
        put(table, branches, RequestCode.XA_START, RequestCode.XA_END, RequestCode.XA_PREPARE, RequestCode.XA_COMMIT);
        put(table, branches, RequestCode.XA_ROLLBACK, RequestCode.XA_RECOVER, RequestCode.XA_FORGET);
        put(table, branches, RequestCode.XA_DECIDE, RequestCode.XA_LIST);
        RequestHandler operators = new OperatorHandler(core, role, cluster);
        put(table, operators, RequestCode.DESTINATION_LIST, RequestCode.DESTINATION_SHOW);
        put(table, operators, RequestCode.DESTINATION_CREATE, RequestCode.DESTINATION_SET);
        put(table, operators, RequestCode.DESTINATION_DELETE);
        put(table, new LargeBodyHandler(core), RequestCode.PUT_CHUNK, RequestCode.FETCH_CHUNK, RequestCode.END_UPLOAD);
        RequestHandler replicas = new MasterHandler(
                master,
                new Fencing(),
                connection -> ClientSession.of(connection).user());
        put(table, replicas, RequestCode.REPLICA_HELLO, RequestCode.REPLICA_FETCH, RequestCode.REPLICA_ACK);
        put(table, replicas, RequestCode.REPLICA_STATUS, RequestCode.REPLICA_PROMOTE, RequestCode.REPLICA_FENCE);
        put(table, replicas, RequestCode.FETCH_MESSAGES);
        put(table, replicas, RequestCode.SNAPSHOT, RequestCode.SNAPSHOT_CHUNK);
        put(table, new FinalizeHandler(core, master), RequestCode.FINALIZE);
        RequestHandler groups = new ClusterHandler(core, role, cluster);
        put(table, groups, RequestCode.LOCATE, RequestCode.GROUPS, RequestCode.PLACE, RequestCode.GROUP_REPORT);
        put(table, groups, RequestCode.GRANT_SUBSCRIPTION, RequestCode.FIND_SUBSCRIPTION);
        put(table, groups, RequestCode.RELEASE_SUBSCRIPTION, RequestCode.GROUP_DRAIN);
        put(table, groups, RequestCode.HOLD_SUBSCRIPTION);
        RequestHandler coordination = new CoordinationHandler(core);
        put(table, coordination, RequestCode.COORDINATE, RequestCode.GROUP_PREPARE, RequestCode.GROUP_COMMIT);
        put(table, coordination, RequestCode.CONFIRM_DECISION, RequestCode.ASK_DECISION);
        put(table, coordination, RequestCode.XA_GROUP_PREPARE, RequestCode.XA_GROUP_COMMIT);
        put(table, coordination, RequestCode.XA_ENLIST);
        put(table, destinations, RequestCode.UNSUBSCRIBE);
        put(table, destinations, RequestCode.CREATE_TEMPORARY, RequestCode.DELETE_TEMPORARY);
        put(table, destinations, RequestCode.RESTATE_TEMPORARY);
        return table;
    }

    /** Verbs of clients that are logged in. */
    private static void put(Map<Integer, RequestHandler> table, RequestHandler handler, int... codes) {
        RequestHandler gate = new LoginGate(handler);
        for (int code : codes) {
            table.put(code, gate);
        }
    }

    /**
     * Recovers, listens and registers.
     *
     * @return the bound address, with the real port
     * @throws io.posthorn.server.store.StoreException if the store cannot be recovered
     * @throws IOException if the address cannot be bound
     */
    public InetSocketAddress start() throws IOException {
        core.recover();
        InetSocketAddress bound = server.bind(config.bind());
        String host = config.advertisedHost() == null ? bound.getAddress().getHostAddress() : config.advertisedHost();
        RegistrationConfig where = RegistrationConfig.of(
                config.clusterName(),
                config.brokerName(),
                config.brokerId(),
                host + ":" + bound.getPort(),
                config.nameServers());
        registration = new BrokerRegistration(where, topics, clock);
        registration.start();
        cluster.start(this::awaitRegistered);
        watch.start(host + ":" + bound.getPort());
        LOG.info(
                "Broker {} of cluster {} listens on {}, Master of epoch {}",
                config.brokerName(),
                config.clusterName(),
                bound,
                core.epoch());
        return bound;
    }

    /** Waits until the broker is registered with at least one NameServer; returns whether it is. */
    public boolean awaitRegistered(long timeoutMs) throws InterruptedException {
        return registration.awaitRegistered(timeoutMs);
    }

    /** Ends the connections of users that are no longer admitted. Any thread; to be called when there are fewer of them. */
    public void endRemovedUsers() {
        core.sequencer().post(() -> {
            for (FrameConnection connection : open) {
                ClientSession session = ClientSession.of(connection);
                // A login under way is refused by itself, with an answer.
                if (session.client() != null && !authenticator.isAdmitted(session.user())) {
                    String text = "user " + session.user() + " was removed";
                    LOG.info("closing the connection from {}: {}", connection.remoteAddress(), text);
                    connection.close(text);
                }
            }
        });
    }

    /** Sequencer: the destinations have changed. */
    private void destinationsChanged() {
        topics.replace(core.epoch(), core.heart().destinations());
        BrokerRegistration current = registration;
        if (current != null) {
            current.changed();
        }
    }

    /** After it was replaced: waits until its Slaves have what it has, for a few seconds at most. */
    public void awaitShipped() {
        master.awaitShipped(lastEnd, SHIP_TIMEOUT);
    }

    /** Unregisters, ends all connections, and closes the store. A second call does nothing. */
    @Override
    public void close() {
        watch.close();
        if (registration != null) {
            registration.close();
        }
        cluster.close();
        CountDownLatch idle = new CountDownLatch(1);
        core.sequencer().run(idle::countDown);
        try {
            if (!idle.await(10, TimeUnit.SECONDS)) {
                LOG.warn("the sequencer is busy; closing all the same");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        server.close();
        core.close();
        store.close();
    }

    /** Somebody else is the Master, or will be: stops serving. */
    private void fence(long epoch, String by, LongConsumer done) {
        String why = "this broker is not the Master of " + config.brokerName() + " any more: " + by + " has epoch "
                + epoch + ", this one has " + core.epoch();
        core.sequencer().run(() -> {
            core.stopServing(why);
            // For Slaves, which get what is durable.
            store.flush(true);
            long end = store.endPosition();
            done.accept(end);
            // Not before: what is sent until then counts, and has to be shipped.
            if (fenced.compareAndSet(false, true)) {
                LOG.warn("{}; it stops serving, at position {}", why, end);
                lastEnd = end;
                replaced.accept(why);
            }
        });
    }

    /** What replication may do with this broker. */
    private final class Fencing implements MasterHandler.Broker {

        @Override
        public long epoch() {
            return core.epoch();
        }

        @Override
        public void fence(long epoch, String by, LongConsumer done) {
            Broker.this.fence(epoch, by, done);
        }

        @Override
        public String fencedBecause() {
            return core.fencedBecause();
        }

        @Override
        public void resume() {
            core.sequencer().run(() -> {});
        }
    }

    /** Follows the connections on their event loops. */
    private final class Connections implements ConnectionListener {

        @Override
        public void opened(FrameConnection connection) {
            if (open.size() >= CONNECTIONS_MAX) {
                connection.close("the limit of " + CONNECTIONS_MAX + " connections per broker is reached");
            }
            ClientSession session = new ClientSession(connection, connections.incrementAndGet());
            connection.attach(session);
            logins.expectLogin(connection, session, loginTimeout);
            open.add(connection);
        }

        @Override
        public void batchEnded(FrameConnection connection) {
            core.sequencer().drainAfterReads(connection.eventLoop());
            core.pauseWhileOverloaded(connection);
        }

        @Override
        public void closed(FrameConnection connection) {
            open.remove(connection);
            ClientSession session = ClientSession.of(connection);
            session.cancelLoginDeadline();
            master.lost(connection);
            core.sequencer().run(() -> core.lost(session));
        }
    }
}
