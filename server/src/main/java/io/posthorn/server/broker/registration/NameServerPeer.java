package io.posthorn.server.broker.registration;

import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameHandler;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ResponseCode;
import java.util.Map;

/**
 * What a NameServer may ask of a broker: nothing that we offer. Every request is answered so; the link hears of the end of a
 * connection by its future. Called on the connection's event loop.
 */
final class NameServerPeer implements FrameHandler {

    @Override
    public void onOpen(FrameConnection connection) {
        // The link speaks first, and from its own thread.
    }

    @Override
    public void onRequest(FrameConnection connection, Frame request) {
        connection.respond(
                request,
                ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
                "request code " + request.code() + " is not supported",
                Map.of(),
                Unpooled.EMPTY_BUFFER);
        request.release();
    }

    @Override
    public void onBatchEnd(FrameConnection connection) {
        // Nothing is collected.
    }

    @Override
    public void onWritabilityChanged(FrameConnection connection) {
        // One registration at a time is no load.
    }

    @Override
    public void onClosed(FrameConnection connection, Throwable causeOrNull) {
        // See FrameConnection.closed().
    }
}
