package io.posthorn.net;

import io.posthorn.protocol.Frame;

/**
 * Gets the outcome of one request: exactly one of the two calls, once, on the connection's event loop (when that has ended,
 * on whichever thread notices). Must not block. What it throws is logged and dropped.
 */
public interface ResponseListener {

    /** The answer, success or error. The listener owns the frame and releases it. */
    void onResponse(Frame response);

    /** @param failure a {@link RemotingException}, or IllegalArgumentException when the frame could not be encoded */
    void onFailure(Throwable failure);
}
