package io.posthorn.server.store.tiered;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.BrowseRequest;
import io.posthorn.server.store.BrowseResult;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalSource;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.ReadCounts;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import io.posthorn.server.store.StoreBounds;
import io.posthorn.server.store.lmdb.DeepStore;
import io.posthorn.server.store.lmdb.StoredMessage;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two threads that fetch messages from below memory: from the journal by position, else from LMDB by place, else by their {@link
 * io.posthorn.server.store.Origin}. The callback runs on them, exactly once per request, also when nothing can be read; only after an
 * error not at all, which fences the store.
 */
final class ColdReader {

    private static final Logger LOG = LoggerFactory.getLogger(ColdReader.class);
    private static final int THREADS = 2;

    private static final ExpiredResult NONE_EXPIRED = new ExpiredResult(new long[0], new long[0], new long[0], false);

    private final JournalSource journal;
    private final DeepStore deep;
    private final StoreBounds bounds;
    private final BiConsumer<String, Throwable> broken;
    private final ExecutorService pool;
    private final LongAdder bodyBytesRead = new LongAdder();
    private final LongAdder bodyBytesLeft = new LongAdder();

    /**
     * @param bounds say which bodies may be left where they are
     * @param broken told of an error, and where, which ends the use of the store
     */
    ColdReader(JournalSource journal, DeepStore deep, StoreBounds bounds, BiConsumer<String, Throwable> broken) {
        this.broken = broken;
        this.journal = journal;
        this.deep = deep;
        this.bounds = bounds;
        AtomicInteger number = new AtomicInteger();
        this.pool = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "posthorn-reader-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    void read(ReadRequest request, Consumer<ReadResult> done) {
        start(() -> done.accept(fetch(request)));
    }

    /** An error fences: without its answer, whoever waits for it would wait for ever. */
    private void start(Runnable read) {
        pool.execute(() -> {
            try {
                read.run();
            } catch (Error broken) {
                this.broken.accept("a read from the store has broken off", broken);
            }
        });
    }

    /** What was read so far; any thread. */
    ReadCounts counts() {
        return new ReadCounts(bodyBytesRead.sum(), bodyBytesLeft.sum());
    }

    /** Answers what was asked before, then ends. */
    void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("Readers are still busy after 30 s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void readScheduled(ScheduledRequest request, Consumer<ScheduledResult> done) {
        start(() -> done.accept(fetch(request)));
    }

    /**
     * @param before runs first
     * @param done   given null when the tables cannot be read
     */
    void browse(BrowseRequest request, Runnable before, Consumer<BrowseResult> done) {
        start(() -> {
            BrowseResult result = null;
            try {
                before.run();
                result = deep.browse(request);
                result.messages()
                        .forEach(seen -> bodyBytesRead.add(seen.message().bodyLength()));
            } catch (RuntimeException failed) {
                LOG.error("{} cannot be browsed", request.queue(), failed);
            }
            done.accept(result);
        });
    }

    void readExpired(ExpiredRequest request, Consumer<ExpiredResult> done) {
        start(() -> {
            ExpiredResult result = NONE_EXPIRED;
            try {
                result = deep.expired(request);
            } catch (RuntimeException failed) {
                LOG.error("Expired messages cannot be looked for", failed);
            }
            done.accept(result);
        });
    }

    private ReadResult fetch(ReadRequest request) {
        StoredMessage[] found = new StoredMessage[request.offsets().length];
        try {
            // In this order: what is not in the journal any more has been in the tables before it left.
            if (fromJournal(request, found) > 0) {
                fromTables(request, found);
            }
        } catch (RuntimeException failed) {
            LOG.error("Messages of lane {} cannot be read now", LaneId.text(request.lane()), failed);
            return ReadResult.failed(request);
        }
        EncodedMessage[] messages = new EncodedMessage[found.length];
        long[] receivedMs = new long[found.length];
        for (int i = 0; i < found.length; i++) {
            if (found[i] != null) {
                messages[i] = found[i].message();
                receivedMs[i] = found[i].receivedMs();
                (messages[i].isWhole() ? bodyBytesRead : bodyBytesLeft).add(messages[i].bodyLength());
            }
        }
        return new ReadResult(request, messages, receivedMs);
    }

    private int fromJournal(ReadRequest request, StoredMessage[] found) {
        int missing = 0;
        long[] positions = request.positions();
        for (int i = 0; i < found.length; i++) {
            JournalRecord record = positions[i] > 0 ? messageRecord(positions[i]) : null;
            if (record != null) {
                found[i] = new StoredMessage(
                        RecordCodec.messageOf(record), RecordCodec.receivedMsOf(record), positions[i]);
            } else {
                missing++;
            }
        }
        return missing;
    }

    private void fromTables(ReadRequest request, StoredMessage[] found) {
        StoredMessage[] stored = deep.messages(request, bounds);
        for (int i = 0; i < found.length; i++) {
            if (found[i] == null) {
                found[i] = stored[i];
            }
        }
    }

    private ScheduledResult fetch(ScheduledRequest request) {
        JournalRecord.Scheduled[] known = new JournalRecord.Scheduled[request.ids().length];
        try {
            for (int i = 0; i < known.length; i++) {
                JournalRecord found = request.positions()[i] > 0 ? messageRecord(request.positions()[i]) : null;
                if (found instanceof JournalRecord.Scheduled scheduled) {
                    known[i] = scheduled;
                } else if (found instanceof JournalRecord.Staged staged) {
                    known[i] = request.postponed()[i].scheduled(staged.receivedMs(), staged.message());
                }
            }
            return deep.scheduled(request, known);
        } catch (RuntimeException failed) {
            LOG.error("Messages that wait for their time cannot be read", failed);
            return new ScheduledResult(request, null, List.of(), true, false);
        }
    }

    /** The record with a message in the entry at a position, or null when none is there any more. */
    private JournalRecord messageRecord(long position) {
        JournalRecord[] found = {null};
        journal.read(position, (at, end, epoch, array, from, length) -> {
            for (JournalRecord record : RecordCodec.decode(array, from, length)) {
                if (RecordCodec.messageOf(record) != null) {
                    found[0] = record;
                }
            }
        });
        return found[0];
    }
}
