package io.posthorn.server.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file without meaning, {@code ballast} in the data directory: on a full disk it is thrown overboard, and its room pays for a
 * checkpoint or for a segment that acknowledgements need. It is made again when there is room. Thread-safe; a ballast that cannot be made is
 * logged once, and the store goes on without.
 */
public final class Ballast {

    private static final Logger LOG = LoggerFactory.getLogger(Ballast.class);
    private static final int FILL_BYTES = 1 << 20;

    private final Path file;
    private final long bytes;
    private final DiskSpace space;
    private boolean there;
    private boolean missed;

    /** @param bytes its size; 0 = there is none */
    public Ballast(Path dataDir, long bytes, DiskSpace space) {
        this.file = dataDir.resolve("ballast");
        this.bytes = bytes;
        this.space = space;
    }

    /** Takes over what an earlier run has left. */
    public synchronized void open() {
        try {
            there = bytes > 0 && Files.exists(file) && Files.size(file) == bytes;
            if (!there) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            LOG.warn("{} cannot be looked at", file, failed);
        }
        space.owed(there ? 0 : bytes);
    }

    /** Whether there is something to throw overboard. */
    synchronized boolean isThere() {
        return there;
    }

    /** Frees its room; returns false when there is none, or it was freed before. */
    public synchronized boolean release() {
        if (!there) {
            return false;
        }
        there = false;
        space.owed(bytes);
        try {
            Files.deleteIfExists(file);
            LOG.warn("The disk is full: {} with {} bytes was thrown overboard", file, bytes);
            return true;
        } catch (IOException failed) {
            LOG.warn("{} cannot be deleted", file, failed);
            return false;
        }
    }

    /** Makes it, if it is missing and there is room. */
    public synchronized void restore() {
        if (there || bytes == 0 || space.freeBytes() < bytes + DiskSpace.FREE_MIN_BYTES) {
            if (!there && bytes > 0 && !missed) {
                missed = true;
                LOG.warn("There is no room for the {} bytes of {}, the reserve for a full disk", bytes, file);
            }
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(FILL_BYTES, bytes));
            for (long at = 0; at < bytes; ) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
                at += channel.write(zeros, at);
            }
            there = true;
            missed = false;
            space.owed(0);
        } catch (IOException failed) {
            LOG.warn("The reserve for a full disk, {} with {} bytes, cannot be made", file, bytes, failed);
            delete();
        }
    }

    private void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            LOG.warn("{} cannot be deleted", file, failed);
        }
    }
}
