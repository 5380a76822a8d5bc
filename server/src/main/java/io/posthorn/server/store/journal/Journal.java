package io.posthorn.server.store.journal;

import io.posthorn.message.ByteWriter;
import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalSource;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.StoreFullException;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The write-ahead log of one store, in the directory {@code journal} below the data directory.
 *
 * <p>Life cycle: {@link #recover} and {@link #beginEpoch} once, then {@link #append} and {@link #flush} on the sequencer's thread, then
 * {@link #close}. Scans, reads and {@link #release} may come from other threads. A failed write or sync fences it: append throws from then
 * on, see {@link CommitListener#failed}.
 */
public final class Journal implements JournalSource {

    /** Unflushed bytes beyond which {@link #overloaded} is true. */
    public static final long UNFLUSHED_MAX_BYTES = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final int SCAN_BUFFER_BYTES = 1 << 20;
    private static final int READ_BUFFER_BYTES = 4096;

    private final StoreConfig config;
    private final Clock clock;
    private final CommitListener listener;
    private final DiskSpace space;
    private final Ballast ballast;
    private final SegmentFiles files;
    private final SpareSegments spares;
    private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
    private final BatchLog log = new BatchLog();
    private final ByteWriter scratch = new ByteWriter(4096);
    private final CRC32C crc = new CRC32C();

    private Flusher flusher;
    private long recoveredEnd;
    private long epoch;
    private long segmentLimit;
    private boolean closed;

    /** @param listener told by the flusher's thread */
    public Journal(StoreConfig config, Clock clock, CommitListener listener) {
        this(config, clock, listener, FileChannel::open);
    }

    Journal(StoreConfig config, Clock clock, CommitListener listener, FileOpener opener) {
        this.space = new DiskSpace(config.dir(), config.disk());
        this.ballast = new Ballast(config.dir(), config.disk().reserveBytes(), space);
        this.config = config;
        this.clock = clock;
        this.listener = listener;
        this.files = new SegmentFiles(config.dir().resolve("journal"), config.segmentBytes(), opener, space);
        this.spares = new SpareSegments(files, ballast);
    }

    /**
     * Opens the files and visits every intact entry from a position on. A torn tail (entries that were never durable) is cut
     * and logged.
     *
     * @param from 0, or an end of an entry seen before
     * @return position just after the last intact entry; {@code from} when there is none
     * @throws StoreException if a file cannot be read, is of a newer format, is missing, or an entry that had been durable is damaged;
     *     nothing is changed then
     */
    public long recover(long from, Visitor visitor) {
        try {
            for (Segment segment : files.openAll()) {
                segments.put(segment.base(), segment);
            }
            spares.open(files.spares());
            ballast.open();
            space.look();
            recoveredEnd = new JournalRecovery(segments, config.dir()).run(from, visitor);
            return recoveredEnd;
        } catch (IOException failed) {
            throw new StoreException("the journal in " + config.dir() + " cannot be read: " + failed, failed);
        }
    }

    /**
     * Starts the reign of a Master: appends its first entry at the next multiple of 2^40, waits until it is durable, and starts the
     * flusher.
     *
     * @return the entry's position
     */
    public long beginEpoch(long newEpoch, List<JournalRecord> first) {
        epoch = newEpoch;
        long base = JournalFormat.nextEpochBase(recoveredEnd);
        flusher = new Flusher(
                log,
                this::rollTo,
                listener,
                clock,
                config.flushDiskType(),
                config.asyncFlushWindow().toNanos(),
                base);
        beginSegment(base, recoveredEnd, false);
        long position = append(first);
        log.seal(true);
        flusher.writeThrough();
        flusher.start();
        return position;
    }

    /**
     * Appends one atomic entry.
     *
     * @return its position
     * @throws StoreException if the journal is fenced or closed, the disk is full, or the entry has no encoding or is larger than a segment;
     *     nothing is appended then
     */
    public long append(List<JournalRecord> records) {
        checkUsable();
        // The header is filled in last, when the length is known; its room is made first.
        scratch.truncate(0).i32(0).i32(0).i64(0).i64(0).i32(0);
        EncodedMessage message = RecordCodec.encode(records, scratch);
        int total = Math.addExact(scratch.size(), message == null ? 0 : message.size());
        boolean isNew = message != null && !isMoved(records);
        if (isNew && space.refusal() != null) {
            throw new StoreFullException(space.refusal(), null);
        }
        if (log.end() + total > segmentLimit) {
            if (total > files.capacity()) {
                throw new StoreException("an entry of " + total + " bytes does not fit a journal segment of "
                        + files.capacity() + " bytes (mappedFileSizeCommitLog)");
            }
            beginSegment(log.end(), log.end(), isNew);
        }
        long position = log.end();
        fillHeader(total, position, message);
        log.put(scratch.array(), 0, scratch.size());
        if (message != null) {
            log.put(message.bytes(), 0, message.size());
        }
        return position;
    }

    /** Hands what was appended to the flusher; unless urgent it may stay for a second. */
    public void flush(boolean urgent) {
        log.seal(urgent);
        if (urgent) {
            flusher.wake();
        }
    }

    /** Seals what was appended as urgent, without waking the flusher: {@link #flushSealed} has to follow. */
    public void seal() {
        log.seal(true);
    }

    /** Writes and syncs what is sealed here and now, unless the flusher is at it, which then does it; any thread. */
    public void flushSealed() {
        flusher.flushHere();
    }

    /** Position just after the last appended entry; for the sequencer. */
    public long endPosition() {
        return flusher == null ? recoveredEnd : log.end();
    }

    /** Everything before this is safe as {@code flushDiskType} defines it; any thread. */
    public long commitPosition() {
        return flusher == null ? recoveredEnd : flusher.committed();
    }

    /** Whether more than {@link #UNFLUSHED_MAX_BYTES} wait for the disk; for the sequencer. */
    public boolean overloaded() {
        return endPosition() - commitPosition() > UNFLUSHED_MAX_BYTES;
    }

    @Override
    public long durablePosition() {
        return flusher == null ? recoveredEnd : flusher.durable();
    }

    @Override
    public void scan(long from, long to, Visitor visitor) {
        long at = from;
        try {
            while (at < to) {
                Map.Entry<Long, Segment> found = segments.floorEntry(at);
                Map.Entry<Long, Segment> next = segments.higherEntry(at);
                long end = next == null ? to : Math.min(to, next.getValue().previousEnd());
                if (found == null && next != null && next.getValue().previousEnd() <= at) {
                    at = next.getKey();
                    continue;
                }
                if (found == null || end < at) {
                    throw new StoreException("the journal no longer holds position " + at);
                }
                if (at < end) {
                    scanSegment(found.getValue(), at, end, visitor);
                }
                at = end == to ? to : next.getKey();
            }
        } catch (IOException failed) {
            throw new StoreException("the journal cannot be read at " + at + ": " + failed, failed);
        }
    }

    @Override
    public boolean read(long position, Visitor visitor) {
        Map.Entry<Long, Segment> found = segments.floorEntry(position);
        if (found == null) {
            return false;
        }
        EntryCursor cursor = new EntryCursor(found.getValue(), position, READ_BUFFER_BYTES);
        try {
            if (!cursor.next()) {
                return false;
            }
        } catch (IOException closedMeanwhile) {
            LOG.debug("position {} cannot be read from the journal", position, closedMeanwhile);
            return false;
        }
        cursor.visit(visitor);
        return true;
    }

    /** How full the disk is; any thread. */
    public DiskSpace space() {
        return space;
    }

    /** The reserve for a full disk; any thread. */
    public Ballast ballast() {
        return ballast;
    }

    /** Looks for room for segments again, if there was none; any thread. */
    public void retrySpares() {
        spares.retry();
    }

    /** Whether the reserve is not whole and there is no room to fill it up: a checkpoint should come before new work; any thread. */
    public boolean needsRoom() {
        return spares.isLow() && space.roomBytes() < config.segmentBytes();
    }

    /** Whether the disk is full and a checkpoint should give segments back soon; any thread. */
    public boolean isShort() {
        return spares.isShort();
    }

    /** Lets go of segments that lie wholly below a position; any one thread. */
    public void release(long below) {
        try {
            for (Map.Entry<Long, Segment> entry = segments.firstEntry(); entry != null; ) {
                Map.Entry<Long, Segment> next = segments.higherEntry(entry.getKey());
                if (next == null || next.getValue().previousEnd() > below) {
                    return;
                }
                segments.remove(entry.getKey());
                spares.giveBack(entry.getValue());
                entry = next;
            }
        } catch (IOException failed) {
            LOG.warn("A journal segment that is not needed any more cannot be removed", failed);
        }
    }

    /** Writes and syncs what was appended, ends the threads, closes the files. Second call: no effect. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (flusher != null) {
            log.seal(true);
            flusher.stop();
        }
        spares.close();
        for (Segment segment : segments.values()) {
            try {
                segment.close();
            } catch (IOException failed) {
                LOG.warn("Journal segment {} cannot be closed", segment.file(), failed);
            }
        }
    }

    private void checkUsable() {
        if (closed || flusher == null) {
            throw new StoreException("the journal is not open");
        }
        StoreException failure = flusher.failure();
        if (failure != null) {
            throw new StoreException(failure.getMessage(), failure);
        }
    }

    /** The broker itself moves a message (to a dead-letter queue): what it takes is given back where it comes from. */
    private static boolean isMoved(List<JournalRecord> records) {
        return records.get(records.size() - 1) instanceof JournalRecord.Published last && last.producerId() == 0;
    }

    private void beginSegment(long base, long previousEnd, boolean bearsMessage) {
        spares.promise(bearsMessage);
        log.beginSegment(base, previousEnd);
        segmentLimit = base + files.capacity();
    }

    private void fillHeader(int total, long position, EncodedMessage message) {
        long exposed = Math.min(position - flusher.durable(), 0xffff_ffffL);
        scratch.setI32(JournalFormat.ENTRY_LENGTH_AT, total - JournalFormat.ENTRY_HEADER_BYTES);
        setI64(JournalFormat.ENTRY_POSITION_AT, position);
        setI64(JournalFormat.ENTRY_EPOCH_AT, epoch);
        scratch.setI32(JournalFormat.ENTRY_EXPOSED_AT, (int) exposed);
        crc.reset();
        crc.update(scratch.array(), 4, scratch.size() - 4);
        if (message != null) {
            crc.update(message.bytes(), 0, message.size());
        }
        scratch.setI32(0, (int) crc.getValue());
    }

    private void setI64(int at, long value) {
        scratch.setI32(at, (int) (value >>> 32)).setI32(at + 4, (int) value);
    }

    private Segment rollTo(long base, long previousEnd) throws IOException {
        Segment segment = files.activate(spares.take(), base, previousEnd);
        segments.put(base, segment);
        return segment;
    }

    private static void scanSegment(Segment segment, long from, long to, Visitor visitor) throws IOException {
        EntryCursor cursor = new EntryCursor(segment, from, SCAN_BUFFER_BYTES);
        while (cursor.end() < to) {
            if (!cursor.next() || cursor.end() > to) {
                throw new StoreException(
                        "journal segment " + segment.file() + " is damaged at position " + cursor.end());
            }
            cursor.visit(visitor);
        }
    }
}
