package io.posthorn.server.broker;

import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.server.broker.ClientSession.Phase;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.RequestHandler;

/**
 * Stands before every verb but those of the login: who has not proved who it is gets AUTHENTICATION_FAILED, and its connection is
 * closed before anything of the request is decoded. Event loop.
 */
final class LoginGate implements RequestHandler {

    private final RequestHandler next;

    LoginGate(RequestHandler next) {
        this.next = next;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        if (ClientSession.of(from).phase() == Phase.PROVEN) {
            next.handle(from, request);
        } else {
            Acceptor.refuse(from, request, ErrorCode.AUTHENTICATION_FAILED, "log in first");
            from.close("request " + request.code() + " before the login");
        }
    }
}
