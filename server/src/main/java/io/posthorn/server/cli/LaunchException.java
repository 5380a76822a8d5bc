package io.posthorn.server.cli;

/** The server cannot start. The text says what to do about it. */
public final class LaunchException extends Exception {

    private static final long serialVersionUID = 1L;

    public LaunchException(String message, Throwable cause) {
        super(message, cause);
    }
}
