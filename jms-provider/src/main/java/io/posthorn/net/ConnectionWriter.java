package io.posthorn.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.FrameEncoder;
import io.posthorn.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The sending side of one connection, with the requests that wait for their answers.
 *
 * <p>Any thread puts commands into the queue; the first one after a drain wakes the event loop up, once. The drain writes
 * all that has come and flushes once. What the loop itself sends while it handles a read waits for the end of the read. All
 * fields below the queue belong to the event loop.
 */
final class ConnectionWriter {

    /** Above this many bytes queued or buffered, the connection is not writable. */
    static final int WRITE_HIGH_BYTES = 1024 * 1024;

    /** Below this many bytes buffered, it is writable again. */
    static final int WRITE_LOW_BYTES = 256 * 1024;

    /** So many commands are written before the loop looks after its other connections. */
    private static final int DRAIN_MAX = 1024;

    private static final long SWEEP_MIN_MS = 5;
    private static final long SWEEP_MAX_MS = 1000;

    private final NetConfig config;
    private final Clock clock;
    private final Channel channel;
    private final EventLoop loop;
    private final Runnable onWritability;
    private final long sweepMs;
    private final Runnable drainTask = this::drain;
    private final Runnable sweepTask = this::sweep;

    /** What requests fail with; null while open. */
    private final AtomicReference<ConnectionClosedException> closeFailure = new AtomicReference<>();

    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final OutgoingQueue outgoing = new OutgoingQueue();

    private final PendingRequests pending;
    private boolean closing;
    private boolean inReadBatch;
    private boolean inDrain;
    private boolean writabilityChanged;
    private boolean sweepScheduled;
    private long lastWriteNs;

    /** @param onWritability told on the event loop that {@link #isWritable} may have changed */
    ConnectionWriter(Channel channel, NetConfig config, Clock clock, Runnable onWritability) {
        this.channel = channel;
        this.loop = channel.eventLoop();
        this.config = config;
        this.clock = clock;
        this.onWritability = onWritability;
        this.pending = new PendingRequests(config.inFlightMax());
        this.sweepMs = Math.max(
                SWEEP_MIN_MS, Math.min(SWEEP_MAX_MS, config.requestTimeout().toMillis() / 8));
        this.lastWriteNs = clock.monotonicNs();
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

    void flush() {
        if (loop.inEventLoop() && !inDrain) {
            drain();
        }
    }

    boolean isOpen() {
        return closeFailure.get() == null;
    }

    boolean isWritable() {
        return channel.isWritable() && outgoing.bytes() < WRITE_HIGH_BYTES && isOpen();
    }

    /** Lets no further request in. @return false if that was so already; the first reason stays */
    boolean refuse(String reason, Throwable cause) {
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

    // ---- the event loop

    /** From now on what the loop sends waits for {@link #endReadBatch}. */
    void beginReadBatch() {
        inReadBatch = true;
    }

    void endReadBatch() {
        inReadBatch = false;
        drain();
    }

    /** When something was last written to a peer that takes it; monotonic. */
    long lastWriteNs() {
        return lastWriteNs;
    }

    void complete(Frame response) {
        pending.complete(response);
    }

    void writabilityChanged() {
        if (inDrain) {
            writabilityChanged = true;
        } else {
            onWritability.run();
        }
    }

    /** After {@link #refuse}: fails all requests, written or queued, and writes what else is queued. */
    void shut() {
        closing = true;
        pending.failAll(closeFailure.get());
        boolean more = true;
        while (more) {
            more = drainSome();
        }
    }

    void drain() {
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
            onWritability.run();
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
            lastWriteNs = nowNs;
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
            loop.schedule(sweepTask, sweepMs, TimeUnit.MILLISECONDS);
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
            loop.schedule(sweepTask, sweepMs, TimeUnit.MILLISECONDS);
        }
    }

    private void failOverdue() {
        pending.failOverdue(clock.monotonicNs(), String.valueOf(channel.remoteAddress()));
    }
}
