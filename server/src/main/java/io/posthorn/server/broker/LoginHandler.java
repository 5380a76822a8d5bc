package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.AuthenticateRequest;
import io.posthorn.protocol.api.ClientIdRequest;
import io.posthorn.protocol.api.ConnectRequest;
import io.posthorn.protocol.api.ConnectResponse;
import io.posthorn.server.broker.ClientSession.LoginState;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.ClientState;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.security.AuthenticationException;
import io.posthorn.server.security.Authenticator;
import io.posthorn.time.Clock;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CONNECT, AUTHENTICATE, CLIENT_ID, CLOSE and PING: the life of a client, seen from its connection.
 *
 * <p>The exchange runs on the event loop; only its end reaches the sequencer, so strangers cannot occupy it.
 */
final class LoginHandler implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LoginHandler.class);

    /** The one version of the extension there is. */
    private static final int VERSION = 1;

    private final BrokerCore core;
    private final Clock clock;
    private final Authenticator authenticator;
    private final Identity identity;
    private final SecureRandom random = new SecureRandom();

    /** What a client is told about the broker. */
    record Identity(String brokerName, String clusterName, int messageMaxBytes, int inFlightMax) {}

    LoginHandler(BrokerCore core, Clock clock, Authenticator authenticator, Identity identity) {
        this.core = core;
        this.clock = clock;
        this.authenticator = authenticator;
        this.identity = identity;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.CONNECT -> connect(from, request, ConnectRequest.decode(request.body()));
            case RequestCode.AUTHENTICATE -> authenticate(from, request, AuthenticateRequest.decode(request.body()));
            case RequestCode.CLIENT_ID -> {
                String clientId = ClientIdRequest.decode(request.body()).clientId();
                core.submit(
                        from,
                        request,
                        (heart, client, now) -> heart.claimClientId(client, clientId, now),
                        Answer.empty());
            }
            case RequestCode.CLOSE -> close(from, request);
            case RequestCode.PING -> from.respond(request, io.netty.buffer.Unpooled.EMPTY_BUFFER);
            default -> throw new ProtocolException("code " + request.code() + " is no login verb");
        }
    }

    private void connect(FrameConnection from, Frame request, ConnectRequest connect) {
        ClientSession session = ClientSession.of(from);
        if (session.login() != null) {
            throw new ProtocolException("a second CONNECT on one connection");
        }
        if (connect.versionMin() > VERSION || connect.versionMax() < VERSION) {
            String text = "the client speaks protocol versions " + connect.versionMin() + " to " + connect.versionMax()
                    + ", this broker speaks " + VERSION;
            Acceptor.refuse(from, request, ErrorCode.VERSION_NOT_SUPPORTED, text);
            return;
        }
        try {
            Authenticator.Exchange exchange = authenticator.begin(connect.mechanism());
            session.login(
                    new LoginState(exchange, VERSION, connect.clientName(), connect.clientId(), connect.resumeToken()));
            step(from, request, session, connect.initialResponse());
        } catch (AuthenticationException refused) {
            refuseLogin(from, request, refused);
        }
    }

    private void authenticate(FrameConnection from, Frame request, AuthenticateRequest answer) {
        ClientSession session = ClientSession.of(from);
        if (session.login() == null || session.login().exchange().done()) {
            throw new ProtocolException("AUTHENTICATE without an open login exchange");
        }
        try {
            step(from, request, session, answer.response());
        } catch (AuthenticationException refused) {
            refuseLogin(from, request, refused);
        }
    }

    private void step(FrameConnection from, Frame request, ClientSession session, byte[] message)
            throws AuthenticationException {
        LoginState login = session.login();
        byte[] challenge = login.exchange().step(message);
        if (!login.exchange().done()) {
            respond(from, request, new ConnectResponse(false, challenge, 0, "", "", 0, 0, 0, false, 0, 0));
            return;
        }
        long token = random.nextLong() | 1;
        core.sequencer().post(() -> admit(from, request, session, challenge, token));
    }

    /** Sequencer: the client exists from here on. */
    private void admit(FrameConnection from, Frame request, ClientSession session, byte[] last, long token) {
        LoginState login = session.login();
        if (session.ended()) {
            return;
        }
        Outcome<ClientState> outcome = core.heart()
                .connect(session.connectionId(), token, login.clientId(), login.resumeToken(), clock.wallMs());
        core.conclude(from, request, outcome, (client, connection) -> {
            client.attach(session);
            session.client(client);
            ConnectResponse done = new ConnectResponse(
                    true,
                    last,
                    login.version(),
                    identity.brokerName(),
                    identity.clusterName(),
                    core.epoch(),
                    session.connectionId(),
                    token,
                    client.resumed(),
                    identity.messageMaxBytes(),
                    identity.inFlightMax());
            return encoded(connection, done);
        });
    }

    private void close(FrameConnection from, Frame request) {
        ClientSession session = ClientSession.of(from);
        core.submit(
                from,
                request,
                (heart, client, now) -> {
                    Outcome<Void> outcome = heart.close(client, now);
                    session.end();
                    // Its acknowledgements, whose answers it does not wait for, are safe when it hears of the end.
                    return new Outcome<>(outcome.entries(), null, outcome.refusal(), true);
                },
                Answer.empty());
    }

    private static void refuseLogin(FrameConnection from, Frame request, AuthenticationException refused) {
        LOG.info("login from {} refused: {}", from.remoteAddress(), refused.getMessage());
        Acceptor.refuse(from, request, ErrorCode.AUTHENTICATION_FAILED, refused.getMessage());
    }

    private static void respond(FrameConnection from, Frame request, ConnectResponse response) {
        from.respond(request, encoded(from, response));
    }

    private static ByteBuf encoded(FrameConnection connection, ConnectResponse response) {
        ByteBuf body = connection.newBody(128);
        response.encode(body);
        return body;
    }
}
