package io.posthorn.server.broker;

import io.posthorn.protocol.ErrorCode;
import io.posthorn.server.queue.RefusalKind;
import io.posthorn.server.replication.NotEnoughReplicasException;
import io.posthorn.server.store.EntryRefusedException;

/** Which error code on the wire stands for which refusal of the heart. */
final class Refusals {

    private Refusals() {}

    /** For an entry that the store did not take. */
    static ErrorCode code(EntryRefusedException refused) {
        return refused instanceof NotEnoughReplicasException
                ? ErrorCode.NOT_ENOUGH_REPLICAS
                : ErrorCode.RESOURCE_EXHAUSTED;
    }

    static ErrorCode code(RefusalKind kind) {
        return switch (kind) {
            case INVALID_CLIENT_ID -> ErrorCode.INVALID_CLIENT_ID;
            case INVALID_DESTINATION -> ErrorCode.INVALID_DESTINATION;
            case INVALID_SELECTOR -> ErrorCode.INVALID_SELECTOR;
            case RESOURCE_EXHAUSTED, MUST_WAIT -> ErrorCode.RESOURCE_EXHAUSTED;
            case ILLEGAL_STATE -> ErrorCode.ILLEGAL_STATE;
            case SUBSCRIPTION_IN_USE -> ErrorCode.SUBSCRIPTION_IN_USE;
            case UNKNOWN_SUBSCRIPTION -> ErrorCode.UNKNOWN_SUBSCRIPTION;
            case DESTINATION_IN_USE -> ErrorCode.DESTINATION_IN_USE;
            case TRANSACTION_ROLLED_BACK -> ErrorCode.TRANSACTION_ROLLED_BACK;
            case DELIVERY_LOST -> ErrorCode.DELIVERY_LOST;
            case INVALID_MESSAGE -> ErrorCode.INVALID_MESSAGE;
            case BODY_LOST -> ErrorCode.BODY_LOST;
            case NOT_PLACED -> ErrorCode.NOT_PLACED;
        };
    }
}
