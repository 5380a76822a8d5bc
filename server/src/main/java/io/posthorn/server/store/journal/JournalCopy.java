package io.posthorn.server.store.journal;

import io.posthorn.server.store.Progress;
import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies the journal from a position on, while a broker may be appending to it. The segments from there on must stay: the caller keeps the
 * broker from releasing any. One thread.
 *
 * <p>Why the copy is a prefix without holes: entries are appended in order and never changed, and an entry is copied only
 * after it and all before it were found intact. The copy ends at the first entry that is not. That one is either being written just now,
 * or it is damage; if an intact entry behind it was appended when it was already durable, and it is still not intact
 * when it is looked at once more, it is damage, and the copy fails.
 */
public final class JournalCopy {

    private static final int BUFFER_BYTES = 1 << 20;

    private final Path target;
    private final Progress progress;
    private final List<Path> files = new ArrayList<>();

    /** @param target an empty directory */
    public JournalCopy(Path target, Progress progress) {
        this.target = target;
        this.progress = progress;
    }

    /**
     * Copies.
     *
     * @param from where replay will begin
     * @return position just after the last entry in the copy; {@code from} when there is none
     * @throws StoreException if the journal does not hold that position any more, or is damaged
     */
    public long run(JournalView journal, long from) {
        List<Segment> segments = journal.opened();
        if (!segments.isEmpty() && segments.get(0).previousEnd() > from) {
            throw new StoreException("the journal no longer holds position " + from);
        }
        long end = from;
        try {
            for (int i = 0; i < segments.size(); i++) {
                Segment segment = segments.get(i);
                Segment next = i + 1 < segments.size() ? segments.get(i + 1) : null;
                progress.at("journal segment " + segment.file().getFileName(), i + 1L, segments.size());
                if (next == null || next.previousEnd() > from) {
                    end = next == null ? openEnd(segment) : closedEnd(segment, next.previousEnd());
                    copy(segment, end);
                }
            }
        } catch (IOException failed) {
            throw new StoreException("the journal cannot be copied to " + target + ": " + failed, failed);
        }
        if (end < from) {
            throw new StoreException("the journal ends at position " + end + ", before the checkpoint at " + from);
        }
        return end;
    }

    /** The copies, in order of position. */
    public List<Path> files() {
        return files;
    }

    private static long closedEnd(Segment segment, long end) throws IOException {
        EntryCursor cursor = new EntryCursor(segment, segment.base(), BUFFER_BYTES);
        while (cursor.end() < end && cursor.next()) {}
        if (cursor.end() != end) {
            throw damaged(segment, cursor.end());
        }
        return end;
    }

    private static long openEnd(Segment segment) throws IOException {
        EntryCursor cursor = new EntryCursor(segment, segment.base(), BUFFER_BYTES);
        while (cursor.next()) {}
        long end = cursor.end();
        boolean room = end + JournalFormat.ENTRY_HEADER_BYTES < segment.limit();
        if (room && TornTail.behind(segment, end).proof() >= 0 && !new EntryCursor(segment, end, BUFFER_BYTES).next()) {
            throw damaged(segment, end);
        }
        return end;
    }

    private void copy(Segment segment, long end) throws IOException {
        Path file = target.resolve(segment.file().getFileName());
        long bytes = JournalFormat.SEGMENT_HEADER_BYTES + end - segment.base();
        try (FileChannel from = FileChannel.open(segment.file(), StandardOpenOption.READ);
                FileChannel to = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes; ) {
                long copied = from.transferTo(at, bytes - at, to);
                if (copied <= 0) {
                    throw new IOException(segment.file() + " became shorter");
                }
                at += copied;
            }
            to.force(true);
        }
        files.add(file);
    }

    /**
     * Fills a copied segment up with zeros to the size that its header says, so that its blocks are allocated when the journal uses the
     * file again, and syncs it.
     */
    public static void complete(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(JournalFormat.SEGMENT_HEADER_BYTES);
            while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {}
            JournalFormat.Header decoded = JournalFormat.decodeHeader(header.array());
            if (decoded == null) {
                throw new StoreException("the header of journal segment " + file + " is damaged");
            }
            long size = (long) JournalFormat.SEGMENT_HEADER_BYTES + decoded.capacity();
            ByteBuffer zeros = ByteBuffer.allocateDirect(BUFFER_BYTES);
            for (long at = Files.size(file); at < size; ) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
                at += channel.write(zeros, at);
            }
            channel.force(true);
        }
    }

    private static StoreException damaged(Segment segment, long position) {
        return new StoreException("journal segment " + segment.file() + " is damaged at position " + position
                + "; look at it with store verify");
    }
}
