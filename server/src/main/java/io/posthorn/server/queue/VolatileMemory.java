package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;

/** How much memory the messages take that live only there, against its limit; and their numbering. */
final class VolatileMemory {

    private static final int COPY_BYTES = 128;

    private final long maxBytes;
    private long bytes;
    private long lastId;

    VolatileMemory(long maxBytes) {
        this.maxBytes = maxBytes;
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

    /** Number of the newest copy. */
    long lastId() {
        return lastId;
    }

    /** A new copy, counted. */
    VolatileMessage copy(VolatileBody body, Level level, long key, long visibleAt) {
        bytes += COPY_BYTES;
        if (body.holders++ == 0) {
            bytes += body.message.size();
        }
        return new VolatileMessage(body, level, ++lastId, key, visibleAt);
    }

    /** A copy is gone for good. */
    void free(VolatileMessage copy) {
        bytes -= COPY_BYTES;
        if (--copy.body.holders == 0) {
            bytes -= copy.body.message.size();
        }
    }

    /** Counts a body that waits to be due. */
    void hold(VolatileBody body) {
        if (body.holders++ == 0) {
            bytes += body.message.size();
        }
    }

    /** Ends {@link #hold}. */
    void letGo(VolatileBody body) {
        if (--body.holders == 0) {
            bytes -= body.message.size();
        }
    }
}
