package io.posthorn.benchmarks;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.tiered.TieredStore;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** A store in a directory of its own ({@code java.io.tmpdir}), which makes checkpoints only when it is asked to. */
final class TemporaryStore implements AutoCloseable {

    /** So many entries go to the disk together while the store is filled. */
    private static final int BATCH = 1000;

    private final Path dir;
    private final StoreEvents events = new StoreEvents();
    private final TieredStore store;

    TemporaryStore() throws IOException {
        dir = directory();
        store = new TieredStore(
                StoreConfig.defaults(dir).withCheckpoint(Long.MAX_VALUE, Duration.ofDays(365)), Clock.system());
        store.listener(events);
        store.recover(entry -> {});
        store.append(Messages.queue());
    }

    static Path directory() throws IOException {
        return Files.createTempDirectory("posthorn-benchmark");
    }

    static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        }
    }

    TieredStore store() {
        return store;
    }

    /**
     * Sends messages with the offsets 0, 1, 2… and returns when they are durable.
     *
     * @return the positions of their entries
     */
    long[] fill(int messages) throws InterruptedException {
        EncodedMessage message = Messages.message(true);
        long[] positions = new long[messages];
        for (int i = 0; i < messages; i++) {
            positions[i] = store.append(Messages.published(message, i));
            if (i % BATCH == BATCH - 1) {
                flush();
            }
        }
        flush();
        return positions;
    }

    void flush() throws InterruptedException {
        store.flush(true);
        events.awaitCommitted(store.endPosition());
    }

    /** Makes a checkpoint of everything that is durable. */
    void checkpoint() throws InterruptedException {
        store.requestCheckpoint();
        events.awaitCheckpointed(store.commitPosition());
    }

    @Override
    public void close() throws IOException {
        store.close();
        delete(dir);
    }
}
