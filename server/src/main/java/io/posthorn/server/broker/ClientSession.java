package io.posthorn.server.broker;

import io.posthorn.net.FrameConnection;
import io.posthorn.server.queue.ClientState;
import io.posthorn.server.security.Authenticator;

/**
 * What the broker knows about one connection: its login under way (used on its event loop), and then its client in the heart
 * (used by the sequencer). Attached to the connection.
 */
final class ClientSession {

    private final FrameConnection connection;
    private final long connectionId;

    /** Event loop only: the login exchange, null before CONNECT. */
    private LoginState login;

    /** Sequencer only: null before the login is complete and after the end. */
    private ClientState client;

    private boolean ended;

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

    void end() {
        ended = true;
        client = null;
    }

    /** A login under way. */
    record LoginState(
            Authenticator.Exchange exchange, int version, String clientName, String clientId, long resumeToken) {}
}
