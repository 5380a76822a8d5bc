package io.posthorn.server.store.tiered;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalSource;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.RecordCodec;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two threads that fetch messages from below memory. The callback runs on them, exactly once per request. */
final class ColdReader {

    private static final Logger LOG = LoggerFactory.getLogger(ColdReader.class);
    private static final int THREADS = 2;

    private final JournalSource journal;
    private final ExecutorService pool;

    ColdReader(JournalSource journal) {
        this.journal = journal;
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
        int count = request.offsets().length;
        EncodedMessage[] messages = new EncodedMessage[count];
        long[] receivedMs = new long[count];
        for (int i = 0; i < count; i++) {
            int at = i;
            if (request.positions()[i] >= 0) {
                journal.read(request.positions()[i], (position, end, epoch, array, from, length) -> {
                    for (JournalRecord record : RecordCodec.decode(array, from, length)) {
                        EncodedMessage message = RecordCodec.messageOf(record);
                        if (message != null) {
                            messages[at] = message;
                            receivedMs[at] = RecordCodec.receivedMsOf(record);
                        }
                    }
                });
            }
        }
        return new ReadResult(request, messages, receivedMs);
    }
}
