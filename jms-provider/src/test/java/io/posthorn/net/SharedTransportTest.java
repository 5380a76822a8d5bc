package io.posthorn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.time.Clock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Several clients on the same event loops. */
class SharedTransportTest {

    private static final String PREFIX = "shared-test";

    private final Set<Thread> started = ConcurrentHashMap.newKeySet();

    @Test
    void clientsShareThreadsThatEndWithTheLast() throws Exception {
        SharedTransport shared = new SharedTransport(() -> NetTransport.nio(1, PREFIX, true));
        try (FrameServer server = new FrameServer(NetConfig.defaults(), new RecordingHandler())) {
            InetSocketAddress address = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            List<FrameClient> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(connected(shared, address));
            }
            assertEquals(1, started.size());
            Thread loop = started.iterator().next();
            for (FrameClient client : clients.subList(1, 5)) {
                client.close();
                client.close();
                assertTrue(loop.isAlive());
            }
            FrameClient last = clients.get(0);
            FrameConnection still =
                    last.connect(address, new RecordingHandler()).get(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
            assertTrue(still.isOpen());
            last.close();
            assertFalse(still.isOpen());
            assertFalse(loop.isAlive());
        }
    }

    @Test
    void afterTheLastTheNextClientGetsNewThreads() throws Exception {
        SharedTransport shared = SharedTransport.nio(PREFIX);
        try (FrameServer server = new FrameServer(NetConfig.defaults(), new RecordingHandler())) {
            InetSocketAddress address = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (int round = 1; round <= 3; round++) {
                connected(shared, address).close();
                assertEquals(round, started.size());
                assertTrue(started.stream().noneMatch(Thread::isAlive));
            }
        }
    }

    @Test
    void aClosedClientOpensNothingThoughItsThreadLives() throws Exception {
        SharedTransport shared = new SharedTransport(() -> NetTransport.nio(1, PREFIX, true));
        try (FrameServer server = new FrameServer(NetConfig.defaults(), new RecordingHandler())) {
            InetSocketAddress address = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (FrameClient other = connected(shared, address)) {
                FrameClient closed = connected(shared, address);
                closed.close();
                CompletableFuture<FrameConnection> refused = closed.connect(address, new RecordingHandler());
                assertThrows(ExecutionException.class, refused::get);
                assertTrue(other.connect(address, new RecordingHandler())
                        .get(RecordingHandler.WAIT_S, TimeUnit.SECONDS)
                        .isOpen());
            }
        }
    }

    @Test
    void namesAreLookedUpAndUnknownOnesAreNamed() throws Exception {
        SharedTransport shared = new SharedTransport(() -> NetTransport.nio(1, PREFIX, true));
        try (FrameServer server = new FrameServer(NetConfig.defaults(), new RecordingHandler());
                FrameClient client = new FrameClient(NetConfig.defaults(), Clock.system(), shared)) {
            int port = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .getPort();
            CompletableFuture<Boolean> isOpen = client.connect(
                            InetSocketAddress.createUnresolved("localhost", port), new RecordingHandler())
                    .thenApply(FrameConnection::isOpen);
            assertTrue(isOpen.get(RecordingHandler.WAIT_S, TimeUnit.SECONDS));
            CompletableFuture<FrameConnection> unknown = client.connect(
                    InetSocketAddress.createUnresolved("no-such-host.invalid", port), new RecordingHandler());
            ExecutionException failure = assertThrows(
                    ExecutionException.class, () -> unknown.get(RecordingHandler.WAIT_S, TimeUnit.SECONDS));
            String text = failure.getCause().getMessage();
            assertTrue(text.contains("no-such-host.invalid") && text.contains("unknown"), text);
        }
    }

    private FrameClient connected(SharedTransport shared, InetSocketAddress address) throws Exception {
        FrameClient client = new FrameClient(NetConfig.defaults(), Clock.system(), shared);
        client.connect(address, new RecordingHandler()).get(RecordingHandler.WAIT_S, TimeUnit.SECONDS);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        client.execute(() -> thread.complete(Thread.currentThread()));
        started.add(thread.get(RecordingHandler.WAIT_S, TimeUnit.SECONDS));
        return client;
    }
}
