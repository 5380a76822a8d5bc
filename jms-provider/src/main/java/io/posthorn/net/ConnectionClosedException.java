package io.posthorn.net;

/**
 * The connection is closed. A request that was in flight may or may not have been carried out. The cause, if any, is what
 * broke the connection.
 */
public final class ConnectionClosedException extends RemotingException {

    private static final long serialVersionUID = 1L;

    ConnectionClosedException(String text, Throwable cause) {
        super(text, cause, false);
    }
}
