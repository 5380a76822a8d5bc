package io.posthorn.server.store;

import java.nio.file.Path;

/** A store that can be followed by others. */
public interface ReplicableStore extends Store {

    /** Sets what replication allows, and the lowest epoch that {@link #recover} may start; before it. */
    void replicate(StoreBounds bounds, long minEpoch);

    /** The journal, after {@link #recover}. */
    JournalShipping shipping();

    /**
     * Copies the tables as they are at one moment, beside everything else; one at a time. Takes as long as the disk needs.
     *
     * @param target an empty directory; gets a directory {@code lmdb}
     * @return up to where the copy holds the journal. It is the state of no moment before what was durable when this returns has been
     *     replayed
     * @throws StoreException if there is no room for the copy beside what must stay free
     */
    long copyTables(Path target);

    /** The format level that is written, see {@link FormatLevel}; any thread, after {@link #recover}. */
    int formatLevel();

    /** The level that it may be raised to; any thread. */
    int formatLevelMax();

    /** Up to where the tables hold the journal; any thread. */
    long foldedPosition();

    /** What was read from below memory so far; any thread, after {@link #recover}. */
    ReadCounts readCounts();
}
