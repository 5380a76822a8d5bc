package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;

/** A message that lives only in memory, shared by the subscriptions that wait for it. */
final class VolatileBody {

    final EncodedMessage message;
    final long receivedMs;
    /** How many {@link VolatileMessage}s hold it; kept by {@link VolatileMemory}. */
    int holders;
    /** How many of these count at the destination; likewise. */
    int counted;

    VolatileBody(EncodedMessage message, long receivedMs) {
        this.message = message;
        this.receivedMs = receivedMs;
    }
}
