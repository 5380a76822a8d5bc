package io.posthorn.server.store.journal;

import io.posthorn.message.ByteWriter;
import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalShipping;
import io.posthorn.server.store.JournalSlice;
import io.posthorn.server.store.JournalSource;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.Reign;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.StoreFullException;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
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
public final class Journal implements JournalSource, JournalShipping {

    /** Unflushed bytes beyond which {@link #overloaded} is true. */
    public static final long UNFLUSHED_MAX_BYTES = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    /** Freed segments that are kept beside the usual spares, at the most. */
    private static final int RECYCLED_MAX = 8;

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

    private final EpochHistory history;

    /** What is written; until an epoch begins or a Master is followed, what was found. 0 = nothing was. */
    private volatile int level;

    private Flusher flusher;
    private JournalFollower follower;
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
        long betweenCheckpoints = config.checkpoint().bytes() / config.segmentBytes();
        this.spares = new SpareSegments(
                files, ballast, SpareSegments.SPARES + (int) Math.min(RECYCLED_MAX, betweenCheckpoints));
        this.history = new EpochHistory(config.dir());
    }

    /**
     * The newest epoch that has begun in a data directory, as its file {@code epochs} says; 0 = none is known.
     *
     * @throws StoreException if the file cannot be read
     */
    public static long newestEpoch(Path dataDir) {
        try {
            return EpochHistory.read(dataDir).stream()
                    .mapToLong(Reign::epoch)
                    .max()
                    .orElse(0);
        } catch (IOException failed) {
            throw new StoreException("the epochs in " + dataDir + " cannot be read: " + failed, failed);
        }
    }

    /** Writes the file {@code epochs} of a directory in which nothing is open. */
    public static void writeEpochs(Path dir, List<Reign> reigns) {
        new EpochHistory(dir).write(reigns);
    }

    /**
     * What the tables say of the format level; before {@link #recover} or {@link #follow}.
     *
     * @param folded 0 = there are none yet
     * @throws StoreException if it is above what the settings allow
     */
    public void foldedLevel(int folded) {
        FormatLevel.require(folded, config.formatLevelMax(), "the store in " + config.dir());
        level = folded;
    }

    /** The format level of what is there; from {@link #beginEpoch} on that of what is written, 0 = a Slave has nothing yet. Any thread. */
    public int formatLevel() {
        return follower == null ? level : Math.max(level, follower.level());
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
        return open(from, visitor, false);
    }

    /**
     * Opens the files of a Slave, in the place of {@link #recover} and {@link #beginEpoch}. What is damaged at the journal's end is cut, for
     * the Master has it.
     *
     * @param folded up to where the tables hold the journal
     * @param emptyEnd where it ends when there is no segment at all
     */
    public JournalFollower follow(long folded, long emptyEnd) {
        long end = open(folded, (position, next, writtenIn, array, at, length) -> {}, true);
        recoveredEnd = segments.isEmpty() ? emptyEnd : end;
        follower = new JournalFollower(segments, files, spares, history, recoveredEnd);
        return follower;
    }

    private long open(long from, Visitor visitor, boolean following) {
        try {
            for (Segment segment : files.openAll()) {
                segments.put(segment.base(), segment);
            }
            spares.open(files.spares());
            ballast.open();
            space.look();
            recoveredEnd = new JournalRecovery(segments, config.dir(), following).run(from, noting(visitor));
            history.open(segments.values(), recoveredEnd);
            return recoveredEnd;
        } catch (IOException failed) {
            throw new StoreException("the journal in " + config.dir() + " cannot be read: " + failed, failed);
        }
    }

    private Visitor noting(Visitor visitor) {
        return (position, end, writtenIn, array, at, length) -> {
            int written = RecordCodec.version(array, at);
            FormatLevel.require(written, config.formatLevelMax(), "the entry at position " + position);
            level = Math.max(level, written);
            visitor.entry(position, end, writtenIn, array, at, length);
        };
    }

    /**
     * Starts the reign of a Master: appends its first entry at the next multiple of 2^40, waits until it is durable, and starts the
     * flusher.
     *
     * @return the entry's position
     */
    public long beginEpoch(long newEpoch, List<JournalRecord> first) {
        epoch = newEpoch;
        if (level == 0) {
            level = config.formatLevelMax();
        }
        long base = JournalFormat.nextEpochBase(recoveredEnd);
        flusher = new Flusher(
                log,
                this::rollTo,
                listener,
                clock,
                config.flush().type(),
                config.flush().asyncWindow().toNanos(),
                base);
        beginSegment(base, recoveredEnd, false);
        long position = append(first);
        log.seal(true);
        flusher.writeThrough();
        history.add(new Reign(newEpoch, base, recoveredEnd));
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
        int written = levelOf(records);
        EncodedMessage message = written == FormatLevel.FIRST
                ? RecordCodec.encode(records, scratch)
                : RecordCodec.encode(records, clock.wallMs(), scratch);
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
        level = written;
        return position;
    }

    /** The entry that raises the level is itself of the new one: who cannot read that stops there, and says so. */
    private int levelOf(List<JournalRecord> records) {
        if (!records.isEmpty() && records.get(0) instanceof JournalRecord.LevelRaised raised) {
            FormatLevel.require(raised.level(), config.formatLevelMax(), "an entry");
            return Math.max(level, raised.level());
        }
        return level;
    }

    /** Hands what was appended to the flusher; unless urgent it may stay for a second. */
    public void flush(boolean urgent) {
        log.seal(urgent);
        if (urgent) {
            flusher.wake();
        }
    }

    /**
     * Nothing more is written: a thread that the store cannot do without has ended. Reported as {@link CommitListener#failed}; at a Slave, by
     * {@link JournalFollower#failure}. Any thread.
     */
    public void fence(String what, Throwable cause) {
        if (follower != null) {
            follower.fail(what, cause);
        } else {
            flusher.fence(what, cause);
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
        if (follower != null) {
            return follower.end();
        }
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
        if (follower != null) {
            return follower.durable();
        }
        return flusher == null ? recoveredEnd : flusher.durable();
    }

    @Override
    public List<Reign> reigns() {
        return history.reigns();
    }

    @Override
    public long writtenPosition() {
        return flusher == null ? durablePosition() : flusher.written();
    }

    @Override
    public long firstPosition() {
        Map.Entry<Long, Segment> first = segments.firstEntry();
        return first == null ? endPosition() : first.getValue().previousEnd();
    }

    @Override
    public long segmentStart(long position) {
        Map.Entry<Long, Segment> found = segments.floorEntry(position);
        if (found == null) {
            throw new StoreException("the journal no longer holds position " + position);
        }
        return found.getValue().previousEnd();
    }

    @Override
    public long bytesBetween(long from, long to) {
        long bytes = 0;
        long end = to;
        for (Segment segment : segments.descendingMap().values()) {
            if (segment.base() < end) {
                bytes += end - Math.max(from, segment.base());
                end = segment.previousEnd();
            }
            if (end <= from) {
                break;
            }
        }
        return bytes;
    }

    @Override
    public int segmentMaxBytes() {
        int max = files.capacity();
        for (Segment segment : segments.values()) {
            max = Math.max(max, segment.capacity());
        }
        return max;
    }

    @Override
    public JournalSlice slice(long from, int maxBytes) {
        // Before looking at the segments: what is written to the last of them by now.
        long written = writtenPosition();
        Map.Entry<Long, Segment> found = segments.floorEntry(from);
        Map.Entry<Long, Segment> next = segments.higherEntry(from);
        if (next != null && next.getValue().previousEnd() <= from) {
            found = next;
            next = segments.higherEntry(found.getKey());
        }
        if (found == null) {
            throw new StoreException("the journal no longer holds position " + from);
        }
        Segment segment = found.getValue();
        long start = Math.max(from, segment.base());
        long end = next == null ? written : next.getValue().previousEnd();
        if (start >= end) {
            return null;
        }
        byte[] bytes = read(segment, start, (int) Math.min(maxBytes, end - start));
        if (bytes == null) {
            throw new StoreException("the journal no longer holds position " + from);
        }
        return new JournalSlice(segment.base(), segment.previousEnd(), start, bytes);
    }

    @Override
    public long sampleCrc(long from, long to) {
        Map.Entry<Long, Segment> found = segments.floorEntry(from);
        Map.Entry<Long, Segment> next = segments.higherEntry(from);
        if (found == null
                || to > (next == null ? writtenPosition() : next.getValue().previousEnd())) {
            return NOT_HELD;
        }
        byte[] bytes = read(found.getValue(), from, (int) (to - from));
        return bytes == null ? NOT_HELD : Integer.toUnsignedLong(JournalFormat.crc(bytes, 0, bytes.length));
    }

    /** From where on the last segment has bytes, so many at most; the end when there is no segment. */
    public long sampleFrom(long end, int maxBytes) {
        Map.Entry<Long, Segment> last = segments.floorEntry(end);
        return last == null ? end : Math.max(last.getKey(), end - maxBytes);
    }

    private static byte[] read(Segment segment, long from, int length) {
        byte[] bytes = new byte[length];
        try {
            return segment.read(ByteBuffer.wrap(bytes), from) == length ? bytes : null;
        } catch (IOException closedMeanwhile) {
            LOG.debug("position {} cannot be read from the journal", from, closedMeanwhile);
            return null;
        }
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

    /** Bytes of the segments that {@link #release} would let go. */
    public long releasableBytes(long below) {
        long bytes = 0;
        for (Segment segment : segments.values()) {
            Map.Entry<Long, Segment> next = segments.higherEntry(segment.base());
            if (next == null || next.getValue().previousEnd() > below) {
                break;
            }
            bytes += segment.limit() - segment.base();
        }
        return bytes;
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
