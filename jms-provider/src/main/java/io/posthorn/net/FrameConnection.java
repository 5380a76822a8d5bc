package io.posthorn.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.FrameEncoder;
import io.posthorn.protocol.ResponseCode;
import io.posthorn.protocol.SerializeType;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, seen from either side. All methods may be called by any thread, and none but {@link #awaitWritten} blocks.
 *
 * <p>Every method that takes a body takes its reference over, whatever happens; a body from {@link #newBody} is sent without
 * a copy. Commands of one thread leave in the order of its calls; those of many threads share socket writes. After the end
 * of the connection requests fail with {@link ConnectionClosedException}, and all else is dropped.
 */
public final class FrameConnection {

    private static final Logger LOG = LoggerFactory.getLogger(FrameConnection.class);

    private final Channel channel;
    private final ConnectionPump pump;
    private final ConnectionWriter writer;
    private final NetConfig config;
    private final long requestTimeoutNs;
    private final SocketAddress remoteAddress;
    private final SocketAddress localAddress;
    private volatile Object attachment;

    FrameConnection(Channel channel, ConnectionPump pump, ConnectionWriter writer, NetConfig config) {
        this.channel = channel;
        this.pump = pump;
        this.writer = writer;
        this.config = config;
        this.requestTimeoutNs = config.requestTimeout().toNanos();
        // Kept, because a closed channel no longer knows them.
        this.remoteAddress = channel.remoteAddress();
        this.localAddress = channel.localAddress();
    }

    /**
     * Sends a request in either header form.
     *
     * @param timeout how long to wait for the answer, positive
     * @return completes on the event loop, so what depends on it must not block. The caller owns the response and releases
     *     it. Fails with {@link RemotingTimeoutException}, {@link ConnectionClosedException}, {@link
     *     TooManyRequestsException}, {@link FrameTooLargeException}, or IllegalArgumentException when the header form
     *     cannot carry a field
     */
    public CompletableFuture<Frame> request(
            int code, SerializeType type, Map<String, String> ext, ByteBuf body, Duration timeout) {
        CompletableFuture<Frame> future = new CompletableFuture<>();
        ResponseListener listener = new ResponseListener() {
            @Override
            public void onResponse(Frame response) {
                if (!future.complete(response)) {
                    response.release();
                }
            }

            @Override
            public void onFailure(Throwable failure) {
                future.completeExceptionally(failure);
            }
        };
        if (admit(body, listener)) {
            writer.enqueue(Outgoing.request(Frame.request(code, type, ext, body), listener, timeout.toNanos()));
        }
        return future;
    }

    /**
     * Sends a request with a bare binary header: the JMS verbs. The connection's requestTimeout holds.
     *
     * @param listener gets the answer, or the failure as {@link #request} has it; never called within this call
     */
    public void send(int code, ByteBuf body, ResponseListener listener) {
        send(code, body, listener, false);
    }

    /**
     * As {@link #send}, for a request that the calling thread is about to wait for: written on that thread when the socket takes it,
     * which saves waking the event loop.
     */
    public void sendNow(int code, ByteBuf body, ResponseListener listener) {
        send(code, body, listener, true);
    }

    private void send(int code, ByteBuf body, ResponseListener listener, boolean now) {
        if (!admit(body, listener)) {
            return;
        }
        try {
            ByteBuf bytes = bounded(FrameEncoder.encodeBare(code, false, false, 0, body, channel.alloc()), code);
            Outgoing request = Outgoing.request(bytes, listener, requestTimeoutNs);
            if (now) {
                writer.write(request, false);
            } else {
                writer.enqueue(request);
            }
        } catch (IllegalArgumentException | FrameTooLargeException unfit) {
            writer.withdraw();
            writer.failLater(listener, unfit);
        }
    }

    /**
     * Sends a one-way request with a bare binary header.
     *
     * @throws FrameTooLargeException if it is over the limit
     */
    public void oneWay(int code, ByteBuf body) {
        writer.enqueue(Outgoing.unanswered(
                bounded(FrameEncoder.encodeBare(code, false, true, 0, body, channel.alloc()), code)));
    }

    /**
     * As {@link #oneWay}, written on the calling thread when the socket takes it.
     *
     * @return whether it, and everything that was sent before, is with the operating system, which delivers it even when this process
     *     dies. If not, {@link #awaitWritten} waits for that
     */
    public boolean oneWayNow(int code, ByteBuf body) {
        return writer.write(
                Outgoing.unanswered(
                        bounded(FrameEncoder.encodeBare(code, false, true, 0, body, channel.alloc()), code)),
                true);
    }

    /**
     * Waits until everything that was sent before is with the operating system, or the connection has ended. An interrupt does not end the
     * wait. On the event loop it returns at once.
     */
    public void awaitWritten() {
        writer.awaitWritten();
    }

    /**
     * Answers a request in its own header form; does nothing for a one-way request. An answer over the frame limit becomes
     * a SYSTEM_ERROR that says so. Does not release the request, which may be released already.
     *
     * @param remark text for people, or null
     */
    public void respond(Frame request, int code, String remark, Map<String, String> ext, ByteBuf body) {
        if (request.isOneWay()) {
            body.release();
            return;
        }
        ByteBuf bytes = FrameEncoder.encode(Frame.response(request, code, remark, ext, body), channel.alloc());
        enqueueResponse(request, bytes);
    }

    /** Answers SUCCESS with this body; else as the longer form. */
    public void respond(Frame request, ByteBuf body) {
        if (request.serializeType() == SerializeType.JSON || request.isOneWay()) {
            respond(request, ResponseCode.SUCCESS, null, Map.of(), body);
            return;
        }
        ByteBuf bytes =
                FrameEncoder.encodeBare(ResponseCode.SUCCESS, true, false, request.opaque(), body, channel.alloc());
        enqueueResponse(request, bytes);
    }

    /**
     * Writes what is queued now, and not when the read under way has been worked off or the event loop comes to it. Does nothing on
     * other threads than the event loop.
     */
    public void flush() {
        writer.flush();
    }

    public ByteBufAllocator alloc() {
        return channel.alloc();
    }

    /** An empty buffer for a body of about so many bytes, with room for the header in front of it. */
    public ByteBuf newBody(int bodyBytes) {
        return FrameEncoder.newBody(channel.alloc(), bodyBytes);
    }

    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    public SocketAddress localAddress() {
        return localAddress;
    }

    /** False from the call of {@link #close} on, and once the peer is gone. */
    public boolean isOpen() {
        return writer.isOpen();
    }

    /**
     * Fails the requests in flight, sends what was queued before, for at most one second, and closes. Later calls do
     * nothing.
     *
     * @param reason for the log and for the failed requests
     */
    public void close(String reason) {
        pump.close(reason);
    }

    /** Completes, always normally, after {@link FrameHandler#onClosed} has returned. */
    public CompletableFuture<Void> closed() {
        return pump.closed().copy();
    }

    /**
     * Whether the peer ended the connection, and everything of it that had arrived was handed over; false while it is open, and when
     * this side ended it. From {@link FrameHandler#onClosed} on.
     */
    public boolean isHeardOut() {
        return pump.heardOut();
    }

    /** False while more than about 1 MiB waits to be sent. Nothing is refused meanwhile; it is the caller who holds back. */
    public boolean isWritable() {
        return writer.isWritable();
    }

    /** Stops or resumes reading from the socket. Frames of a read that has begun still arrive. */
    public void pauseReading(boolean pause) {
        channel.config().setAutoRead(!pause);
    }

    /**
     * Takes frames up to this size only, or again up to that of the configuration, which is never exceeded. A larger one ends the connection.
     * The thread of the {@link FrameHandler} only.
     */
    public void limitFrames(int bytes) {
        pump.limitFrames(bytes);
    }

    /** Whether the calling thread is the one that calls the {@link FrameHandler} of this connection. */
    public boolean inEventLoop() {
        return channel.eventLoop().inEventLoop();
    }

    /**
     * The thread that calls the {@link FrameHandler}; it must not be blocked. A task that is given to it while it reads is run when it has
     * read from all connections that had something.
     */
    public ScheduledExecutorService eventLoop() {
        return channel.eventLoop();
    }

    /** Hangs one object of the owner's on this connection, in place of an earlier one; or null. */
    public void attach(Object value) {
        attachment = value;
    }

    /** What {@link #attach} was given last, or null. */
    public Object attachment() {
        return attachment;
    }

    @Override
    public String toString() {
        return localAddress + " to " + remoteAddress;
    }

    private boolean admit(ByteBuf body, ResponseListener listener) {
        RemotingException refusal = writer.admit();
        if (refusal == null) {
            return true;
        }
        body.release();
        writer.failLater(listener, refusal);
        return false;
    }

    private void enqueueResponse(Frame request, ByteBuf bytes) {
        ByteBuf fit = bytes;
        if (bytes.readableBytes() > config.frameMaxBytes()) {
            String remark = "the answer of " + bytes.readableBytes() + " bytes is over the frame limit of "
                    + config.frameMaxBytes();
            bytes.release();
            LOG.error("{}: {}, to {}", remoteAddress, remark, request);
            fit = FrameEncoder.encode(
                    Frame.response(request, ResponseCode.SYSTEM_ERROR, remark, Map.of(), Unpooled.EMPTY_BUFFER),
                    channel.alloc());
        }
        writer.enqueue(Outgoing.unanswered(fit));
    }

    private ByteBuf bounded(ByteBuf bytes, int code) {
        int size = bytes.readableBytes();
        if (size > config.frameMaxBytes()) {
            bytes.release();
            throw new FrameTooLargeException(
                    "a request " + code + " of " + size + " bytes, the frame limit is " + config.frameMaxBytes());
        }
        return bytes;
    }
}
