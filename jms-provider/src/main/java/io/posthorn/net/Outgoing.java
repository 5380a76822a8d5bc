package io.posthorn.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.protocol.Frame;

/**
 * One command on its way out; a request stays in the table of {@link PendingRequests} until it is answered. Made by any
 * thread, then touched by whoever writes it, and of a request by the event loop; also a node of {@link OutgoingQueue}.
 */
final class Outgoing {

    /** For the queue. */
    volatile Outgoing next;

    /** Encoded; null once written, or when {@link #frame} is set. */
    ByteBuf bytes;

    /** To be encoded when its correlation id is known; else null. */
    Frame frame;

    /** Null for what expects no answer, and once told. */
    ResponseListener listener;

    final long timeoutNs;

    /** Size by which it counts as queued. */
    final int sizeBytes;

    /** Monotonic; set when written. */
    long deadlineNs;

    /** Told when the command is written, or never will be; null for nobody. */
    private final Runnable onEnd;

    private Outgoing(
            ByteBuf bytes, Frame frame, ResponseListener listener, long timeoutNs, int sizeBytes, Runnable onEnd) {
        this.bytes = bytes;
        this.frame = frame;
        this.listener = listener;
        this.timeoutNs = timeoutNs;
        this.sizeBytes = sizeBytes;
        this.onEnd = onEnd;
    }

    /** The node that an empty queue consists of. */
    static Outgoing stub() {
        return new Outgoing(null, null, null, 0, 0, null);
    }

    /** A response or one-way request. */
    static Outgoing unanswered(ByteBuf bytes) {
        return new Outgoing(bytes, null, null, 0, bytes.readableBytes(), null);
    }

    /** An encoded request with a binary header, into which the correlation id is set later. */
    static Outgoing request(ByteBuf bytes, ResponseListener listener, long timeoutNs) {
        return new Outgoing(bytes, null, listener, timeoutNs, bytes.readableBytes(), null);
    }

    /** A request that is encoded later. */
    static Outgoing request(Frame frame, ResponseListener listener, long timeoutNs) {
        return new Outgoing(null, frame, listener, timeoutNs, frame.body().readableBytes(), null);
    }

    /** No command, but a mark in the queue: tells when all before it is written, or dropped. */
    static Outgoing mark(Runnable onEnd) {
        return new Outgoing(Unpooled.EMPTY_BUFFER, null, null, 0, 0, onEnd);
    }

    boolean isMark() {
        return onEnd != null;
    }

    /** Tells who waits for it, on whatever thread. */
    void ended() {
        if (onEnd != null) {
            onEnd.run();
        }
    }

    /** Who waits for it, or null. */
    Runnable onEnd() {
        return onEnd;
    }

    /** Gives up what was not written. */
    void discard() {
        ended();
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
        if (frame != null) {
            frame.release();
            frame = null;
        }
    }
}
