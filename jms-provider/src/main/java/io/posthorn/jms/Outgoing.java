package io.posthorn.jms;

import io.posthorn.jms.destination.PosthornDestination;
import jakarta.jms.Message;

/**
 * One call of send, its arguments checked.
 *
 * @param message of this or another provider; not null
 * @param to not null
 * @param deliveryMode DeliveryMode.PERSISTENT or NON_PERSISTENT
 * @param priority 0 to 9
 * @param timeToLiveMs 0 = for ever
 * @param deliveryDelayMs 0 = none
 * @param stamp what it is marked with; not null
 */
record Outgoing(
        Message message,
        PosthornDestination to,
        int deliveryMode,
        int priority,
        long timeToLiveMs,
        long deliveryDelayMs,
        Stamp stamp) {

    /** The hints setDisableMessageID and setDisableMessageTimestamp, the other way round. */
    record Stamp(boolean withId, boolean withTimestamp) {

        static final Stamp FULL = new Stamp(true, true);
    }
}
