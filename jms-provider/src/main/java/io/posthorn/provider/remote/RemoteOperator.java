package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.net.FrameClient;
import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameHandler;
import io.posthorn.net.NetConfig;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.SerializeType;
import io.posthorn.protocol.api.AuthenticateRequest;
import io.posthorn.protocol.api.ConnectRequest;
import io.posthorn.protocol.api.ConnectResponse;
import io.posthorn.protocol.api.DestinationDeleteRequest;
import io.posthorn.protocol.api.DestinationListRequest;
import io.posthorn.protocol.api.DestinationReports;
import io.posthorn.protocol.api.DestinationSettingsRequest;
import io.posthorn.protocol.api.DestinationShowRequest;
import io.posthorn.provider.DestinationStatus;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A connection of an operator's command to one broker, which it names itself: no routes, nothing is mended or repeated. One thread, which
 * waits for each answer. Every method fails with a {@link ProviderException} whose text is for people.
 */
public final class RemoteOperator implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int PROTOCOL_VERSION = 1;
    private static final int LOGIN_STEPS_MAX = 8;
    private static final int NONCE_BYTES = 18;
    private static final Consumer<ByteBuf> NO_BODY = body -> {};

    private final FrameClient client;
    private final FrameConnection connection;

    private RemoteOperator(FrameClient client, FrameConnection connection) {
        this.client = client;
        this.connection = connection;
    }

    /**
     * Connects and logs in.
     *
     * @param user null = nobody in particular, which a broker admits on loopback
     */
    public static RemoteOperator connect(InetSocketAddress broker, String user, String password) {
        FrameClient client = new FrameClient(NetConfig.defaults());
        try {
            FrameConnection connection =
                    await("the connection to " + Failures.text(broker), client.connect(broker, new Silent()));
            RemoteOperator operator = new RemoteOperator(client, connection);
            operator.login(user == null ? new AnonymousMechanism() : new ScramMechanism(user, password, nonce()));
            return operator;
        } catch (RuntimeException failed) {
            client.close();
            throw failed;
        }
    }

    /** All destinations, in the order of their creation. */
    public List<DestinationStatus> destinations() {
        List<DestinationStatus> all = new ArrayList<>();
        for (boolean more = true; more; ) {
            DestinationListRequest next = new DestinationListRequest(all.size());
            List<DestinationStatus> some = reports(RequestCode.DESTINATION_LIST, next::encode);
            all.addAll(some);
            more = !some.isEmpty();
        }
        return all;
    }

    public DestinationStatus destination(DestinationName name) {
        return reports(RequestCode.DESTINATION_SHOW, new DestinationShowRequest(name)::encode)
                .get(0);
    }

    public void create(DestinationName name, Map<String, String> settings) {
        call(RequestCode.DESTINATION_CREATE, new DestinationSettingsRequest(name, settings)::encode, none -> null);
    }

    /** @param settings an empty value brings the default back */
    public void set(DestinationName name, Map<String, String> settings) {
        call(RequestCode.DESTINATION_SET, new DestinationSettingsRequest(name, settings)::encode, none -> null);
    }

    /** @param force whether consumers, subscriptions and messages go too */
    public void delete(DestinationName name, boolean force) {
        call(RequestCode.DESTINATION_DELETE, new DestinationDeleteRequest(name, force)::encode, none -> null);
    }

    @Override
    public void close() {
        try {
            call(RequestCode.CLOSE, NO_BODY, none -> null);
        } catch (ProviderException gone) {
            // Closing the connection says the same.
        } finally {
            client.close();
        }
    }

    private void login(Mechanism mechanism) {
        ConnectRequest first = new ConnectRequest(
                PROTOCOL_VERSION,
                PROTOCOL_VERSION,
                "posthorn-operator",
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
    }

    private List<DestinationStatus> reports(int code, Consumer<ByteBuf> encoder) {
        return call(code, encoder, DestinationReports::decode).rows().stream()
                .map(row -> new DestinationStatus(
                        row.name(),
                        row.own(),
                        row.effective(),
                        row.messages(),
                        row.bytes(),
                        row.consumers(),
                        row.subscriptions(),
                        row.dropped()))
                .toList();
    }

    private <T> T call(int code, Consumer<ByteBuf> encoder, Function<ByteBuf, T> decoder) {
        ByteBuf body = connection.newBody(64);
        encoder.accept(body);
        Frame answer = await("the request", connection.request(code, SerializeType.BINARY, Map.of(), body, TIMEOUT));
        try {
            if (answer.code() != 0) {
                throw Failures.of(answer);
            }
            return decoder.apply(answer.body());
        } finally {
            answer.release();
        }
    }

    private static <T> T await(String what, CompletableFuture<T> future) {
        try {
            return future.get(TIMEOUT.toSeconds() + 1, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new ProviderException(Kind.CONNECTION, what + " failed: " + Failures.reason(failed), failed);
        } catch (TimeoutException late) {
            throw new ProviderException(Kind.TIMEOUT, what + " takes too long", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ProviderException(Kind.CONNECTION, what + " was interrupted", interrupted);
        }
    }

    private static String nonce() {
        byte[] random = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    /** Serves nothing: a broker does not ask operators. */
    private static final class Silent implements FrameHandler {

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
            // One request at a time.
        }

        @Override
        public void onWritabilityChanged(FrameConnection of) {
            // One request at a time.
        }

        @Override
        public void onClosed(FrameConnection closed, Throwable causeOrNull) {
            // The request in flight fails by itself.
        }
    }
}
