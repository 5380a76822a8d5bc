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
    /** Its group, null when it has none. */
    MessageGroup group;
    /** Who has it, while its body has not been seen since a restart, so that nobody knows whether it has a group; else null. */
    ConsumerState restatedTo;

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
