package io.posthorn.server.store.tiered;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalSource;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.lmdb.DeepStore;
import io.posthorn.server.store.lmdb.StoredMessage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two threads that fetch messages from below memory: from the journal by position, else from LMDB by lane and offset, else by a search of
 * the journal's tail. The callback runs on them, exactly once per request, also when nothing can be read.
 */
final class ColdReader {

    private static final Logger LOG = LoggerFactory.getLogger(ColdReader.class);
    private static final int THREADS = 2;

    /** A checkpoint may move things while they are looked for; it cannot do so many times during one read. */
    private static final int ATTEMPTS = 3;

    private final JournalSource journal;
    private final DeepStore deep;
    private final ExecutorService pool;

    ColdReader(JournalSource journal, DeepStore deep) {
        this.journal = journal;
        this.deep = deep;
        AtomicInteger number = new AtomicInteger();
        this.pool = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "posthorn-reader-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    void read(ReadRequest request, Consumer<ReadResult> done) {
        pool.execute(() -> done.accept(fetch(request)));
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

    private ReadResult fetch(ReadRequest request) {
        StoredMessage[] found = new StoredMessage[request.offsets().length];
        try {
            int missing = fromJournal(request, found);
            for (int attempt = 0; missing > 0 && attempt < ATTEMPTS; attempt++) {
                long checkpoint = deep.position();
                missing = fromTables(request, found);
                if (missing > 0 && search(checkpoint, request, found)) {
                    break;
                }
            }
        } catch (RuntimeException failed) {
            LOG.error("Messages of lane {} cannot be read", LaneId.text(request.lane()), failed);
        }
        EncodedMessage[] messages = new EncodedMessage[found.length];
        long[] receivedMs = new long[found.length];
        for (int i = 0; i < found.length; i++) {
            if (found[i] != null) {
                messages[i] = found[i].message();
                receivedMs[i] = found[i].receivedMs();
            }
        }
        return new ReadResult(request, messages, receivedMs);
    }

    private int fromJournal(ReadRequest request, StoredMessage[] found) {
        int missing = 0;
        long[] positions = request.positions();
        for (int i = 0; i < found.length; i++) {
            if (positions[i] > 0) {
                found[i] = TailSearch.fromJournal(journal, positions[i]);
            }
            missing += found[i] == null ? 1 : 0;
        }
        return missing;
    }

    private int fromTables(ReadRequest request, StoredMessage[] found) {
        int missing = 0;
        StoredMessage[] stored = deep.messages(request.lane(), request.offsets());
        for (int i = 0; i < found.length; i++) {
            if (found[i] == null) {
                found[i] = stored[i];
            }
            missing += found[i] == null ? 1 : 0;
        }
        return missing;
    }

    /** Whether the result is final: no checkpoint came between. */
    private boolean search(long checkpoint, ReadRequest request, StoredMessage[] found) {
        try {
            new TailSearch(journal, deep, request.lane(), request.offsets(), found).run(checkpoint);
        } catch (StoreException movedAway) {
            if (deep.position() == checkpoint) {
                throw movedAway;
            }
        }
        return deep.position() == checkpoint;
    }
}
