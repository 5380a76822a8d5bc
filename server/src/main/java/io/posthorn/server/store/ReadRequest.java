package io.posthorn.server.store;

/**
 * A batch of messages to fetch from below memory.
 *
 * @param lane packed {@link LaneId}
 * @param offsets ascending, at least one
 * @param positions per offset the physical offset of its entry when it lies above the last checkpoint, else -1
 */
public record ReadRequest(long lane, long[] offsets, long[] positions) {}
