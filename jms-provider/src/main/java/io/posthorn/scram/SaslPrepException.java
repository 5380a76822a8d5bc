package io.posthorn.scram;

/** A user name or password has characters that SASLprep forbids. The text says which kind, and never quotes them. */
public final class SaslPrepException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public SaslPrepException(String message) {
        super(message);
    }
}
