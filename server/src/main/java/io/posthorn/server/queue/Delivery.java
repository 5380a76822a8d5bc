package io.posthorn.server.queue;

/** A message in flight: given to a consumer and not settled. */
final class Delivery {

    final Level level;
    /** Offset in the lane, or -1 for a message of memory. */
    final long offset;
    /** Null for a journalled message. */
    final VolatileMessage inMemory;

    final int bytes;
    /** Whether the application has got it (or is about to). */
    boolean handedOver;

    Delivery(Level level, long offset, VolatileMessage inMemory, int bytes) {
        this.level = level;
        this.offset = offset;
        this.inMemory = inMemory;
        this.bytes = bytes;
    }

    boolean isJournalled() {
        return inMemory == null;
    }

    DeliveryRef ref() {
        return new DeliveryRef(level.lane.id, inMemory == null ? offset : -inMemory.id);
    }
}
