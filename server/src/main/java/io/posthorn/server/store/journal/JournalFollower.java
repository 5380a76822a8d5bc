package io.posthorn.server.store.journal;

import io.posthorn.server.store.JournalSlice;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.Reign;
import io.posthorn.server.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A Slave's way to write its journal: the Master's bytes, verbatim, in the Master's segments. Nothing is written before the entry it
 * belongs to is whole and intact. One thread; the positions are for any.
 *
 * <p>When a write or sync fails the journal must not be used any more, as at a Master.
 */
public final class JournalFollower {

    private final ConcurrentSkipListMap<Long, Segment> segments;
    private final SegmentFiles files;
    private final SpareSegments spares;
    private final EpochHistory history;

    private Segment segment;
    private long lastEpoch;
    private volatile long end;
    private volatile long durable;
    private volatile StoreException failure;

    /** Highest format level of what came since it was opened; may be above what is left after a cut. */
    private volatile int level;

    /** Beginning of an entry whose rest has not come yet. */
    private byte[] partial = new byte[4096];

    private int partialLength;

    JournalFollower(
            ConcurrentSkipListMap<Long, Segment> segments,
            SegmentFiles files,
            SpareSegments spares,
            EpochHistory history,
            long end) {
        this.segments = segments;
        this.files = files;
        this.spares = spares;
        this.history = history;
        this.end = end;
        this.durable = end;
        open();
    }

    /** Position just after the last entry written. */
    public long end() {
        return end;
    }

    /** Position from which more is wanted: the end, and what of the next entry has come already. */
    public long received() {
        return end + partialLength;
    }

    /** Highest format level of what came; 0 = nothing did. Any thread. */
    int level() {
        return level;
    }

    /** Everything before this survives a power loss. */
    public long durable() {
        return durable;
    }

    /**
     * Writes what is whole of this and of what came before.
     *
     * @throws StoreException if it does not continue the journal, an entry is damaged, a segment is larger than those of this store, or the
     *     disk fails
     */
    public void append(JournalSlice slice) {
        requireIntact();
        try {
            if (segment == null || slice.base() != segment.base()) {
                roll(slice);
            }
            if (slice.from() != received()) {
                throw new StoreException("journal from position " + slice.from() + " came, " + received() + " is next");
            }
            if (received() + slice.bytes().length > segment.limit()) {
                throw new StoreException("the Master's journal segments do not fit in segments of " + files.capacity()
                        + " bytes: set mappedFileSizeCommitLog to the Master's value");
            }
            if (partialLength == 0) {
                int whole = write(slice.bytes(), slice.bytes().length);
                keep(slice.bytes(), whole, slice.bytes().length - whole);
            } else {
                keep(slice.bytes(), 0, slice.bytes().length);
                int whole = write(partial, partialLength);
                System.arraycopy(partial, whole, partial, 0, partialLength - whole);
                partialLength -= whole;
            }
        } catch (IOException failed) {
            throw broken("the journal cannot be written: " + failed, failed);
        }
    }

    /** Makes durable what was written. */
    public void sync() {
        if (durable == end) {
            return;
        }
        requireIntact();
        try {
            segment.force();
        } catch (IOException failed) {
            throw broken("the journal cannot be synced: " + failed, failed);
        }
        durable = end;
    }

    /** Forgets the beginning of an entry whose rest will not come on this connection. */
    public void dropPartial() {
        partialLength = 0;
    }

    /**
     * Drops everything from a position on.
     *
     * @param position a boundary of entries at or behind which the tables do not reach
     */
    public void cutTo(long position) {
        dropPartial();
        try {
            for (Map.Entry<Long, Segment> last = segments.lastEntry();
                    last != null && last.getKey() >= position;
                    last = segments.lastEntry()) {
                segments.remove(last.getKey());
                spares.giveBack(last.getValue());
            }
            Map.Entry<Long, Segment> last = segments.lastEntry();
            if (last != null) {
                SegmentFiles.clear(last.getValue(), position);
            }
        } catch (IOException failed) {
            throw new StoreException("the journal cannot be cut at position " + position + ": " + failed, failed);
        }
        history.cutTo(position);
        end = position;
        durable = position;
        open();
    }

