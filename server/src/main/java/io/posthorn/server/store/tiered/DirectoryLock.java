package io.posthorn.server.store.tiered;

import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file {@code posthorn.lock}: one process at a time uses a data directory. Released by the system when the process dies. */
public final class DirectoryLock implements AutoCloseable {

    static final String FILE = "posthorn.lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Creates the directory if it is absent, and locks it.
     *
     * @throws StoreException if it cannot be created or written, or is in use; names the other process where known
     */
    public static DirectoryLock acquire(Path dir) {
        FileChannel channel = open(dir);
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new StoreException(
                        "directory " + dir + " is in use by another process (pid " + owner(channel) + ")");
            }
            ByteBuffer pid = StandardCharsets.US_ASCII.encode(
                    Long.toString(ProcessHandle.current().pid()));
            // In this order: on a full disk the block that the file has must not be given away first.
            channel.write(pid, 0);
            channel.truncate(pid.limit());
            return new DirectoryLock(channel);
        } catch (IOException failed) {
            closeQuietly(channel, failed);
            throw new StoreException("directory " + dir + " cannot be locked: " + failed, failed);
        } catch (StoreException inUse) {
            closeQuietly(channel, inUse);
            throw inUse;
        }
    }

    void release() throws IOException {
        channel.close();
    }

    /** Releases it; nothing was written that could fail to reach the disk. */
    @Override
    public void close() {
        try {
            release();
        } catch (IOException released) {
            // The system releases it at the end of the process at the latest.
        }
    }

    private static FileChannel open(Path dir) {
        try {
            Files.createDirectories(dir);
            return FileChannel.open(
                    dir.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException failed) {
            throw new StoreException("directory " + dir + " cannot be created or written: " + failed, failed);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString();
        return pid.isEmpty() ? "unknown" : pid;
    }

    private static void closeQuietly(FileChannel channel, Exception cause) {
        try {
            channel.close();
        } catch (IOException also) {
            cause.addSuppressed(also);
        }
    }
}
