package io.posthorn.server.store.journal;

import io.posthorn.server.store.JournalSource;
import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the journal's end after a stop of any kind, and visits what lies before it. Reads only. Runs once, on the thread that opens the
 * store.
 *
 * <p>Two kinds of bad entries are told apart. Behind the last durable one lies a torn tail: nobody was promised anything, it is
 * cut. One that had been durable (a later segment, or a later entry's <em>exposed</em> field, says so) is damage:
 * going on would lose acknowledged messages silently, so opening is refused.
 */
final class JournalRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(JournalRecovery.class);
    private static final int BUFFER_BYTES = 1 << 20;

    private final NavigableMap<Long, Segment> segments;
    private final Path dir;
    private final boolean following;

    /**
     * @param following whether a Master is to be followed: then it can give again whatever is damaged in the last segment, so that is
     *     cut. A Slave writes what its Master made durable in many steps with one sync, so a torn tail may look like
     *     damage there
     */
    JournalRecovery(NavigableMap<Long, Segment> segments, Path dir, boolean following) {
        this.segments = segments;
        this.dir = dir;
        this.following = following;
    }

    /** See {@link Journal#recover}. */
    long run(long from, JournalSource.Visitor visitor) throws IOException {
        checkStart(from);
        long end = from;
        Map.Entry<Long, Segment> floor = segments.floorEntry(from);
        Map.Entry<Long, Segment> entry = floor == null ? segments.firstEntry() : floor;
        while (entry != null) {
            Map.Entry<Long, Segment> next = segments.higherEntry(entry.getKey());
            Segment segment = entry.getValue();
            // A Slave that has taken a snapshot may not have got up to it yet.
            long start = following ? segment.base() : Math.max(from, segment.base());
            end = next == null
                    ? scanLast(segment, start, visitor)
                    : scanWhole(segment, start, next.getValue().previousEnd(), visitor);
            entry = next;
        }
        return end;
    }

    private void checkStart(long from) {
        if (segments.isEmpty() && from > 0 && !following) {
            throw new StoreException("the journal in " + dir + " is missing: a checkpoint at position " + from
                    + " exists, but no segment file");
        }
        if (!segments.isEmpty() && segments.firstEntry().getValue().previousEnd() > from) {
            throw new StoreException("the journal in " + dir + " begins behind position "
                    + segments.firstEntry().getValue().previousEnd() + ", but the checkpoint ends at " + from
                    + ": files are missing, or the checkpoint is older than the journal");
        }
    }

    private long scanWhole(Segment segment, long start, long end, JournalSource.Visitor visitor) throws IOException {
        EntryCursor cursor = new EntryCursor(segment, start, BUFFER_BYTES);
        while (cursor.end() < end && cursor.next()) {
            cursor.visit(visitor);
        }
        if (cursor.end() < end) {
            throw damaged(segment, cursor.end(), "the segment after it begins where position " + end + " was durable");
        }
        return end;
    }

    private long scanLast(Segment segment, long start, JournalSource.Visitor visitor) throws IOException {
        EntryCursor cursor = new EntryCursor(segment, start, BUFFER_BYTES);
        while (cursor.next()) {
            cursor.visit(visitor);
        }
        long end = cursor.end();
        if (end + JournalFormat.ENTRY_HEADER_BYTES >= segment.limit()) {
            return end;
        }
        TornTail tail = TornTail.behind(segment, end);
        if (following) {
            if (tail.bytes() > 0) {
                LOG.warn(
                        "Journal segment {}: cut {} bytes or more at position {}; the Master has them",
                        segment.file(),
                        tail.bytes(),
                        end);
                SegmentFiles.clear(segment, end);
            }
            return end;
        }
        if (tail.proof() >= 0) {
            throw damaged(
                    segment, end, "the intact entry at " + tail.proof() + " was written when this one was durable");
        }
        if (tail.bytes() > 0) {
            LOG.warn(
                    "Journal segment {}: cut a torn tail of {} bytes or more at position {}; nothing of it had been acknowledged",
                    segment.file(),
                    tail.bytes(),
                    end);
        }
        return end;
    }

    private static StoreException damaged(Segment segment, long position, String proof) {
        return new StoreException(
                "journal segment " + segment.file() + " is damaged at position " + position + ": " + proof
                        + ". Acknowledged messages would be lost, so the store is not opened and nothing was changed;"
                        + " restore it from a backup or from a replica");
    }
}