    /** Why nothing may be written any more, or null; any thread. */
    public StoreException failure() {
        return failure;
    }

    /** Something else that the store cannot do without has failed; any thread. */
    void fail(String what, Throwable cause) {
        if (failure == null) {
            failure = new StoreException(what + ": " + cause, cause);
        }
    }

    private void requireIntact() {
        if (failure != null) {
            throw new StoreException(failure.getMessage(), failure);
        }
    }

    private StoreException broken(String text, IOException cause) {
        failure = new StoreException(text, cause);
        return failure;
    }

    private void open() {
        Map.Entry<Long, Segment> last = segments.lastEntry();
        segment = last == null ? null : last.getValue();
        lastEpoch = history.reigns().stream().mapToLong(Reign::epoch).max().orElse(0);
    }

    private void roll(JournalSlice slice) throws IOException {
        boolean continues = slice.previousEnd() == end || segment == null && slice.base() == end;
        if (partialLength > 0 || !continues || slice.base() < end) {
            throw new StoreException("a journal segment from " + slice.base() + " behind position "
                    + slice.previousEnd() + " came, but the journal ends at " + received());
        }
        if (segment != null) {
            // The segment before must be whole on disk before a header says that it is.
            segment.force();
        }
        spares.promise(false);
        segment = files.activate(spares.take(), slice.base(), slice.previousEnd());
        segments.put(slice.base(), segment);
        end = slice.base();
        durable = slice.base();
    }

    /** Writes the whole entries at the beginning of the bytes; returns how many bytes that are. */
    private int write(byte[] bytes, int length) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        int at = 0;
        while (length - at >= JournalFormat.ENTRY_HEADER_BYTES) {
            int payload = in.getInt(at + JournalFormat.ENTRY_LENGTH_AT);
            long position = in.getLong(at + JournalFormat.ENTRY_POSITION_AT);
            if (payload <= 0 || payload > segment.capacity() || position != end + at) {
                throw damaged(end + at);
            }
            int total = JournalFormat.ENTRY_HEADER_BYTES + payload;
            if (length - at < total) {
                break;
            }
            if (JournalFormat.crc(bytes, at + 4, total - 4) != in.getInt(at)) {
                throw damaged(end + at);
            }
            long epoch = in.getLong(at + JournalFormat.ENTRY_EPOCH_AT);
            if (epoch != lastEpoch) {
                begin(epoch, position);
            }
            level = Math.max(level, RecordCodec.version(bytes, at + JournalFormat.ENTRY_HEADER_BYTES));
            at += total;
        }
        if (at > 0) {
            segment.write(ByteBuffer.wrap(bytes, 0, at), end);
            end += at;
        }
        return at;
    }

    private void begin(long epoch, long position) {
        if (epoch < lastEpoch) {
            throw new StoreException("an entry of epoch " + epoch + " came at position " + position + ", but epoch "
                    + lastEpoch + " has begun");
        }
        lastEpoch = epoch;
        long start = JournalFormat.epochBase(position);
        if (history.reigns().stream().noneMatch(reign -> reign.start() == start)) {
            history.add(new Reign(epoch, start, segment.previousEnd()));
        }
    }

    private void keep(byte[] bytes, int from, int length) {
        if (partialLength + length > partial.length) {
            byte[] larger = new byte[Math.max(partial.length * 2, partialLength + length)];
            System.arraycopy(partial, 0, larger, 0, partialLength);
            partial = larger;
        }
        System.arraycopy(bytes, from, partial, partialLength, length);
        partialLength += length;
    }

    private static StoreException damaged(long position) {
        return new StoreException("the entry at position " + position + " arrived damaged");
    }
}
