package io.posthorn.server.queue;

/** Why the heart says no; the broker maps each to the error code of the same name. */
public enum RefusalKind {
    INVALID_CLIENT_ID,
    INVALID_DESTINATION,
    INVALID_SELECTOR,
    /** A limit is reached; the text names the limit and the destination. */
    RESOURCE_EXHAUSTED,
    /** A limit is reached, and the sender is to wait for room; nothing has happened. Never answered to a client. */
    MUST_WAIT,
    ILLEGAL_STATE,
    SUBSCRIPTION_IN_USE,
    UNKNOWN_SUBSCRIPTION,
    DESTINATION_IN_USE,
    /** The transaction is rolled back; its deliveries have been released. */
    TRANSACTION_ROLLED_BACK,
    /** Some deliveries were no longer in flight to this consumer; the others have been settled. */
    DELIVERY_LOST,
    INVALID_MESSAGE,
    /** Chunks of a large body are not there. */
    BODY_LOST,
    /** The destination lies on other broker groups, or it is up to the directory to place it. */
    NOT_PLACED
}
