package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameClient;
import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameHandler;
import io.posthorn.net.RemotingTimeoutException;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.SerializeType;
import io.posthorn.protocol.VersionRange;
import io.posthorn.protocol.api.AuthenticateRequest;
import io.posthorn.protocol.api.ConnectRequest;
import io.posthorn.protocol.api.ConnectResponse;
import io.posthorn.protocol.api.ConsumerClosedCommand;
import io.posthorn.protocol.api.DeliverCommand;
import io.posthorn.protocol.api.DeliverReferencesCommand;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One logged-in connection to the Master of a broker group, or to a Slave that is read from, from login to its end; it is never mended. Any
 * thread may send; all else happens on the event loop.
 */
final class BrokerLink implements FrameHandler {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerLink.class);

    private static final int LOGIN_STEPS_MAX = 8;

    /** What a Slave says in the place of an epoch. */
    private static final long SLAVE_EPOCH = 0;

    private static final String CLIENT_NAME = "posthorn-jms/" + VersionRange.OF_CLIENTS.max();
    private static final Consumer<ByteBuf> NO_BODY = body -> {};

    /** What the broker says by itself; called on the event loop, after the login. */
    interface Events {

        void delivered(DeliverCommand command);

        /** Messages whose bodies have to be fetched. */
        void referred(DeliverReferencesCommand command);

        void consumerClosed(ConsumerClosedCommand command);

        /** Everything of one read was given to {@link #delivered}. */
        void endOfBatch();

        /** The link is gone; last call. */
        void lost(BrokerLink link, String reason);
    }

    /**
     * Who logs in.
     *
     * @param mechanism a fresh one for each login
     * @param clientId JMS client identifier to claim, or null
     * @param resumeToken of the connection to carry on with, or 0
     * @param atSlave whether the broker has to be a Slave, instead of a Master
     */
    record Credentials(Mechanism mechanism, String clientId, long resumeToken, boolean atSlave) {}

    private final Loop loop;
    private final RemoteConfig config;
    private final Events events;
    private FrameConnection connection;
    private ConnectResponse session;
    private int loginSteps;
    private Future<?> nextPing;
    private boolean pinging;
    private String closeReason;

    private BrokerLink(Loop loop, RemoteConfig config, Events events) {
        this.loop = loop;
        this.config = config;
        this.events = events;
    }

    /**
     * Connects and logs in; call it on the event loop.
     *
     * @param loginTimeout how long each answer to the login may take
     * @return completes there; fails with a {@link ProviderException} of kind SECURITY, INVALID_CLIENT_ID, CONNECTION, TIMEOUT
     */
    static CompletableFuture<BrokerLink> open(
            FrameClient client,
            Loop loop,
            RemoteConfig config,
            InetSocketAddress address,
            Credentials credentials,
            Duration loginTimeout,
            Events events) {
        BrokerLink link = new BrokerLink(loop, config, events);
        return client.connect(address, link)
                .handle((connected, failure) -> {
                    if (failure != null) {
                        throw Failures.unreachable(
                                "cannot reach the broker at " + Failures.text(address) + ": "
                                        + Failures.reason(failure),
                                failure);
                    }
                    return connected;
                })
                .thenCompose(connected -> link.login(credentials, loginTimeout))
                .whenComplete((done, failure) -> {
                    if (failure != null && link.connection != null) {
                        link.close("the login failed: " + Failures.reason(failure));
                    }
                });
    }

    private CompletableFuture<BrokerLink> login(Credentials credentials, Duration timeout) {
        Mechanism mechanism = credentials.mechanism();
        ConnectRequest first = new ConnectRequest(
                VersionRange.OF_CLIENTS.min(),
                VersionRange.OF_CLIENTS.max(),
                CLIENT_NAME,
                mechanism.name(),
                mechanism.initialResponse(),
                credentials.clientId(),
                credentials.resumeToken(),
                config.slaveRead() && !credentials.atSlave() ? ConnectRequest.TAKES_REFERENCES : 0);
        return call("the login", RequestCode.CONNECT, first::encode, ConnectResponse::decode, timeout)
                .thenCompose(answer -> nextLoginStep(credentials, answer, timeout));
    }

    private CompletableFuture<BrokerLink> nextLoginStep(
            Credentials credentials, ConnectResponse answer, Duration timeout) {
        Mechanism mechanism = credentials.mechanism();
        if (answer.done()) {
            mechanism.verify(answer.challenge());
            DirectLink.requireVersion(answer);
            if (answer.epoch() == SLAVE_EPOCH != credentials.atSlave()) {
                throw Failures.unreachable(
                        "the broker at " + remoteAddress() + " is a " + (credentials.atSlave() ? "Master" : "Slave"),
                        null);
            }
            session = answer;
            schedulePing();
            LOG.debug("logged in at {} of {}, connection {}", answer.brokerName(), connection, answer.connectionId());
            return CompletableFuture.completedFuture(this);
        }
        if (++loginSteps > LOGIN_STEPS_MAX) {
            throw new ProviderException(Kind.SECURITY, "the login takes more than " + LOGIN_STEPS_MAX + " steps");
        }
        AuthenticateRequest next = new AuthenticateRequest(mechanism.answer(answer.challenge()));
        return call("the login", RequestCode.AUTHENTICATE, next::encode, ConnectResponse::decode, timeout)
                .thenCompose(further -> nextLoginStep(credentials, further, timeout));
    }

    /** The broker's consent to the login. */
    ConnectResponse session() {
        return session;
    }

    /** The broker's address. */
    String remoteAddress() {
        return String.valueOf(connection.remoteAddress());
    }

    Loop loop() {
        return loop;
    }

    /** Writes a call; its outcome reaches it on the event loop, never within this method. */
    void send(Call call) {
        ByteBuf body = connection.newBody(call.bodyBytes());
        try {
            call.encode(body);
        } catch (RuntimeException unfit) {
            body.release();
            loop.execute(() -> call.onFailure(unfit));
            return;
        }
        if (call.isUrgent()) {
            connection.sendNow(call.code(), body, call);
        } else {
            connection.send(call.code(), body, call);
        }
    }

    /** Writes a one-way request. */
    void oneWay(int code, int bodyBytes, Consumer<ByteBuf> encoder) {
        ByteBuf body = connection.newBody(bodyBytes);
        encoder.accept(body);
        connection.oneWay(code, body);
    }

    /**
     * Writes a one-way request on the calling thread, if the socket takes it.
     *
     * @return whether it is with the operating system; if not, {@link #awaitWritten} waits for that
     */
    boolean oneWayNow(int code, int bodyBytes, Consumer<ByteBuf> encoder) {
        ByteBuf body = connection.newBody(bodyBytes);
        encoder.accept(body);
        return connection.oneWayNow(code, body);
    }

    /** Waits until the operating system has all that was written before, or the link is lost. Without any lock of a flow. */
    void awaitWritten() {
        connection.awaitWritten();
    }

    /**
     * One request of this link alone, not repeated elsewhere; call it on the event loop.
     *
     * @param what for the error texts
     * @return fails with a {@link ProviderException}: CONNECTION when the link is lost, TIMEOUT, or what the broker says
     */
    <T> CompletableFuture<T> call(String what, int code, Consumer<ByteBuf> encoder, Function<ByteBuf, T> decoder) {
        return call(what, code, encoder, decoder, config.requestTimeout());
    }

    /** As above, with a time limit of its own. */
    <T> CompletableFuture<T> call(
            String what, int code, Consumer<ByteBuf> encoder, Function<ByteBuf, T> decoder, Duration timeout) {
        ByteBuf body = connection.newBody(64);
        encoder.accept(body);
        return connection
                .request(code, SerializeType.BINARY, Map.of(), body, timeout)
                .handle((answer, failure) -> {
                    if (failure instanceof RemotingTimeoutException) {
                        throw Failures.timedOut(what);
                    }
                    if (failure != null) {
                        throw Failures.unreachable(what + " failed: " + Failures.reason(failure), failure);
                    }
                    return decoded(what, answer, decoder);
                });
    }

    private static <T> T decoded(String what, Frame answer, Function<ByteBuf, T> decoder) {
        try {
            if (answer.code() != 0) {
                throw Failures.of(answer);
            }
            return decoder.apply(answer.body());
        } catch (ProtocolException malformed) {
            throw new ProviderException(Kind.INTERNAL, "malformed answer to " + what, malformed);
        } finally {
            answer.release();
        }
    }

    /** Says goodbye: the broker releases everything of this connection at once. */
    CompletableFuture<Void> goodbye() {
        return call("the close request", RequestCode.CLOSE, NO_BODY, none -> null, config.closeTimeout());
    }

    /** Closes the connection; {@link Events#lost} follows. Any thread. */
    void close(String reason) {
        loop.execute(() -> {
            if (closeReason == null) {
                closeReason = reason;
            }
            connection.close(reason);
        });
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /** Asks for a sign of life now; without one the link is closed. Any thread. */
    void probe() {
        loop.execute(this::ping);
    }

    /** As {@link #probe}, with less patience: there is reason to believe that the Master is elsewhere. Event loop. */
    void probe(Duration patience) {
        this.<Void>call("a PING", RequestCode.PING, NO_BODY, none -> null, patience)
                .whenComplete((alive, failure) -> {
                    if (failure != null && Failures.kindIs(failure, Kind.TIMEOUT)) {
                        close("the NameServers know another Master, and this one was silent for " + patience.toMillis()
                                + " ms");
                    }
                });
    }

    private void schedulePing() {
        if (connection.isOpen()) {
            nextPing = loop.schedule(this::ping, config.keepAlive());
        }
    }

    private void ping() {
        if (pinging || !connection.isOpen()) {
            return;
        }
        pinging = true;
        nextPing.cancel(false);
        Duration patience = config.keepAlive().compareTo(config.requestTimeout()) < 0
                ? config.keepAlive()
                : config.requestTimeout();
        this.<Void>call("a PING", RequestCode.PING, NO_BODY, none -> null, patience)
                .whenComplete((alive, failure) -> {
                    pinging = false;
                    if (failure != null && Failures.kindIs(failure, Kind.TIMEOUT)) {
                        close("the broker was silent for " + patience.toMillis() + " ms");
                    } else {
                        schedulePing();
                    }
                });
    }

    @Override
    public void onOpen(FrameConnection opened) {
        connection = opened;
    }

    @Override
    public void onRequest(FrameConnection from, Frame request) {
        try {
            switch (request.code()) {
                case RequestCode.DELIVER -> events.delivered(DeliverCommand.decode(request.body()));
                case RequestCode.DELIVER_REFERENCES -> events.referred(DeliverReferencesCommand.decode(request.body()));
                case RequestCode.CONSUMER_CLOSED -> events.consumerClosed(ConsumerClosedCommand.decode(request.body()));
                default ->
                    from.respond(
                            request,
                            ErrorCode.REQUEST_CODE_NOT_SUPPORTED.code(),
                            "a client does not serve " + request.code(),
                            Map.of(),
                            Unpooled.EMPTY_BUFFER);
            }
        } finally {
            request.release();
        }
    }

    @Override
    public void onBatchEnd(FrameConnection from) {
        events.endOfBatch();
    }

    @Override
    public void onWritabilityChanged(FrameConnection of) {
        // The windows of the flows bound what can wait to be written.
    }

    @Override
    public void onClosed(FrameConnection closed, Throwable causeOrNull) {
        if (nextPing != null) {
            nextPing.cancel(false);
        }
        if (session != null) {
            String reason = closeReason != null
                    ? closeReason
                    : causeOrNull != null ? Failures.reason(causeOrNull) : "the broker closed the connection";
            events.lost(this, reason);
        }
    }

    @Override
    public String toString() {
        return "link " + connection;
    }
}
