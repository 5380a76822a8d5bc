package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;

/** How much of the journalled messages is in memory, against its limit. */
final class HotMemory {

    /** What a body costs besides its bytes. */
    private static final int OVERHEAD_BYTES = 64;

    private final long maxBytes;
    private long bytes;
    private int refusals;

    HotMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether a body may be kept; a no is counted. */
    boolean fits(EncodedMessage message) {
        if (bytes + cost(message) <= maxBytes) {
            return true;
        }
        refusals++;
        return false;
    }

    /** How many bodies were not kept so far. */
    int refusals() {
        return refusals;
    }

    void add(EncodedMessage message) {
        bytes += cost(message);
    }

    void remove(EncodedMessage message) {
        bytes -= cost(message);
    }

    long bytes() {
        return bytes;
    }

    boolean isOver() {
        return bytes > maxBytes;
    }

    /** Eviction goes on until this is true, so that it does not begin again at once. */
    boolean isComfortable() {
        return bytes <= maxBytes - maxBytes / 4;
    }

    private static long cost(EncodedMessage message) {
        return message.heldBytes() + OVERHEAD_BYTES;
    }
}
