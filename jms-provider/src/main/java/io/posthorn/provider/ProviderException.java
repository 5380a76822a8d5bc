package io.posthorn.provider;

/** A verb has failed. The kind decides which JMS exception the application sees; the text is for people. */
public final class ProviderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        SECURITY,
        INVALID_CLIENT_ID,
        INVALID_DESTINATION,
        /** The destination lies elsewhere, or nobody can say or decide where. */
        NOT_PLACED,
        INVALID_SELECTOR,
        INVALID_MESSAGE,
        /** A limit is reached; the text names it. */
        RESOURCE,
        /** It was done, and may be undone if the broker is lost now. */
        IN_DOUBT,
        ILLEGAL_STATE,
        SUBSCRIPTION_IN_USE,
        UNKNOWN_SUBSCRIPTION,
        DESTINATION_IN_USE,
        TRANSACTION_ROLLED_BACK,
        DELIVERY_LOST,
        /** Chunks of a large body are not there: the upload has ended, or the message is gone. */
        BODY_LOST,
        /** No answer in time. */
        TIMEOUT,
        /** The broker cannot be reached, or the connection is lost for good. */
        CONNECTION,
        /** The connection was closed by this side. */
        CLOSED,
        INTERNAL
    }

    private final Kind kind;

    public ProviderException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public ProviderException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
