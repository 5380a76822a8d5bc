package io.posthorn.server.store.tools;

import io.posthorn.server.store.Progress;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.journal.JournalContinuation;
import io.posthorn.server.store.journal.JournalCopy;
import io.posthorn.server.store.tiered.DirectoryLock;
import io.posthorn.server.store.tiered.TieredStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * Makes a data directory of a backup, of a backup and the journal behind it, or of what can be saved of a damaged directory. Everything is put together
 * below a directory {@code restoring} first, with checksums, and moved into its place at the end; a broker does not start while that directory
 * exists. The sources are left as they are. One thread.
 */
public final class StoreRestore {

    private final Path backup;
    private final Path continuedIn;
    private final Path dataDir;
    private final Progress progress;
    private Instant until;

    /**
     * One of the sources may be null.
     *
     * @param backup      null = the tables of the other directory
     * @param continuedIn data directory whose journal goes on where the backup, or the tables, end; null = nothing is added to the backup
     * @param dataDir     absent, or empty
     */
    public StoreRestore(Path backup, Path continuedIn, Path dataDir, Progress progress) {
        this.backup = backup;
        this.continuedIn = continuedIn;
        this.dataDir = dataDir;
        this.progress = progress;
    }

    /**
     * Applies the other journal only as far as it was written at a time. A backup is the state of the moment when it ended, and of none before:
     * so there has to be one from before that time.
     *
     * @param time by the clocks of the Masters that wrote the journal; what was appended in that very millisecond is applied
     */
    public StoreRestore until(Instant time) {
        until = time;
        return this;
    }

    /**
     * What the data directory has now.
     *
     * @param end     the position whose state it is
     * @param entries journal entries that were applied behind the backup, or the tables
     * @param damage  where the other journal is damaged, so that everything from there on was dropped; null = nowhere
     * @param leftOut when the first entry was written that was left out because it is later than {@link #until}; null = there was none
     */
    public record Result(long end, long entries, String damage, Instant leftOut) {}

    /**
     * Restores.
     *
     * @return the position whose state the store has now, and what was added to the backup
     * @throws StoreException if it is no complete backup, one of its files is damaged, the target is not empty, or the other journal is in
     *     use or does not follow on the backup
     */
    public Result run() {
        BackupManifest manifest = backup == null ? null : BackupManifest.read(backup);
        requireBefore(manifest);
        try {
            StoreBackup.requireEmpty(dataDir);
            DirectoryLock lock = DirectoryLock.acquire(dataDir);
            try {
                return continuedIn == null ? restore(manifest) : restoreLocked(manifest);
            } finally {
                lock.close();
            }
        } catch (IOException failed) {
            throw new StoreException("the restore to " + dataDir + " failed: " + failed, failed);
        }
    }

    private void requireBefore(BackupManifest manifest) {
        if (until == null) {
            return;
        }
        if (manifest == null || continuedIn == null) {
            throw new StoreException("a state of " + until
                    + " takes a backup from before that, and the journal that goes on from there (--journal)");
        }
        Instant created = Instant.ofEpochMilli(manifest.createdMs());
        if (created.isAfter(until)) {
            throw new StoreException("the backup in " + backup + " was made at " + created + ", later than " + until
                    + ": take one from before");
        }
    }

    /** While nobody else uses the other directory. */
    private Result restoreLocked(BackupManifest manifest) throws IOException {
        if (!Files.isDirectory(continuedIn.resolve("journal"))) {
            throw new StoreException("there is no journal in " + continuedIn);
        }
        DirectoryLock lock = DirectoryLock.acquire(continuedIn);
        try {
            return restore(manifest);
        } finally {
            lock.close();
        }
    }

    private Result restore(BackupManifest manifest) throws IOException {
        Path scratch = dataDir.resolve(TieredStore.RESTORING);
        Files.createDirectories(scratch.resolve("journal"));
        long end = manifest == null
                ? StoreBackup.copyTables(continuedIn, scratch, progress)
                : copyFiles(manifest, scratch);
        Result result = goOn(scratch.resolve("journal"), end);
        BackupManifest.sync(scratch.resolve("journal"));
        BackupManifest.sync(scratch.resolve("lmdb"));
        Files.move(scratch.resolve("journal"), dataDir.resolve("journal"), StandardCopyOption.ATOMIC_MOVE);
        Files.move(scratch.resolve("lmdb"), dataDir.resolve("lmdb"), StandardCopyOption.ATOMIC_MOVE);
        BackupManifest.sync(dataDir);
        Files.delete(scratch);
        BackupManifest.sync(dataDir);
        return result;
    }

    private long copyFiles(BackupManifest manifest, Path scratch) throws IOException {
        Files.createDirectories(scratch.resolve("lmdb"));
        int done = 0;
        for (BackupManifest.Entry file : manifest.files()) {
            progress.at(file.name(), ++done, manifest.files().size());
            copy(file, scratch);
        }
        return manifest.end();
    }

    private Result goOn(Path journal, long end) {
        if (continuedIn == null) {
            return new Result(end, 0, null, null);
        }
        JournalContinuation continuation = new JournalContinuation(continuedIn, journal, progress);
        if (until != null) {
            continuation.until(until.toEpochMilli());
        }
        JournalContinuation.Result added = continuation.run(end);
        boolean all = added.leftOutMs() == RecordCodec.NO_TIME;
        Instant leftOut = all ? null : Instant.ofEpochMilli(added.leftOutMs());
        return new Result(added.end(), added.entries(), added.damage(), leftOut);
    }

    private void copy(BackupManifest.Entry file, Path scratch) throws IOException {
        Path from = backup.resolve(file.name());
        Path to = scratch.resolve(file.name()).normalize();
        if (!to.startsWith(scratch)) {
            throw new StoreException("the manifest of " + backup + " names a file outside of it: " + file.name());
        }
        if (!Files.isRegularFile(from)) {
            throw new StoreException("the backup is damaged: " + from + " is missing");
        }
        Files.copy(from, to);
        BackupManifest.Entry copied = BackupManifest.entry(scratch, to);
        if (!copied.equals(file)) {
            throw new StoreException("the backup is damaged: " + from + " has " + copied.bytes() + " bytes and CRC32C "
                    + Integer.toHexString(copied.crc()) + ", its manifest says " + file.bytes() + " and "
                    + Integer.toHexString(file.crc()));
        }
        if (to.getParent().endsWith("journal")) {
            JournalCopy.complete(to);
        } else {
            try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }
}
