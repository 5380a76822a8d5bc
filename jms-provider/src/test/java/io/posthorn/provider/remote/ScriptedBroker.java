package io.posthorn.provider.remote;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessagePlace;
import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameHandler;
import io.posthorn.net.FrameServer;
import io.posthorn.net.NetConfig;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.AcknowledgeRequest;
import io.posthorn.protocol.api.AuthenticateRequest;
import io.posthorn.protocol.api.BranchCommitRequest;
import io.posthorn.protocol.api.BranchEndRequest;
import io.posthorn.protocol.api.BranchRequest;
import io.posthorn.protocol.api.BranchStartRequest;
import io.posthorn.protocol.api.ClientIdRequest;
import io.posthorn.protocol.api.CloseConsumerRequest;
import io.posthorn.protocol.api.CommitRequest;
import io.posthorn.protocol.api.ConnectRequest;
import io.posthorn.protocol.api.ConnectResponse;
import io.posthorn.protocol.api.ConsumerClosedCommand;
import io.posthorn.protocol.api.CreateTemporaryRequest;
import io.posthorn.protocol.api.CreditRequest;
import io.posthorn.protocol.api.DeleteTemporaryRequest;
import io.posthorn.protocol.api.DeliverCommand;
import io.posthorn.protocol.api.DeliverReferencesCommand;
import io.posthorn.protocol.api.Delivery;
import io.posthorn.protocol.api.DrainRequest;
import io.posthorn.protocol.api.DrainResponse;
import io.posthorn.protocol.api.FetchMessagesRequest;
import io.posthorn.protocol.api.FetchMessagesResponse;
import io.posthorn.protocol.api.HandOverRequest;
import io.posthorn.protocol.api.MessageRef;
import io.posthorn.protocol.api.OpenConsumerRequest;
import io.posthorn.protocol.api.OpenConsumerResponse;
import io.posthorn.protocol.api.OutcomeRequest;
import io.posthorn.protocol.api.ProducerCloseRequest;
import io.posthorn.protocol.api.ProgressRequest;
import io.posthorn.protocol.api.RollbackRequest;
import io.posthorn.protocol.api.SendRequest;
import io.posthorn.protocol.api.UnsubscribeRequest;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A peer that speaks real bytes on a loopback port and knows no queues: it notes every request, and answers with success
 * unless a test has told it to keep silent on a code or to answer otherwise.
 */
final class ScriptedBroker implements FrameHandler, AutoCloseable {

    private static final long PATIENCE_S = 10;

    /** @param body the decoded record, or null for verbs without one */
    record Received(int code, Object body, Frame frame, FrameConnection from) {}

    private final FrameServer server = new FrameServer(NetConfig.defaults(), this);
    private final InetSocketAddress address;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final Set<Integer> silent = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Consumer<Received>> scripts = new ConcurrentHashMap<>();
    private final List<FrameConnection> connections = new CopyOnWriteArrayList<>();
    volatile boolean resumes = true;
    /** 0 makes it a Slave. */
    volatile long epoch = 1;

    ScriptedBroker() throws IOException {
        address = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        on(RequestCode.CONNECT, request -> consent(request, new byte[0]));
        on(RequestCode.DRAIN, request -> answer(request, new DrainResponse(0, false)::encode));
        on(
                RequestCode.OPEN_CONSUMER,
                request -> answer(request, new OpenConsumerResponse(List.of(), List.of())::encode));
    }

    InetSocketAddress address() {
        return address;
    }

    /** From now on requests with this code are noted and not answered. */
    void keepSilentOn(int... codes) {
        for (int code : codes) {
            silent.add(code);
        }
    }

    void speakAgain() {
        silent.clear();
    }

    /** What to do on each request with this code, in place of a bare success. */
    void on(int code, Consumer<Received> script) {
        scripts.put(code, script);
    }

    /** The next request with this code; those with other codes before it are dropped. */
    Received next(int code) throws InterruptedException {
        long deadline = Clock.system().monotonicNs() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        List<Integer> others = new ArrayList<>();
        while (true) {
            Received request = received.poll(deadline - Clock.system().monotonicNs(), TimeUnit.NANOSECONDS);
            assertNotNull(request, "no request " + code + " came, only " + others);
            if (request.code() == code) {
                return request;
            }
            others.add(request.code());
        }
    }

    /** The next request, whatever it is. */
    Received next() throws InterruptedException {
        Received request = received.poll(PATIENCE_S, TimeUnit.SECONDS);
        assertNotNull(request, "no request came");
        return request;
    }

    <T> T next(int code, Class<T> type) throws InterruptedException {
        return type.cast(next(code).body());
    }

    /** The codes of everything noted and not taken yet. */
    List<Integer> rest() {
        List<Received> all = new ArrayList<>();
        received.drainTo(all);
        return all.stream().map(Received::code).toList();
    }

    void answer(Received request, Consumer<ByteBuf> encoder) {
        ByteBuf body = request.from().newBody(64);
        encoder.accept(body);
        request.from().respond(request.frame(), body);
    }

    void answer(Received request) {
        answer(request, body -> {});
    }

    void refuse(Received request, ErrorCode error, String text) {
        request.from().respond(request.frame(), error.code(), text, Map.of(), Unpooled.EMPTY_BUFFER);
    }

    /** Ends the login. */
    void consent(Received request, byte[] finalMessage) {
        boolean resumed = resumes && request.body() instanceof ConnectRequest connect && connect.resumeToken() != 0;
        long token = 1000 + connections.size();
        answer(
                request,
                new ConnectResponse(
                        true, finalMessage, 1, "broker-a", "cluster", epoch, 1, token, resumed, 4 << 20, 4096)::encode);
    }

