package io.posthorn.server.store.tools;

import io.posthorn.server.store.Progress;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.journal.JournalCopy;
import io.posthorn.server.store.journal.JournalView;
import io.posthorn.server.store.lmdb.TableView;
import io.posthorn.server.store.tiered.BackupPin;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Copies a store, also of a broker that is running, to a directory: first the tables as they are at one moment, then the journal from
 * there to its end. Needs read access to the data directory on the broker's own host and nothing of the broker, except that it keeps
 * its segments while {@link BackupPin} is taken. One thread, in a process of its own.
 *
 * <p>The copy is the state of the store at {@link Result#end}: everything that was acknowledged before the journal was copied is below it.
 */
public final class StoreBackup {

    private static final long LOOK_NS = 200_000_000L;

    private final Path dataDir;
    private final Path target;
    private final Progress progress;
    private final Clock clock;

    public StoreBackup(Path dataDir, Path target, Progress progress, Clock clock) {
        this.dataDir = dataDir;
        this.target = target;
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * What was copied.
     *
     * @param checkpoint position up to which it is in the tables
     * @param end        position whose state the backup is
     */
    public record Result(long checkpoint, long end, long bytes) {}

    /** @throws StoreException if there is no store, the target is not empty, another backup runs, or something is damaged */
    public Result run() {
        if (!Files.exists(dataDir.resolve("lmdb").resolve("data.mdb"))) {
            throw new StoreException("there is no store in " + dataDir);
        }
        try {
            requireEmpty(target);
            Path lmdb = target.resolve("lmdb");
            Path journal = Files.createDirectories(target.resolve("journal"));
            BackupPin pin = BackupPin.take(dataDir);
            try {
                long checkpoint = copyTables(dataDir, target, progress);
                return copyJournal(pin, journal, lmdb.resolve("data.mdb"), checkpoint);
            } finally {
                pin.close();
            }
        } catch (IOException failed) {
            throw new StoreException("the backup to " + target + " failed: " + failed, failed);
        }
    }

    /**
     * Copies the tables as they are at one moment, durably.
     *
     * @param target where the directory {@code lmdb} is made
     * @return the checkpoint in the copy
     */
    static long copyTables(Path dataDir, Path target, Progress progress) throws IOException {
        Path lmdb = Files.createDirectories(target.resolve("lmdb"));
        Path file = lmdb.resolve("data.mdb");
        try (TableView view = TableView.open(dataDir)) {
            long total = view.dataBytes();
            Thread watcher = new Thread(
                    () -> {
                        while (!Thread.currentThread().isInterrupted()) {
                            progress.at("tables", file.toFile().length(), total);
                            LockSupport.parkNanos(LOOK_NS);
                        }
                    },
                    "posthorn-progress");
            watcher.setDaemon(true);
            watcher.start();
            try {
                view.copyTo(lmdb);
            } finally {
                watcher.interrupt();
            }
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        long checkpoint;
        try (TableView copy = TableView.open(target)) {
            checkpoint = copy.position();
        }
        Files.deleteIfExists(lmdb.resolve("lock.mdb"));
        return checkpoint;
    }

    private Result copyJournal(BackupPin pin, Path journal, Path tables, long checkpoint) throws IOException {
        JournalCopy copy = new JournalCopy(journal, progress);
        long end;
        try (JournalView view = JournalView.open(dataDir, finding -> {
            throw new StoreException(finding.where() + ": " + finding.what());
        })) {
            end = copy.run(view, checkpoint);
        } catch (StoreException failed) {
            // When the journal is gone, this is why.
            pin.requireHeld();
            throw failed;
        }
        pin.requireHeld();
        List<BackupManifest.Entry> files = new ArrayList<>();
        long bytes = 0;
        List<Path> all = new ArrayList<>(copy.files());
        all.add(tables);
        for (Path file : all) {
            progress.at("checksum of " + target.relativize(file), files.size() + 1L, all.size());
            BackupManifest.Entry entry = BackupManifest.entry(target, file);
            files.add(entry);
            bytes += entry.bytes();
        }
        BackupManifest.sync(journal);
        BackupManifest.sync(tables.getParent());
        new BackupManifest(clock.wallMs(), checkpoint, end, files).write(target);
        return new Result(checkpoint, end, bytes);
    }

    /** Creates a directory, or takes one in which nothing is. */
    static void requireEmpty(Path dir) throws IOException {
        Files.createDirectories(dir);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
            if (entries.iterator().hasNext()) {
                throw new StoreException("the directory " + dir + " is not empty");
            }
        }
    }
}
