package io.posthorn.net;

/** A frame of ours is over the limit, at which the peer would close the connection; it was not sent. */
public final class FrameTooLargeException extends RemotingException {

    private static final long serialVersionUID = 1L;

    FrameTooLargeException(String text) {
        super(text, null, true);
    }
}
