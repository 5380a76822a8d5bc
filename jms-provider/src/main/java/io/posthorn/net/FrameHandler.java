package io.posthorn.net;

import io.posthorn.protocol.Frame;

/**
 * The owner of a connection, told what happens on it. All calls come on the connection's event loop, one at a time, and must
 * not block. An exception closes the connection with a logged reason; a {@link
 * io.posthorn.protocol.ProtocolException} counts as the peer's fault.
 */
public interface FrameHandler {

    /** First call, once. */
    void onOpen(FrameConnection connection);

    /**
     * A request or one-way request. The handler owns the frame: it, or whoever it passes the frame to, releases it, also
     * when it throws. Decode soon: the body is a slice of the read buffer and keeps all of that alive.
     */
    void onRequest(FrameConnection connection, Frame request);

    /** Everything that one read brought has been handed over. Answers given up to the end of this call leave together. */
    void onBatchEnd(FrameConnection connection);

    /** {@link FrameConnection#isWritable} may have changed. */
    void onWritabilityChanged(FrameConnection connection);

    /**
     * Last call, once, after all requests in flight have failed.
     *
     * @param causeOrNull what broke the connection; null after {@link FrameConnection#close}, or when the peer closed
     */
    void onClosed(FrameConnection connection, Throwable causeOrNull);
}
