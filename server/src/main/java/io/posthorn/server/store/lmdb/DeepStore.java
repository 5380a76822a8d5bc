package io.posthorn.server.store.lmdb;

import io.posthorn.server.store.BrowseRequest;
import io.posthorn.server.store.BrowseResult;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalSource;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import io.posthorn.server.store.StoreBounds;
import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.lmdbjava.CopyFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Stat;
import org.lmdbjava.Txn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The LMDB environment in the directory {@code lmdb} below the data directory: a materialised view of the journal up to a position.
 *
 * <p>{@link #open}, {@link #snapshot} and {@link #close} on the thread that opens the store; {@link #fold} on the checkpointer's; the reads
 * on any thread. Failures of LMDB come out as {@link StoreException}; a failed fold leaves the tables at the position of
 * its last transaction.
 */
public final class DeepStore {

    private static final Logger LOG = LoggerFactory.getLogger(DeepStore.class);
    private static final int READERS_MAX = 64;
    private static final long PAGE_BYTES = 4096;

    /** More than LMDB's header and 64 reader slots of 64 bytes need. */
    private static final long LOCK_FILE_BYTES = 4 * PAGE_BYTES;

    /** More than any file system here, less than half of what 47 bits address. */
    private static final long MAP_MAX_BYTES = 1L << 45;

    private final Path dir;
    private final long mapBytes;
    private final Checkpoint.Limits limits;
    private final Values values = new Values();

    private DataFile file;
    private Env<ByteBuffer> env;
    private Tables tables;
    private volatile Meta meta = Meta.NONE;

    /**
     * @param dataDir  the store's data directory
     * @param mapBytes address space to reserve; 0 = the size of the file system
     */
    public DeepStore(Path dataDir, long mapBytes) {
        this(dataDir, mapBytes, Checkpoint.Limits.DEFAULT);
    }

    DeepStore(Path dataDir, long mapBytes, Checkpoint.Limits limits) {
        this.dir = dataDir.resolve("lmdb");
        this.mapBytes = mapBytes;
        this.limits = limits;
    }

    /** @throws StoreException if it cannot be opened, is truncated or damaged, or is of a newer format */
    public void open() {
        try {
            Files.createDirectories(dir);
            file = new DataFile(dir);
            file.check();
            file.fillLockFile(LOCK_FILE_BYTES);
            // No WRITEMAP: a full disk would be SIGBUS. NOMETASYNC: every commit syncs its pages, so a power loss
            // falls back to an earlier commit; with NOSYNC it could leave nothing that can be read. NOTLS: readers
            // belong to a pool.
            env = Env.create()
                    .setMapSize(mapSize())
                    .setMaxDbs(Tables.COUNT)
                    .setMaxReaders(READERS_MAX)
                    .open(dir.toFile(), EnvFlags.MDB_NOMETASYNC, EnvFlags.MDB_NOTLS);
            int stale = env.readerCheck();
            if (stale > 0) {
                LOG.info("Cleared {} stale LMDB readers in {}", stale, dir);
            }
            file.extendTo(0);
            tables = Tables.create(env, values);
            meta = readMeta();
        } catch (IOException | LmdbException failed) {
            throw new StoreException("the LMDB environment in " + dir + " cannot be opened: " + failed, failed);
        }
    }

    /** The tables are the state before the entry that starts here; 0 when nothing has been folded. */
    public long position() {
        return meta.position();
    }

    /** Format level of what lies below {@link #position}; 0 when nothing has been folded. */
    public int formatLevel() {
        return meta.level();
    }

    /** Newest epoch below {@link #position}. */
    public long epoch() {
        return meta.epoch();
    }

    /** How many reads have met a damaged value since the store was opened. */
    public long damagedValues() {
        return values.damaged();
    }

    /** Emits all rows as records; runs before the first fold. */
    public void snapshot(Consumer<JournalEntry> sink) {
        snapshot(true, sink);
    }

    /** As above, without messages that wait for their time, but for the newest one. */
    public void snapshotWithoutSchedules(Consumer<JournalEntry> sink) {
        snapshot(false, sink);
    }

    private void snapshot(boolean allSchedules, Consumer<JournalEntry> sink) {
        try (Txn<ByteBuffer> txn = env.txnRead()) {
            new Snapshot(tables, values, txn, meta.epoch(), allSchedules, sink).emit();
        } catch (LmdbException failed) {
            throw unreadable(failed);
        }
    }

    /**
     * Folds the journal from {@link #position} on, and syncs.
     *
     * @param to   where to stop; at or below the journal's durable position, a boundary of entries
     * @param goOn asked between transactions with the position recorded; false ends the fold there
     * @return the position reached, durable
     */
    public long fold(JournalSource journal, long to, LongPredicate goOn) {
        return fold(journal, to, goOn, limits);
    }

    /** As above, in small transactions: slower, but each needs little room. */
    public long foldInSmallSteps(JournalSource journal, long to, LongPredicate goOn) {
        return fold(journal, to, goOn, Checkpoint.Limits.SMALL);
    }

    private long fold(JournalSource journal, long to, LongPredicate goOn, Checkpoint.Limits steps) {
        Meta from = meta;
        Checkpoint checkpoint = new Checkpoint(env, tables, values, file, from, steps, recorded -> {
            meta = recorded;
            return goOn.test(recorded.position());
        });
        try {
            // A backup that was killed leaves a reader behind, and with it pages that cannot be used again.
            env.readerCheck();
            meta = checkpoint.run(journal, to);
            env.sync(true);
            return meta.position();
        } catch (Env.MapFullException full) {
            throw new StoreException(
                    "the LMDB map of " + env.info().mapSize + " bytes in " + dir
                            + " is full: raise mapBytes and restart, or consume messages",
                    full);
        } catch (LmdbException | UncheckedIOException failed) {
            throw new StoreException(
                    "the checkpoint in " + dir + " failed at position " + meta.position() + ": " + failed, failed);
        }
    }

    /** Makes durable what transactions of a fold that is still under way have recorded; the checkpointer's thread. */
    public void sync() {
        env.sync(true);
    }

    /** Room in the file that a later fold can use again without making it longer, in bytes; any thread while it is open. */
    public long reusableBytes() {
        try (Txn<ByteBuffer> txn = env.txnRead()) {
            long pages = env.info().lastPageNumber + 1 - tables.pages(txn) - pages(env.stat());
            return Math.max(0, pages) * env.stat().pageSize;
        }
    }

    /** Bytes of the data file that are in use or were; any thread while it is open. */
    public long dataBytes() {
        return (env.info().lastPageNumber + 1) * env.stat().pageSize;
    }

    /**
     * Copies the environment as it is at one moment, without free pages; any thread but the checkpointer's, which goes on. Pages that a fold
     * frees meanwhile cannot be used again before the copy is done.
     *
     * @param target a directory to be made
     */
    public void copyTo(Path target) {
        try {
            Files.createDirectories(target);
            env.copy(target.toFile(), CopyFlags.MDB_CP_COMPACT);
        } catch (IOException | LmdbException failed) {
            throw new StoreException(
                    "the LMDB environment in " + dir + " cannot be copied to " + target + ": " + failed, failed);
        }
    }

    static long pages(Stat stat) {
        return stat.branchPages + stat.leafPages + stat.overflowPages;
    }

    /** The message placed there, or null when there is none or it is damaged. */
    public StoredMessage message(long lane, long offset) {
        return inRead(rows -> rows.message(lane, offset));
    }

    /**
     * What a request asks for, in one read transaction; null elements as in {@link #message}.
     *
     * @param bounds asked which bodies are left, if the request says that heads will do
     */
    public StoredMessage[] messages(ReadRequest request, StoreBounds bounds) {
        StoreBounds choice = request.headsWillDo() ? bounds : StoreBounds.NONE;
        return inRead(rows -> {
            StoredMessage[] found = new StoredMessage[request.offsets().length];
            for (int i = 0; i < found.length; i++) {
                found[i] = rows.message(request.lane(), request.offsets()[i], request.origins()[i], choice);
            }
            return found;
        });
    }

    /** A page of the messages of a queue that are waited for. */
    public BrowseResult browse(BrowseRequest request) {
        return inRead(rows -> new BrowseWalk(rows, request).run());
    }

    /** A message that waits for its time, as the record that a snapshot has of it: without its sequence; or null. */
    public JournalRecord scheduled(long scheduleId) {
        return inRead(rows -> {
            JournalRecord.Scheduled waiting = rows.scheduledRecord(scheduleId);
            return waiting == null ? null : Snapshot.withoutSequence(waiting);
        });
    }

    /** As {@link io.posthorn.server.store.Store#readScheduled}, with those whose numbers are known so far; the others are looked for. */
    public ScheduledResult scheduled(ScheduledRequest request, JournalRecord.Scheduled[] known) {
        return inRead(rows -> {
            for (int i = 0; i < known.length; i++) {
                if (known[i] == null) {
                    known[i] = rows.scheduledRecord(request.ids()[i], request.postponed()[i]);
                }
            }
            return rows.scheduledNext(request, known);
        });
    }

    /** As {@link io.posthorn.server.store.Store#readExpired}. */
    public ExpiredResult expired(ExpiredRequest request) {
        return inRead(rows -> rows.expired(request));
    }

    public void close() {
        if (env != null) {
            env.close();
            env = null;
        }
    }

    private <T> T inRead(Function<Rows, T> read) {
        try (Txn<ByteBuffer> txn = env.txnRead()) {
            return read.apply(new Rows(tables, values, txn));
        } catch (LmdbException failed) {
            throw unreadable(failed);
        }
    }

    private Meta readMeta() {
        try (Txn<ByteBuffer> txn = env.txnRead()) {
            ByteBuffer value = tables.meta.get(txn, new Key().meta());
            return value == null
                    ? Meta.NONE
                    : Meta.decode(new Rows(tables, values, txn).content(value, "meta", "state"));
        }
    }

    private long mapSize() throws IOException {
        return mapSize(dir, mapBytes);
    }

    /** Address space for an environment: what was asked for, or the size of its file system. */
    static long mapSize(Path dir, long mapBytes) throws IOException {
        long wanted = mapBytes > 0 ? mapBytes : Files.getFileStore(dir).getTotalSpace();
        return Math.min(MAP_MAX_BYTES, wanted / PAGE_BYTES * PAGE_BYTES);
    }

    private StoreException unreadable(LmdbException failed) {
        return new StoreException("the LMDB environment in " + dir + " cannot be read: " + Values.text(failed), failed);
    }
}
