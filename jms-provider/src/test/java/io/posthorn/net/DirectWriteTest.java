package io.posthorn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.protocol.Frame;
import io.posthorn.time.Clock;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that write to the socket themselves, over real sockets on the loopback interface. */
@Timeout(60)
class DirectWriteTest {

    private static final int CODE = 7031;
    private static final NetConfig CONFIG = config(Duration.ofSeconds(30));

    private final List<AutoCloseable> toClose = new ArrayList<>();

    private static NetConfig config(Duration requestTimeout) {
        return new NetConfig(
                2 * 1024 * 1024, 4096, Duration.ofSeconds(10), requestTimeout, Duration.ZERO, 0, "direct-test");
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = toClose.size() - 1; i >= 0; i--) {
            toClose.get(i).close();
        }
    }

    private InetSocketAddress serve(FrameHandler handler) throws IOException {
        FrameServer server = new FrameServer(CONFIG, handler);
        toClose.add(server);
        return server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private FrameConnection connect(InetSocketAddress address, NetConfig config, FrameHandler handler)
            throws Exception {
        FrameClient client = new FrameClient(config);
        toClose.add(client);
        return client.connect(address, handler).get(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
    }

    private static ByteBuf text(FrameConnection connection, String text) {
        return connection.newBody(32).writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aWrittenCommandIsWithThePeerBeforeTheEventLoopDoesAnything() throws Exception {
        RecordingHandler server = new RecordingHandler();
        RecordingHandler handler = new RecordingHandler();
        FrameClient client = new FrameClient(CONFIG);
        toClose.add(client);
        FrameConnection connection =
                client.connect(serve(server), handler).get(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
        CountDownLatch busy = new CountDownLatch(1);
        client.execute(() -> join(busy));
        connection.oneWay(CODE, text(connection, "queued"));
        assertTrue(connection.oneWayNow(CODE, text(connection, "written")));
        connection.awaitWritten();
        assertEquals("queued", string(server.request()));
        assertEquals("written", string(server.request()));
        busy.countDown();
    }

    @Test
    void aCommandThatComesByItselfNeedsNoEventLoop() throws Exception {
        RecordingHandler server = new RecordingHandler();
        FrameClient client = new FrameClient(CONFIG);
        toClose.add(client);
        FrameConnection connection =
                client.connect(serve(server), new RecordingHandler()).get(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
        CountDownLatch busy = new CountDownLatch(1);
        client.execute(() -> join(busy));
        for (int i = 0; i < 3; i++) {
            long beforeNs = Clock.system().monotonicNs();
            until("a pause", () -> Clock.system().monotonicNs() - beforeNs > 1_000_000);
            connection.oneWay(CODE, text(connection, "lone " + i));
            assertEquals("lone " + i, string(server.request()));
        }
        busy.countDown();
    }

    /** Memory of the JDK's direct buffers, those among them that threads keep for themselves. */
    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void aBodyInPiecesLeavesNoMemoryWithTheThread() throws Exception {
        int size = 1_000_000;
        RecordingHandler server = new RecordingHandler();
        FrameConnection connection = connect(serve(server), CONFIG, new RecordingHandler());
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch measured = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            connection.oneWayNow(CODE, Unpooled.wrappedBuffer(new byte[size]));
            written.countDown();
            join(measured);
        });
        writer.start();
        join(written);
        assertEquals(size, string(server.request()).length());
        long whileItLives = directBytes();
        measured.countDown();
        writer.join();
        long kept = whileItLives - directBytes();
        assertTrue(kept < size, () -> kept + " bytes");
    }

    @Test
    void theCommandsOfEachThreadArriveInTheirOrder() throws Exception {
        int threads = 8;
        int each = 2_000;
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        CountDownLatch all = new CountDownLatch(threads * each);
        AtomicReference<String> wrong = new AtomicReference<>();
        RecordingHandler server = new RecordingHandler((from, request) -> {
            String[] parts = string(request).split(":");
            int number = Integer.parseInt(parts[1]);
            if (seen.merge(parts[0], 1, Integer::sum) != number) {
                wrong.compareAndSet(null, parts[0] + " at " + number);
            }
            from.respond(request, from.newBody(0));
            all.countDown();
        });
        FrameConnection connection = connect(serve(server), CONFIG, new RecordingHandler());
        List<Thread> senders = new ArrayList<>();
        AtomicInteger answers = new AtomicInteger();
        AtomicInteger requests = new AtomicInteger();
        for (int t = 0; t < threads; t++) {
            int name = t;
            Thread sender = new Thread(() -> {
                for (int i = 1; i <= each; i++) {
                    ByteBuf body = text(connection, name + ":" + i);
                    switch ((i + name) % 4) {
                        case 0 -> connection.oneWay(CODE, body);
                        case 1 -> connection.oneWayNow(CODE, body);
                        case 2 -> request(connection, body, i % 8 < 4, answers, requests);
                        default -> {
                            connection.oneWayNow(CODE, body);
                            connection.awaitWritten();
                        }
                    }
                }
            });
            senders.add(sender);
            sender.start();
        }
        for (Thread sender : senders) {
            sender.join();
        }
        assertTrue(all.await(RecordingHandler.WAIT_S, TimeUnit.SECONDS), all.getCount() + " are missing");
        assertNull(wrong.get());
        until("all answers", () -> answers.get() == requests.get());
    }

    private static void request(
            FrameConnection to, ByteBuf body, boolean now, AtomicInteger answers, AtomicInteger requests) {
        requests.incrementAndGet();
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        if (now) {
            to.sendNow(CODE, body, listener(outcome));
        } else {
            to.send(CODE, body, listener(outcome));
        }
        Object result = outcome.join();
        if (result instanceof String) {
            answers.incrementAndGet();
        }
    }

    @Test
    void whatAFullSocketDoesNotTakeFollowsInOrder() throws Exception {
        int size = 60_000;
        try (ServerSocket listening = new ServerSocket()) {
            listening.setReceiveBufferSize(32 * 1024);
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            RecordingHandler handler = new RecordingHandler();
            FrameConnection connection =
                    connect((InetSocketAddress) listening.getLocalSocketAddress(), CONFIG, handler);
            try (Socket peer = listening.accept()) {
                int sent = 0;
                boolean written = true;
                while (written || sent < 10) {
                    assertTrue(sent < 2_000, "the socket takes everything");
                    written = connection.oneWayNow(CODE, numbered(connection, sent++, size));
                }
                for (int i = 0; i < 5; i++) {
                    assertFalse(connection.oneWayNow(CODE, numbered(connection, sent++, size)));
                    connection.oneWay(CODE, numbered(connection, sent++, size));
                }
                Thread waiting = new Thread(connection::awaitWritten);
                waiting.start();
                until("it waits", () -> waiting.getState() == Thread.State.WAITING);
                DataInputStream in = new DataInputStream(peer.getInputStream());
                for (int i = 0; i < sent; i++) {
                    byte[] frame = new byte[in.readInt()];
                    in.readFully(frame);
                    assertEquals(i, ByteBuffer.wrap(frame).getInt(frame.length - size));
                }
                waiting.join();
                until("the calling thread writes again", () -> connection.oneWayNow(CODE, numbered(connection, 0, 10)));
            }
        }
    }

    private static ByteBuf numbered(FrameConnection connection, int number, int size) {
        return connection.newBody(size).writeInt(number).writeZero(size - 4);
    }

    @Test
    void anInterruptedThreadWritesAndStaysInterrupted() throws Exception {
        RecordingHandler server = new RecordingHandler();
        FrameConnection connection = connect(serve(server), CONFIG, new RecordingHandler());
        Thread.currentThread().interrupt();
        boolean written = connection.oneWayNow(CODE, text(connection, "a"));
        connection.awaitWritten();
        assertTrue(Thread.interrupted());
        assertTrue(written);
        assertTrue(connection.oneWayNow(CODE, text(connection, "b")));
        assertEquals("a", string(server.request()));
        assertEquals("b", string(server.request()));
        assertTrue(connection.isOpen());
    }

    @Test
    void anUnansweredRequestTimesOut() throws Exception {
        FrameConnection connection =
                connect(serve(new RecordingHandler()), config(Duration.ofMillis(100)), new RecordingHandler());
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        connection.sendNow(CODE, text(connection, "a"), listener(outcome));
        assertInstanceOf(RemotingTimeoutException.class, outcome.get(RecordingHandler.WAIT_S, TimeUnit.SECONDS));
    }

    @Test
    void everyRequestHasAnOutcomeWhenTheConnectionIsClosedAmongThem() throws Exception {
        for (int round = 0; round < 10; round++) {
            RecordingHandler server = new RecordingHandler((from, request) -> from.respond(request, request.body()));
            FrameConnection connection = connect(serve(server), CONFIG, new RecordingHandler());
            List<CompletableFuture<Object>> outcomes = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch going = new CountDownLatch(4);
            List<Thread> senders = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Thread sender = new Thread(() -> {
                    for (int i = 0; i < 400; i++) {
                        CompletableFuture<Object> outcome = new CompletableFuture<>();
                        outcomes.add(outcome);
                        connection.sendNow(CODE, text(connection, "x"), listener(outcome));
                        connection.oneWayNow(CODE, text(connection, "y"));
                        if (i == 20) {
                            going.countDown();
                        }
                    }
                    connection.awaitWritten();
                });
                senders.add(sender);
                sender.start();
            }
            going.await();
            if (round % 2 == 0) {
                connection.close("test");
            } else {
                server.connection().close("test");
            }
            for (Thread sender : senders) {
                sender.join();
            }
            for (CompletableFuture<Object> outcome : outcomes) {
                outcome.get(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aFailedWriteEndsTheConnectionAndIsNotThrown() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RecordingHandler handler = new RecordingHandler();
            FrameConnection connection =
                    connect((InetSocketAddress) listening.getLocalSocketAddress(), CONFIG, handler);
            Socket peer = listening.accept();
            peer.setSoLinger(true, 0);
            peer.close();
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            connection.sendNow(CODE, text(connection, "a"), listener(outcome));
            connection.oneWayNow(CODE, text(connection, "b"));
            connection.awaitWritten();
            assertInstanceOf(ConnectionClosedException.class, outcome.get(RecordingHandler.WAIT_S, TimeUnit.SECONDS));
            handler.closed.get(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
        }
    }

    /** What a process has written before it was killed counts, even if this side notices the end at a write. */
    @Test
    void aPeerIsHeardOutAfterAWriteHasFailed() throws Exception {
        int count = 3_000;
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        AtomicInteger heard = new AtomicInteger();
        CompletableFuture<Boolean> heardOut = new CompletableFuture<>();
        FrameHandler handler = new FrameHandler() {
            @Override
            public void onOpen(FrameConnection connection) {
                connection.oneWay(CODE, connection.newBody(4).writeInt(1));
            }

            @Override
            public void onRequest(FrameConnection connection, Frame request) {
                request.release();
                heard.incrementAndGet();
                reading.countDown();
                join(gone);
                connection.oneWay(CODE, connection.newBody(4).writeInt(2));
                connection.flush();
            }

            @Override
            public void onBatchEnd(FrameConnection connection) {}

            @Override
            public void onWritabilityChanged(FrameConnection connection) {}

            @Override
            public void onClosed(FrameConnection connection, Throwable causeOrNull) {
                heardOut.complete(connection.isHeardOut());
            }
        };
        InetSocketAddress address = serve(handler);
        byte[] frame = new byte[33];
        ByteBuffer.wrap(frame)
                .putInt(29)
                .putInt(1 << 24 | 21)
                .putShort((short) CODE)
                .put((byte) 0)
                .putShort((short) 479)
                .putInt(0)
                .putInt(2);
        try (Socket peer = new Socket(address.getAddress(), address.getPort())) {
            peer.getOutputStream().write(frame);
            assertTrue(reading.await(RecordingHandler.WAIT_S, TimeUnit.SECONDS));
            for (int i = 1; i < count; i++) {
                peer.getOutputStream().write(frame);
            }
            // With something unread, so that the peer is told by a reset.
        }
        gone.countDown();
        assertTrue(heardOut.get(RecordingHandler.WAIT_S, TimeUnit.SECONDS));
        assertEquals(count, heard.get());
    }

    // ---- steps

    private static void until(String what, BooleanSupplier condition) {
        long startNs = Clock.system().monotonicNs();
        while (!condition.getAsBoolean()) {
            assertTrue(Clock.system().monotonicNs() - startNs < 20_000_000_000L, "not within 20 s: " + what);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static String string(Frame frame) {
        String text = frame.body().toString(StandardCharsets.US_ASCII);
        frame.release();
        return text;
    }

    private static ResponseListener listener(CompletableFuture<Object> outcome) {
        return new ResponseListener() {
            @Override
            public void onResponse(Frame response) {
                outcome.complete(string(response));
            }

            @Override
            public void onFailure(Throwable failure) {
                outcome.complete(failure);
            }
        };
    }
}
