package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameClient;
import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameHandler;
import io.posthorn.net.NetConfig;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.SerializeType;
import io.posthorn.protocol.VersionRange;
import io.posthorn.protocol.api.AuthenticateRequest;
import io.posthorn.protocol.api.ConnectRequest;
import io.posthorn.protocol.api.ConnectResponse;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A logged-in connection to one broker that the caller names itself: no routes, nothing is mended or repeated. For operators' commands and
 * for brokers among themselves. Every method fails with a {@link ProviderException} whose text is for people; any
 * thread but an event loop.
 */
public final class DirectLink implements AutoCloseable {

    /** The encoder of a request without a body. */
    public static final Consumer<ByteBuf> NO_BODY = body -> {};

    /** How long an answer may take, unless something else is asked for. */
    public static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final int LOGIN_STEPS_MAX = 8;
    private static final int NONCE_BYTES = 18;

    private final FrameClient client;
    private final FrameConnection connection;
    private final Duration timeout;
    private ConnectResponse session;

    private DirectLink(FrameClient client, FrameConnection connection, Duration timeout) {
        this.client = client;
        this.connection = connection;
        this.timeout = timeout;
    }

    /**
     * Connects and logs in.
     *
     * @param user null = nobody in particular, which a broker admits on loopback
     * @param name what the broker calls this connection in its log
     * @param timeout how long the connection and each answer may take
     */
    public static DirectLink open(
            InetSocketAddress broker, String user, String password, String name, Duration timeout) {
        FrameClient client = new FrameClient(NetConfig.defaults());
        try {
            FrameConnection connection =
                    await("the connection to " + Failures.text(broker), client.connect(broker, new Silent()), timeout);
            DirectLink link = new DirectLink(client, connection, timeout);
            link.login(user == null ? new AnonymousMechanism() : new ScramMechanism(user, password, nonce()), name);
            return link;
        } catch (RuntimeException failed) {
            client.close();
            throw failed;
        }
    }

    /** What the broker said to the login. */
    public ConnectResponse session() {
        return session;
    }

    /** Whether it still stands. */
    public boolean isOpen() {
        return connection.isOpen();
    }

    /** A request, and its answer, for which it waits. */
    public <T> T call(int code, Consumer<ByteBuf> encoder, Function<ByteBuf, T> decoder) {
        return await("the request", send(code, encoder, decoder), timeout.plusSeconds(1));
    }

    /** A request; the future completes on the event loop, or fails with a {@link ProviderException} or a failure of the transport. */
    public <T> CompletableFuture<T> send(int code, Consumer<ByteBuf> encoder, Function<ByteBuf, T> decoder) {
        ByteBuf body = connection.newBody(64);
        encoder.accept(body);
        return connection
                .request(code, SerializeType.BINARY, Map.of(), body, timeout)
                .thenApply(answer -> decoded(answer, decoder));
    }

    /** A request without an answer. */
    public void oneWay(int code, Consumer<ByteBuf> encoder) {
        ByteBuf body = connection.newBody(32);
        encoder.accept(body);
        connection.oneWayNow(code, body);
    }

    /** Waits for what {@link #send} has promised. */
    public static <T> T await(String what, CompletableFuture<T> future, Duration timeout) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ProviderException known) {
                throw known;
            }
            throw new ProviderException(Kind.CONNECTION, what + " failed: " + Failures.reason(failed), failed);
        } catch (TimeoutException late) {
            throw new ProviderException(Kind.TIMEOUT, what + " takes too long", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ProviderException(Kind.CONNECTION, what + " was interrupted", interrupted);
        }
    }

    /** Takes leave of the broker, if it is still there, and closes the connection. */
    @Override
    public void close() {
        try {
            if (connection.isOpen()) {
                call(RequestCode.CLOSE, NO_BODY, none -> null);
            }
        } catch (ProviderException gone) {
            // Closing the connection says the same.
        } finally {
            client.close();
        }
    }

    /** Closes the connection at once; whoever waits for an answer is told. Any thread. */
    public void abort(String reason) {
        connection.close(reason);
    }

    private void login(Mechanism mechanism, String name) {
        ConnectRequest first = new ConnectRequest(
                VersionRange.OF_CLIENTS.min(),
                VersionRange.OF_CLIENTS.max(),
                name,
                mechanism.name(),
                mechanism.initialResponse(),
                null,
                0);
        ConnectResponse answer = call(RequestCode.CONNECT, first::encode, ConnectResponse::decode);
        for (int step = 0; !answer.done(); step++) {
            if (step == LOGIN_STEPS_MAX) {
                throw new ProviderException(Kind.SECURITY, "the login takes more than " + LOGIN_STEPS_MAX + " steps");
            }
            AuthenticateRequest next = new AuthenticateRequest(mechanism.answer(answer.challenge()));
            answer = call(RequestCode.AUTHENTICATE, next::encode, ConnectResponse::decode);
        }
        mechanism.verify(answer.challenge());
        requireVersion(answer);
        session = answer;
    }

    /** Refuses an answer to a login in which the broker has chosen a version that it was not offered. */
    static void requireVersion(ConnectResponse answer) {
        if (!VersionRange.OF_CLIENTS.contains(answer.version())) {
            throw new ProviderException(
                    Kind.CONNECTION,
                    "the broker has chosen protocol version " + answer.version() + ", this client speaks "
                            + VersionRange.OF_CLIENTS);
        }
    }

    private static <T> T decoded(Frame answer, Function<ByteBuf, T> decoder) {
        try {
            if (answer.code() != 0) {
                throw Failures.of(answer);
            }
            return decoder.apply(answer.body());
        } finally {
            answer.release();
        }
    }

    private static String nonce() {
        byte[] random = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    /** Serves nothing: the other end asks nothing on such a connection. */
    static final class Silent implements FrameHandler {

        @Override
        public void onOpen(FrameConnection opened) {
            // The future of connect says so.
        }

        @Override
        public void onRequest(FrameConnection from, Frame request) {
            request.release();
        }

        @Override
        public void onBatchEnd(FrameConnection from) {
            // Answers are handled one by one.
        }

        @Override
        public void onWritabilityChanged(FrameConnection of) {
            // A few requests at a time.
        }

        @Override
        public void onClosed(FrameConnection closed, Throwable causeOrNull) {
            // The requests in flight fail by themselves.
        }
    }
}
