package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;

/**
 * A durable subscription as it was asked for.
 *
 * @param clientId client identifier that is part of its key, or null
 * @param selector valid selector text, or null
 */
public record SubscriptionTerms(
        String clientId, String name, DestinationName topic, String selector, boolean noLocal, boolean shared) {

    SubscriptionKey key() {
        return new SubscriptionKey(clientId, name);
    }
}
