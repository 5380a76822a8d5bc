package io.posthorn.message;

/** Bytes that claim to be a message, or a part of one, and are not. The text says what is wrong. */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String reason) {
        super(reason);
    }
}
