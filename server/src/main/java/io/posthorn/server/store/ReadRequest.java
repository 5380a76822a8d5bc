package io.posthorn.server.store;

/**
 * A batch of messages to fetch from below memory.
 *
 * @param lane packed {@link LaneId}
 * @param offsets ascending, at least one
 * @param positions per offset the physical offset of its entry when it lies above the last checkpoint, else -1
 * @param origins per offset where it lies if it is not under its place, null when that is known to be impossible
 * @param headsWillDo whether bodies may be left where they are, if the store knows somebody else to read them from (see {@link
 *     StoreBounds#left})
 */
public record ReadRequest(long lane, long[] offsets, long[] positions, Origin[] origins, boolean headsWillDo) {

    /** As above, for whole messages. */
    public ReadRequest(long lane, long[] offsets, long[] positions, Origin[] origins) {
        this(lane, offsets, positions, origins, false);
    }
}
