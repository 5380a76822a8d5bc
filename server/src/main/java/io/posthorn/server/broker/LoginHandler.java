package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.VersionRange;
import io.posthorn.protocol.api.AuthenticateRequest;
import io.posthorn.protocol.api.ClientIdRequest;
import io.posthorn.protocol.api.ConnectRequest;
import io.posthorn.protocol.api.ConnectResponse;
import io.posthorn.server.broker.ClientSession.LoginState;
import io.posthorn.server.broker.ClientSession.Phase;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.security.AuthenticationException;
import io.posthorn.server.security.Authenticator;
import io.posthorn.time.Clock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * CONNECT, AUTHENTICATE, CLIENT_ID, CLOSE and PING: the life of a client, seen from its connection.
 *
 * <p>The exchange runs on the event loop; only its end reaches the sequencer, so strangers cannot occupy it. A connection has one
 * exchange and a time limit for it; one that is refused is closed.
 */
final class LoginHandler implements RequestHandler {

    /** The one version of the extension there is. */

    /** Largest login step: names, and a message of a mechanism. */
    private static final int STEP_MAX_BYTES = 16_384;

    /** Largest frame before the login. The step limit is told in words, this one keeps memory from strangers. */
    static final int FRAME_MAX_BYTES = 65_536;

    private static final int REFUSAL_DELAY_MS = 200;

    private final Admission admission;
    private final Authenticator authenticator;
    private final ScheduledExecutorService timers;
    private final RefusalLog refusals;
    private final SecureRandom random = new SecureRandom();

    /** What a client is told about the broker. */
    record Identity(String brokerName, String clusterName, int messageMaxBytes, int inFlightMax) {}

    /** What becomes of who has proved who it is; called on the event loop. */
    interface Admission {

        /**
         * Answers the last step of a login.
         *
         * @param last  the mechanism's final message
         * @param token resume token of the new connection
         */
        void admit(FrameConnection from, Frame request, ClientSession session, byte[] last, long token);

        /** CLIENT_ID. */
        void claim(FrameConnection from, Frame request, String clientId);

        /** CLOSE. */
        void close(FrameConnection from, Frame request);
    }

    /** @param timers for delayed answers and time limits; must not block */
    LoginHandler(Admission admission, Clock clock, Authenticator authenticator, ScheduledExecutorService timers) {
        this.admission = admission;
        this.authenticator = authenticator;
        this.timers = timers;
        this.refusals = new RefusalLog(clock);
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.CONNECT -> connect(from, request);
            case RequestCode.AUTHENTICATE -> authenticate(from, request);
            case RequestCode.CLIENT_ID ->
                admission.claim(
                        from, request, ClientIdRequest.decode(request.body()).clientId());
            case RequestCode.CLOSE -> admission.close(from, request);
            case RequestCode.PING -> from.respond(request, io.netty.buffer.Unpooled.EMPTY_BUFFER);
            default -> throw new ProtocolException("code " + request.code() + " is no login verb");
        }
    }

    private void connect(FrameConnection from, Frame request) {
        ClientSession session = ClientSession.of(from);
        requireStep(session, Phase.NEW, request);
        ConnectRequest connect = ConnectRequest.decode(request.body());
        VersionRange offered = new VersionRange(connect.versionMin(), connect.versionMax());
        int version = VersionRange.OF_CLIENTS.common(offered);
        if (version == VersionRange.NONE) {
            session.phase(Phase.REFUSED);
            String text = "the client speaks protocol versions " + offered + ", this broker speaks "
                    + VersionRange.OF_CLIENTS;
            Acceptor.refuse(from, request, ErrorCode.VERSION_NOT_SUPPORTED, text);
            from.close(text);
            return;
        }
        session.phase(Phase.EXCHANGING);
        try {
            Authenticator.Exchange exchange = authenticator.begin(connect.mechanism());
            session.login(new LoginState(
                    exchange,
                    version,
                    connect.clientName(),
                    connect.clientId(),
                    connect.resumeToken(),
                    connect.features()));
            step(from, request, session, connect.initialResponse());
        } catch (AuthenticationException refused) {
            refuseLogin(from, request, session, refused);
        }
    }

    private void authenticate(FrameConnection from, Frame request) {
        ClientSession session = ClientSession.of(from);
        requireStep(session, Phase.EXCHANGING, request);
        try {
            step(
                    from,
                    request,
                    session,
                    AuthenticateRequest.decode(request.body()).response());
        } catch (AuthenticationException refused) {
            refuseLogin(from, request, session, refused);
        }
    }

    /** One exchange per connection, step by step, and nothing large from strangers. The caller closes the connection. */
    private static void requireStep(ClientSession session, Phase expected, Frame request) {
        if (session.phase() != expected) {
            throw new ProtocolException("a login step that does not follow, the login is " + session.phase());
        }
        if (request.isOneWay()) {
            throw new ProtocolException("a one-way login step");
        }
        if (request.body().readableBytes() > STEP_MAX_BYTES) {
            throw new ProtocolException(
                    "a login step of " + request.body().readableBytes() + " bytes, the limit is " + STEP_MAX_BYTES);
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
        session.proven(login.exchange().user());
        from.limitFrames(Integer.MAX_VALUE);
        long token = random.nextLong() | 1;
        admission.admit(from, request, session, challenge, token);
    }

    /** The answer comes late, so that guessing takes time, and is the last one. */
    private void refuseLogin(
            FrameConnection from, Frame request, ClientSession session, AuthenticationException refused) {
        session.phase(Phase.REFUSED);
        String user = session.login() == null ? "" : session.login().exchange().user();
        refusals.refused(from.remoteAddress(), user, refused.getMessage());
        timers.schedule(
                () -> {
                    Acceptor.refuse(from, request, ErrorCode.AUTHENTICATION_FAILED, refused.getMessage());
                    from.close("the login was refused");
                },
                REFUSAL_DELAY_MS,
                TimeUnit.MILLISECONDS);
    }

    /** Sets the limits in time and size of a new connection's login; its event loop. */
    void expectLogin(FrameConnection connection, ClientSession session, Duration limit) {
        connection.limitFrames(FRAME_MAX_BYTES);
        Runnable late = () -> {
            refusals.refused(connection.remoteAddress(), "", "not finished within " + limit.toMillis() + " ms");
            connection.close("the login was not finished within " + limit.toMillis() + " ms");
        };
        session.loginDeadline(timers.schedule(late, limit.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static void respond(FrameConnection from, Frame request, ConnectResponse response) {
        from.respond(request, encoded(from, response));
    }

    static ByteBuf encoded(FrameConnection connection, ConnectResponse response) {
        ByteBuf body = connection.newBody(128);
        response.encode(body);
        return body;
    }
}
