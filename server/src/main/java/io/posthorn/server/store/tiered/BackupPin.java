package io.posthorn.server.store.tiered;

import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a broker from letting journal segments go while a backup runs in another process: a lock on the file {@code posthorn.backup} of the data
 * directory, which the system releases when the process dies.
 *
 * <pre>
 * byte 0  locked by the backup: no segment may be released. The broker tries this lock after each checkpoint
 * byte 1  locked by the backup: there is one at a time
 * </pre>
 *
 * <p>The pin has a bound: beyond it the broker writes {@value #ABORTED} and then goes on as if there were no pin; a backup that finds
 * that file after its last copy fails.
 *
 * <p>Why it is enough: the broker first records a checkpoint in the tables, then looks at the lock, then releases what lies below that
 * checkpoint. A backup takes the lock first and reads the tables afterwards. So either the broker sees the lock, or the
 * tables that the backup reads already hold the checkpoint below which the broker releases.
 */
public final class BackupPin implements AutoCloseable {

    static final String FILE = "posthorn.backup";

    /** Written by the broker before it lets go of a journal that a backup had pinned: says why. Removed by the next backup. */
    static final String ABORTED = "posthorn.backup-aborted";

    private static final Logger LOG = LoggerFactory.getLogger(BackupPin.class);

    private final FileChannel channel;
    private final Path dataDir;

    private BackupPin(FileChannel channel, Path dataDir) {
        this.channel = channel;
        this.dataDir = dataDir;
    }

    /**
     * For the backup.
     *
     * @throws StoreException if another backup is running, or the file cannot be written
     */
    public static BackupPin take(Path dataDir) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    dataDir.resolve(FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (channel.tryLock(1, 1, false) == null) {
                channel.close();
                throw new StoreException("another backup of " + dataDir + " is running");
            }
            // Waits at the most for the moment in which the broker looks whether it is taken.
            channel.lock(0, 1, false);
            Files.deleteIfExists(dataDir.resolve(ABORTED));
            return new BackupPin(channel, dataDir);
        } catch (IOException failed) {
            closeQuietly(channel);
            throw new StoreException("the journal in " + dataDir + " cannot be pinned: " + failed, failed);
        }
    }

    /**
     * For the backup: that everything which was copied so far was still there. To be asked after the last copy.
     *
     * @throws StoreException if the broker has let go of the journal meanwhile; says why
     */
    public void requireHeld() {
        try {
            if (isAborted(dataDir)) {
                throw new StoreException(
                        "the broker has aborted the backup: " + Files.readString(dataDir.resolve(ABORTED)));
            }
        } catch (IOException failed) {
            throw new StoreException("the broker has aborted the backup, and its reason cannot be read", failed);
        }
    }

    /** For the broker: whether the backup that is running has been told to do without the journal. */
    static boolean isAborted(Path dataDir) {
        return Files.exists(dataDir.resolve(ABORTED));
    }

    /** For the broker: tells the backup that is running. Returns whether that could be written; only then may the journal go. */
    static boolean abort(Path dataDir, String why) {
        try {
            Path written = dataDir.resolve(ABORTED + ".new");
            Files.writeString(written, why);
            Files.move(written, dataDir.resolve(ABORTED), StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (IOException failed) {
            LOG.warn("The journal is kept: the backup cannot be told", failed);
            return false;
        }
    }

    /** For the broker. When that cannot be told, it is. */
    static boolean isTaken(Path dataDir) {
        Path file = dataDir.resolve(FILE);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            // A shared lock needs no right to write: the file belongs to whoever made the first backup. Closing
            // releases it.
            FileLock lock = channel.tryLock(0, 1, true);
            return lock == null;
        } catch (OverlappingFileLockException sameProcess) {
            return true;
        } catch (IOException failed) {
            LOG.warn("The journal is kept: {} cannot be looked at", file, failed);
            return true;
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    private static void closeQuietly(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException released) {
                // The system releases it at the end of the process at the latest.
            }
        }
    }
}
