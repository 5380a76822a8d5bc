package io.posthorn.server.store;

import io.posthorn.message.EncodedMessage;

/**
 * When a message expires by the broker's clock: the client's relative value counts from the broker's receipt, so that clocks need
 * not agree (Jakarta Messaging 3.1, 3.4.9). A message without a timestamp carries no relative value; there the client's absolute time
 * has to do.
 */
public final class Expiry {

    private Expiry() {}

    /** In ms since 1970; {@link Long#MAX_VALUE} = never. */
    public static long expiresMs(EncodedMessage message, long receivedMs) {
        return expiresMs(message.expirationMs(), message.timestampMs(), receivedMs);
    }

    /** As above, for fields of a message; 0 = none. */
    public static long expiresMs(long expirationMs, long timestampMs, long receivedMs) {
        if (expirationMs == 0) {
            return Long.MAX_VALUE;
        }
        return timestampMs == 0 ? expirationMs : receivedMs + (expirationMs - timestampMs);
    }
}
