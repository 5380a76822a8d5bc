package io.posthorn.server.store.journal;

import io.posthorn.server.store.Finding;
import io.posthorn.server.store.Progress;
import io.posthorn.server.store.RecordCodec;
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
 * Brings a store that is being restored further with what another directory has of its journal: the entries from a position on, up to the first that
 * is damaged. Nothing behind that one can be applied, for it may depend on it; it is counted and told. Changes the target
 * only. One thread, one use.
 */
public final class JournalContinuation {

    private static final int BUFFER_BYTES = 1 << 20;

    private final Path source;
    private final Path target;
    private final Progress progress;

    private final List<Finding> unreadable = new ArrayList<>();
    private long untilMs = Long.MAX_VALUE;
    private long end;
    private long entries;
    private long leftOutMs = RecordCodec.NO_TIME;
    private String damage;

    /**
     * @param source data directory whose journal went on; in use by nobody
     * @param target directory with the segments of the backup; empty when there is none
     */
    public JournalContinuation(Path source, Path target, Progress progress) {
        this.source = source;
        this.target = target;
        this.progress = progress;
    }

    /**
     * Stops before the first entry that was appended later than this.
     *
     * @param ms since 1970, by the clocks of the Masters that wrote the journal
     */
    public void until(long ms) {
        untilMs = ms;
    }

    /**
     * What was added.
     *
     * @param end     position whose state the target has now
     * @param entries added
     * @param damage  where an entry is damaged, or a segment missing, so that nothing from there on was added; null = everything was,
     *     or what came before the time that was given
     * @param leftOutMs when the first entry was appended that came too late; {@link RecordCodec#NO_TIME} = none did
     */
    public record Result(long end, long entries, String damage, long leftOutMs) {}

    /**
     * Adds the entries.
     *
     * @param from where the target ends; what lies before is not looked at
     * @throws StoreException if the source does not hold that position any more, or cannot be read
     */
    public Result run(long from) {
        try (JournalView journal = JournalView.open(source, unreadable::add)) {
            List<Segment> segments = journal.opened();
            requireContinuous(segments, from);
            end = from;
            for (int i = 0; i < segments.size() && damage == null && !isDone(); i++) {
                Segment next = i + 1 < segments.size() ? segments.get(i + 1) : null;
                progress.at("journal segment " + segments.get(i).file().getFileName(), i + 1L, segments.size());
                if (next == null || next.previousEnd() > from) {
                    add(segments.get(i), next, from);
                }
            }
            if (!isDone()) {
                noteUnreadable(segments);
            }
        } catch (IOException failed) {
            throw new StoreException("the journal cannot be continued in " + target + ": " + failed, failed);
        }
        return new Result(end, entries, damage, leftOutMs);
    }

    private boolean isDone() {
        return leftOutMs != RecordCodec.NO_TIME;
    }

    /** A segment without a header is noticed by the one behind it; the last one has none. */
    private void noteUnreadable(List<Segment> segments) {
        String last = segments.get(segments.size() - 1).file().toString();
        for (Finding finding : unreadable) {
            if (damage == null && finding.where().compareTo(last) > 0) {
                damage = finding.where() + ": " + finding.what();
            }
        }
    }

    private void requireContinuous(List<Segment> segments, long from) {
        if (segments.isEmpty()) {
            throw new StoreException("no segment of the journal in " + source + " can be read");
        }
        Segment first = segments.get(0);
        if (first.base() > from && first.previousEnd() > from) {
            throw new StoreException("the journal in " + source + " begins behind position " + first.previousEnd()
                    + ", but what it is to be applied to ends at " + from
                    + ": the broker has let go of what lies between");
        }
        Segment last = segments.get(segments.size() - 1);
        if (last.limit() < from) {
            throw new StoreException(
                    "the journal in " + source + " ends before position " + last.limit() + ", and the backup at " + from
                            + ": it is not the journal that the backup was made of, or an older one");
        }
    }

    private void add(Segment segment, Segment next, long from) throws IOException {
        long start = Math.max(from, segment.base());
        long limit = next == null ? Long.MAX_VALUE : next.previousEnd();
        EntryCursor cursor = new EntryCursor(segment, start, BUFFER_BYTES);
        long intact = start;
        while (cursor.end() < limit && cursor.next()) {
            if (untilMs != Long.MAX_VALUE && isLater(cursor)) {
                break;
            }
            entries++;
            intact = cursor.end();
        }
        if (!isDone() || intact > start) {
            copy(segment, start, intact);
            end = Math.max(end, intact);
        }
        if (isDone()) {
            return;
        }
        if (next == null ? isDamaged(segment, cursor.end()) : cursor.end() < limit) {
            long offset = JournalFormat.SEGMENT_HEADER_BYTES + cursor.end() - segment.base();
            damage = segment.file() + " offset " + offset + " (position " + cursor.end() + ")";
        }
    }

    private boolean isLater(EntryCursor cursor) {
        cursor.visit((position, next, epoch, array, from, length) -> {
            long timeMs = RecordCodec.timeMs(array, from, length);
            if (timeMs == RecordCodec.NO_TIME) {
                throw new StoreException("the journal in " + source + " does not say when the entry at position "
                        + position + " was appended, for its format level was 1: it can only be applied as a whole");
            }
            if (timeMs > untilMs) {
                leftOutMs = timeMs;
            }
        });
        return isDone();
    }

    private static boolean isDamaged(Segment segment, long at) throws IOException {
        return at + JournalFormat.ENTRY_HEADER_BYTES < segment.limit()
                && TornTail.behind(segment, at).proof() >= 0;
    }

    /** The bytes [start, to) of a segment, into the target's segment of that name; where there is none, into one that begins there. */
    private void copy(Segment segment, long start, long to) throws IOException {
        Path known = target.resolve(segment.file().getFileName());
        boolean isKnown = Files.exists(known);
        long base = isKnown ? segment.base() : start;
        Path file = isKnown ? known : target.resolve(SegmentFiles.name(start));
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (!isKnown) {
                long previousEnd = start == segment.base() ? segment.previousEnd() : start;
                channel.write(JournalFormat.encode(new JournalFormat.Header(start, previousEnd, segment.capacity())));
            }
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            for (long at = start; at < to; ) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
                segment.read(buffer, at);
                buffer.flip();
                while (buffer.hasRemaining()) {
                    long offset = JournalFormat.SEGMENT_HEADER_BYTES + at - base;
                    at += channel.write(buffer, offset);
                }
            }
        }
        JournalCopy.complete(file);
    }
}
