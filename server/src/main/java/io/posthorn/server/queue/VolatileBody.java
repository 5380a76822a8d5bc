package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;

/**
 * A message that is not journalled, shared by the subscriptions that wait for it. Under memory pressure it lies on disk, and only what
 * has to be known without reading it stays; see {@link VolatileSpill}.
 */
final class VolatileBody {

    /** What is known of a message that is on disk, or on its way there. */
    static final class Spilled {
        final long id;
        final int size;
        final int priority;
        final boolean persistent;
        final long expiresMs;
        final LargeBody largeBody;
        /** It is on disk. */
        boolean written;
        /** It is being read. */
        boolean reading;
        /** It could not be read. */
        boolean lost;
        /** Dispatch round in which it last came back. */
        long backInRound;

        Spilled(long id, EncodedMessage message, long receivedMs) {
            this.id = id;
            this.size = message.size();
            this.priority = message.priority();
            this.persistent = message.persistent();
            this.expiresMs = Expiry.expiresMs(message, receivedMs);
            this.largeBody = message.isLarge() ? message.largeBody() : null;
        }
    }

    final long receivedMs;
    /** How many {@link VolatileMessage}s hold it; kept by {@link VolatileMemory}. */
    int holders;
    /** How many of these count at the destination; likewise. */
    int counted;
    /** How many of these are in flight; likewise. */
    int taken;
    /** Null as long as it was in memory only. */
    Spilled spilled;

    private EncodedMessage message;

    VolatileBody(EncodedMessage message, long receivedMs) {
        this.message = message;
        this.receivedMs = receivedMs;
    }

    /** Null when it has to be read first. */
    EncodedMessage message() {
        return message;
    }

    /** It is in memory from now on, or with null on disk only. */
    void message(EncodedMessage value) {
        message = value;
    }

    int size() {
        return message == null ? spilled.size : message.size();
    }

    int priority() {
        return message == null ? spilled.priority : message.priority();
    }

    boolean persistent() {
        return message == null ? spilled.persistent : message.persistent();
    }

    /** Null when its body came with it. */
    LargeBody largeBody() {
        return message == null ? spilled.largeBody : message.isLarge() ? message.largeBody() : null;
    }

    boolean isExpired(long now) {
        return message == null ? now >= spilled.expiresMs : Expiry.isExpired(message, receivedMs, now);
    }

    /** Whether it was on disk and cannot be read. */
    boolean isLost() {
        return spilled != null && spilled.lost;
    }
}