    void deliver(int consumerId, long fromId, EncodedMessage... messages) {
        List<Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < messages.length; i++) {
            long id = fromId + i;
            deliveries.add(new Delivery(
                    id, 0, new MessageRef(9, messages[i].messageId().sequence()), messages[i]));
        }
        oneWay(RequestCode.DELIVER, new DeliverCommand(consumerId, deliveries)::encode);
    }

    /** As {@link #deliver}, by reference. */
    void refer(int consumerId, long fromId, EncodedMessage... messages) {
        List<DeliverReferencesCommand.Reference> references = new ArrayList<>();
        for (int i = 0; i < messages.length; i++) {
            long number = messages[i].messageId().sequence();
            MessagePlace place = new MessagePlace((1L << 40) + number, 1, messages[i].size());
            references.add(new DeliverReferencesCommand.Reference(fromId + i, 0, new MessageRef(9, number), place));
        }
        oneWay(RequestCode.DELIVER_REFERENCES, new DeliverReferencesCommand(consumerId, references)::encode);
    }

    /** From now on gives these messages, and has no others. */
    void holds(EncodedMessage... messages) {
        on(RequestCode.FETCH_MESSAGES, request -> give(request, messages));
    }

    /** Answers a fetch with what of these it asks for. */
    void give(Received request, EncodedMessage... messages) {
        List<EncodedMessage> answer = new ArrayList<>();
        for (FetchMessagesRequest.Entry entry : ((FetchMessagesRequest) request.body()).entries()) {
            answer.add(Stream.of(messages)
                    .filter(one -> one.messageId().sequence() == entry.offset())
                    .findFirst()
                    .orElse(null));
        }
        answer(request, new FetchMessagesResponse(answer)::encode);
    }

    void closeConsumer(int consumerId, ErrorCode why, String text) {
        oneWay(RequestCode.CONSUMER_CLOSED, new ConsumerClosedCommand(consumerId, why.code(), text)::encode);
    }

    private void oneWay(int code, Consumer<ByteBuf> encoder) {
        FrameConnection connection = connections.get(connections.size() - 1);
        ByteBuf body = connection.newBody(256);
        encoder.accept(body);
        connection.oneWay(code, body);
    }

    /** Breaks the connection to the client; what was noted before stays. */
    void cut() {
        connections.get(connections.size() - 1).close("cut by the test");
    }

    @Override
    public void onOpen(FrameConnection connection) {
        connections.add(connection);
    }

    @Override
    public void onRequest(FrameConnection connection, Frame frame) {
        Received request;
        try {
            request = new Received(frame.code(), decode(frame), frame, connection);
        } finally {
            frame.release();
        }
        // Decided before the test can see the request, and change its mind.
        boolean answered = !silent.contains(frame.code());
        Consumer<Received> script = scripts.getOrDefault(frame.code(), this::answer);
        received.add(request);
        if (answered) {
            script.accept(request);
        }
    }

    private static Object decode(Frame frame) {
        ByteBuf body = frame.body();
        return switch (frame.code()) {
            case RequestCode.CONNECT -> ConnectRequest.decode(body);
            case RequestCode.AUTHENTICATE -> AuthenticateRequest.decode(body);
            case RequestCode.CLIENT_ID -> ClientIdRequest.decode(body);
            case RequestCode.FETCH_MESSAGES -> FetchMessagesRequest.decode(body);
            case RequestCode.SEND -> SendRequest.decode(body);
            case RequestCode.PRODUCER_CLOSE -> ProducerCloseRequest.decode(body);
            case RequestCode.OPEN_CONSUMER -> OpenConsumerRequest.decode(body);
            case RequestCode.CLOSE_CONSUMER -> CloseConsumerRequest.decode(body);
            case RequestCode.CREDIT -> CreditRequest.decode(body);
            case RequestCode.DRAIN -> DrainRequest.decode(body);
            case RequestCode.HAND_OVER -> HandOverRequest.decode(body);
            case RequestCode.PROGRESS -> ProgressRequest.decode(body);
            case RequestCode.ACKNOWLEDGE -> AcknowledgeRequest.decode(body);
            case RequestCode.COMMIT -> CommitRequest.decode(body);
            case RequestCode.ROLLBACK -> RollbackRequest.decode(body);
            case RequestCode.OUTCOME -> OutcomeRequest.decode(body);
            case RequestCode.UNSUBSCRIBE -> UnsubscribeRequest.decode(body);
            case RequestCode.CREATE_TEMPORARY -> CreateTemporaryRequest.decode(body);
            case RequestCode.DELETE_TEMPORARY -> DeleteTemporaryRequest.decode(body);
            case RequestCode.XA_START -> BranchStartRequest.decode(body);
            case RequestCode.XA_END -> BranchEndRequest.decode(body);
            case RequestCode.XA_PREPARE, RequestCode.XA_ROLLBACK, RequestCode.XA_FORGET -> BranchRequest.decode(body);
            case RequestCode.XA_COMMIT -> BranchCommitRequest.decode(body);
            default -> null;
        };
    }

    @Override
    public void onBatchEnd(FrameConnection connection) {
        // Every request is answered by itself.
    }

    @Override
    public void onWritabilityChanged(FrameConnection connection) {
        // Little is sent.
    }

    @Override
    public void onClosed(FrameConnection connection, Throwable causeOrNull) {
        // Tests see it at the client.
    }

    @Override
    public void close() {
        server.close();
    }
}
