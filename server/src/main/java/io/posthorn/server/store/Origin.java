package io.posthorn.server.store;

/**
 * Where a message came from that got its place in a lane later than it was stored: until a checkpoint has passed the record that gave it
 * the place, it lies there still.
 */
public sealed interface Origin {

    /** A message of a transaction. */
    record Staged(long producerId, long txSequence, int index) implements Origin {}

    /**
     * A message that had to wait for its time.
     *
     * @param before where it was before that; null when it waited from the beginning
     */
    record Scheduled(long scheduleId, Staged before) implements Origin {}
}
