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
import io.posthorn.server.broker.ClientSession.Phase;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.ClientState;
import io.posthorn.server.queue.Outcome;
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
    private static final int VERSION = 1;

    /** Largest login step: names, and a message of a mechanism. */
    private static final int STEP_MAX_BYTES = 16_384;

    /** Largest frame before the login. The step limit is told in words, this one keeps memory from strangers. */
    static final int FRAME_MAX_BYTES = 65_536;

    private static final int REFUSAL_DELAY_MS = 200;

    private final BrokerCore core;
    private final Clock clock;
    private final Authenticator authenticator;
    private final Identity identity;
    private final ScheduledExecutorService timers;
    private final RefusalLog refusals;
    private final SecureRandom random = new SecureRandom();

    /** What a client is told about the broker. */
    record Identity(String brokerName, String clusterName, int messageMaxBytes, int inFlightMax) {}

    /** @param timers for delayed answers and time limits; must not block */
    LoginHandler(
            BrokerCore core,
            Clock clock,
            Authenticator authenticator,
            Identity identity,
            ScheduledExecutorService timers) {
        this.core = core;
        this.clock = clock;
        this.authenticator = authenticator;
        this.identity = identity;
        this.timers = timers;
        this.refusals = new RefusalLog(clock);
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.CONNECT -> connect(from, request);
            case RequestCode.AUTHENTICATE -> authenticate(from, request);
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

    private void connect(FrameConnection from, Frame request) {
        ClientSession session = ClientSession.of(from);
        requireStep(session, Phase.NEW, request);
        ConnectRequest connect = ConnectRequest.decode(request.body());
        if (connect.versionMin() > VERSION || connect.versionMax() < VERSION) {
            session.phase(Phase.REFUSED);
            String text = "the client speaks protocol versions " + connect.versionMin() + " to " + connect.versionMax()
                    + ", this broker speaks " + VERSION;
            Acceptor.refuse(from, request, ErrorCode.VERSION_NOT_SUPPORTED, text);
            from.close(text);
            return;
        }
        session.phase(Phase.EXCHANGING);
        try {
            Authenticator.Exchange exchange = authenticator.begin(connect.mechanism());
            session.login(
                    new LoginState(exchange, VERSION, connect.clientName(), connect.clientId(), connect.resumeToken()));
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
        core.sequencer().post(() -> {
            admit(from, request, session, challenge, token);
            if (session.client() == null) {
                from.close("the client was not admitted");
            }
        });
    }

    /** Sequencer: the client exists from here on. */
    private void admit(FrameConnection from, Frame request, ClientSession session, byte[] last, long token) {
        LoginState login = session.login();
        if (session.ended()) {
            return;
        }
        String user = login.exchange().user();
        if (!authenticator.isAdmitted(user)) {
            // Who is admitted after this is found by endRemovedUsers, which comes through the sequencer as well.
            String text = "user " + user + " was removed during the login";
            Acceptor.refuse(from, request, ErrorCode.AUTHENTICATION_FAILED, text);
            return;
        }
        Outcome<ClientState> outcome = core.heart()
                .connect(
                        session.connectionId(),
                        ResumeToken.of(token, user),
                        login.clientId(),
                        ResumeToken.of(login.resumeToken(), user),
                        clock.wallMs());
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
                    core.sends().drop(session);
                    Outcome<Void> outcome = heart.close(client, now);
                    session.end();
                    return outcome;
                },
                Answer.empty());
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

    private static ByteBuf encoded(FrameConnection connection, ConnectResponse response) {
        ByteBuf body = connection.newBody(128);
        response.encode(body);
        return body;
    }
}
