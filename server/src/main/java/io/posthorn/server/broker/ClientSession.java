package io.posthorn.server.broker;

import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.api.ConnectRequest;
import io.posthorn.server.queue.ClientState;
import io.posthorn.server.security.Authenticator;
import java.util.concurrent.Future;

/**
 * What the broker knows about one connection: its login under way (used on its event loop), and then its client in the heart
 * (used by the sequencer). Attached to the connection.
 */
final class ClientSession {

    private final FrameConnection connection;
    private final long connectionId;

    /** How far the login is; it goes down this list. */
    enum Phase {
        /** Nothing has come yet. */
        NEW,
        /** The client has begun, and has to answer a challenge. */
        EXCHANGING,
        /** The client has proved who it is; the sequencer has been asked to admit it. */
        PROVEN,
        /** The login has failed, and the connection is about to be closed. */
        REFUSED
    }

    /** Event loop only. */
    private Phase phase = Phase.NEW;

    /** Event loop only: the login exchange, null before it has begun. */
    private LoginState login;

    /** Event loop only: ends the connection unless it is cancelled in time; null before it is set. */
    private Future<?> loginDeadline;

    /** Who has proved to be it; empty for strangers, null before that. Written on the event loop. */
    private volatile String user;

    /** Sequencer only: null before the login is complete and after the end. */
    private ClientState client;

    private boolean ended;
    /** Sequencer only: see {@link FlushGathering}. */
    private long waitWindow;

    ClientSession(FrameConnection connection, long connectionId) {
        this.connection = connection;
        this.connectionId = connectionId;
    }

    /** The session of a connection, made at the first use; event loop only. */
    static ClientSession of(FrameConnection connection) {
        return (ClientSession) connection.attachment();
    }

    FrameConnection connection() {
        return connection;
    }

    long connectionId() {
        return connectionId;
    }

    Phase phase() {
        return phase;
    }

    /** A login that has come to an end, either way, has no deadline any more. */
    void phase(Phase next) {
        phase = next;
        if (next == Phase.PROVEN || next == Phase.REFUSED) {
            cancelLoginDeadline();
        }
    }

    /** The login has succeeded, as far as the client is concerned. Event loop. */
    void proven(String who) {
        user = who;
        phase(Phase.PROVEN);
    }

    /** Whose connection this is; empty for strangers, null before the login. Any thread. */
    String user() {
        return user;
    }

    void loginDeadline(Future<?> timer) {
        loginDeadline = timer;
    }

    void cancelLoginDeadline() {
        if (loginDeadline != null) {
            loginDeadline.cancel(false);
        }
    }

    LoginState login() {
        return login;
    }

    void login(LoginState value) {
        login = value;
    }

    ClientState client() {
        return client;
    }

    void client(ClientState value) {
        client = value;
    }

    /** Whether the client has closed in order or its connection is gone. Sequencer only. */
    boolean ended() {
        return ended;
    }

    /** Whether this is its first wait in this window; sequencer only. */
    boolean enterWindow(long number) {
        boolean first = waitWindow != number;
        waitWindow = number;
        return first;
    }

    void end() {
        ended = true;
        client = null;
    }

    /** A login under way. */
    record LoginState(
            Authenticator.Exchange exchange,
            int version,
            String clientName,
            String clientId,
            long resumeToken,
            long features) {

        boolean takesReferences() {
            return (features & ConnectRequest.TAKES_REFERENCES) != 0;
        }
    }
}
