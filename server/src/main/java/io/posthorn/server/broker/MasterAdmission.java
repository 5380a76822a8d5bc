package io.posthorn.server.broker;

import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.api.ConnectResponse;
import io.posthorn.server.broker.ClientSession.LoginState;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.queue.ClientState;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.security.Authenticator;
import io.posthorn.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Brings clients that have logged in to a Master's heart, and takes them away again. */
final class MasterAdmission implements LoginHandler.Admission {

    private static final int SETTLE_MS = 3_000;
    private static final int SETTLE_LOOK_MS = 10;

    private final BrokerCore core;
    private final Clock clock;
    private final Authenticator authenticator;
    private final LoginHandler.Identity identity;
    private final BooleanSupplier settled;

    /** @param settled whether the broker knows its part in the cluster; clients wait for that for a while */
    MasterAdmission(
            BrokerCore core,
            Clock clock,
            Authenticator authenticator,
            LoginHandler.Identity identity,
            BooleanSupplier settled) {
        this.settled = settled;
        this.core = core;
        this.clock = clock;
        this.authenticator = authenticator;
        this.identity = identity;
    }

    @Override
    public void admit(FrameConnection from, Frame request, ClientSession session, byte[] last, long token) {
        if (settled.getAsBoolean()) {
            core.sequencer().post(() -> admitOrClose(from, request, session, last, token));
        } else {
            admitLater(from, request, session, last, token, clock.wallMs() + SETTLE_MS);
        }
    }

    /** A broker that has just started does not know yet what it may create. It finds out in a moment, or there is no NameServer to ask. */
    private void admitLater(
            FrameConnection from, Frame request, ClientSession session, byte[] last, long token, long untilMs) {
        Runnable look = () -> {
            if (settled.getAsBoolean() || clock.wallMs() >= untilMs) {
                core.sequencer().run(() -> admitOrClose(from, request, session, last, token));
            } else {
                admitLater(from, request, session, last, token, untilMs);
            }
        };
        core.timers().schedule(look, SETTLE_LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void admitOrClose(FrameConnection from, Frame request, ClientSession session, byte[] last, long token) {
        admitNow(from, request, session, last, token);
        if (session.client() == null) {
            from.close("the client was not admitted");
        }
    }

    @Override
    public void claim(FrameConnection from, Frame request, String clientId) {
        core.submit(from, request, (heart, client, now) -> heart.claimClientId(client, clientId, now), Answer.empty());
    }

    @Override
    public void close(FrameConnection from, Frame request) {
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

    /** Sequencer: the client exists from here on. */
    private void admitNow(FrameConnection from, Frame request, ClientSession session, byte[] last, long token) {
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
            if (login.takesReferences()) {
                client.takeReferences();
            }
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
            return LoginHandler.encoded(connection, done);
        });
    }
}
