package io.posthorn.protocol;

/**
 * Answers other than success: one row per error. Codes below 7900 are RocketMQ's own, those from 7900 on
 * belong to the JMS extension.
 */
public enum ErrorCode {
    SYSTEM_ERROR(1),
    SYSTEM_BUSY(2),
    REQUEST_CODE_NOT_SUPPORTED(3),
    SERVICE_NOT_AVAILABLE(14),
    TOPIC_NOT_EXIST(17),
    /** The request body cannot be decoded. */
    MALFORMED_REQUEST(7900),
    /** No common protocol version. */
    VERSION_NOT_SUPPORTED(7901),
    /** Login refused, or not logged in. */
    AUTHENTICATION_FAILED(7902),
    /** Logged in, but not allowed to do this. */
    NOT_AUTHORIZED(7903),
    /** Client id in use, or not acceptable. */
    INVALID_CLIENT_ID(7904),
    /** No such destination, a deleted one, or one that this client may not use in this way. */
    INVALID_DESTINATION(7905),
    /** The selector cannot be parsed. */
    INVALID_SELECTOR(7906),
    /** A limit is reached; the text names the limit and the destination. */
    RESOURCE_EXHAUSTED(7907),
    /** The request does not fit the state of the object it names. */
    ILLEGAL_STATE(7908),
    /** The subscription has an active consumer, or other settings while active. */
    SUBSCRIPTION_IN_USE(7909),
    /** No durable subscription of this name. */
    UNKNOWN_SUBSCRIPTION(7910),
    /** A temporary destination still has consumers. */
    DESTINATION_IN_USE(7911),
    /** The transaction is, or had to be, rolled back. */
    TRANSACTION_ROLLED_BACK(7912),
    /** A delivery was given to another consumer after the connection was lost. */
    DELIVERY_LOST(7913),
    /** The message is larger than the broker takes, or its bytes are malformed. */
    INVALID_MESSAGE(7914),
    /** The broker is fenced after a failed write or a higher epoch, and serves nobody. */
    FENCED(7915),
    /** Chunks of a large body are not there: the upload has ended, or the message is gone. */
    BODY_LOST(7916),
    /** Fewer copies than {@code minInSyncReplicas} are there for what is new: nothing was done. */
    NOT_ENOUGH_REPLICAS(7917),
    /** The broker is a Slave: the request belongs to the Master of its group. */
    NOT_MASTER(7918),
    /** It is done here, but nobody knows whether {@code minInSyncReplicas} copies have it: it may or may not stay. */
    IN_DOUBT(7919),
    /** The destination lies on other broker groups, or nobody knows yet; the directory places it. */
    NOT_PLACED(7940);

    private final int code;

    ErrorCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The row with this code; {@link #SYSTEM_ERROR} when there is none. */
    public static ErrorCode ofCode(int code) {
        for (ErrorCode error : values()) {
            if (error.code == code) {
                return error;
            }
        }
        return SYSTEM_ERROR;
    }
}
