package io.posthorn.server.store;

import java.util.List;

/**
 * An entry as it is replayed.
 *
 * @param position where it lies in the journal; 0 for rows of a snapshot
 * @param epoch    epoch of the Master that wrote it
 */
public record JournalEntry(long position, long epoch, List<JournalRecord> records) {}
