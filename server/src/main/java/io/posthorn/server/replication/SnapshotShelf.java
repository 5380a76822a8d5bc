package io.posthorn.server.replication;

import io.posthorn.protocol.api.SnapshotResponse;
import io.posthorn.server.store.ReplicableStore;
import io.posthorn.server.store.StoreException;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot that a Master keeps for Slaves that are too far behind: a copy of the tables in the directory {@code snapshot}, made and read on
 * a thread of its own. There is one at a time, for all of them; it goes when nobody has asked for it for a minute, and
 * is made anew after a restart.
 */
final class SnapshotShelf implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotShelf.class);
    private static final long IDLE_NS = 60_000_000_000L;
    private static final int BUFFER_BYTES = 1 << 20;

    /** What is not pinned. */
    private static final long NOTHING = Long.MAX_VALUE;

    private final ReplicableStore store;
    private final Path dir;
    private final Clock clock;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "posthorn-snapshot");
        thread.setDaemon(true);
        return thread;
    });

    private SnapshotResponse ready;
    private boolean making;
    private String failure;
    private long usedNs;
    private volatile long pinnedFrom = NOTHING;

    SnapshotShelf(ReplicableStore store, Path dataDir, Clock clock) {
        this.store = store;
        this.dir = dataDir.resolve("snapshot");
        this.clock = clock;
    }

    /** Removes what an earlier process has left. */
    void open() {
        worker.execute(this::delete);
    }

    /** From where on the journal belongs to the snapshot, or would: {@link Long#MAX_VALUE} when there is none. */
    long pinnedFrom() {
        return pinnedFrom;
    }

    /**
     * The snapshot, if it is there; otherwise it is being made from now on.
     *
     * @throws StoreException if the last attempt has failed; the next call begins another one
     */
    synchronized SnapshotResponse ask() {
        usedNs = clock.monotonicNs();
        if (ready != null) {
            return ready;
        }
        if (failure != null) {
            StoreException told = new StoreException(failure);
            failure = null;
            throw told;
        }
        if (!making) {
            making = true;
            // Everything, until it is known what belongs to the copy.
            pinnedFrom = 0;
            worker.execute(this::make);
        }
        return new SnapshotResponse(false, 0, copiedBytes(), 0, 0, 0, List.of());
    }

    /**
     * Reads a piece of the snapshot's file, on the thread of the snapshots.
     *
     * @param done gets the bytes, or null when there is no such snapshot any more
     */
    void read(long snapshotId, long offset, int maxBytes, Consumer<byte[]> done) {
        worker.execute(() -> done.accept(piece(snapshotId, offset, maxBytes)));
    }

    /** Drops the snapshot when nobody wants it any more; called now and then. */
    synchronized void tidy() {
        if (ready != null && clock.monotonicNs() - usedNs > IDLE_NS) {
            ready = null;
            pinnedFrom = NOTHING;
            worker.execute(this::delete);
        }
    }

    /** Ends the thread and removes the files. */
    @Override
    public void close() {
        worker.execute(this::delete);
        worker.shutdown();
        try {
            if (!worker.awaitTermination(60, TimeUnit.SECONDS)) {
                LOG.warn("a snapshot is still being made after 60 s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void make() {
        SnapshotResponse made = null;
        String trouble = null;
        try {
            delete();
            Files.createDirectories(dir);
            long folded = store.copyTables(dir);
            long completeAt = store.shipping().durablePosition();
            Path file = file();
            long journalFrom = folded == 0 ? 0 : store.shipping().segmentStart(folded);
            made = new SnapshotResponse(
                    true,
                    clock.wallMs(),
                    Files.size(file),
                    crc(file),
                    journalFrom,
                    completeAt,
                    Epochs.toWire(store.shipping().reigns()));
            LOG.info(
                    "made a snapshot of {} bytes up to position {}, with journal from {}",
                    made.bytes(),
                    folded,
                    journalFrom);
        } catch (IOException | StoreException failed) {
            trouble = "no snapshot can be made: " + failed.getMessage();
            LOG.warn(trouble);
        } catch (RuntimeException | Error unexpected) {
            // The edge of a thread: whoever waits has to be told.
            trouble = "no snapshot can be made: " + unexpected;
            LOG.error("making a snapshot failed unexpectedly", unexpected);
        }
        synchronized (this) {
            making = false;
            ready = made;
            failure = trouble;
            pinnedFrom = made == null ? NOTHING : made.journalFrom();
            usedNs = clock.monotonicNs();
        }
    }

    private byte[] piece(long snapshotId, long offset, int maxBytes) {
        SnapshotResponse now;
        synchronized (this) {
            now = ready;
            usedNs = clock.monotonicNs();
        }
        if (now == null || now.snapshotId() != snapshotId || offset > now.bytes()) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(maxBytes, now.bytes() - offset));
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ)) {
            while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {}
            return bytes.hasRemaining() ? null : bytes.array();
        } catch (IOException failed) {
            LOG.warn("the snapshot in {} cannot be read", dir, failed);
            return null;
        }
    }

    private long copiedBytes() {
        return file().toFile().length();
    }

    private Path file() {
        return dir.resolve("lmdb").resolve("data.mdb");
    }

    private void delete() {
        deleteTree(dir);
    }

    /** Removes a directory and everything in it; what cannot be removed is logged. */
    static void deleteTree(Path dir) {
        if (!Files.exists(dir)) {
            return;
        }
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failed) {
            LOG.warn("{} cannot be removed", dir, failed);
        }
    }

    /** CRC32C of a file. */
    static int crc(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                crc.update(buffer, 0, read);
            }
        }
        return (int) crc.getValue();
    }
}
