package io.posthorn.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.protocol.Frame;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A handler that keeps what it is told, and gives requests to a function or, without one, to a queue. */
final class RecordingHandler implements FrameHandler {

    static final long WAIT_S = 20;

    final BlockingQueue<FrameConnection> opened = new LinkedBlockingQueue<>();
    final BlockingQueue<Frame> requests = new LinkedBlockingQueue<>();
    final BlockingQueue<Boolean> writable = new LinkedBlockingQueue<>();
    final AtomicInteger batches = new AtomicInteger();
    final CompletableFuture<Throwable> closed = new CompletableFuture<>();
    private final BiConsumer<FrameConnection, Frame> onRequest;

    RecordingHandler() {
        this.onRequest = (connection, request) -> requests.add(request);
    }

    RecordingHandler(BiConsumer<FrameConnection, Frame> onRequest) {
        this.onRequest = onRequest;
    }

    FrameConnection connection() throws InterruptedException {
        return assertNotNull(opened.poll(WAIT_S, TimeUnit.SECONDS));
    }

    Frame request() throws InterruptedException {
        return assertNotNull(requests.poll(WAIT_S, TimeUnit.SECONDS));
    }

    Throwable closeCause() throws Exception {
        return closed.get(WAIT_S, TimeUnit.SECONDS);
    }

    @Override
    public void onOpen(FrameConnection connection) {
        assertTrue(connection.inEventLoop());
        opened.add(connection);
    }

    @Override
    public void onRequest(FrameConnection connection, Frame request) {
        onRequest.accept(connection, request);
    }

    @Override
    public void onBatchEnd(FrameConnection connection) {
        batches.incrementAndGet();
    }

    @Override
    public void onWritabilityChanged(FrameConnection connection) {
        writable.add(connection.isWritable());
    }

    @Override
    public void onClosed(FrameConnection connection, Throwable causeOrNull) {
        closed.complete(causeOrNull);
    }

    private static <T> T assertNotNull(T value) {
        org.junit.jupiter.api.Assertions.assertNotNull(value, "nothing within " + WAIT_S + " s");
        return value;
    }
}
