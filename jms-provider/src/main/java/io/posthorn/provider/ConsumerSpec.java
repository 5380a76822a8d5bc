package io.posthorn.provider;

import io.posthorn.message.DestinationName;

/**
 * What a consumer reads.
 *
 * @param kind not null
 * @param destination not null
 * @param subscriptionName for DURABLE, SHARED and SHARED_DURABLE, else null
 * @param selector valid selector text, or null
 */
public record ConsumerSpec(
        Kind kind, DestinationName destination, String subscriptionName, String selector, boolean noLocal) {

    /** Queue, the four kinds of subscription, and browsing. */
    public enum Kind {
        QUEUE,
        TOPIC,
        DURABLE,
        SHARED,
        SHARED_DURABLE,
        BROWSE
    }
}
