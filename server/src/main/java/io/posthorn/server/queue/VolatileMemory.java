package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;

/** How much memory the messages take that are not journalled, against its limit; and their numbering. */
final class VolatileMemory {

    /** What a copy costs besides the message's bytes, which may be on disk. */
    private static final int COPY_BYTES = 192;

    private final long maxBytes;
    private final BodyTable bodies;
    private final VolatileSpill spill;
    private long bytes;
    private long lastId;
    /** Subscriptions for which messages wait or are in flight here. */
    private int users;

    VolatileMemory(long maxBytes, BodyTable bodies, VolatileSpill spill) {
        this.maxBytes = maxBytes;
        this.bodies = bodies;
        this.spill = spill;
    }

    boolean fits(EncodedMessage message, int copies) {
        return bytes + message.size() + (long) copies * COPY_BYTES <= maxBytes;
    }

    /** Why there is no room for a message to a destination. */
    String fullText(Object destination) {
        String text =
                "nonPersistentBytes=" + maxBytes + " is reached: no more room in memory for messages to " + destination;
        return spill.refusedBecause() == null ? text : text + ", and " + spill.refusedBecause();
    }

    long bytes() {
        return bytes;
    }

    /** Whether three quarters are taken: from then on those who fill it are slowed down. */
    boolean isTight() {
        return bytes > maxBytes / 4 * 3;
    }

    /** Whether three eighths are taken, with what is on its way to the disk left out: from then on bodies go there. */
    boolean isShort() {
        return bytes - spill.writingBytes() > maxBytes / 8 * 3;
    }

    /** Sends a message that was just given to subscriptions to the disk, when it had better be there. */
    void relieve(VolatileBody body, boolean far) {
        if (isShort() || far && bytes - spill.writingBytes() > maxBytes / 4) {
            spill.write(body);
        }
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
        hold(body);
        SubscriptionState of = level.subscription;
        if (of.volatileBytes == 0) {
            users++;
        }
        of.volatileBytes += COPY_BYTES + body.size();
        if (of.countsAtDestination() && body.counted++ == 0) {
            of.destination.usage.add(body.size());
        }
        return new VolatileMessage(body, level, ++lastId, key, visibleAt);
    }

    /** A copy is gone for good. */
    void free(VolatileMessage copy) {
        bytes -= COPY_BYTES;
        VolatileBody body = copy.body;
        SubscriptionState of = copy.level.subscription;
        of.volatileBytes -= COPY_BYTES + body.size();
        if (of.countsAtDestination() && --body.counted == 0) {
            of.destination.usage.remove(body.size());
        }
        of.destination.roomMade();
        if (of.volatileBytes == 0) {
            users--;
        }
        if (copy.taken) {
            body.taken--;
        }
        letGo(body);
    }

    /** Counts a body that waits, to be due or in a copy. */
    void hold(VolatileBody body) {
        if (body.holders++ == 0) {
            bytes += body.message().size();
            bodies.hold(body.message());
        }
    }

    /** Ends {@link #hold}. */
    void letGo(VolatileBody body) {
        if (--body.holders == 0) {
            if (body.message() != null) {
                bytes -= body.size();
            }
            bodies.release(body.largeBody());
            spill.drop(body);
        }
    }

    /** A body that is on disk leaves memory. */
    void leave(VolatileBody body) {
        bytes -= body.size();
        body.message(null);
    }

    /** It is in memory again. */
    void comeBack(VolatileBody body, EncodedMessage message) {
        body.message(message);
        bytes += body.size();
    }
}
