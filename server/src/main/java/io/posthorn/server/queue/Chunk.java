package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.Origin;
import io.posthorn.server.store.Store;

/**
 * What memory knows about {@value Store#BLOCK_MESSAGES} neighbouring messages of a lane, in slices of {@value #SLICE}. Arrays exist only
 * where they say something, so that a deep, cold backlog costs next to nothing here, nor do ten thousand queues with a message each.
 */
final class Chunk {

    private static final int SLICE_SHIFT = 6;
    private static final int SLICE = 1 << SLICE_SHIFT;
    private static final int SLICES = Store.BLOCK_MESSAGES / SLICE;

    /** Neighbouring messages. Each array is null until it is needed. */
    private static final class Slice {
        /** Bodies in memory, and the receipt time of each. */
        EncodedMessage[] messages;

        long[] receivedMs;
        int hot;
        /** Journal position of each body, while any of them may lie above the checkpoint. */
        long[] positions;
        /** Where messages came from, while any of them may be there still. */
        Origin[] origins;
        /** How many subscriptions wait for each message; topics only. */
        short[] references;
    }

    final long firstOffset;

    /** Messages that somebody waits for. */
    int live;
    /** Bodies in memory. */
    int hot;
    /** Dispatch round in which bodies were last read back; they survive until the next one has ended. */
    long readInRound = -1;

    private final Slice[] slices = new Slice[SLICES];
    /** Size of each message, once one is known; null before. */
    private SizeBlock sizes;
    /** Highest position of a body. */
    private long positionMax;
    /** Highest position of a record that gave a message its place later than it was stored. */
    private long placedMax;

    Chunk(long firstOffset) {
        this.firstOffset = firstOffset;
    }

    /** Records that one more subscription waits for a message; returns whether it is the first. */
    boolean addReference(long offset) {
        Slice slice = slice(offset);
        if (slice.references == null) {
            slice.references = new short[SLICE];
        }
        return ++slice.references[index(offset)] == 1;
    }

    /** Records that one fewer waits; returns whether none does any more. */
    boolean removeReference(long offset) {
        return --slice(offset).references[index(offset)] == 0;
    }

    int references(long offset) {
        Slice slice = sliceIfAny(offset);
        return slice == null || slice.references == null ? 0 : slice.references[index(offset)] & 0xffff;
    }

    void putSize(long offset, int bytes) {
        if (sizes == null) {
            sizes = new SizeBlock();
        }
        sizes.set((int) (offset & Store.BLOCK_MESSAGES - 1), bytes);
    }

    int size(long offset) {
        return sizes == null ? 0 : sizes.get((int) (offset & Store.BLOCK_MESSAGES - 1));
    }

    boolean hasSizes() {
        return sizes != null;
    }

    /** Row of a snapshot. */
    void restoreSizes(int[] all) {
        sizes = new SizeBlock();
        sizes.restore(all);
    }

    /** Null when it is not in memory. */
    EncodedMessage message(long offset) {
        Slice slice = sliceIfAny(offset);
        return slice == null || slice.messages == null ? null : slice.messages[index(offset)];
    }

    /** When a body that is in memory was received. */
    long receivedMs(long offset) {
        return slice(offset).receivedMs[index(offset)];
    }

    void putMessage(long offset, EncodedMessage message, long atMs) {
        Slice slice = slice(offset);
        if (slice.messages == null) {
            slice.messages = new EncodedMessage[SLICE];
            slice.receivedMs = new long[SLICE];
        }
        slice.messages[index(offset)] = message;
        slice.receivedMs[index(offset)] = atMs;
        slice.hot++;
        hot++;
    }

    /** Drops a body; returns it, or null when there was none. */
    EncodedMessage dropMessage(long offset) {
        EncodedMessage dropped = message(offset);
        if (dropped != null) {
            Slice slice = slice(offset);
            slice.messages[index(offset)] = null;
            hot--;
            // The slice that is being filled is needed again at once.
            if (--slice.hot == 0 && index(offset) == SLICE - 1) {
                slice.messages = null;
                slice.receivedMs = null;
            }
        }
        return dropped;
    }

    /** No body is in memory any more. */
    void dropArrays() {
        for (Slice slice : slices) {
            if (slice != null && slice.hot == 0) {
                slice.messages = null;
                slice.receivedMs = null;
            }
        }
    }

    void putPosition(long offset, long position) {
        Slice slice = slice(offset);
        if (slice.positions == null) {
            slice.positions = new long[SLICE];
        }
        slice.positions[index(offset)] = position;
        positionMax = Math.max(positionMax, position);
    }

    /** Position of a body in the journal, or -1 when it lies below the checkpoint. */
    long position(long offset, long checkpoint) {
        Slice slice = sliceIfAny(offset);
        long position = slice == null || slice.positions == null ? 0 : slice.positions[index(offset)];
        return position > 0 && position >= checkpoint ? position : -1;
    }

    /** @param placed position of the record that gave the message its place */
    void putOrigin(long offset, Origin origin, long placed) {
        Slice slice = slice(offset);
        if (slice.origins == null) {
            slice.origins = new Origin[SLICE];
        }
        slice.origins[index(offset)] = origin;
        placedMax = Math.max(placedMax, placed);
    }

    /** Null when it is under its place for sure. */
    Origin origin(long offset) {
        Slice slice = sliceIfAny(offset);
        return slice == null || slice.origins == null ? null : slice.origins[index(offset)];
    }

    /** What lies below the checkpoint is in the deep store, under its place. */
    void checkpointed(long checkpoint) {
        boolean positions = positionMax > 0 && positionMax < checkpoint;
        boolean origins = placedMax > 0 && placedMax < checkpoint;
        if (!positions && !origins) {
            return;
        }
        for (Slice slice : slices) {
            if (slice != null && positions) {
                slice.positions = null;
            }
            if (slice != null && origins) {
                slice.origins = null;
            }
        }
        positionMax = positions ? 0 : positionMax;
        placedMax = origins ? 0 : placedMax;
    }

    private Slice sliceIfAny(long offset) {
        return slices[(int) (offset & Store.BLOCK_MESSAGES - 1) >>> SLICE_SHIFT];
    }

    private Slice slice(long offset) {
        int at = (int) (offset & Store.BLOCK_MESSAGES - 1) >>> SLICE_SHIFT;
        Slice slice = slices[at];
        if (slice == null) {
            slice = new Slice();
            slices[at] = slice;
        }
        return slice;
    }

    private static int index(long offset) {
        return (int) offset & SLICE - 1;
    }
}
