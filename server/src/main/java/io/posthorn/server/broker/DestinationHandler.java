package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationName;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.CreateTemporaryRequest;
import io.posthorn.protocol.api.CreateTemporaryResponse;
import io.posthorn.protocol.api.DeleteTemporaryRequest;
import io.posthorn.protocol.api.RestateTemporaryRequest;
import io.posthorn.protocol.api.UnsubscribeRequest;
import io.posthorn.server.net.RequestHandler;
import java.util.concurrent.atomic.AtomicLong;

/** UNSUBSCRIBE, CREATE_TEMPORARY, RESTATE_TEMPORARY and DELETE_TEMPORARY. */
final class DestinationHandler implements RequestHandler {

    private final BrokerCore core;
    private final AtomicLong temporaries = new AtomicLong();

    DestinationHandler(BrokerCore core) {
        this.core = core;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.UNSUBSCRIBE -> {
                String name = UnsubscribeRequest.decode(request.body()).name();
                core.submit(
                        from, request, (heart, client, now) -> heart.unsubscribe(client, name, now), Answer.empty());
            }
            case RequestCode.CREATE_TEMPORARY -> create(from, request, CreateTemporaryRequest.decode(request.body()));
            case RequestCode.DELETE_TEMPORARY -> {
                DestinationName name =
                        DeleteTemporaryRequest.decode(request.body()).name();
                core.submit(from, request, (heart, client, now) -> heart.deleteTemporary(client, name), Answer.empty());
            }
            case RequestCode.RESTATE_TEMPORARY -> {
                DestinationName name =
                        RestateTemporaryRequest.decode(request.body()).name();
                core.submit(
                        from, request, (heart, client, now) -> heart.restateTemporary(client, name), Answer.empty());
            }
            default -> throw new ProtocolException("code " + request.code() + " is no destination verb");
        }
    }

    private void create(FrameConnection from, Frame request, CreateTemporaryRequest create) {
        // Epoch and counter together are never used twice, so nobody else gets a name that a client kept over a
        // restart.
        String unique = Long.toString(core.epoch(), 36) + "-" + Long.toString(temporaries.incrementAndGet(), 36);
        core.submit(
                from,
                request,
                (heart, client, now) -> heart.createTemporary(client, create.queue(), unique),
                (name, connection) -> {
                    ByteBuf body = connection.newBody(64);
                    new CreateTemporaryResponse(name.name()).encode(body);
                    return body;
                });
    }
}
