package io.posthorn.net;

/** No answer came in time. The peer may have done what was asked, or may still do it. */
public final class RemotingTimeoutException extends RemotingException {

    private static final long serialVersionUID = 1L;

    RemotingTimeoutException(String text) {
        super(text, null, false);
    }
}
