package io.posthorn.net;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.Frame;

/**
 * One command on its way out; a request stays in the table of {@link PendingRequests} until it is answered. Made by any
 * thread, then touched by the event loop only; also a node of {@link OutgoingQueue}.
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

    private Outgoing(ByteBuf bytes, Frame frame, ResponseListener listener, long timeoutNs, int sizeBytes) {
        this.bytes = bytes;
        this.frame = frame;
        this.listener = listener;
        this.timeoutNs = timeoutNs;
        this.sizeBytes = sizeBytes;
    }

    /** The node that an empty queue consists of. */
    static Outgoing stub() {
        return new Outgoing(null, null, null, 0, 0);
    }

    /** A response or one-way request. */
    static Outgoing unanswered(ByteBuf bytes) {
        return new Outgoing(bytes, null, null, 0, bytes.readableBytes());
    }

    /** An encoded request with a binary header, into which the correlation id is set later. */
    static Outgoing request(ByteBuf bytes, ResponseListener listener, long timeoutNs) {
        return new Outgoing(bytes, null, listener, timeoutNs, bytes.readableBytes());
    }

    /** A request that is encoded later. */
    static Outgoing request(Frame frame, ResponseListener listener, long timeoutNs) {
        return new Outgoing(null, frame, listener, timeoutNs, frame.body().readableBytes());
    }

    /** Gives up what was not written. */
    void discard() {
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
