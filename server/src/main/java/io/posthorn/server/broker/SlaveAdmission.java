package io.posthorn.server.broker;

import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.api.ConnectResponse;
import io.posthorn.server.net.Acceptor;

/**
 * Lets operators and other brokers log in at a Slave. The answer names epoch 0, by which a JMS client sees that it has come to a Slave; it
 * leaves again and looks for the Master.
 */
final class SlaveAdmission implements LoginHandler.Admission {

    private final LoginHandler.Identity identity;

    SlaveAdmission(LoginHandler.Identity identity) {
        this.identity = identity;
    }

    @Override
    public void admit(FrameConnection from, Frame request, ClientSession session, byte[] last, long token) {
        ConnectResponse done = new ConnectResponse(
                true,
                last,
                session.login().version(),
                identity.brokerName(),
                identity.clusterName(),
                0,
                session.connectionId(),
                token,
                false,
                identity.messageMaxBytes(),
                identity.inFlightMax());
        from.respond(request, LoginHandler.encoded(from, done));
    }

    @Override
    public void claim(FrameConnection from, Frame request, String clientId) {
        Acceptor.refuse(from, request, ErrorCode.NOT_MASTER, "a Slave has no clients: ask the Master of its group");
    }

    @Override
    public void close(FrameConnection from, Frame request) {
        from.respond(request, Unpooled.EMPTY_BUFFER);
    }
}
