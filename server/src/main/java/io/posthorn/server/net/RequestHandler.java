package io.posthorn.server.net;

import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;

/** Handles one family of requests. Called on the connection's event loop; must not block. */
public interface RequestHandler {

    /**
     * Handles a request. The caller releases its body afterwards.
     *
     * @throws io.posthorn.protocol.ProtocolException when the body is malformed; the caller answers and closes
     */
    void handle(FrameConnection from, Frame request);
}
