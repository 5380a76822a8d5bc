package io.posthorn.server.simulation;

import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import java.util.List;

/**
 * Where a simulated broker keeps its records. One thread. Positions are those of the journal: an entry is durable when the commit position has
 * passed it.
 */
interface SimulatedStore extends AutoCloseable {

    /** Starts, for the first time or after {@link #crash}: all that is left, in order, and the first entry of a new epoch. */
    List<JournalEntry> recover();

    /** Appends an entry; it is not durable yet. */
    JournalEntry append(List<JournalRecord> records);

    /** Which records may be appended; known after {@link #recover}. */
    default int formatLevel() {
        return FormatLevel.NEWEST;
    }

    /** Position just after the last appended entry. */
    long end();

    /** Everything before it is durable. */
    long committed();

    /** A sync comes to its end: more is durable, perhaps not all that was appended. */
    void sync();

    /** From now on nothing becomes durable any more, until the next start: a write or sync has failed. */
    void fail();

    /** What a reader thread would find. */
    ReadResult read(ReadRequest request);

    /** Likewise, of messages that wait for their time. */
    ScheduledResult readScheduled(ScheduledRequest request);

    /** Likewise, of what has expired. */
    ExpiredResult readExpired(ExpiredRequest request);

    /** Moves what is durable out of the journal; the position up to which that is done. */
    long checkpoint();

    /**
     * The process dies, or the power goes. What was durable stays; of the rest a part may.
     *
     * @return position up to which everything is left
     */
    long crash();

    @Override
    void close();
}
