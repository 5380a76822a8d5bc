package io.posthorn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.ResponseCode;
import io.posthorn.protocol.SerializeType;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections over real sockets on the loopback interface. */
class FrameConnectionTest {

    private static final Duration LONG = Duration.ofSeconds(RecordingHandler.WAIT_S);
    private static final NetConfig CONFIG = config(4096, Duration.ofSeconds(30), Duration.ofSeconds(120));
    private static final BiConsumer<FrameConnection, Frame> ECHO =
            (connection, request) -> connection.respond(request, request.body());

    private final List<AutoCloseable> toClose = new ArrayList<>();

    private static NetConfig config(int inFlightMax, Duration requestTimeout, Duration idleTimeout) {
        return new NetConfig(
                2 * 1024 * 1024, inFlightMax, Duration.ofSeconds(10), requestTimeout, idleTimeout, 0, "net-test");
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = toClose.size() - 1; i >= 0; i--) {
            toClose.get(i).close();
        }
        assertEquals(List.of(), threads("net-test"), "threads are left");
    }

    // ---- requests and answers

    @Test
    void answersMayComeInAnyOrder() throws Exception {
        RecordingHandler server = new RecordingHandler();
        FrameConnection connection = connect(serve(CONFIG, server), CONFIG, new RecordingHandler());
        List<CompletableFuture<Frame>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            SerializeType type = i % 3 == 0 ? SerializeType.JSON : SerializeType.BINARY;
            answers.add(connection.request(7000 + i, type, Map.of("n", "" + i), text("q" + i), LONG));
        }
        List<Frame> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            requests.add(server.request());
        }
        FrameConnection peer = server.connection();
        for (int i = 99; i >= 0; i--) {
            Frame request = requests.get(i);
            assertEquals(7000 + i, request.code());
            assertEquals("" + i, request.ext().get("n"));
            peer.respond(request, i, "r" + i, Map.of("m", "" + i), text("a" + string(request)));
        }
        for (int i = 0; i < 100; i++) {
            Frame answer = get(answers.get(i));
            assertEquals(i, answer.code());
            assertEquals("r" + i, answer.remark());
            assertEquals("" + i, answer.ext().get("m"));
            assertEquals(requests.get(i).serializeType(), answer.serializeType());
            assertEquals("aq" + i, string(answer));
        }
    }

    @Test
    void aListenerIsToldOnTheEventLoopAndNeverWithinTheCall() throws Exception {
        FrameConnection connection = connect(serve(CONFIG, new RecordingHandler(ECHO)), CONFIG, new RecordingHandler());
        Outcome outcome = new Outcome();
        CountDownLatch sent = new CountDownLatch(1);
        outcome.check = () -> assertTrue(connection.inEventLoop());
        connection.send(7010, connection.newBody(10).writeBytes("hello".getBytes(StandardCharsets.UTF_8)), outcome);
        assertEquals("hello", outcome.text());

        // From the event loop itself a refusal must not overtake the return of the call either.
        AtomicReference<Boolean> toldInside = new AtomicReference<>();
        Outcome refused = new Outcome();
        connection.closed().thenRun(() -> {
            connection.send(7010, text("late"), refused);
            toldInside.set(refused.result.isDone());
            sent.countDown();
        });
        connection.close("test");
        assertTrue(sent.await(RecordingHandler.WAIT_S, TimeUnit.SECONDS));
        assertInstanceOf(ConnectionClosedException.class, refused.failure());
        assertFalse(toldInside.get());
    }

    @Test
    void aServerMayAskItsClient() throws Exception {
        RecordingHandler server = new RecordingHandler();
        FrameConnection client = connect(serve(CONFIG, server), CONFIG, new RecordingHandler(ECHO));
        FrameConnection peer = server.connection();
        assertEquals(client.localAddress(), peer.remoteAddress());
        assertEquals("hi", string(get(peer.request(40, SerializeType.JSON, Map.of(), text("hi"), LONG))));
    }

    @Test
    void oneWayRequestsArriveInOrderAndAreNotAnswered() throws Exception {
        RecordingHandler client = new RecordingHandler();
        RecordingHandler server = new RecordingHandler();
        FrameConnection connection = connect(serve(CONFIG, server), CONFIG, client);
        for (int i = 0; i < 1000; i++) {
            connection.oneWay(7022, text("" + i));
        }
        FrameConnection peer = server.connection();
        for (int i = 0; i < 1000; i++) {
            Frame request = server.request();
            assertTrue(request.isOneWay());
            assertEquals("" + i, string(request));
            ByteBuf answer = text("no");
            peer.respond(request, answer);
            assertEquals(0, answer.refCnt());
        }
        // Had one been answered, its answer would be dropped before this one.
        CompletableFuture<Frame> last = connection.request(1, SerializeType.BINARY, Map.of(), text(""), LONG);
        answer(peer, server.request(), "yes");
        assertEquals("yes", string(get(last)));
        assertNull(client.requests.poll());
    }

    // ---- limits in time and number

    @Test
    void unansweredRequestsTimeOutAndLateAnswersAreDropped() throws Exception {
        NetConfig config = config(2, Duration.ofMillis(200), Duration.ofSeconds(120));
        RecordingHandler server = new RecordingHandler();
        FrameConnection connection = connect(serve(CONFIG, server), config, new RecordingHandler());
        CompletableFuture<Frame> early =
                connection.request(1, SerializeType.JSON, Map.of(), text("early"), Duration.ofMillis(30));
        Outcome slow = new Outcome();
        connection.send(2, text("slow"), slow);
        assertInstanceOf(RemotingTimeoutException.class, failure(early));
        RemotingTimeoutException late = assertInstanceOf(RemotingTimeoutException.class, slow.failure());
        assertTrue(late.getMessage().contains("200 ms"), late.getMessage());
        FrameConnection peer = server.connection();
        answer(peer, server.request(), "too late");
        answer(peer, server.request(), "too late");
        // Both places are free again, and the connection works.
        CompletableFuture<Frame> next = connection.request(3, SerializeType.BINARY, Map.of(), text("next"), LONG);
        answer(peer, server.request(), "in time");
        assertEquals("in time", string(get(next)));
    }

    @Test
    void requestsOverTheBoundAreRefusedUntilOneIsAnswered() throws Exception {
        NetConfig config = config(3, Duration.ofSeconds(30), Duration.ofSeconds(120));
        RecordingHandler server = new RecordingHandler();
        FrameConnection connection = connect(serve(CONFIG, server), config, new RecordingHandler());
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            outcomes.add(new Outcome());
            connection.send(7010, text("" + i), outcomes.get(i));
        }
        assertInstanceOf(TooManyRequestsException.class, outcomes.get(3).failure());
        assertInstanceOf(
                TooManyRequestsException.class,
                failure(connection.request(1, SerializeType.JSON, Map.of(), text(""), LONG)));
        FrameConnection peer = server.connection();
        answer(peer, server.request(), "a");
        assertEquals("a", outcomes.get(0).text());
        Outcome admitted = new Outcome();
        connection.send(7010, text("again"), admitted);
        for (int i = 0; i < 3; i++) {
            answer(peer, server.request(), "b" + i);
        }
        assertEquals("b2", admitted.text());
    }

    @Test
    void largeFramesPassUpToTheLimit() throws Exception {
        RecordingHandler server = new RecordingHandler(ECHO);
        FrameConnection connection = connect(serve(CONFIG, server), CONFIG, new RecordingHandler());
        int bodyMax = CONFIG.frameMaxBytes() - 29;
        for (int size : new int[] {70_000, 1_000_000, bodyMax}) {
            Frame answer = get(connection.request(7010, SerializeType.BINARY, Map.of(), zeroes(size), LONG));
            assertEquals(size, answer.body().readableBytes());
            answer.release();
        }
        ByteBuf over = zeroes(bodyMax + 1);
        assertInstanceOf(
                FrameTooLargeException.class,
                failure(connection.request(7010, SerializeType.BINARY, Map.of(), over, LONG)));
        Outcome refused = new Outcome();
        connection.send(7010, zeroes(bodyMax + 1), refused);
        assertInstanceOf(FrameTooLargeException.class, refused.failure());
        assertThrows(FrameTooLargeException.class, () -> connection.oneWay(7030, zeroes(bodyMax + 1)));
        assertInstanceOf(
                IllegalArgumentException.class,
                failure(connection.request(200_050, SerializeType.BINARY, Map.of(), text(""), LONG)));
        assertTrue(connection.isOpen());
        assertEquals(0, over.refCnt());
    }

    @Test
    void anAnswerOverTheLimitBecomesAnError() throws Exception {
        RecordingHandler server = new RecordingHandler((connection, request) -> {
            request.release();
            connection.respond(request, zeroes(CONFIG.frameMaxBytes()));
        });
        FrameConnection connection = connect(serve(CONFIG, server), CONFIG, new RecordingHandler());
        Frame answer = get(connection.request(1, SerializeType.JSON, Map.of(), text(""), LONG));
        assertEquals(ResponseCode.SYSTEM_ERROR, answer.code());
        assertTrue(answer.remark().contains("frame limit"), answer.remark());
    }

    // ---- many threads

    @Test
    void commandsOfOneThreadKeepTheirOrderAndThreadsShareWrites() throws Exception {
        int threads = 4;
        int each = 20_000;
        int[] next = new int[threads];
        CountDownLatch all = new CountDownLatch(threads * each);
        AtomicReference<String> disorder = new AtomicReference<>();
        RecordingHandler server = new RecordingHandler((connection, request) -> {
            int thread = request.body().readInt();
            int number = request.body().readInt();
            if (next[thread]++ != number) {
                disorder.set("thread " + thread + " sent " + number);
            }
            request.release();
            connection.respond(request, Unpooled.EMPTY_BUFFER);
            all.countDown();
        });
        FrameConnection connection = connect(serve(CONFIG, server), CONFIG, new RecordingHandler());
        // Fewer than the bound on requests in flight, so that none is refused.
        Semaphore inFlight = new Semaphore(1000);
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            Thread sender = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    ByteBuf body = connection.newBody(8).writeInt(thread).writeInt(i);
                    if (i % 2 == 0) {
                        connection.oneWay(7022, body);
                    } else {
                        inFlight.acquireUninterruptibly();
                        Outcome outcome = new Outcome();
                        outcome.onAnswer = inFlight::release;
                        connection.send(7010, body, outcome);
                    }
                }
            });
            sender.start();
            senders.add(sender);
        }
        assertTrue(all.await(60, TimeUnit.SECONDS), all.getCount() + " commands are missing");
        assertTrue(inFlight.tryAcquire(1000, RecordingHandler.WAIT_S, TimeUnit.SECONDS), "answers are missing");
        for (Thread sender : senders) {
            sender.join();
        }
        assertNull(disorder.get());
        assertTrue(server.batches.get() < threads * each / 4, server.batches.get() + " reads for so few commands");
    }

    // ---- the end

    @Test
    void closingFailsWhatIsInFlightAndSendsWhatIsQueued() throws Exception {
        RecordingHandler client = new RecordingHandler();
        RecordingHandler server = new RecordingHandler();
        FrameConnection connection = connect(serve(CONFIG, server), CONFIG, client);
        Outcome pending = new Outcome();
        connection.send(7010, text("unanswered"), pending);
        CompletableFuture<Frame> future = connection.request(1, SerializeType.JSON, Map.of(), text(""), LONG);
        server.request().release();
        server.request().release();
        for (int i = 0; i < 3000; i++) {
            connection.oneWay(7022, text("" + i));
        }
        connection.close("test over");
        connection.close("twice");
        assertFalse(connection.isOpen());
        ConnectionClosedException failure = assertInstanceOf(ConnectionClosedException.class, pending.failure());
        assertTrue(failure.getMessage().contains("test over"), failure.getMessage());
        assertInstanceOf(ConnectionClosedException.class, failure(future));
        for (int i = 0; i < 3000; i++) {
            assertEquals("" + i, string(server.request()));
        }
        assertNull(client.closeCause());
        assertNull(server.closeCause());
        connection.closed().get(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
        ByteBuf late = text("late");
        connection.oneWay(7022, late);
        Outcome refused = new Outcome();
        connection.send(7010, text("late"), refused);
        assertInstanceOf(ConnectionClosedException.class, refused.failure());
        closeAll();
        assertEquals(0, late.refCnt());
    }

    @Test
    void aPeerThatVanishesFailsWhatIsInFlight() throws Exception {
        RecordingHandler server = new RecordingHandler((peer, request) -> {
            request.release();
            peer.close("enough");
        });
        FrameConnection connection = connect(serve(CONFIG, server), CONFIG, new RecordingHandler());
        CompletableFuture<Frame> future = connection.request(1, SerializeType.JSON, Map.of(), text(""), LONG);
        assertInstanceOf(ConnectionClosedException.class, failure(future));
        connection.closed().get(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
    }

    @Test
    void requestsAfterTheClientIsClosedFail() throws Exception {
        InetSocketAddress address = serve(CONFIG, new RecordingHandler(ECHO));
        FrameClient client = new FrameClient(CONFIG);
        FrameConnection connection =
                client.connect(address, new RecordingHandler()).get();
        client.close();
        client.close();
        Outcome refused = new Outcome();
        connection.send(7010, text("late"), refused);
        assertInstanceOf(ConnectionClosedException.class, refused.failure());
        ByteBuf late = text("late");
        connection.oneWay(7022, late);
        assertEquals(0, late.refCnt());
        connection.close("again");
        assertInstanceOf(IOException.class, failure(client.connect(address, new RecordingHandler())));
    }

    @Test
    void idleConnectionsAreClosedAndBusyOnesAreNot() throws Exception {
        NetConfig config = config(16, Duration.ofSeconds(30), Duration.ofMillis(300));
        RecordingHandler server = new RecordingHandler(ECHO);
        InetSocketAddress address = serve(config, server);
        RecordingHandler idle = new RecordingHandler();
        connect(address, CONFIG, idle);
        FrameConnection busy = connect(address, CONFIG, new RecordingHandler());
        while (!idle.closed.isDone()) {
            Frame answer = get(busy.request(1, SerializeType.BINARY, Map.of(), text("ping"), LONG));
            assertEquals("ping", string(answer));
        }
        assertNull(idle.closeCause());
        assertTrue(busy.isOpen());
    }

    @Test
    void malformedInputClosesThatConnectionOnly() throws Exception {
        RecordingHandler server = new RecordingHandler(ECHO);
        InetSocketAddress address = serve(CONFIG, server);
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout((int) LONG.toMillis());
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals(-1, end(socket.getInputStream()));
        }
        assertInstanceOf(ProtocolException.class, server.closeCause());
        FrameConnection connection = connect(address, CONFIG, new RecordingHandler());
        assertEquals("ok", string(get(connection.request(1, SerializeType.JSON, Map.of(), text("ok"), LONG))));
    }

    @Test
    void anExceptionInTheHandlerClosesTheConnection() throws Exception {
        IllegalStateException broken = new IllegalStateException("planted by the test");
        RecordingHandler server = new RecordingHandler((connection, request) -> {
            request.release();
            throw broken;
        });
        FrameConnection connection = connect(serve(CONFIG, server), CONFIG, new RecordingHandler());
        CompletableFuture<Frame> future = connection.request(1, SerializeType.JSON, Map.of(), text(""), LONG);
        assertInstanceOf(ConnectionClosedException.class, failure(future));
        assertEquals(broken, server.closeCause());
    }

    // ---- back-pressure

    @Test
    void aPausedReaderMakesTheWriterUnwritable() throws Exception {
        RecordingHandler client = new RecordingHandler();
        RecordingHandler server = new RecordingHandler();
        FrameConnection connection = connect(serve(CONFIG, server), CONFIG, client);
        FrameConnection peer = server.connection();
        peer.pauseReading(true);
        int sent = 0;
        while (connection.isWritable()) {
            connection.oneWay(7022, zeroes(100_000));
            sent++;
            assertTrue(sent < 10_000, "a gigabyte went into a socket that nobody reads");
        }
        peer.pauseReading(false);
        for (int i = 0; i < sent; i++) {
            server.request().release();
        }
        Boolean writable;
        do {
            writable = client.writable.poll(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
            assertTrue(writable != null, "never told that it is writable again");
        } while (!writable);
        assertTrue(connection.isWritable());
    }

    // ---- opening

    @Test
    void anAttachmentStaysWithItsConnection() throws Exception {
        FrameConnection connection = connect(serve(CONFIG, new RecordingHandler()), CONFIG, new RecordingHandler());
        assertNull(connection.attachment());
        connection.attach("session");
        assertEquals("session", connection.attachment());
    }

    @Test
    void failuresToOpenNameTheAddress() throws Exception {
        InetSocketAddress free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = (InetSocketAddress) socket.getLocalSocketAddress();
            FrameServer second = new FrameServer(CONFIG, new RecordingHandler());
            toClose.add(second);
            BindException taken = assertThrows(BindException.class, () -> second.bind(free));
            assertEquals("port " + free.getPort() + " on " + free.getHostString() + " is taken", taken.getMessage());
        }
        FrameClient client = new FrameClient(CONFIG);
        toClose.add(client);
        Throwable refused = failure(client.connect(free, new RecordingHandler()));
        assertInstanceOf(IOException.class, refused);
        assertTrue(refused.getMessage().contains(":" + free.getPort()), refused.getMessage());
    }

    @Test
    void aCancelledConnectLeavesNoConnection() throws Exception {
        RecordingHandler server = new RecordingHandler();
        InetSocketAddress address = serve(CONFIG, server);
        FrameClient client = new FrameClient(CONFIG);
        toClose.add(client);
        RecordingHandler handler = new RecordingHandler();
        CompletableFuture<FrameConnection> opened = client.connect(address, handler);
        if (opened.cancel(false)) {
            assertNull(handler.closeCause());
        }
        assertNull(server.closeCause(), "closed by the client or with it");
    }

    @Test
    void oneServerListensOnSeveralPorts() throws Exception {
        FrameServer server = new FrameServer(CONFIG, new RecordingHandler(ECHO));
        toClose.add(server);
        for (int i = 0; i < 2; i++) {
            InetSocketAddress address = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            FrameConnection connection = connect(address, CONFIG, new RecordingHandler());
            assertEquals("" + i, string(get(connection.request(1, SerializeType.JSON, Map.of(), text("" + i), LONG))));
        }
    }

    @Test
    void noBufferIsLeft() throws Exception {
        UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(true);
        NetTransport nio = NetTransport.nio(1, "net-test-leaks", true);
        NetTransport transport = new NetTransport(
                nio.group(),
                nio.serverChannels(),
                () -> {
                    Channel channel = nio.clientChannels().newChannel();
                    channel.config().setAllocator(alloc);
                    return channel;
                },
                nio.threads());
        InetSocketAddress address = serve(CONFIG, new RecordingHandler(ECHO));
        FrameClient client = new FrameClient(CONFIG, Clock.system(), transport);
        FrameConnection connection =
                client.connect(address, new RecordingHandler()).get();
        for (int size : new int[] {0, 10, 5000, 500_000}) {
            Outcome outcome = new Outcome();
            connection.send(1, connection.newBody(size).writeZero(size), outcome);
            assertEquals(size, outcome.text().length());
            Frame answer = get(connection.request(
                    1, SerializeType.JSON, Map.of(), connection.alloc().buffer().writeZero(size), LONG));
            assertEquals(size, answer.body().readableBytes());
            answer.release();
        }
        List<Outcome> cut = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Outcome outcome = new Outcome();
            connection.send(1, connection.newBody(10_000).writeZero(10_000), outcome);
            cut.add(outcome);
        }
        client.close();
        for (Outcome outcome : cut) {
            outcome.anyResult();
        }
        assertEquals(0, alloc.metric().usedDirectMemory() + alloc.metric().usedHeapMemory());
    }

    // ---- steps

    private InetSocketAddress serve(NetConfig config, FrameHandler handler) throws IOException {
        FrameServer server = new FrameServer(config, handler);
        toClose.add(server);
        return server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private FrameConnection connect(InetSocketAddress address, NetConfig config, FrameHandler handler)
            throws Exception {
        FrameClient client = new FrameClient(config);
        toClose.add(client);
        return client.connect(address, handler).get(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
    }

    private static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith(prefix))
                .map(Thread::getName)
                .toList();
    }

    private static int end(InputStream in) {
        try {
            return in.read();
        } catch (IOException reset) {
            return -1;
        }
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static ByteBuf zeroes(int size) {
        return Unpooled.wrappedBuffer(new byte[size]);
    }

    private static void answer(FrameConnection connection, Frame request, String text) {
        request.release();
        connection.respond(request, text(text));
    }

    private static String string(Frame frame) {
        String text = new String(ByteBufUtil.getBytes(frame.body()), StandardCharsets.UTF_8);
        frame.release();
        return text;
    }

    private static Frame get(CompletableFuture<Frame> future) throws Exception {
        return future.get(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return assertThrows(ExecutionException.class, () -> future.get(RecordingHandler.WAIT_S, TimeUnit.SECONDS))
                .getCause();
    }

    /** What became of one request. */
    private static final class Outcome implements ResponseListener {

        final CompletableFuture<Object> result = new CompletableFuture<>();
        Runnable check = () -> {};
        Runnable onAnswer = () -> {};

        @Override
        public void onResponse(Frame response) {
            onAnswer.run();
            finish(string(response));
        }

        @Override
        public void onFailure(Throwable failure) {
            finish(failure);
        }

        private void finish(Object value) {
            try {
                check.run();
                if (!result.complete(value)) {
                    throw new IllegalStateException("told twice");
                }
            } catch (Throwable wrong) {
                result.obtrudeValue(wrong);
            }
        }

        Object anyResult() {
            return result.orTimeout(RecordingHandler.WAIT_S, TimeUnit.SECONDS).join();
        }

        String text() {
            return assertInstanceOf(String.class, anyResult());
        }

        Throwable failure() {
            return assertInstanceOf(Throwable.class, anyResult());
        }
    }
}
