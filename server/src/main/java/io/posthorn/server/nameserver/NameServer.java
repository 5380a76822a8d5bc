package io.posthorn.server.nameserver;

import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameServer;
import io.posthorn.net.NetTransport;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A NameServer: tells clients on which brokers a topic lies. Memory only, but for a {@link KvConfig} with a file; several run side by side and never talk to each
 * other. Started and closed by one owner.
 *
 * <p>A broker disappears from the routes at once when its connection closes, and after its time-out when it falls silent;
 * then its connection is closed too, so that it notices and registers anew.
 */
public final class NameServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NameServer.class);

    private final NameServerConfig config;
    private final Clock clock;
    private final RouteTable<FrameConnection> table = new RouteTable<>();
    private final KvConfig kvConfig;
    private final FrameServer server;
    private final ScheduledExecutorService scan;

    /** A NameServer on Java's own sockets. */
    public NameServer(NameServerConfig config, Clock clock) {
        this(
                config,
                clock,
                NetTransport.nio(config.eventLoopThreads(), config.net().threadNamePrefix(), false));
    }

    /** @param transport event loops and kinds of socket; taken over */
    public NameServer(NameServerConfig config, Clock clock, NetTransport transport) {
        this.config = config;
        this.clock = clock;
        this.kvConfig = new KvConfig(config.kvConfigFile());
        Switches switches = new Switches(config.switches());
        NameServerDispatcher dispatcher = new NameServerDispatcher(
                table,
                new NameServerDispatcher.Handlers(
                        new RegistrationHandler(
                                table, kvConfig, clock, config.brokerTimeout().toMillis()),
                        new RouteHandler(table, kvConfig, switches),
                        new TopicHandler(table),
                        new KvHandler(kvConfig),
                        new SwitchHandler(switches, config.fixed())));
        this.server = new FrameServer(config.net(), dispatcher, clock, transport);
        this.scan = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "posthorn-nameserver-scan"));
    }

    /**
     * Binds, and serves from then on.
     *
     * @return the bound address, with the real port
     * @throws IOException if the address cannot be bound, or the KV configuration's file cannot be read; the text says which and why
     */
    public InetSocketAddress start() throws IOException {
        kvConfig.load();
        InetSocketAddress bound = server.bind(config.listen());
        long periodMs = config.scanInterval().toMillis();
        scan.scheduleWithFixedDelay(this::expireSilentBrokers, periodMs, periodMs, TimeUnit.MILLISECONDS);
        LOG.info("NameServer listens on {}", bound);
        return bound;
    }

    private void expireSilentBrokers() {
        try {
            for (LiveBroker<FrameConnection> silent : table.expire(clock.monotonicNs())) {
                LOG.warn("{}: removed after {} ms of silence", silent.broker(), silent.timeoutMs());
                silent.connection().close("the broker was silent for over " + silent.timeoutMs() + " ms");
            }
        } catch (RuntimeException e) {
            // The edge of a loop: an exception would end the scans for good.
            LOG.error("the look for silent brokers failed", e);
        }
    }

    /** Stops serving and closes every connection; a second call does nothing. */
    @Override
    public void close() {
        scan.shutdownNow();
        server.close();
    }
}
