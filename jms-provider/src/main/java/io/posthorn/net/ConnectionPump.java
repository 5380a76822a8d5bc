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
import io.posthorn.protocol.ProtocolException;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving side and the life of one connection: Netty's events in, calls of the {@link FrameHandler} out. Runs on the
 * channel's event loop, so its fields need no lock; only {@link #close} comes from other threads.
 *
 * <p>Life: open → closing (nothing new, what is queued still goes out) → closed. Everything in flight fails at the first
 * step.
 */
final class ConnectionPump extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPump.class);

    private static final long LINGER_MS = 1000;

    private final NetConfig config;
    private final Clock clock;
    private final FrameHandler handler;
    private final Channel channel;
    private final EventLoop loop;
    private final FrameDecoder decoder;
    private final ConnectionWriter writer;

    private final CompletableFuture<FrameConnection> opened;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Consumer<Frame> incoming = this::onFrame;

    private FrameConnection connection;
    private Throwable closeCause;
    private boolean closing;
    private boolean hearingOut;
    private boolean heardOut;
    private long lastReadNs;
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
        this.writer = new ConnectionWriter(channel, config, clock, this::tellWritability);
    }

    // ---- any thread

    CompletableFuture<Void> closed() {
        return closed;
    }

    ConnectionWriter writer() {
        return writer;
    }

    /** Whether the connection has ended and everything that had arrived was read; else it was this side that ended it. Event loop. */
    boolean heardOut() {
        return heardOut;
    }

    void close(String reason) {
        if (!writer.refuse(reason, null)) {
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

    // ---- the event loop: reading

    void limitFrames(int bytes) {
        decoder.limit(Math.min(bytes, config.frameMaxBytes()));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        lastReadNs = clock.monotonicNs();
        connection = new FrameConnection(channel, this, writer, config);
        if (context.pipeline().first() == this) {
            writer.allowDirect();
        }
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
        writer.beginReadBatch();
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
            writer.complete(frame);
        } else {
            handler.onRequest(connection, frame);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        lastReadNs = clock.monotonicNs();
        if (!closing) {
            try {
                handler.onBatchEnd(connection);
            } catch (RuntimeException | Error broken) {
                onHandlerFailure(broken);
            }
        }
        writer.endReadBatch();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        writer.writabilityChanged();
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
            lastReadNs = nowNs;
        }
        long quietNs = Math.min(nowNs - lastReadNs, nowNs - writer.lastWriteNs());
        long leftNs = config.idleTimeout().toNanos() - quietNs;
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
            hearOut(cause);
        } else {
            LOG.error("closing {}", channel, cause);
            abort(cause.toString(), cause);
        }
    }

    /**
     * The socket has failed. What the peer wrote before it ended may still lie there, and counts: a process that was killed has
     * acknowledged with its last bytes. So the end is left to the reading side, which comes to it by itself.
     */
    private void hearOut(Throwable cause) {
        writer.refuse(cause.toString(), cause);
        if (closing || hearingOut) {
            return;
        }
        hearingOut = true;
        closeCause = cause;
        writer.shut();
        channel.config().setAutoRead(true);
        loop.schedule(() -> abort(cause.toString(), cause), LINGER_MS, TimeUnit.MILLISECONDS);
    }

    /** The orderly end: what was queued goes out first. */
    private void linger() {
        if (!beginClosing()) {
            return;
        }
        channel.config().setAutoRead(false);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        loop.schedule(() -> channel.close(), LINGER_MS, TimeUnit.MILLISECONDS);
    }

    /** The sudden end. */
    private void abort(String reason, Throwable cause) {
        writer.refuse(reason, cause);
        if (!closing && !hearingOut) {
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
        writer.shut();
        return true;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        writer.refuse("by the peer", null);
        heardOut = !closing;
        beginClosing();
        if (idleCheck != null) {
            idleCheck.cancel(false);
        }
        writer.endReadBatch();
        // Again, for what came in between: nothing may be left without an outcome.
        writer.shut();
        if (connection == null) {
            // Accepted while the server was being closed: the handler has never heard of it.
            return;
        }
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
