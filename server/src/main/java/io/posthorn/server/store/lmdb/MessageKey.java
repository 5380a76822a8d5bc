package io.posthorn.server.store.lmdb;

import io.posthorn.server.store.LaneId;

/** A placed message, in the order of its key. */
record MessageKey(long lane, long offset) implements Comparable<MessageKey> {

    /** The least key of a destination. */
    static MessageKey first(int destinationId) {
        return new MessageKey(LaneId.of(destinationId, 0, 0), 0);
    }

    @Override
    public int compareTo(MessageKey other) {
        int order = Long.compare(lane, other.lane);
        return order == 0 ? Long.compare(offset, other.offset) : order;
    }
}
