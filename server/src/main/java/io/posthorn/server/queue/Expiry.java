package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;

/**
 * Expiry and delivery delay by the broker's clock: the client's relative value counts from the broker's receipt, so that
 * clocks need not agree (Jakarta Messaging 3.1, 3.4.9 and 7.9). A message without a timestamp carries no relative value;
 * there the client's absolute times have to do.
 */
final class Expiry {

    private Expiry() {}

    /** When a message expires, in ms since 1970; {@link Long#MAX_VALUE} = never. */
    static long expiresMs(EncodedMessage message, long receivedMs) {
        return io.posthorn.server.store.Expiry.expiresMs(message, receivedMs);
    }

    static boolean isExpired(EncodedMessage message, long receivedMs, long now) {
        return message.expirationMs() != 0 && now >= expiresMs(message, receivedMs);
    }

    /** When a message received now may be delivered, in ms since 1970; not after {@code receivedMs} when there is no delay. */
    static long dueMs(EncodedMessage message, long receivedMs) {
        long deliveryTime = message.deliveryTimeMs();
        if (deliveryTime == 0) {
            return receivedMs;
        }
        long timestamp = message.timestampMs();
        return timestamp == 0 ? deliveryTime : receivedMs + (deliveryTime - timestamp);
    }
}
