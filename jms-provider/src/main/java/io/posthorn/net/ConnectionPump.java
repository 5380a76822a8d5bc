package io.posthorn.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.FrameDecoder;
import io.posthorn.protocol.FrameEncoder;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves frames between one channel and its {@link FrameConnection} and {@link FrameHandler}. Other threads only enqueue;
 * all else runs on the channel's event loop, so its fields need no lock.
 *
 * <p>Writes: a command goes into the queue, and the first one after a drain wakes the event loop up, once; the drain writes
 * all that has come and flushes once. What the loop itself sends while it handles a read waits for the end of the read.
 *
 * <p>Life: open → closing (nothing new, what is queued still goes out) → closed. Everything in flight fails at the first
 * step.
 */
final class ConnectionPump extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPump.class);

    /** Above this many bytes queued or buffered, the connection is not writable. */
    static final int WRITE_HIGH_BYTES = 1024 * 1024;

    /** Below this many bytes buffered, it is writable again. */
    static final int WRITE_LOW_BYTES = 256 * 1024;

    /** So many commands are written before the loop looks after its other connections. */
    private static final int DRAIN_MAX = 1024;

    private static final long LINGER_MS = 1000;
    private static final long SWEEP_MIN_MS = 5;
    private static final long SWEEP_MAX_MS = 1000;

    private final NetConfig config;
    private final Clock clock;
    private final FrameHandler handler;
    private final Channel channel;
    private final EventLoop loop;
    private final FrameDecoder decoder;
    private final long sweepMs;

    private final OutgoingQueue outgoing = new OutgoingQueue();
    private final PendingRequests pending;
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final CompletableFuture<FrameConnection> opened;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Consumer<Frame> incoming = this::onFrame;
    private final Runnable drainTask = this::drain;

    /** What requests fail with; null while open. */
    private final AtomicReference<ConnectionClosedException> closeFailure = new AtomicReference<>();

    private FrameConnection connection;
    private Throwable closeCause;
    private boolean closing;
    private boolean inReadBatch;
    private boolean inDrain;
    private boolean writabilityChanged;
    private boolean sweepScheduled;
    private long lastActivityNs;
    private Future<?> idleCheck;

    /** @param opened completed after onOpen; when that fails, or nobody waits any more, the connection is closed */
    ConnectionPump(
            Channel channel,
            NetConfig config,
            Clock clock,
            FrameHandler handler,
            CompletableFuture<FrameConnection> opened) {
        this.channel = channel;
        this.loop = channel.eventLoop();
        this.config = config;
        this.clock = clock;
        this.handler = handler;
        this.opened = opened;
        this.decoder = new FrameDecoder(config.frameMaxBytes(), channel.alloc());
        this.pending = new PendingRequests(config.inFlightMax());
        this.sweepMs = Math.max(
                SWEEP_MIN_MS, Math.min(SWEEP_MAX_MS, config.requestTimeout().toMillis() / 8));
    }

    // ---- any thread

    /** Takes a place for a request, or says why there is none. */
    RemotingException admit() {
        RemotingException closedAlready = closeFailure.get();
        if (closedAlready != null) {
            return closedAlready;
        }
        return pending.admit()
                ? null
                : new TooManyRequestsException(
                        pending.inFlightMax() + " requests to " + channel.remoteAddress() + " are unanswered");
    }

    /** Gives the place of a request back that was not enqueued. */
    void withdraw() {
        pending.withdraw();
    }

    void enqueue(Outgoing command) {
        outgoing.add(command);
        scheduleDrain();
    }

    /** Tells a listener on the event loop, and not within the call that failed. */
    void failLater(ResponseListener listener, Throwable failure) {
        try {
            loop.execute(() -> PendingRequests.tell(listener, failure));
        } catch (RejectedExecutionException loopEnded) {
            PendingRequests.tell(listener, failure);
        }
    }

    boolean isOpen() {
        return closeFailure.get() == null;
    }

    boolean isWritable() {
        return channel.isWritable() && outgoing.bytes() < WRITE_HIGH_BYTES && isOpen();
    }

    CompletableFuture<Void> closed() {
        return closed;
    }

    void close(String reason) {
        if (!refuse(reason, null)) {
            return;
        }
        LOG.debug("closing {}: {}", channel, reason);
        try {
            loop.execute(this::linger);
        } catch (RejectedExecutionException loopEnded) {
            // An event loop closes its channels before it ends.
            LOG.debug("{} was closed with its event loop", channel);
        }
    }

    private boolean refuse(String reason, Throwable cause) {
        return closeFailure.compareAndSet(
                null,
                new ConnectionClosedException(
                        "connection to " + channel.remoteAddress() + " is closed: " + reason, cause));
    }

    private void scheduleDrain() {
        if (loop.inEventLoop() && inReadBatch) {
            return;
        }
        if (!drainScheduled.get() && drainScheduled.compareAndSet(false, true)) {
            try {
                loop.execute(drainTask);
            } catch (RejectedExecutionException loopEnded) {
                drain();
            }
        }
    }

    // ---- the event loop: writing

    private void drain() {
        if (drainSome()) {
            scheduleDrain();
        }
    }

    /** @return whether there may be more */
    private boolean drainSome() {
        // Before the queue is read, so that whoever adds to it from now on asks for another drain.
        drainScheduled.set(false);
        boolean active = channel.isActive();
        if (!active) {
            refuse("by the peer", null);
        }
        boolean wasFull = outgoing.bytes() >= WRITE_HIGH_BYTES;
        List<Outgoing> refused = active && !closing ? List.of() : new ArrayList<>();
        int count;
        // Free unless the loop has ended: then the threads that still add commands drain in its place.
        synchronized (outgoing) {
            count = takeQueued(active, refused);
        }
        for (Outgoing request : refused) {
            pending.fail(request, closeFailure.get());
        }
        if (active && count > 0) {
            channel.flush();
        }
        if (active && (wasFull || writabilityChanged)) {
            writabilityChanged = false;
            tellWritability();
        }
        return count == DRAIN_MAX;
    }

    /** Writes what is queued, or discards it. @param refused gets the requests that are not written */
    private int takeQueued(boolean active, List<Outgoing> refused) {
        int count = 0;
        long bytes = 0;
        long nowNs = 0;
        inDrain = true;
        while (count < DRAIN_MAX) {
            Outgoing command = outgoing.poll();
            if (command == null) {
                break;
            }
            if (count++ == 0) {
                nowNs = clock.monotonicNs();
            }
            bytes += command.sizeBytes;
            boolean request = command.listener != null;
            if (active && !request) {
                write(command);
            } else if (active && !closing) {
                writeRequest(command, nowNs);
            } else {
                command.discard();
                if (request) {
                    refused.add(command);
                }
            }
        }
        inDrain = false;
        outgoing.written(bytes);
        // A connection whose peer has stopped reading is not alive because more is queued for it.
        if (count > 0 && channel.isWritable()) {
            lastActivityNs = nowNs;
        }
        return count;
    }

    private void writeRequest(Outgoing request, long nowNs) {
        request.deadlineNs = nowNs + request.timeoutNs;
        int opaque = pending.add(request);
        if (request.frame == null) {
            FrameEncoder.setOpaque(request.bytes, opaque);
        } else if (!encode(request, opaque)) {
            return;
        }
        write(request);
        if (!sweepScheduled) {
            sweepScheduled = true;
            loop.schedule(this::sweep, sweepMs, TimeUnit.MILLISECONDS);
        }
        if (request.timeoutNs < 4 * TimeUnit.MILLISECONDS.toNanos(sweepMs)) {
            loop.schedule(this::failOverdue, request.timeoutNs, TimeUnit.NANOSECONDS);
        }
    }

    private boolean encode(Outgoing request, int opaque) {
        Frame frame = request.frame.withOpaque(opaque);
        request.frame = null;
        try {
            ByteBuf bytes = FrameEncoder.encode(frame, channel.alloc());
            if (bytes.readableBytes() <= config.frameMaxBytes()) {
                request.bytes = bytes;
                return true;
            }
            failLater(
                    pending.remove(opaque),
                    new FrameTooLargeException("a request " + frame.code() + " of " + bytes.readableBytes()
                            + " bytes, the frame limit is " + config.frameMaxBytes()));
            bytes.release();
        } catch (IllegalArgumentException unfit) {
            failLater(pending.remove(opaque), unfit);
        }
        return false;
    }

    private void write(Outgoing command) {
        ByteBuf bytes = command.bytes;
        command.bytes = null;
        // A failed write arrives in exceptionCaught; a promise for each would be garbage.
        channel.write(bytes, channel.voidPromise());
    }

    private void sweep() {
        sweepScheduled = false;
        failOverdue();
        if (!pending.isEmpty()) {
            sweepScheduled = true;
            loop.schedule(this::sweep, sweepMs, TimeUnit.MILLISECONDS);
        }
    }

    private void failOverdue() {
        pending.failOverdue(clock.monotonicNs(), String.valueOf(channel.remoteAddress()));
    }

    // ---- the event loop: reading

    @Override
    public void channelActive(ChannelHandlerContext context) {
        lastActivityNs = clock.monotonicNs();
        connection = new FrameConnection(channel, this, config);
        if (!config.idleTimeout().isZero()) {
            scheduleIdleCheck(config.idleTimeout().toNanos());
        }
        try {
            handler.onOpen(connection);
        } catch (RuntimeException | Error broken) {
            onHandlerFailure(broken);
            opened.completeExceptionally(broken);
            return;
        }
        if (!opened.complete(connection)) {
            close("nobody waits for it any more");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        inReadBatch = true;
        try {
            decoder.feed((ByteBuf) message, incoming);
        } catch (ProtocolException malformed) {
            LOG.warn("closing {}: {}", channel, malformed.getMessage());
            abort("malformed input: " + malformed.getMessage(), malformed);
        } catch (RuntimeException | Error broken) {
            onHandlerFailure(broken);
        }
    }

    private void onFrame(Frame frame) {
        if (frame.isResponse()) {
            pending.complete(frame);
        } else {
            handler.onRequest(connection, frame);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        lastActivityNs = clock.monotonicNs();
        if (!closing) {
            try {
                handler.onBatchEnd(connection);
            } catch (RuntimeException | Error broken) {
                onHandlerFailure(broken);
            }
        }
        inReadBatch = false;
        drain();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (inDrain) {
            writabilityChanged = true;
        } else {
            tellWritability();
        }
    }

    private void tellWritability() {
        if (closing) {
            return;
        }
        try {
            handler.onWritabilityChanged(connection);
        } catch (RuntimeException | Error broken) {
            onHandlerFailure(broken);
        }
    }

    private void scheduleIdleCheck(long delayNs) {
        idleCheck = loop.schedule(this::checkIdle, delayNs, TimeUnit.NANOSECONDS);
    }

    private void checkIdle() {
        long nowNs = clock.monotonicNs();
        if (!channel.config().isAutoRead()) {
            // We are the ones who do not read.
            lastActivityNs = nowNs;
        }
        long leftNs = config.idleTimeout().toNanos() - (nowNs - lastActivityNs);
        if (leftNs > 0) {
            scheduleIdleCheck(leftNs);
            return;
        }
        String reason = "idle for " + config.idleTimeout().toMillis() + " ms";
        LOG.info("closing {}: {}", channel, reason);
        abort(reason, null);
    }

    // ---- the event loop: the end

    private void onHandlerFailure(Throwable broken) {
        LOG.error("closing {}: its handler failed", channel, broken);
        abort("its handler failed", broken);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("closing {}: {}", channel, cause.toString());
        } else {
            LOG.error("closing {}", channel, cause);
        }
        abort(cause.toString(), cause);
    }

    /** The orderly end: what was queued goes out first. */
    private void linger() {
        if (!beginClosing()) {
            return;
        }
        while (drainSome()) {
            LOG.trace("more than one drain is left of {}", channel);
        }
        channel.config().setAutoRead(false);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        loop.schedule(() -> channel.close(), LINGER_MS, TimeUnit.MILLISECONDS);
    }

    /** The sudden end. */
    private void abort(String reason, Throwable cause) {
        refuse(reason, cause);
        if (!closing) {
            closeCause = cause;
        }
        beginClosing();
        channel.close();
    }

    private boolean beginClosing() {
        if (closing) {
            return false;
        }
        closing = true;
        decoder.close();
        pending.failAll(closeFailure.get());
        return true;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        refuse("by the peer", null);
        beginClosing();
        inReadBatch = false;
        if (idleCheck != null) {
            idleCheck.cancel(false);
        }
        drain();
        try {
            handler.onClosed(connection, closeCause);
        } catch (RuntimeException | Error broken) {
            LOG.error("the handler of {} failed at its end", channel, broken);
        }
    }

    /** Comes after channelInactive, and also for a channel that never was active. */
    @Override
    public void channelUnregistered(ChannelHandlerContext context) {
        closed.complete(null);
    }
}
