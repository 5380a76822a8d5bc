package io.posthorn.server.store.journal;

import io.posthorn.server.store.Finding;
import io.posthorn.server.store.JournalSource;
import io.posthorn.server.store.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads every entry of a journal and goes on behind what is damaged. One thread, one use; changes nothing. What recovery would cut as a torn
 * tail is no finding, but told as a note.
 */
public final class JournalVerification {

    private static final int BUFFER_BYTES = 1 << 20;
    private static final int CANDIDATE_BUFFER_BYTES = 4096;

    private final List<Segment> segments;
    private final Consumer<Finding> findings;
    private final Consumer<String> notes;
    private final Progress progress;

    private boolean damaged;
    private long lastEpoch;
    private long end;

    public JournalVerification(
            JournalView journal, Consumer<Finding> findings, Consumer<String> notes, Progress progress) {
        this.segments = journal.opened();
        this.findings = findings;
        this.notes = notes;
        this.progress = progress;
    }

    /**
     * Visits every intact entry, in order.
     *
     * @return position just after the last intact entry; 0 when there is none
     */
    public long run(JournalSource.Visitor visitor) {
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            progress.at("journal segment " + segment.file().getFileName(), i + 1L, segments.size());
            try {
                walk(segment, i + 1 < segments.size() ? segments.get(i + 1) : null, visitor);
            } catch (IOException failed) {
                found(segment, segment.base(), "the file cannot be read: " + failed);
            }
        }
        return end;
    }

    /** Checks, after {@link #run}, that the journal can be replayed from here; 0 = from its beginning. */
    public void checkReplay(long checkpoint) {
        if (segments.isEmpty() && checkpoint > 0) {
            findings.accept(new Finding(
                    "journal", "no segment is there, but a checkpoint at position " + checkpoint + " exists"));
        } else if (!segments.isEmpty() && segments.get(0).previousEnd() > checkpoint) {
            findings.accept(new Finding(
                    "journal",
                    "it begins behind position " + segments.get(0).previousEnd() + ", but the checkpoint ends at "
                            + checkpoint + ": segments are missing"));
        } else if (!damaged && checkpoint > 0 && !isBoundary(checkpoint)) {
            findings.accept(new Finding(
                    "journal",
                    "the checkpoint ends at position " + checkpoint + ", where no entry begins; the journal ends at "
                            + end));
        }
    }

    private boolean isBoundary(long position) {
        for (Segment segment : segments) {
            if (position == segment.base() || position == segment.previousEnd()) {
                return true;
            }
            if (position > segment.base() && position < segment.limit()) {
                try {
                    if (new EntryCursor(segment, position, CANDIDATE_BUFFER_BYTES).next()) {
                        return true;
                    }
                } catch (IOException failed) {
                    found(segment, position, "the file cannot be read: " + failed);
                }
            }
        }
        return position == end;
    }

    private void walk(Segment segment, Segment next, JournalSource.Visitor visitor) throws IOException {
        long to = next == null ? Long.MAX_VALUE : next.previousEnd();
        if (next != null && (to < segment.base() || to > segment.limit())) {
            found(segment, segment.base(), "the next segment says that this one ends at " + to + ": one is missing");
            to = segment.limit();
        }
        EntryCursor cursor = new EntryCursor(segment, segment.base(), BUFFER_BYTES);
        end = Math.max(end, segment.base());
        while (cursor.end() < to) {
            if (cursor.next()) {
                check(segment, cursor);
                cursor.visit(visitor);
                continue;
            }
            long bad = cursor.end();
            if (next == null && isEnd(segment, bad)) {
                return;
            }
            long resume = nextIntact(segment, bad, Math.min(to, segment.limit()));
            found(
                    segment,
                    bad,
                    resume < 0
                            ? "damaged from position " + bad + " to the segment's end"
                            : "damaged from position " + bad + " to " + resume);
            if (resume < 0) {
                return;
            }
            cursor = new EntryCursor(segment, resume, BUFFER_BYTES);
        }
    }

    private void check(Segment segment, EntryCursor cursor) {
        if (cursor.epoch() < lastEpoch) {
            found(segment, cursor.position(), "epoch " + cursor.epoch() + " follows epoch " + lastEpoch);
        }
        lastEpoch = Math.max(lastEpoch, cursor.epoch());
        end = cursor.end();
    }

    /** Whether the journal just ends there, with a torn tail or without. */
    private boolean isEnd(Segment segment, long bad) throws IOException {
        if (bad + JournalFormat.ENTRY_HEADER_BYTES >= segment.limit()) {
            return true;
        }
        TornTail tail = TornTail.behind(segment, bad);
        if (tail.proof() < 0 && tail.bytes() > 0) {
            notes.accept(segment.file() + ": a torn tail of " + tail.bytes() + " bytes or more at position " + bad
                    + "; nothing of it was acknowledged, the next start cuts it");
        }
        return tail.proof() < 0;
    }

    /** Position of the next intact entry behind a bad one, or -1. */
    private static long nextIntact(Segment segment, long bad, long to) throws IOException {
        ByteBuffer rest = ByteBuffer.allocate((int) Math.max(0, to - bad));
        int last = segment.read(rest, bad) - JournalFormat.ENTRY_HEADER_BYTES;
        for (int i = 1; i < last; i++) {
            if (rest.getLong(i + JournalFormat.ENTRY_POSITION_AT) == bad + i
                    && new EntryCursor(segment, bad + i, CANDIDATE_BUFFER_BYTES).next()) {
                return bad + i;
            }
        }
        return -1;
    }

    private void found(Segment segment, long position, String what) {
        damaged = true;
        long offset = JournalFormat.SEGMENT_HEADER_BYTES + position - segment.base();
        findings.accept(new Finding(segment.file() + " offset " + offset, what));
    }
}
