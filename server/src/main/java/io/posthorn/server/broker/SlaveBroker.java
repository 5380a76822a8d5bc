package io.posthorn.server.broker;

import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameServer;
import io.posthorn.net.NetConfig;
import io.posthorn.net.NetTransport;
import io.posthorn.protocol.RequestCode;
import io.posthorn.server.broker.registration.BrokerRegistration;
import io.posthorn.server.broker.registration.BrokerTopics;
import io.posthorn.server.broker.registration.RegistrationConfig;
import io.posthorn.server.config.BrokerConfig;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.ConnectionListener;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.replication.SlaveHandler;
import io.posthorn.server.replication.SlaveState;
import io.posthorn.server.security.Authenticator;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Slave: follows its Master, listens for operators and for clients that have lost their way, and registers with the NameServers under its
 * brokerId. Started and closed by one owner.
 */
public final class SlaveBroker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlaveBroker.class);

    /** Connections beyond it are closed at once. */
    private static final int CONNECTIONS_MAX = 10_000;

    private final BrokerConfig config;
    private final SlaveState slave;
    private final Clock clock;
    private final LoginHandler logins;
    private final Duration loginTimeout;
    private final FrameServer server;
    private final AtomicLong connections = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private volatile BrokerRegistration registration;

    /** What a Slave is made of. */
    public record Parts(
            SlaveState slave,
            NetConfig net,
            NetTransport transport,
            Authenticator authenticator,
            Duration loginTimeout,
            int messageMaxBytes) {}

    /**
     * @param owner    works off promotions
     * @param promoted told on the owner's thread that this broker has to be closed and begin anew as Master
     */
    public SlaveBroker(BrokerConfig config, Parts parts, Clock clock, Executor owner, Runnable promoted) {
        this.config = config;
        this.slave = parts.slave();
        this.clock = clock;
        this.loginTimeout = parts.loginTimeout();
        LoginHandler.Identity identity = new LoginHandler.Identity(
                config.brokerName(),
                config.clusterName(),
                parts.messageMaxBytes(),
                parts.net().inFlightMax());
        this.logins = new LoginHandler(
                new SlaveAdmission(identity),
                clock,
                parts.authenticator(),
                parts.transport().group());
        RequestHandler gate = new LoginGate(new SlaveHandler(slave, owner, promoted));
        Acceptor acceptor = new Acceptor(handlers(gate), new Connections());
        this.server = new FrameServer(parts.net(), acceptor, clock, parts.transport());
    }

    private Map<Integer, RequestHandler> handlers(RequestHandler gate) {
        Map<Integer, RequestHandler> table = new HashMap<>();
        // Whatever a Master serves: a client has to be told that this is none.
        for (int code = RequestCode.CONNECT; code < RequestCode.EXTENSION_END; code++) {
            table.put(code, gate);
        }
        table.put(RequestCode.CONNECT, logins);
        table.put(RequestCode.AUTHENTICATE, logins);
        RequestHandler life = new LoginGate(logins);
        table.put(RequestCode.CLIENT_ID, life);
        table.put(RequestCode.CLOSE, life);
        table.put(RequestCode.PING, life);
        return table;
    }

    /**
     * Listens, opens the store, registers and begins to follow.
     *
     * @return the bound address, with the real port
     * @throws io.posthorn.server.store.StoreException if the store cannot be opened
     * @throws IOException if the address cannot be bound
     */
    public InetSocketAddress start() throws IOException {
        InetSocketAddress bound = server.bind(config.bind());
        String host = config.advertisedHost() == null ? bound.getAddress().getHostAddress() : config.advertisedHost();
        String address = host + ":" + bound.getPort();
        slave.start(address);
        RegistrationConfig where = RegistrationConfig.of(
                config.clusterName(), config.brokerName(), slave.brokerId(), address, config.nameServers());
        registration = new BrokerRegistration(where, () -> new BrokerTopics(slave.epoch(), List.of()), clock);
        registration.start();
        LOG.info(
                "Broker {} of cluster {} listens on {}, Slave {}",
                config.brokerName(),
                config.clusterName(),
                bound,
                slave.brokerId());
        return bound;
    }

    /** Waits until the broker is registered with at least one NameServer; returns whether it is. */
    public boolean awaitRegistered(long timeoutMs) throws InterruptedException {
        return registration.awaitRegistered(timeoutMs);
    }

    /** Unregisters, ends all connections, and closes the store. */
    @Override
    public void close() {
        if (registration != null) {
            registration.close();
        }
        slave.close();
        server.close();
    }

    /** Follows the connections on their event loops. */
    private final class Connections implements ConnectionListener {

        @Override
        public void opened(FrameConnection connection) {
            if (open.incrementAndGet() > CONNECTIONS_MAX) {
                connection.close("the limit of " + CONNECTIONS_MAX + " connections per broker is reached");
            }
            ClientSession session = new ClientSession(connection, connections.incrementAndGet());
            connection.attach(session);
            logins.expectLogin(connection, session, loginTimeout);
        }

        @Override
        public void batchEnded(FrameConnection connection) {
            // Every request is answered by itself.
        }

        @Override
        public void closed(FrameConnection connection) {
            open.decrementAndGet();
            ClientSession.of(connection).cancelLoginDeadline();
        }
    }
}
