package io.posthorn.provider.remote;

import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessagePlace;
import io.posthorn.protocol.api.MessageRef;

/** A delivery that waits for its message, or behind one that does. Event loop only. */
final class ReferredDelivery {

    private final long localId;
    private final int deliveryCount;
    private final MessageRef ref;
    private final MessagePlace place;
    private EncodedMessage message;
    private boolean gone;

    /** @param place null for one that has come whole */
    ReferredDelivery(
            long localId, int deliveryCount, MessageRef ref, MessagePlace place, EncodedMessage messageOrNull) {
        this.localId = localId;
        this.deliveryCount = deliveryCount;
        this.ref = ref;
        this.place = place;
        this.message = messageOrNull;
    }

    long localId() {
        return localId;
    }

    int deliveryCount() {
        return deliveryCount;
    }

    MessageRef ref() {
        return ref;
    }

    MessagePlace place() {
        return place;
    }

    /** Null while it is not here. */
    EncodedMessage message() {
        return message;
    }

    /** Takes what a broker has given. @return whether it is what was asked for */
    boolean take(EncodedMessage fetched) {
        if (fetched == null || fetched.size() != place.size()) {
            return false;
        }
        message = fetched;
        return true;
    }

    /** The Master has not got it either. */
    void giveUp() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    /** Whether it holds up what comes behind it. */
    boolean isAwaited() {
        return message == null && !gone;
    }
}
