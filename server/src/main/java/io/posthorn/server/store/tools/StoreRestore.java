package io.posthorn.server.store.tools;

import io.posthorn.server.store.Progress;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.journal.JournalCopy;
import io.posthorn.server.store.tiered.DirectoryLock;
import io.posthorn.server.store.tiered.TieredStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Makes a data directory of a backup. Everything is copied below a directory {@code restoring} first, with its checksums, and moved
 * into its place at the end; a broker does not start while that directory exists. One thread.
 */
public final class StoreRestore {

    private final Path backup;
    private final Path dataDir;
    private final Progress progress;

    /** @param dataDir absent, or empty */
    public StoreRestore(Path backup, Path dataDir, Progress progress) {
        this.backup = backup;
        this.dataDir = dataDir;
        this.progress = progress;
    }

    /**
     * Restores.
     *
     * @return the position whose state the store has now
     * @throws StoreException if it is no complete backup, one of its files is damaged, or the target is not empty
     */
    public long run() {
        BackupManifest manifest = BackupManifest.read(backup);
        try {
            StoreBackup.requireEmpty(dataDir);
            DirectoryLock lock = DirectoryLock.acquire(dataDir);
            try {
                restore(manifest);
            } finally {
                lock.close();
            }
        } catch (IOException failed) {
            throw new StoreException("the restore to " + dataDir + " failed: " + failed, failed);
        }
        return manifest.end();
    }

    private void restore(BackupManifest manifest) throws IOException {
        Path scratch = dataDir.resolve(TieredStore.RESTORING);
        Files.createDirectories(scratch.resolve("journal"));
        Files.createDirectories(scratch.resolve("lmdb"));
        int done = 0;
        for (BackupManifest.Entry file : manifest.files()) {
            progress.at(file.name(), ++done, manifest.files().size());
            copy(file, scratch);
        }
        BackupManifest.sync(scratch.resolve("journal"));
        BackupManifest.sync(scratch.resolve("lmdb"));
        Files.move(scratch.resolve("journal"), dataDir.resolve("journal"), StandardCopyOption.ATOMIC_MOVE);
        Files.move(scratch.resolve("lmdb"), dataDir.resolve("lmdb"), StandardCopyOption.ATOMIC_MOVE);
        BackupManifest.sync(dataDir);
        Files.delete(scratch);
        BackupManifest.sync(dataDir);
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
