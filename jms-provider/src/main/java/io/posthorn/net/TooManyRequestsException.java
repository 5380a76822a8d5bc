package io.posthorn.net;

/** The bound on unanswered requests of this connection is reached; this one was not sent. */
public final class TooManyRequestsException extends RemotingException {

    private static final long serialVersionUID = 1L;

    TooManyRequestsException(String text) {
        super(text, null, false);
    }
}
