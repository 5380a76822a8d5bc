package io.posthorn.server.store.journal;

import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The journal's directory: finds segments, fills new files with zeros, turns a spare file into a segment and back. Stateless; every
 * step leaves a directory that the next start understands, wherever the process dies.
 *
 * <pre>
 * {base, 16 hex digits}.journal   a segment
 * {number}.spare                  a file of full size, its blocks allocated, its content without meaning
 * {number}.tmp                    a spare that is being filled; deleted at start
 * </pre>
 */
final class SegmentFiles {

    static final String SEGMENT_SUFFIX = ".journal";
    static final String SPARE_SUFFIX = ".spare";
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final int FILL_BYTES = 1 << 20;

    private final Path dir;
    private final int segmentBytes;
    private final FileOpener opener;
    private final DiskSpace space;

    /** @param segmentBytes size of a segment file, header included */
    SegmentFiles(Path dir, int segmentBytes, FileOpener opener, DiskSpace space) {
        this.dir = dir;
        this.segmentBytes = segmentBytes;
        this.opener = opener;
        this.space = space;
    }

    /** Bytes for entries in a new segment. */
    int capacity() {
        return segmentBytes - JournalFormat.SEGMENT_HEADER_BYTES;
    }

    /** Whether nobody misses what is kept here beyond need. */
    boolean hasPlentyOfRoom() {
        return !space.isNear();
    }

    /** Opens every segment, in order of position; removes what a dying process left half-made. */
    List<Segment> openAll() throws IOException {
        Files.createDirectories(dir);
        List<Segment> segments = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(TEMPORARY_SUFFIX)) {
                    Files.delete(file);
                } else if (name.endsWith(SEGMENT_SUFFIX)) {
                    segments.add(open(file));
                }
            }
        } catch (IOException | RuntimeException failed) {
            for (Segment segment : segments) {
                segment.close();
            }
            throw failed;
        }
        segments.sort(Comparator.comparingLong(Segment::base));
        return segments;
    }

    /** Spare files of the right size; those of another size are deleted. */
    List<Path> spares() throws IOException {
        List<Path> spares = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "*" + SPARE_SUFFIX)) {
            for (Path file : files) {
                if (Files.size(file) == segmentBytes) {
                    spares.add(file);
                } else {
                    Files.delete(file);
                }
            }
        }
        return spares;
    }

    /**
     * Makes a spare file whose blocks are written, so that a later fdatasync has no metadata to write.
     *
     * @param fromReserve whether it may take what should stay free
     * @throws StoreException if the disk has no room for it; names the directory and the free space
     */
    Path fill(long number, boolean fromReserve) throws IOException {
        space.glance();
        long freeBytes = space.freeBytes();
        if (!fromReserve && space.roomBytes() < segmentBytes) {
            throw new StoreException("disk full: a journal segment of " + segmentBytes + " bytes does not fit in " + dir
                    + ", " + freeBytes + " bytes are free; free some space, sending resumes by itself");
        }
        Path temporary = dir.resolve(number + TEMPORARY_SUFFIX);
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(FILL_BYTES, segmentBytes));
        try (FileChannel channel = opener.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (long at = 0; at < segmentBytes; ) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), segmentBytes - at));
                at += channel.write(zeros, at);
            }
            channel.force(true);
        } catch (IOException failed) {
            Files.deleteIfExists(temporary);
            throw new StoreException(
                    "a journal segment of " + segmentBytes + " bytes cannot be written in " + dir + ", " + freeBytes
                            + " bytes are free: " + failed.getMessage(),
                    failed);
        }
        Path spare = dir.resolve(number + SPARE_SUFFIX);
        Files.move(temporary, spare, StandardCopyOption.ATOMIC_MOVE);
        return spare;
    }

    /** Turns a spare into a segment; when this returns, both its header and its name are durable. */
    Segment activate(Path spare, long base, long previousEnd) throws IOException {
        JournalFormat.Header header = new JournalFormat.Header(base, previousEnd, capacity());
        FileChannel channel = opener.open(spare, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            ByteBuffer bytes = JournalFormat.encode(header);
            for (int at = 0; bytes.hasRemaining(); ) {
                at += channel.write(bytes, at);
            }
            channel.force(false);
            Path file = dir.resolve(name(base));
            Files.move(spare, file, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory();
            return new Segment(file, channel, header);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /** Overwrites with zeros what lies in a segment from a position on; durable when this returns. */
    static void clear(Segment segment, long from) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BYTES);
        for (long at = from; at < segment.limit(); ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), segment.limit() - at));
            int length = zeros.remaining();
            segment.write(zeros, at);
            at += length;
        }
        segment.force();
    }

    /** Closes a segment nobody needs any more and keeps its file as a spare. */
    Path recycle(Segment segment, long number) throws IOException {
        segment.close();
        Path spare = dir.resolve(number + SPARE_SUFFIX);
        Files.move(segment.file(), spare, StandardCopyOption.ATOMIC_MOVE);
        return spare;
    }

    void delete(Segment segment) throws IOException {
        segment.close();
        Files.deleteIfExists(segment.file());
    }

    static String name(long base) {
        return String.format("%016x", base) + SEGMENT_SUFFIX;
    }

    private Segment open(Path file) throws IOException {
        FileChannel channel = opener.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            ByteBuffer bytes = ByteBuffer.allocate(JournalFormat.SEGMENT_HEADER_BYTES);
            while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {}
            JournalFormat.Header header = JournalFormat.decodeHeader(bytes.array());
            if (header == null || !file.getFileName().toString().equals(name(header.base()))) {
                throw new StoreException("the header of journal segment " + file
                        + " is damaged; nothing was changed. Restore it from a backup or from a replica");
            }
            return new Segment(file, channel, header);
        } catch (NewerFormatException newer) {
            channel.close();
            throw new StoreException(file + ": " + newer.getMessage(), newer);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
