package io.posthorn.server.broker;

import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameServer;
import io.posthorn.net.NetConfig;
import io.posthorn.net.NetTransport;
import io.posthorn.protocol.RequestCode;
import io.posthorn.server.broker.registration.BrokerRegistration;
import io.posthorn.server.broker.registration.RegistrationConfig;
import io.posthorn.server.config.BrokerConfig;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.ConnectionListener;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.HeartConfig;
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
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Master: recovers its state, listens, registers with the NameServers, and gives all of it back in the reverse order.
 * Started and closed by one owner.
 */
public final class Broker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    /** Connections beyond it are closed at once. */
    private static final int CONNECTIONS_MAX = 10_000;

    private final BrokerConfig config;
    private final Store store;
    private final Clock clock;
    private final BrokerCore core;
    private final FrameServer server;
    private final LoginHandler logins;
    private final Authenticator authenticator;
    private final Duration loginTimeout;
    private final AtomicLong connections = new AtomicLong();
    private final Set<FrameConnection> open = ConcurrentHashMap.newKeySet();
    private final TopicSupplier topics = new TopicSupplier();
    private volatile BrokerRegistration registration;

    /** What a broker is made of. */
    public record Parts(
            Store store,
            HeartConfig heart,
            NetConfig net,
            NetTransport transport,
            Authenticator authenticator,
            Duration loginTimeout) {}

    public Broker(BrokerConfig config, Parts parts, Clock clock) {
        this.config = config;
        this.store = parts.store();
        this.clock = clock;
        this.core =
                new BrokerCore(store, parts.heart(), clock, parts.transport().group(), this::destinationsChanged);
        LoginHandler.Identity identity = new LoginHandler.Identity(
                config.brokerName(),
                config.clusterName(),
                parts.heart().messageMaxBytes(),
                parts.net().inFlightMax());
        this.logins = new LoginHandler(
                core, clock, parts.authenticator(), identity, parts.transport().group());
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
        RequestHandler operators = new OperatorHandler(core);
        put(table, operators, RequestCode.DESTINATION_LIST, RequestCode.DESTINATION_SHOW);
        put(table, operators, RequestCode.DESTINATION_CREATE, RequestCode.DESTINATION_SET);
        put(table, operators, RequestCode.DESTINATION_DELETE);
        put(table, new LargeBodyHandler(core), RequestCode.PUT_CHUNK, RequestCode.FETCH_CHUNK, RequestCode.END_UPLOAD);
        put(table, destinations, RequestCode.UNSUBSCRIBE);
        put(table, destinations, RequestCode.CREATE_TEMPORARY, RequestCode.DELETE_TEMPORARY);
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
        LOG.info("Broker {} of cluster {} listens on {}", config.brokerName(), config.clusterName(), bound);
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

    /** Unregisters, ends all connections, and closes the store. A second call does nothing. */
    @Override
    public void close() {
        if (registration != null) {
            registration.close();
        }
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
        store.close();
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
            core.sequencer().drain();
            core.pauseWhileOverloaded(connection);
        }

        @Override
        public void closed(FrameConnection connection) {
            open.remove(connection);
            ClientSession session = ClientSession.of(connection);
            session.cancelLoginDeadline();
            core.sequencer().run(() -> core.lost(session));
        }
    }
}
