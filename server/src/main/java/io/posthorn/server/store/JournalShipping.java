package io.posthorn.server.store;

import java.util.List;

/** What replication may ask of a Master's journal. Every method may be called by any thread while the store is open. */
public interface JournalShipping {

    /** {@link #sampleCrc} of a range that the journal does not hold. */
    long NOT_HELD = -1;

    /** The reigns that are known, by rising start. */
    List<Reign> reigns();

    /** Everything before it is in the files, though perhaps not durable yet. */
    long writtenPosition();

    /** Everything before it survives a power loss. */
    long durablePosition();

    /** The first position from which on everything can be shipped. */
    long firstPosition();

    /** Position from which the segment that holds a position is shipped: the end of the one before it. */
    long segmentStart(long position);

    /** How many bytes of journal lie between two positions, without the gaps between reigns. */
    long bytesBetween(long from, long to);

    /** Room that the largest segment has for entries, in bytes. */
    int segmentMaxBytes();

    /**
     * What lies at a position.
     *
     * @param from a position that was in a slice before, or an end of one
     * @return null when nothing has been written there yet
     * @throws StoreException if the position is not held any more
     */
    JournalSlice slice(long from, int maxBytes);

    /** CRC32C of the bytes [from, to) of one segment; {@link #NOT_HELD} when they are not, or not all, there. */
    long sampleCrc(long from, long to);
}
