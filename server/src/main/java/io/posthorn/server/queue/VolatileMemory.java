package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;

/** How much memory the messages take that live only there, against its limit; and their numbering. */
final class VolatileMemory {

    private static final int COPY_BYTES = 128;

    private final long maxBytes;
    private final BodyTable bodies;
    private long bytes;
    private long lastId;
    /** Subscriptions for which messages wait or are in flight here. */
    private int users;

    VolatileMemory(long maxBytes, BodyTable bodies) {
        this.maxBytes = maxBytes;
        this.bodies = bodies;
    }

    boolean fits(EncodedMessage message, int copies) {
        return bytes + message.size() + (long) copies * COPY_BYTES <= maxBytes;
    }

    long maxBytes() {
        return maxBytes;
    }

    long bytes() {
        return bytes;
    }

    /** Whether three quarters are taken: from then on those who fill it are slowed down. */
    boolean isTight() {
        return bytes > maxBytes / 4 * 3;
    }

    /** Whether a subscription has at least half of what it would have if all had the same. */
    boolean isHeavy(SubscriptionState subscription) {
        return subscription.volatileBytes > bytes / 2 / Math.max(1, users);
    }

    /** Number of the newest copy. */
    long lastId() {
        return lastId;
    }

    /** A new copy, counted. */
    VolatileMessage copy(VolatileBody body, Level level, long key, long visibleAt) {
        bytes += COPY_BYTES;
        if (body.holders++ == 0) {
            bytes += body.message.size();
            bodies.hold(body.message);
        }
        SubscriptionState of = level.subscription;
        if (of.volatileBytes == 0) {
            users++;
        }
        of.volatileBytes += COPY_BYTES + body.message.size();
        if (of.countsAtDestination() && body.counted++ == 0) {
            of.destination.usage.add(body.message.size());
        }
        return new VolatileMessage(body, level, ++lastId, key, visibleAt);
    }

    /** A copy is gone for good. */
    void free(VolatileMessage copy) {
        bytes -= COPY_BYTES;
        SubscriptionState of = copy.level.subscription;
        of.volatileBytes -= COPY_BYTES + copy.body.message.size();
        if (of.countsAtDestination() && --copy.body.counted == 0) {
            of.destination.usage.remove(copy.body.message.size());
        }
        of.destination.roomMade();
        if (of.volatileBytes == 0) {
            users--;
        }
        if (--copy.body.holders == 0) {
            bytes -= copy.body.message.size();
            bodies.release(copy.body.message);
        }
    }

    /** Counts a body that waits to be due. */
    void hold(VolatileBody body) {
        if (body.holders++ == 0) {
            bytes += body.message.size();
            bodies.hold(body.message);
        }
    }

    /** Ends {@link #hold}. */
    void letGo(VolatileBody body) {
        if (--body.holders == 0) {
            bytes -= body.message.size();
            bodies.release(body.message);
        }
    }
}
