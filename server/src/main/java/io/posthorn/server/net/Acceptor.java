package io.posthorn.server.net;

import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameHandler;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the handler for each request of a port. Runs on the event loops; the table is fixed at construction.
 *
 * <p>A code without a handler is answered with 3, as RocketMQ does; a body that cannot be decoded is answered with
 * MALFORMED_REQUEST, and the connection is closed, because nothing after it can be trusted.
 */
public final class Acceptor implements FrameHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private final Map<Integer, RequestHandler> handlers;
    private final ConnectionListener listener;

    public Acceptor(Map<Integer, RequestHandler> handlers, ConnectionListener listener) {
        this.handlers = Map.copyOf(handlers);
        this.listener = listener;
    }

    @Override
    public void onOpen(FrameConnection connection) {
        LOG.debug("connection from {}", connection.remoteAddress());
        listener.opened(connection);
    }

    @Override
    public void onRequest(FrameConnection connection, Frame request) {
        try {
            RequestHandler handler = handlers.get(request.code());
            if (handler == null) {
                refuse(connection, request, ErrorCode.REQUEST_CODE_NOT_SUPPORTED, "request code " + request.code());
                return;
            }
            handler.handle(connection, request);
        } catch (ProtocolException malformed) {
            refuse(connection, request, ErrorCode.MALFORMED_REQUEST, malformed.getMessage());
            connection.close("malformed request " + request.code() + ": " + malformed.getMessage());
        } finally {
            request.body().release();
        }
    }

    @Override
    public void onBatchEnd(FrameConnection connection) {
        listener.batchEnded(connection);
    }

    @Override
    public void onWritabilityChanged(FrameConnection connection) {
        // What goes out is bounded by the credit that the peer itself grants, so nothing has to stop here.
    }

    @Override
    public void onClosed(FrameConnection connection, Throwable causeOrNull) {
        LOG.debug("connection from {} is closed", connection.remoteAddress(), causeOrNull);
        listener.closed(connection);
    }

    /** Answers a request with an error; nothing for a one-way request. */
    public static void refuse(FrameConnection connection, Frame request, ErrorCode error, String text) {
        connection.respond(request, error.code(), text, Map.of(), io.netty.buffer.Unpooled.EMPTY_BUFFER);
    }
}
