package io.posthorn.server.cluster;

import io.posthorn.protocol.ErrorCode;

/** This broker, or another, does not do what it was asked. The text is for people. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    public RefusedException(ErrorCode error, String text) {
        super(text, null, false, false);
        this.error = error;
    }

    public ErrorCode error() {
        return error;
    }
}
