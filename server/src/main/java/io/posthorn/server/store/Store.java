package io.posthorn.server.store;

import java.util.List;
import java.util.function.Consumer;

/**
 * Where the journalled state is kept. One thread at a time (the sequencer) calls everything but {@link #read}'s callback and
 * the {@link CommitListener}, which run on threads of the store.
 *
 * <p>Life cycle: {@link #recover} once, then {@link #append} and {@link #flush} any number of times, then {@link #close}.
 */
public interface Store extends AutoCloseable {

    /** Offsets per block of a pending bitmap. */
    int BLOCK_MESSAGES = 4096;

    /** How many unstored sequences below the newest one are remembered per producer. */
    int PRODUCER_GAPS_MAX = 4096;

    /**
     * Emits the last checkpoint as records (entries at position 0), then every intact journal entry after it, and starts a new epoch.
     * Order within the snapshot: destinations, subscriptions, lanes, pending blocks, deliveries, staged messages (as {@link
     * JournalRecord.Staged}), the newest schedule (as {@link JournalRecord.Scheduled}), producers, branches, large messages. The staged and
     * scheduled ones have sequence 0: dedup state comes with the producers alone. Other schedules stay in the store, to be asked for ({@link
     * #readScheduled}), but one that an entry of the journal is about to give its place is emitted right before that. The new epoch's
     * own first entry is emitted last.
     *
     * @return the new epoch
     * @throws StoreException when the directory cannot be read, is damaged, or is of a newer format
     */
    long recover(Consumer<JournalEntry> sink);

    /** The listener has to be set before {@link #recover}. */
    void listener(CommitListener listener);

    /**
     * Appends one atomic entry. It is not durable, and must not be shown to anybody, until the commit position passes
     * the returned end.
     *
     * @param records at least one, at most one of which bears a message
     * @return the entry's position (its message's physical offset)
     * @throws StoreFullException when the disk has no room for a message; nothing is appended then
     * @throws StoreException when the store is fenced
     */
    long append(List<JournalRecord> records);

    /**
     * Whether more lies unflushed in memory than the store wants to hold (64 MiB). Appending still works; the caller should stop
     * taking new work until this is false again.
     */
    default boolean overloaded() {
        return false;
    }

    /** Position just after the last appended entry. */
    long endPosition();

    /** Everything before this position is durable. */
    long commitPosition();

    /**
     * Ends a batch: what was appended since the last call goes to disk, together with whatever was waiting.
     *
     * @param urgent whether somebody waits for it; when false (hand-over marks only) it may stay unsynced until the next urgent
     *     batch, for a second at the most
     */
    void flush(boolean urgent);

    /**
     * Ends a batch as an urgent {@link #flush} does, except that nobody is woken: the caller has to call {@link #flushSealed}
     * soon.
     */
    void seal();

    /**
     * Writes and syncs what is sealed on the calling thread, if nobody is writing; otherwise leaves it to the thread that does. Returns
     * when it is durable, or left to others. Any thread.
     */
    void flushSealed();

    /**
     * Fetches messages on a reader thread.
     *
     * @param done called exactly once, on a thread of the store
     */
    void read(ReadRequest request, Consumer<ReadResult> done);

    /**
     * Fetches messages that wait for their time, on a reader thread.
     *
     * @param done called exactly once, on a thread of the store
     */
    void readScheduled(ScheduledRequest request, Consumer<ScheduledResult> done);

    /**
     * Looks for messages that have expired, on a reader thread.
     *
     * @param done called exactly once, on a thread of the store
     */
    void readExpired(ExpiredRequest request, Consumer<ExpiredResult> done);

    /**
     * Room on disk for messages that need not outlive the process; wiped by {@link #recover}, to be used after it.
     *
     * @param bytesMax bytes of messages that will be there at most
     * @param answers  told on a thread of the store
     */
    default SpillSpace spillSpace(long bytesMax, SpillSpace.Listener answers) {
        return SpillSpace.NONE;
    }

    /** Flushes, syncs, ends all threads and releases the directory's lock. Second call: no effect. */
    @Override
    void close();
}
