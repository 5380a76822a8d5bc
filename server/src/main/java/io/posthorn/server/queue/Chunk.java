package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.Store;

/**
 * What memory knows about {@value Store#BLOCK_MESSAGES} neighbouring messages of a lane. The arrays exist only while they
 * say something, so that a deep, cold backlog costs next to nothing here.
 */
final class Chunk {

    final long firstOffset;
    /** Bodies in memory; null when there is none. */
    EncodedMessage[] messages;
    /** Receipt time per body in memory. */
    long[] receivedMs;
    /** Journal position of each body, while any of them may lie above the checkpoint. */
    long[] positions;
    /** How many subscriptions wait for each message; topics only. */
    short[] references;

    /** Size of each message, once one is known; null before. */
    SizeBlock sizes;

    /** Messages that somebody waits for. */
    int live;
    /** Bodies in memory. */
    int hot;

    /** Highest position in {@link #positions}. */
    long positionMax;
    /** Bodies must stay in memory until the checkpoint passes this position: the store cannot find them by offset before. */
    long pinnedUntil;
    /** Dispatch round in which bodies were last read back; they survive until the next one has ended. */
    long readInRound = -1;

    Chunk(long firstOffset) {
        this.firstOffset = firstOffset;
    }

    static int index(long offset) {
        return (int) (offset & Store.BLOCK_MESSAGES - 1);
    }

    /** Records that one more subscription waits for a message; returns whether it is the first. */
    boolean addReference(long offset) {
        if (references == null) {
            references = new short[Store.BLOCK_MESSAGES];
        }
        return ++references[index(offset)] == 1;
    }

    void putSize(long offset, int bytes) {
        if (sizes == null) {
            sizes = new SizeBlock();
        }
        sizes.set(index(offset), bytes);
    }

    int size(long offset) {
        return sizes == null ? 0 : sizes.get(index(offset));
    }

    int references(long offset) {
        return references == null ? 0 : references[index(offset)] & 0xffff;
    }

    EncodedMessage message(long offset) {
        return messages == null ? null : messages[index(offset)];
    }

    void putMessage(long offset, EncodedMessage message, long atMs) {
        if (messages == null) {
            messages = new EncodedMessage[Store.BLOCK_MESSAGES];
            receivedMs = new long[Store.BLOCK_MESSAGES];
        }
        messages[index(offset)] = message;
        receivedMs[index(offset)] = atMs;
        hot++;
    }

    /** Drops a body; returns it, or null when there was none. */
    EncodedMessage dropMessage(long offset) {
        EncodedMessage dropped = message(offset);
        if (dropped != null) {
            messages[index(offset)] = null;
            hot--;
        }
        return dropped;
    }

    void putPosition(long offset, long position) {
        if (positions == null) {
            positions = new long[Store.BLOCK_MESSAGES];
        }
        positions[index(offset)] = position;
        positionMax = Math.max(positionMax, position);
    }

    /** Position of a body in the journal, or -1 when it lies below the checkpoint. */
    long position(long offset, long checkpoint) {
        long position = positions == null ? 0 : positions[index(offset)];
        return position > 0 && position >= checkpoint ? position : -1;
    }
}
