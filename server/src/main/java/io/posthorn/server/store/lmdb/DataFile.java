package io.posthorn.server.store.lmdb;

import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * LMDB's file {@code data.mdb}, looked at from outside. A mapped page behind the end of the file is a SIGBUS that takes the process with
 * it, so a file that is shorter than its meta page says is refused before LMDB opens it. LMDB itself may leave the
 * last pages unwritten when a transaction has used and freed them; so that this is not mistaken for truncation the file is
 * made longer, sparsely, before each write transaction.
 *
 * <pre>
 * meta page, in the host's byte order, LMDB 0.9 on 64 bits; two of them, at 0 and at the page size
 *  16  u32  magic 0xBEEFC0DE
 *  20  u32  version 1
 *  40  u32  page size
 * 136  u64  last page in use
 * 144  u64  transaction
 * </pre>
 */
final class DataFile {

    private static final int MAGIC = 0xBEEFC0DE;
    private static final int META_BYTES = 152;
    private static final long STEP_BYTES = 16L << 20;

    private final Path file;
    private final Path lockFile;

    DataFile(Path environment) {
        file = environment.resolve("data.mdb");
        lockFile = environment.resolve("lock.mdb");
    }

    /**
     * Checks the file if it exists.
     *
     * @throws StoreException if it is truncated or is no LMDB file
     */
    void check() {
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            ByteBuffer first = meta(channel, 0);
            if (size == 0) {
                return;
            }
            if (first == null) {
                throw new StoreException(file + " is not an LMDB file, or its first page is damaged; restore it");
            }
            int pageBytes = first.getInt(40);
            ByteBuffer second = meta(channel, pageBytes);
            ByteBuffer newest = second == null || first.getLong(144) > second.getLong(144) ? first : second;
            long needed = (newest.getLong(136) + 1) * pageBytes;
            if (size < needed) {
                throw new StoreException(file + " is truncated: it has " + size + " bytes, its meta page says " + needed
                        + "; nothing was changed. Restore it from a backup or from a replica");
            }
        } catch (IOException failed) {
            throw new StoreException(file + " cannot be read: " + failed, failed);
        }
    }

    /** Makes the file at least this long; the new part takes no space. */
    void extendTo(long bytes) throws IOException {
        long wanted = (bytes / STEP_BYTES + 1) * STEP_BYTES;
        if (Files.size(file) < wanted) {
            // Not by writing the last byte, which would need a block, and there may be none.
            try (RandomAccessFile longer = new RandomAccessFile(file.toFile(), "rw")) {
                longer.setLength(wanted);
            }
        }
    }

    /**
     * Makes sure that LMDB's lock file has its blocks before LMDB maps it: a write to a mapped hole on a full disk is a SIGBUS. A file of
     * this size is left alone, as others may be using it.
     *
     * @throws IOException if the disk has no room for it
     */
    void fillLockFile(long bytes) throws IOException {
        if (Files.exists(lockFile) && Files.size(lockFile) >= bytes) {
            return;
        }
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(Math.toIntExact(bytes));
            while (zeros.hasRemaining()) {
                channel.write(zeros, zeros.position());
            }
        }
    }

    private static ByteBuffer meta(FileChannel channel, long at) throws IOException {
        ByteBuffer page = ByteBuffer.allocate(META_BYTES).order(ByteOrder.nativeOrder());
        while (page.hasRemaining() && channel.read(page, at + page.position()) >= 0) {}
        return page.hasRemaining() || page.getInt(16) != MAGIC ? null : page;
    }
}
