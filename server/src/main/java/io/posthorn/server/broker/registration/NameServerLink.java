package io.posthorn.server.broker.registration;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.net.Backoff;
import io.posthorn.net.FrameClient;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.ResponseCode;
import io.posthorn.protocol.SerializeType;
import io.posthorn.server.route.BrokerIdentity;
import io.posthorn.server.route.RegisterBodyCodec;
import io.posthorn.server.route.TopicTable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The long connection to one NameServer, and what that one knows. Every method but the two queries runs on the
 * registration's thread; at most one registration is under way, later ones are merged into the next.
 *
 * <p>Any failure ends in the same way: the connection is closed, and after a growing pause (100 ms to 5 s) a new one starts
 * with a full registration. Nothing is ever reported to the caller; {@link #isRegistered} tells.
 */
final class NameServerLink {

    private static final Logger LOG = LoggerFactory.getLogger(NameServerLink.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration UNREGISTER_TIMEOUT = Duration.ofSeconds(2);

    private final InetSocketAddress nameServer;
    private final BrokerIdentity broker;
    private final FrameClient client;
    private final ScheduledExecutorService thread;
    private final RandomGenerator random;
    private final Runnable onRegistered;

    /** What is to be announced; not null. */
    private Announcement wanted = Announcement.NOTHING;
    /** What this connection's NameServer has confirmed; null before its first answer. */
    private Announcement confirmed;

    /** What is being sent, and the pieces of it that are still to go. */
    private Announcement sending = Announcement.NOTHING;

    private final Queue<TopicTable> unsent = new ArrayDeque<>();

    /** Topics that the NameServer may know from here, also from former connections. */
    private final Set<String> told = new HashSet<>();

    /** Those of them that are not announced any more. */
    private final Queue<String> obsolete = new ArrayDeque<>();

    private FrameConnection connection;
    private CompletableFuture<?> underWay = CompletableFuture.completedFuture(null);
    private boolean fullWanted;
    private int failures;
    private boolean closed;

    private volatile boolean registered;
    private volatile String masterAddress;

    NameServerLink(
            InetSocketAddress nameServer,
            BrokerIdentity broker,
            FrameClient client,
            ScheduledExecutorService thread,
            RandomGenerator random,
            Runnable onRegistered) {
        this.nameServer = nameServer;
        this.broker = broker;
        this.client = client;
        this.thread = thread;
        this.random = random;
        this.onRegistered = onRegistered;
    }

    /** Whether the NameServer has confirmed a registration on the present connection. Any thread. */
    boolean isRegistered() {
        return registered;
    }

    /** The Master's address as this NameServer told a Slave, or null. Any thread. */
    String masterAddress() {
        return masterAddress;
    }

    /** Starts the first connection; what was announced goes out as soon as it stands. */
    void start() {
        connect();
    }

    /**
     * Announces what the NameServer lacks.
     *
     * @param full all topics even so, as the periodic sign of life does
     */
    void announce(Announcement announcement, boolean full) {
        wanted = announcement;
        fullWanted |= full;
        proceed();
    }

    /**
     * Ends the link: says goodbye if it is registered. The future completes, always normally, when the NameServer has
     * answered or {@link #UNREGISTER_TIMEOUT} has passed.
     */
    CompletableFuture<Void> close() {
        closed = true;
        if (connection == null) {
            return CompletableFuture.completedFuture(null);
        }
        FrameConnection last = connection;
        // A registration that is still under way must not overtake the goodbye.
        return underWay.handle((done, failure) -> null)
                .thenCompose(ignored -> request(
                        last, RequestCode.UNREGISTER_BROKER, identity(), Unpooled.EMPTY_BUFFER, UNREGISTER_TIMEOUT))
                .handle((answer, failure) -> {
                    if (answer != null) {
                        answer.release();
                    } else {
                        LOG.info("{}: could not unregister {}: {}", nameServer, broker, failure.toString());
                    }
                    return null;
                });
    }

    private void connect() {
        if (closed) {
            return;
        }
        client.connect(resolved(), new NameServerPeer()).whenCompleteAsync(this::connected, thread);
    }

    /** A name is looked up for every attempt, since a NameServer may come back at another address. */
    private InetSocketAddress resolved() {
        return nameServer.isUnresolved()
                ? new InetSocketAddress(nameServer.getHostString(), nameServer.getPort())
                : nameServer;
    }

    private void connected(FrameConnection established, Throwable failure) {
        if (failure != null) {
            retryLater("cannot be reached: " + failure.getMessage());
            return;
        }
        if (closed) {
            established.close("the broker shuts down");
            return;
        }
        connection = established;
        established.closed().whenCompleteAsync((done, cause) -> lost(established), thread);
        proceed();
    }

    private void lost(FrameConnection which) {
        if (connection == which) {
            connection = null;
            confirmed = null;
            unsent.clear();
            registered = false;
            retryLater("is no longer connected");
        }
    }

    private void retryLater(String reason) {
        if (closed) {
            return;
        }
        long delayMs = BACKOFF.delayMs(failures++, random);
        // One line per outage; the attempts that follow are of interest only to who looks for them.
        if (failures == 1) {
            LOG.warn("NameServer {} {}; trying again until it is back", nameServer, reason);
        } else {
            LOG.debug("NameServer {} {}; next attempt in {} ms", nameServer, reason, delayMs);
        }
        thread.schedule(this::connect, delayMs, TimeUnit.MILLISECONDS);
    }

    private void proceed() {
        if (connection == null || closed || !underWay.isDone()) {
            return;
        }
        if (unsent.isEmpty() && (fullWanted || confirmed != wanted)) {
            sending = wanted;
            told.addAll(sending.topics().keySet());
            unsent.addAll(fullWanted || confirmed == null ? sending.full() : sending.since(confirmed));
            fullWanted = false;
        }
        if (!unsent.isEmpty()) {
            register(unsent.remove());
        } else if (!obsolete.isEmpty()) {
            delete(obsolete.remove());
        }
    }

    /** What a Slave lacks may be there again at its Master, who alone deletes. */
    private void findObsolete() {
        obsolete.clear();
        if (broker.isMaster()) {
            told.stream()
                    .filter(topic -> !confirmed.topics().containsKey(topic))
                    .forEach(obsolete::add);
        } else {
            told.retainAll(confirmed.topics().keySet());
        }
    }

    /** The broker's name stands beside RocketMQ's fields, so that a NameServer of ours leaves other groups' entries alone. */
    private void delete(String topic) {
        Map<String, String> ext = new HashMap<>();
        ext.put("topic", topic);
        ext.put("clusterName", broker.cluster());
        ext.put("brokerName", broker.brokerName());
        FrameConnection on = connection;
        underWay = request(on, RequestCode.DELETE_TOPIC_IN_NAMESRV, ext, Unpooled.EMPTY_BUFFER, REQUEST_TIMEOUT)
                .handleAsync(
                        (answer, failure) -> {
                            deleteAnswered(on, topic, answer, failure);
                            return null;
                        },
                        thread);
    }

    private void deleteAnswered(FrameConnection on, String topic, Frame answer, Throwable failure) {
        if (failure != null) {
            on.close("a deletion failed: " + failure.getMessage());
            return;
        }
        if (answer.code() != ResponseCode.SUCCESS) {
            LOG.warn("NameServer {} does not delete {}: {} {}", nameServer, topic, answer.code(), answer.remark());
        }
        answer.release();
        told.remove(topic);
        thread.execute(this::proceed);
    }

    private void register(TopicTable table) {
        byte[] body = RegisterBodyCodec.encode(table);
        Map<String, String> ext = identity();
        ext.put("haServerAddr", broker.address());
        ext.put("compressed", "false");
        ext.put("bodyCrc32", String.valueOf(RegisterBodyCodec.crc(body)));
        FrameConnection on = connection;
        CompletableFuture<Frame> answer =
                request(on, RequestCode.REGISTER_BROKER, ext, Unpooled.wrappedBuffer(body), REQUEST_TIMEOUT);
        underWay = answer.handleAsync(
                (frame, failure) -> {
                    registerAnswered(on, frame, failure);
                    return null;
                },
                thread);
    }

    private void registerAnswered(FrameConnection on, Frame answer, Throwable failure) {
        try {
            if (failure != null) {
                on.close("registration failed: " + failure.getMessage());
            } else if (answer.code() != ResponseCode.SUCCESS) {
                LOG.warn("NameServer {} refuses {}: {} {}", nameServer, broker, answer.code(), answer.remark());
                on.close("registration refused");
            } else if (on == connection) {
                registerConfirmed(answer.ext().get("masterAddr"));
            }
        } finally {
            if (answer != null) {
                answer.release();
            }
        }
    }

    private void registerConfirmed(String master) {
        masterAddress = master;
        if (unsent.isEmpty()) {
            if (!registered) {
                LOG.info("registered {} with NameServer {}", broker, nameServer);
            }
            confirmed = sending;
            findObsolete();
            registered = true;
            onRegistered.run();
            failures = 0;
        }
        // We are still inside the future that underWay is; what follows has to wait until that is done.
        thread.execute(this::proceed);
    }

    private Map<String, String> identity() {
        Map<String, String> ext = new HashMap<>();
        ext.put("brokerName", broker.brokerName());
        ext.put("brokerAddr", broker.address());
        ext.put("clusterName", broker.cluster());
        ext.put("brokerId", String.valueOf(broker.brokerId()));
        return ext;
    }

    private static CompletableFuture<Frame> request(
            FrameConnection on, int code, Map<String, String> ext, ByteBuf body, Duration timeout) {
        return on.request(code, SerializeType.JSON, ext, body, timeout);
    }
}
