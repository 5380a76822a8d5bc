package io.posthorn.server.store.tiered;

import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.Store;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.journal.Journal;
import io.posthorn.server.store.lmdb.DeepStore;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
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
public final class TieredStore implements Store {

    /** Directory below the data directory that exists while a backup is being restored. */
    public static final String RESTORING = "restoring";

    private static final Logger LOG = LoggerFactory.getLogger(TieredStore.class);

    private final StoreConfig config;
    private final Clock clock;

    private CommitListener listener;
    private DirectoryLock lock;
    private Journal journal;
    private DeepStore deep;
    private Checkpointer checkpointer;
    private ColdReader reader;
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

    @Override
    public long recover(Consumer<JournalEntry> sink) {
        if (listener == null || lock != null || closed) {
            throw new IllegalStateException("set the listener, then recover once");
        }
        lock = DirectoryLock.acquire(config.dir());
        if (Files.exists(config.dir().resolve(RESTORING))) {
            throw new StoreException("a restore into " + config.dir() + " was not completed (the directory " + RESTORING
                    + " is still there): empty the directory and restore again");
        }
        deep = new DeepStore(config.dir(), config.mapBytes());
        deep.open();
        journal = new Journal(config, clock, listener);
        journal.space().reusable(deep::reusableBytes);
        deep.snapshot(sink);
        long[] epoch = {deep.epoch()};
        long[] tailBytes = {0};
        journal.recover(deep.position(), (position, end, writtenIn, array, from, length) -> {
            epoch[0] = Math.max(epoch[0], writtenIn);
            tailBytes[0] += end - position;
            sink.accept(new JournalEntry(position, writtenIn, RecordCodec.decode(array, from, length)));
        });
        long newEpoch = epoch[0] + 1;
        List<JournalRecord> first = List.of(new JournalRecord.EpochStarted(newEpoch, clock.wallMs()));
        long position = journal.beginEpoch(newEpoch, first);
        reader = new ColdReader(journal, deep);
        checkpointer = new Checkpointer(journal, deep, listener, clock, config, position, tailBytes[0]);
        checkpointer.makeRoom();
        checkpointer.start();
        sink.accept(new JournalEntry(position, newEpoch, first));
        return newEpoch;
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

    private Journal open() {
        if (journal == null || closed) {
            throw new StoreException("the store in " + config.dir() + " is not open");
        }
        return journal;
    }
}
