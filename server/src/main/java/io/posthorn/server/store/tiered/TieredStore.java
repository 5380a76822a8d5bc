package io.posthorn.server.store.tiered;

import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalShipping;
import io.posthorn.server.store.ReadCounts;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.ReplicableStore;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import io.posthorn.server.store.SpillSpace;
import io.posthorn.server.store.StoreBounds;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.journal.Journal;
import io.posthorn.server.store.lmdb.DeepStore;
import io.posthorn.server.store.lmdb.SpillStore;
import io.posthorn.server.store.lmdb.TableView;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of a broker: a journal that makes things durable and LMDB that makes them deep (see STORE.md).
 *
 * <p>The sequencer calls everything; {@link CommitListener} is told by the flusher and the checkpointer, read results come from the
 * reader threads. When opening fails, everything that was opened is released by {@link #close}.
 */
public final class TieredStore implements ReplicableStore {

    /** Directory below the data directory that exists while a backup is being restored. */
    public static final String RESTORING = "restoring";

    private static final Logger LOG = LoggerFactory.getLogger(TieredStore.class);

    private final StoreConfig config;
    private final Clock clock;

    private CommitListener listener;
    private StoreBounds bounds = StoreBounds.NONE;
    private long minEpoch;
    private DirectoryLock lock;
    private Journal journal;
    private DeepStore deep;
    private Checkpointer checkpointer;
    private ColdReader reader;
    private SpillStore spill;
    private boolean closed;

    /** Opens nothing yet; {@link #recover} does. */
    public TieredStore(StoreConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    @Override
    public void listener(CommitListener value) {
        listener = value;
    }

    /**
     * The newest epoch that a data directory knows of, without opening it; 0 = none.
     *
     * @throws StoreException if what is there cannot be read
     */
    public static long newestEpoch(Path dataDir) {
        return Journal.newestEpoch(dataDir);
    }

    @Override
    public void replicate(StoreBounds value, long lowestEpoch) {
        bounds = value;
        minEpoch = lowestEpoch;
    }

    @Override
    public JournalShipping shipping() {
        return open();
    }

    @Override
    public long copyTables(Path target) {
        String full = open().space().refusal();
        if (full != null) {
            throw new StoreException("no snapshot can be made: " + full);
        }
        long needed = deep.dataBytes();
        if (target.toFile().getUsableSpace() < needed + config.segmentBytes()) {
            throw new StoreException("no snapshot can be made: it takes " + needed + " bytes, and "
                    + target.toFile().getUsableSpace() + " are free in " + target);
        }
        deep.copyTo(target.resolve("lmdb"));
        try (TableView copy = TableView.open(target)) {
            return copy.position();
        }
    }

    @Override
    public int formatLevel() {
        return open().formatLevel();
    }

    @Override
    public int formatLevelMax() {
        return config.formatLevelMax();
    }

    @Override
    public long foldedPosition() {
        open();
        return deep.position();
    }

    @Override
    public ReadCounts readCounts() {
        open();
        return reader.counts();
    }

    @Override
    public long recover(Consumer<JournalEntry> sink) {
        if (listener == null || lock != null || closed) {
            throw new IllegalStateException("set the listener, then recover once");
        }
        lock = lock(config);
        if (spill != null) {
            spill.wipe();
        }
        deep = new DeepStore(config.dir(), config.mapBytes());
        deep.open();
        journal = new Journal(config, clock, listener);
        journal.space().reusable(deep::reusableBytes);
        journal.foldedLevel(deep.formatLevel());
        deep.snapshotWithoutSchedules(sink);
        long[] epoch = {deep.epoch()};
        journal.recover(deep.position(), (position, end, writtenIn, array, from, length) -> {
            epoch[0] = Math.max(epoch[0], writtenIn);
            List<JournalRecord> records = RecordCodec.decode(array, from, length);
            emitDue(records, writtenIn, sink);
            sink.accept(new JournalEntry(position, writtenIn, records));
        });
        long newEpoch = Math.max(epoch[0] + 1, minEpoch);
        List<JournalRecord> first = List.of(new JournalRecord.EpochStarted(newEpoch, clock.wallMs()));
        long position = journal.beginEpoch(newEpoch, first);
        reader = new ColdReader(journal, deep, bounds, journal::fence);
        checkpointer = new Checkpointer(journal, deep, listener, bounds, clock, config);
        checkpointer.makeRoom();
        checkpointer.start();
        sink.accept(new JournalEntry(position, newEpoch, first));
        return newEpoch;
    }

    /** What an entry gives its place, and waits in the tables. */
    private void emitDue(List<JournalRecord> records, long epoch, Consumer<JournalEntry> sink) {
        for (JournalRecord record : records) {
            JournalRecord waiting = record instanceof JournalRecord.Due due ? deep.scheduled(due.scheduleId()) : null;
            if (waiting != null) {
                sink.accept(new JournalEntry(0, epoch, List.of(waiting)));
            }
        }
    }

    @Override
    public long append(List<JournalRecord> records) {
        return open().append(records);
    }

    @Override
    public boolean overloaded() {
        return open().overloaded();
    }

    @Override
    public long endPosition() {
        return open().endPosition();
    }

    @Override
    public long commitPosition() {
        return open().commitPosition();
    }

    @Override
    public void flush(boolean urgent) {
        open().flush(urgent);
    }

    @Override
    public void seal() {
        open().seal();
    }

    @Override
    public void flushSealed() {
        open().flushSealed();
    }

    @Override
    public void read(ReadRequest request, Consumer<ReadResult> done) {
        open();
        reader.read(request, done);
    }

    @Override
    public void readScheduled(ScheduledRequest request, Consumer<ScheduledResult> done) {
        open();
        reader.readScheduled(request, done);
    }

    @Override
    public void readExpired(ExpiredRequest request, Consumer<ExpiredResult> done) {
        open();
        reader.readExpired(request, done);
    }

    @Override
    public SpillSpace spillSpace(long bytesMax, SpillSpace.Listener answers) {
        spill = new SpillStore(
                config.dir(),
                bytesMax,
                () -> journal.space().refusal(),
                answers,
                broken -> journal.fence("the thread that spills non-persistent messages has ended", broken));
        return spill;
    }

    /** Asks for a checkpoint now, instead of when one is due; {@link CommitListener#checkpointed} tells when it is done. Any thread. */
    public void requestCheckpoint() {
        open();
        checkpointer.request();
    }

    /** How many stored values have failed their checksum when they were read, since the store was opened. */
    public long damagedValues() {
        open();
        return deep.damagedValues();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (checkpointer != null) {
            checkpointer.stop();
        }
        if (reader != null) {
            reader.close();
        }
        if (spill != null) {
            spill.close();
        }
        if (deep != null) {
            deep.close();
        }
        if (journal != null) {
            journal.close();
        }
        if (lock != null) {
            try {
                lock.release();
            } catch (IOException failed) {
                LOG.warn("The lock of {} cannot be released", config.dir(), failed);
            }
        }
    }

    /** Locks the data directory, unless it is not ready for use. */
    static DirectoryLock lock(StoreConfig config) {
        DirectoryLock lock = DirectoryLock.acquire(config.dir());
        if (Files.exists(config.dir().resolve(RESTORING))) {
            lock.close();
            throw new StoreException("a restore into " + config.dir() + " was not completed (the directory " + RESTORING
                    + " is still there): empty the directory and restore again");
        }
        return lock;
    }

    private Journal open() {
        if (journal == null || closed) {
            throw new StoreException("the store in " + config.dir() + " is not open");
        }
        return journal;
    }
}
