package io.posthorn.server.net;

import io.posthorn.net.FrameConnection;

/** Follows the connections of an {@link Acceptor}, on their event loops. */
public interface ConnectionListener {

    /** A connection was accepted; nothing has been read from it yet. */
    void opened(FrameConnection connection);

    /** Everything decoded from one read of this connection has been handled: a good moment to work on it as one batch. */
    void batchEnded(FrameConnection connection);

    /** The connection is gone. */
    void closed(FrameConnection connection);
}
