package io.posthorn.server.store.tiered;

import io.posthorn.server.store.BrowseRequest;
import io.posthorn.server.store.BrowseResult;
import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalShipping;
import io.posthorn.server.store.JournalSlice;
import io.posthorn.server.store.ReadCounts;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.Reign;
import io.posthorn.server.store.StoreBounds;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.journal.Journal;
import io.posthorn.server.store.journal.JournalFollower;
import io.posthorn.server.store.lmdb.DeepStore;
import io.posthorn.time.Clock;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The store of a Slave: the same files as a {@link TieredStore}, but what is written to the journal comes from the Master. One thread opens,
 * appends and closes; the positions are for any. The checkpointer works here too, up to the Master's commit position.
 */
public final class FollowerStore implements AutoCloseable {

    private static final int SAMPLE_BYTES = 4096;
    private static final long FOLD_PATIENCE_NS = 5_000_000_000L;
    private static final long FOLD_LOOK_NS = 2_000_000L;

    private final StoreConfig config;
    private final Clock clock;

    private DirectoryLock lock;
    private Journal journal;
    private JournalFollower follower;
    private DeepStore deep;
    private Checkpointer checkpointer;
    private ColdReader reader;
    private volatile long commit;

    /** Opens nothing yet. */
    public FollowerStore(StoreConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** What a cut has taken away. */
    public record Cut(long from, long to, long entries, long messages) {}

    /** The last bytes of the journal, by which a Master knows whether it is its own. */
    public record Sample(long from, int crc) {}

    /**
     * Locks and opens the data directory.
     *
     * @param emptyEnd where the journal ends when it has no segment, as a snapshot says; -1 = where the tables end
     * @throws StoreException if it cannot be opened, is damaged, or of a newer format; {@link #close} releases what was opened
     */
    public void open(long emptyEnd) {
        lock = TieredStore.lock(config);
        deep = new DeepStore(config.dir(), config.mapBytes());
        deep.open();
        Following nobody = new Following();
        journal = new Journal(config, clock, nobody);
        journal.space().reusable(deep::reusableBytes);
        journal.foldedLevel(deep.formatLevel());
        follower = journal.follow(deep.position(), emptyEnd >= 0 ? emptyEnd : deep.position());
        commit = deep.position();
        checkpointer = new Checkpointer(journal, deep, nobody, nobody, clock, config);
        checkpointer.start();
        reader = new ColdReader(journal, deep, nobody, journal::fence);
    }

    /** Writes the reigns that a Master knows into a directory that will be a data directory. */
    public static void writeEpochs(Path dir, List<Reign> reigns) {
        Journal.writeEpochs(dir, reigns);
    }

    /** Highest format level of what is here, or was before a cut; 0 = nothing is. Any thread. */
    public int formatLevel() {
        return journal.formatLevel();
    }

    /** Position just after the last entry. */
    public long end() {
        return follower.end();
    }

    /** Position from which more is wanted from the Master. */
    public long received() {
        return follower.received();
    }

    /** Everything before it survives a power loss. */
    public long durable() {
        return follower.durable();
    }

    /** Up to where the tables hold the journal; what lies before cannot be cut. */
    public long folded() {
        return deep.position();
    }

    /** How far the Master has committed, as far as that is known here; never more than there is. */
    public long commit() {
        return Math.min(commit, follower.durable());
    }

    public List<Reign> reigns() {
        return journal.reigns();
    }

    /** Newest epoch of which something is here; 0 = none. */
    public long epoch() {
        long known = deep.epoch();
        for (Reign reign : journal.reigns()) {
            known = Math.max(known, reign.epoch());
        }
        return known;
    }

    /** A sample of the journal's last bytes; empty when it has none. */
    public Sample sample() {
        long from = journal.sampleFrom(follower.end(), SAMPLE_BYTES);
        long crc = from == follower.end() ? 0 : journal.sampleCrc(from, follower.end());
        if (crc == JournalShipping.NOT_HELD) {
            throw new StoreException("the end of the journal in " + config.dir() + " cannot be read");
        }
        return new Sample(from, (int) crc);
    }

    /** Writes a piece of the Master's journal; see {@link JournalFollower#append}. */
    public void append(JournalSlice slice) {
        follower.append(slice);
    }

    /** Makes durable what was written. */
    public void sync() {
        follower.sync();
    }

    /** Forgets the beginning of an entry whose rest will not come on this connection. */
    public void dropPartial() {
        follower.dropPartial();
    }

    /** Why the disk must not be written any more, or null. */
    public StoreException failure() {
        return follower.failure();
    }

    /** The Master has committed up to here. */
    public void commit(long position) {
        commit = Math.max(commit, position);
    }

    /**
     * Fetches messages on a reader thread, as {@link io.posthorn.server.store.Store#read} does; any thread.
     *
     * @param done called once
     */
    public void read(ReadRequest request, Consumer<ReadResult> done) {
        reader.read(request, done);
    }

    /**
     * Looks at a queue on a reader thread, as far as the Master had committed and that is known here; any thread.
     *
     * @param done called once; given null when the tables cannot be read
     */
    public void browse(BrowseRequest request, Consumer<BrowseResult> done) {
        long wanted = commit();
        reader.browse(request, () -> awaitFolded(wanted), done);
    }

    /** What the tables do not have yet would be missed; after a while it is. */
    private void awaitFolded(long position) {
        long sinceNs = clock.monotonicNs();
        while (deep.position() < position && clock.monotonicNs() - sinceNs < FOLD_PATIENCE_NS) {
            checkpointer.request();
            LockSupport.parkNanos(FOLD_LOOK_NS);
        }
    }

    /** What was read for clients so far. */
    public ReadCounts readCounts() {
        return reader.counts();
    }

    /** Whether a position lies before the commit position, in a reign of this epoch. */
    public boolean holds(long position, long epoch) {
        if (position >= commit()) {
            return false;
        }
        return Reign.epochOf(position, journal.reigns()) == epoch;
    }

    /**
     * Takes back everything from a position on.
     *
     * @param position an end of an entry, at or behind {@link #folded}
     * @return what that was
     */
    public Cut cutTo(long position) {
        long[] counts = new long[2];
        long end = follower.end();
        journal.scan(position, end, (at, next, epoch, array, from, length) -> {
            counts[0]++;
            for (JournalRecord record : RecordCodec.decodeWithoutMessage(array, from, length)) {
                counts[1] += bearsMessage(record) ? 1 : 0;
            }
        });
        follower.cutTo(position);
        commit = Math.min(commit, position);
        return new Cut(position, end, counts[0], counts[1]);
    }

    /** Ends the threads, closes the files, releases the lock. */
    @Override
    public void close() {
        if (checkpointer != null) {
            checkpointer.stop();
        }
        if (reader != null) {
            reader.close();
        }
        if (deep != null) {
            deep.close();
        }
        if (journal != null) {
            journal.close();
        }
        if (lock != null) {
            lock.close();
        }
    }

    private static boolean bearsMessage(JournalRecord record) {
        return record instanceof JournalRecord.Published
                || record instanceof JournalRecord.Staged
                || record instanceof JournalRecord.Scheduled;
    }

    /** Nobody waits for what a Slave commits; the checkpointer must stay behind the Master's commit position. */
    private final class Following implements CommitListener, StoreBounds {

        @Override
        public void committed(long position) {
            throw new IllegalStateException("a Slave's journal has no flusher");
        }

        @Override
        public void failed(StoreException cause) {
            throw new IllegalStateException("a Slave's journal has no flusher", cause);
        }

        @Override
        public void checkpointed(long position) {
            // Nobody reads from here.
        }

        @Override
        public long foldTo(long durable) {
            return Math.min(durable, commit);
        }

        @Override
        public long keepFrom(long folded) {
            return folded;
        }
    }
}
