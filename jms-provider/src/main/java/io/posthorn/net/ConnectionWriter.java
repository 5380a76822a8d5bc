package io.posthorn.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.FrameEncoder;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sending side of one connection, with the requests that wait for their answers.
 *
 * <p>Any thread puts commands into the queue; the first one after a drain wakes the event loop up, once. The drain writes
 * all that has come, in few socket writes. What the loop itself sends while it handles a read waits for the end of the read.
 *
 * <p>A thread that cannot go on before its command is out writes it itself ({@link #write}), after all that is queued, when the socket
 * takes it; so does one whose command comes by itself. Whoever writes holds {@link #writing}; listeners are never called with it. A failed write
 * ends the connection on the event loop, whoever noticed it.
 */
final class ConnectionWriter {

    /** Above this many bytes queued or buffered, the connection is not writable. */
    static final int WRITE_HIGH_BYTES = 1024 * 1024;

    /** Below this many bytes buffered, it is writable again. */
    static final int WRITE_LOW_BYTES = 256 * 1024;

    /** So many queued commands are written on behalf of others before a thread's own. */
    private static final int AHEAD_MAX = 64;

    /** So many commands are written before the loop looks after its other connections. */
    private static final int DRAIN_MAX = 1024;

    /** A command that comes so long after the one before it is not one of a stream. */
    private static final long ALONE_NS = TimeUnit.MICROSECONDS.toNanos(40);

    private static final long SWEEP_MIN_MS = 5;
    private static final long SWEEP_MAX_MS = 1000;

    private final NetConfig config;
    private final Clock clock;
    private final Channel channel;
    private final boolean mayBeDirect;
    private final EventLoop loop;
    private final Runnable onWritability;
    private final long sweepMs;
    private final Runnable drainTask = this::drain;
    private final Runnable sweepTask = this::sweep;

    /** What requests fail with; null while open. */
    private final AtomicReference<ConnectionClosedException> closeFailure = new AtomicReference<>();

    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final AtomicBoolean sweepScheduled = new AtomicBoolean();
    private final AtomicBoolean failureTold = new AtomicBoolean();
    private final OutgoingQueue outgoing = new OutgoingQueue();
    private final PendingRequests pending;
    private volatile long lastWriteNs;

    /** When a thread but the event loop's last had a command for the queue. */
    private volatile long lastEnqueuedNs;

    /** Guards the socket, the consumer's side of the queue, and the fields below it. */
    private final ReentrantLock writing = new ReentrantLock();

    private final SocketOutput output;
    private boolean closing;

    // Event loop only.
    private boolean inReadBatch;
    private boolean inDrain;
    private boolean writabilityChanged;

    /** The queue was full, and is no longer: the event loop has to tell. */
    private final AtomicBoolean roomMade = new AtomicBoolean();

    /** @param onWritability told on the event loop that {@link #isWritable} may have changed */
    ConnectionWriter(Channel channel, NetConfig config, Clock clock, Runnable onWritability) {
        this.channel = channel;
        this.mayBeDirect = channel instanceof DirectSocketChannel;
        this.loop = channel.eventLoop();
        this.config = config;
        this.clock = clock;
        this.onWritability = onWritability;
        this.pending = new PendingRequests(config.inFlightMax());
        this.output = new SocketOutput(channel);
        this.sweepMs = Math.max(
                SWEEP_MIN_MS, Math.min(SWEEP_MAX_MS, config.requestTimeout().toMillis() / 8));
        this.lastWriteNs = clock.monotonicNs();
        this.lastEnqueuedNs = lastWriteNs;
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

    /** Puts a command into the queue; one that comes by itself is written on the calling thread, when the socket takes it now. */
    void enqueue(Outgoing command) {
        if (mayBeDirect && !loop.inEventLoop() && comesAlone()) {
            write(command, false);
        } else {
            queue(command);
        }
    }

    /** Others of a stream are written together; waking the event loop for a single one costs more than to write it. */
    private boolean comesAlone() {
        long nowNs = clock.monotonicNs();
        boolean alone = nowNs - lastEnqueuedNs > ALONE_NS;
        lastEnqueuedNs = nowNs;
        return alone;
    }

    private void queue(Outgoing command) {
        outgoing.add(command);
        scheduleDrain();
    }

    /**
     * Writes a command on the calling thread, after all that is queued, when the socket takes it now; else it is queued.
     *
     * @param urgent whether it is worth waiting for another thread that is writing
     * @return whether its bytes, and all before it, are with the operating system
     */
    boolean write(Outgoing command, boolean urgent) {
        if (loop.inEventLoop()) {
            queue(command);
            return false;
        }
        if (urgent) {
            writing.lock();
        } else if (!writing.tryLock()) {
            queue(command);
            return false;
        }
        boolean taken;
        boolean written;
        boolean rest;
        try {
            taken = mayWriteHere() && writeQueued();
            if (taken) {
                writeHere(command);
            }
            written = output.write() && taken;
            rest = output.hasRest();
        } finally {
            writing.unlock();
        }
        if (!taken) {
            queue(command);
        } else if (rest || roomMade.get()) {
            scheduleDrain();
        }
        tellFailure();
        return written;
    }

    /** Waits until everything that was queued before is written, or never will be. Not on the event loop; not interruptible. */
    void awaitWritten() {
        if (loop.inEventLoop() || writeAllHere()) {
            return;
        }
        CountDownLatch end = new CountDownLatch(1);
        queue(Outgoing.mark(end::countDown));
        boolean interrupted = false;
        while (true) {
            try {
                end.await();
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether nothing is left to be written */
    private boolean writeAllHere() {
        boolean all;
        boolean rest;
        writing.lock();
        try {
            boolean queued = mayWriteHere() && writeQueued();
            all = output.write() && queued;
            rest = output.hasRest();
        } finally {
            writing.unlock();
        }
        if (rest || roomMade.get()) {
            scheduleDrain();
        }
        tellFailure();
        return all;
    }

    private boolean mayWriteHere() {
        return !closing
                && isOpen()
                && channel.isActive()
                && output.isDirect()
                // Else the event loop has to tell that the connection is writable again.
                && outgoing.bytes() < WRITE_HIGH_BYTES;
    }

    /** Writes what others have queued. @return whether that was all, so that a command of this thread may follow */
    private boolean writeQueued() {
        long bytes = 0;
        for (int i = 0; i < AHEAD_MAX && output.isDirect(); i++) {
            Outgoing command = outgoing.poll();
            if (command == null) {
                break;
            }
            bytes += command.sizeBytes;
            writeHere(command);
        }
        if (bytes > 0) {
            written(bytes);
        }
        // A command half-way into the queue may hide one of this thread.
        return outgoing.isEmpty() && output.isDirect();
    }

    /** Takes bytes off the queue's account. Whoever was told meanwhile that the queue is full has to be told of the room. */
    private void written(long bytes) {
        if (outgoing.written(bytes) >= WRITE_HIGH_BYTES) {
            roomMade.set(true);
        }
    }

    private void writeHere(Outgoing command) {
        long nowNs = clock.monotonicNs();
        lastWriteNs = nowNs;
        if (command.isMark()) {
            output.write();
            if (output.hasRest()) {
                output.afterRest(command.onEnd());
            } else {
                command.ended();
            }
        } else if (command.listener == null || enter(command, nowNs)) {
            output.add(takeBytes(command));
        }
    }

    private void tellFailure() {
        IOException failure = output.failure();
        if (failure != null && !failureTold.getAndSet(true)) {
            try {
                loop.execute(() -> channel.pipeline().fireExceptionCaught(failure));
            } catch (RejectedExecutionException loopEnded) {
                // It has closed its channels before.
                return;
            }
        }
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

    /** Other threads may write as well: no handler changes the bytes. */
    void allowDirect() {
        writing.lock();
        try {
            output.allowDirect();
        } finally {
            writing.unlock();
        }
    }

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
        writing.lock();
        try {
            // Whoever has entered a request before is in the table by now; nobody enters one later.
            closing = true;
        } finally {
            writing.unlock();
        }
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
        List<Outgoing> refused = new ArrayList<>(0);
        int count;
        boolean flush;
        writing.lock();
        try {
            inDrain = true;
            flush = output.hasRest();
            if (active) {
                output.passRestOn();
            } else {
                output.discard();
            }
            boolean direct = active && output.isDirect();
            count = takeQueued(active, direct, refused);
            if (direct) {
                output.write();
                flush |= output.hasRest();
                output.passRestOn();
            }
            flush |= count > 0 && !direct;
            inDrain = false;
        } finally {
            writing.unlock();
        }
        for (Outgoing request : refused) {
            pending.fail(request, closeFailure.get());
        }
        if (active && flush) {
            channel.flush();
        }
        tellFailure();
        boolean hasRoom = roomMade.getAndSet(false);
        if (active && (hasRoom || writabilityChanged)) {
            writabilityChanged = false;
            onWritability.run();
        }
        return count == DRAIN_MAX;
    }

    /** Writes what is queued, or discards it. @param refused gets the requests that are not written */
    private int takeQueued(boolean active, boolean direct, List<Outgoing> refused) {
        int count = 0;
        long bytes = 0;
        long nowNs = 0;
        // A socket that is full ends the direct part; the rest of it goes to Netty in its order.
        while (count < DRAIN_MAX && !(direct && output.hasRest())) {
            Outgoing command = outgoing.poll();
            if (command == null) {
                break;
            }
            if (count++ == 0) {
                nowNs = clock.monotonicNs();
            }
            bytes += command.sizeBytes;
            boolean request = command.listener != null;
            if (!active || request && closing) {
                command.discard();
                if (request) {
                    refused.add(command);
                }
            } else if (direct) {
                writeHere(command);
            } else if (command.isMark()) {
                output.pass(Unpooled.EMPTY_BUFFER, command.onEnd());
            } else if (!request || enter(command, nowNs)) {
                output.pass(takeBytes(command));
            }
        }
        written(bytes);
        // A connection whose peer has stopped reading is not alive because more is queued for it.
        if (count > 0 && channel.isWritable()) {
            lastWriteNs = nowNs;
        }
        return count;
    }

    /** Makes a request one that waits for its answer. @return false if it cannot be encoded, and its listener will be told */
    private boolean enter(Outgoing request, long nowNs) {
        request.deadlineNs = nowNs + request.timeoutNs;
        int opaque = pending.add(request);
        if (request.frame == null) {
            FrameEncoder.setOpaque(request.bytes, opaque);
        } else if (!encode(request, opaque)) {
            return false;
        }
        scheduleSweep();
        if (request.timeoutNs < 4 * TimeUnit.MILLISECONDS.toNanos(sweepMs)) {
            schedule(this::failOverdue, request.timeoutNs);
        }
        return true;
    }

    private static ByteBuf takeBytes(Outgoing command) {
        ByteBuf bytes = command.bytes;
        command.bytes = null;
        return bytes;
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

    private void scheduleSweep() {
        if (!sweepScheduled.get() && sweepScheduled.compareAndSet(false, true)) {
            schedule(sweepTask, TimeUnit.MILLISECONDS.toNanos(sweepMs));
        }
    }

    private void schedule(Runnable task, long delayNs) {
        try {
            loop.schedule(task, delayNs, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException loopEnded) {
            // It has closed its channels, which has failed, or will fail, everything that waits.
            return;
        }
    }

    private void sweep() {
        sweepScheduled.set(false);
        failOverdue();
        if (!pending.isEmpty()) {
            scheduleSweep();
        }
    }

    private void failOverdue() {
        pending.failOverdue(clock.monotonicNs(), String.valueOf(channel.remoteAddress()));
    }
}
