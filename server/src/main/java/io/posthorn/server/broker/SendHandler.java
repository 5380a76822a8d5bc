package io.posthorn.server.broker;

import io.posthorn.message.MalformedMessageException;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ProducerCloseRequest;
import io.posthorn.protocol.api.SendRequest;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.RequestHandler;

/** SEND and PRODUCER_CLOSE. */
final class SendHandler implements RequestHandler {

    private final BrokerCore core;

    SendHandler(BrokerCore core) {
        this.core = core;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.SEND -> {
                SendRequest send = SendRequest.decode(request.body());
                try {
                    send.message().validate();
                } catch (MalformedMessageException malformed) {
                    Acceptor.refuse(from, request, ErrorCode.INVALID_MESSAGE, malformed.getMessage());
                    return;
                }
                core.sends().submit(from, request, send);
            }
            case RequestCode.PRODUCER_CLOSE -> {
                long producerId = ProducerCloseRequest.decode(request.body()).producerId();
                core.sends()
                        .submitBehind(
                                from,
                                request,
                                producerId,
                                (heart, client, now) -> heart.closeProducer(client, producerId),
                                Answer.empty());
            }
            default -> throw new ProtocolException("code " + request.code() + " is no send verb");
        }
    }
}
