package io.posthorn.server.store.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.DiskLimits;
import io.posthorn.server.store.FlushDiskType;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.StoreFixtures;
import io.posthorn.server.store.tiered.AwaitingListener;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final long LANE = LaneId.of(1, 0, 4);
    private static final long EPOCH = 1L << 40;
    private static final int SEGMENT_BYTES = 8192;

    @TempDir
    Path dir;

    private AwaitingListener listener;

    @BeforeEach
    void newListener() {
        listener = new AwaitingListener();
    }

    @Test
    void entriesComeBackInOrderOverManySegments() {
        List<Long> positions = new ArrayList<>();
        Journal journal = begin(new ArrayList<>());
        for (int i = 0; i < 500; i++) {
            positions.add(append(journal, i));
            if (i % 7 == 0) {
                journal.flush(true);
            }
        }
        commitAll(journal);
        journal.close();
        List<Found> found = new ArrayList<>();
        Journal again = begin(found);
        again.close();
        assertEquals(501, found.size());
        for (int i = 0; i < 500; i++) {
            assertEquals(positions.get(i), found.get(i + 1).position());
            assertEquals(i, found.get(i + 1).offset());
            assertEquals(1, found.get(i + 1).epoch());
        }
        assertTrue(segmentFiles().size() > 5, "500 entries take several segments of 8 KiB");
    }

    @Test
    void eachEpochBeginsAtTheNextMultipleOf2To40() {
        for (int epoch = 1; epoch <= 3; epoch++) {
            List<Found> found = new ArrayList<>();
            Journal journal = begin(found);
            assertEquals(2 * (epoch - 1), found.size());
            append(journal, epoch);
            assertTrue(journal.endPosition() > epoch * EPOCH);
            commitAll(journal);
            journal.close();
            assertTrue(Files.exists(journalDir().resolve(SegmentFiles.name(epoch * EPOCH))));
        }
    }

    @Test
    void aTailTornAtAnyByteOfTheLastEntryIsCut() throws IOException {
        Journal journal = begin(new ArrayList<>());
        for (int i = 0; i < 3; i++) {
            append(journal, i);
        }
        commitAll(journal);
        long last = append(journal, 3);
        commitAll(journal);
        long end = journal.endPosition();
        journal.close();
        Path file = segmentFiles().get(0);
        byte[] whole = Files.readAllBytes(file);
        int from = fileOffset(last);
        int to = fileOffset(end);
        for (int at = from; at < to; at++) {
            byte[] torn = whole.clone();
            java.util.Arrays.fill(torn, at, to, (byte) 0);
            Files.write(file, torn);
            List<Found> found = recoverOnly();
            boolean lastByteWasZero = java.util.Arrays.equals(torn, whole);
            assertEquals(lastByteWasZero ? 5 : 4, found.size(), "torn at byte " + (at - from));
        }
    }

    @Test
    void anyFlippedBitOfAnEntryIsFound() throws IOException {
        Journal journal = begin(new ArrayList<>());
        long last = append(journal, 0);
        commitAll(journal);
        long end = journal.endPosition();
        journal.close();
        Path file = segmentFiles().get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int at = fileOffset(last); at < fileOffset(end); at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                Files.write(file, flipped);
                assertEquals(1, recoverOnly().size(), "byte " + at + " bit " + bit);
            }
        }
    }

    @Test
    void afterATornTailTheNextEpochGoesOnBehindTheCut() throws IOException {
        Journal journal = begin(new ArrayList<>());
        append(journal, 0);
        long torn = append(journal, 1);
        commitAll(journal);
        journal.close();
        overwrite(segmentFiles().get(0), fileOffset(torn) + 40, new byte[] {1, 2, 3});
        List<Found> found = new ArrayList<>();
        Journal second = begin(found);
        assertEquals(2, found.size());
        append(second, 7);
        commitAll(second);
        second.close();
        List<Found> all = recoverOnly();
        assertEquals(List.of(-1L, 0L, -1L, 7L), all.stream().map(Found::offset).toList());
    }

    @Test
    void damageBeforeADurableEntryIsRefused() throws IOException {
        Journal journal = begin(new ArrayList<>());
        long damaged = append(journal, 0);
        commitAll(journal);
        append(journal, 1);
        commitAll(journal);
        journal.close();
        overwrite(segmentFiles().get(0), fileOffset(damaged) + 30, new byte[] {99});
        byte[] before = Files.readAllBytes(segmentFiles().get(0));
        StoreException refused = assertThrows(StoreException.class, this::recoverOnly);
        assertTrue(refused.getMessage().contains("damaged at position " + damaged), refused.getMessage());
        assertTrue(java.util.Arrays.equals(
                before, Files.readAllBytes(segmentFiles().get(0))));
    }

    @Test
    void damageWithinOneUnsyncedBatchIsATornTail() throws IOException {
        Journal journal = begin(new ArrayList<>());
        long damaged = append(journal, 0);
        append(journal, 1);
        commitAll(journal);
        journal.close();
        overwrite(segmentFiles().get(0), fileOffset(damaged) + 30, new byte[] {99});
        assertEquals(1, recoverOnly().size());
    }

    @Test
    void damageInAnEarlierSegmentIsRefused() throws IOException {
        Journal journal = begin(new ArrayList<>());
        for (int i = 0; i < 200; i++) {
            append(journal, i);
        }
        commitAll(journal);
        journal.close();
        overwrite(segmentFiles().get(1), 500, new byte[] {1, 2, 3, 4});
        StoreException refused = assertThrows(StoreException.class, this::recoverOnly);
        assertTrue(refused.getMessage().contains("the segment after it"), refused.getMessage());
    }

    @Test
    void aMissingSegmentIsRefused() throws IOException {
        Journal journal = begin(new ArrayList<>());
        for (int i = 0; i < 200; i++) {
            append(journal, i);
        }
        commitAll(journal);
        journal.close();
        Files.delete(segmentFiles().get(0));
        StoreException refused = assertThrows(StoreException.class, this::recoverOnly);
        assertTrue(refused.getMessage().contains("files are missing"), refused.getMessage());
    }

    @Test
    void aNewerSegmentFormatIsRefusedWithoutTouchingIt() throws IOException {
        begin(new ArrayList<>()).close();
        Path file = segmentFiles().get(0);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).putInt(4, 2).putInt(60, JournalFormat.crc(withVersion(bytes, 2), 0, 60));
        Files.write(file, bytes);
        StoreException refused = assertThrows(StoreException.class, this::recoverOnly);
        assertTrue(refused.getMessage().contains("journal format 2"), refused.getMessage());
    }

    @Test
    void releasedSegmentsAreReusedAndTheirOldEntriesStayDead() {
        Journal journal = begin(new ArrayList<>());
        long durable = 0;
        for (int i = 0; i < 600; i++) {
            append(journal, i);
            if (i % 50 == 49) {
                commitAll(journal);
                durable = journal.durablePosition();
                journal.release(durable);
            }
        }
        assertTrue(segmentFiles().size() <= 2, "segments left: " + segmentFiles());
        append(journal, 600);
        commitAll(journal);
        journal.close();
        List<Found> found = recoverFrom(durable);
        assertEquals(List.of(600L), found.stream().map(Found::offset).toList());
    }

    @Test
    void freedSegmentsAreKeptWhileTheDiskHasPlentyOfRoom() {
        Journal journal = begin(new ArrayList<>());
        long released = appendSegmentsAndRelease(journal);
        boolean plenty = !new DiskSpace(dir, DiskLimits.DEFAULT).isNear();
        long spares = spareFiles();
        journal.close();
        assertEquals(plenty, spares > SpareSegments.SPARES, spares + " spares");

        // Half of this is 0 %: every disk is more crowded.
        DiskLimits crowded = new DiskLimits(1, 0, DiskLimits.DEFAULT.journalRetainMaxBytes());
        Journal onCrowdedDisk = new Journal(config().withDisk(crowded), Clock.system(), listener);
        onCrowdedDisk.recover(released, (p, end, e, array, from, length) -> {});
        onCrowdedDisk.beginEpoch(2, epochStarted(2));
        appendSegmentsAndRelease(onCrowdedDisk);
        listener.awaitTrue(() -> spareFiles() == SpareSegments.SPARES, "the surplus is gone");
        onCrowdedDisk.close();
    }

    private long appendSegmentsAndRelease(Journal journal) {
        for (int i = 0; segmentFiles().size() < 6; i++) {
            append(journal, i);
            commitAll(journal);
        }
        journal.release(journal.durablePosition());
        return journal.durablePosition();
    }

    @Test
    void scanAndReadFindWhatIsThereAndSayWhatIsNot() {
        Journal journal = begin(new ArrayList<>());
        List<Long> positions = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            positions.add(append(journal, i));
        }
        commitAll(journal);
        List<Long> offsets = new ArrayList<>();
        journal.scan(
                positions.get(10),
                positions.get(290),
                (p, end, e, array, from, length) -> offsets.add(offset(RecordCodec.decode(array, from, length))));
        assertEquals(280, offsets.size());
        assertEquals(10, offsets.get(0));
        assertTrue(journal.read(positions.get(200), (p, end, e, array, from, length) -> {}));
        assertFalse(journal.read(positions.get(200) + 1, (p, end, e, array, from, length) -> {}));
        journal.release(positions.get(250));
        assertFalse(journal.read(positions.get(0), (p, end, e, array, from, length) -> {}));
        assertThrows(
                StoreException.class,
                () -> journal.scan(positions.get(0), positions.get(290), (p, end, e, array, from, length) -> {}));
        journal.close();
    }

    @Test
    void whatNobodyWaitsForIsCommittedWithinASecond() {
        Journal journal = begin(new ArrayList<>());
        append(journal, 0);
        Clock clock = Clock.system();
        long startNs = clock.monotonicNs();
        journal.flush(false);
        listener.awaitCommitted(journal.endPosition());
        long tookMs = (clock.monotonicNs() - startNs) / 1_000_000;
        assertTrue(tookMs <= 1500, "took " + tookMs + " ms");
        journal.close();
    }

    @Test
    void asyncFlushCommitsBeforeItSyncs() {
        StoreConfig async = config().withFlushDiskType(FlushDiskType.ASYNC_FLUSH);
        FailingFiles files = new FailingFiles();
        Journal journal = new Journal(async, Clock.system(), listener, files);
        journal.recover(0, (p, end, e, array, from, length) -> {});
        journal.beginEpoch(1, epochStarted(1));
        int syncs = files.syncs();
        for (int i = 0; i < 20; i++) {
            append(journal, i);
            commitAll(journal);
        }
        assertTrue(files.syncs() - syncs < 20, "20 batches were synced " + (files.syncs() - syncs) + " times");
        journal.close();
        assertEquals(21, recoverOnly().size());
    }

    @Test
    void aFailedSyncFencesTheJournalForGood() {
        FailingFiles files = new FailingFiles();
        Journal journal = new Journal(config(), Clock.system(), listener, files);
        journal.recover(0, (p, end, e, array, from, length) -> {});
        journal.beginEpoch(1, epochStarted(1));
        long committed = journal.commitPosition();
        files.failSyncs(true);
        append(journal, 0);
        journal.flush(true);
        listener.awaitFailed();
        files.failSyncs(false);
        StoreException fenced = assertThrows(StoreException.class, () -> append(journal, 1));
        assertTrue(fenced.getMessage().contains("fenced"), fenced.getMessage());
        journal.flush(true);
        journal.close();
        assertEquals(1, listener.failures().size());
        assertEquals(committed, journal.commitPosition());
        assertEquals(committed, listener.committed());
    }

    @Test
    void exhaustedMemoryFencesTheJournalAndThatIsSaidAsSoonAsItCanBe() {
        FailingFiles files = new FailingFiles();
        AtomicInteger attempts = new AtomicInteger();
        CommitListener forgetful = new CommitListener() {
            @Override
            public void committed(long position) {
                listener.committed(position);
            }

            @Override
            public void failed(StoreException cause) {
                if (attempts.incrementAndGet() < 3) {
                    throw new OutOfMemoryError("injected again");
                }
                listener.failed(cause);
            }

            @Override
            public void checkpointed(long position) {
                listener.checkpointed(position);
            }
        };
        Journal journal = new Journal(config(), Clock.system(), forgetful, files);
        journal.recover(0, (p, end, e, array, from, length) -> {});
        journal.beginEpoch(1, epochStarted(1));
        long committed = journal.commitPosition();
        files.exhaustMemory(true);
        append(journal, 0);
        journal.flush(true);
        listener.awaitFailed();
        files.exhaustMemory(false);
        assertEquals(3, attempts.get());
        String text = listener.failures().get(0).getMessage();
        assertTrue(text.contains("fenced") && text.contains("OutOfMemoryError"), text);
        assertThrows(StoreException.class, () -> append(journal, 1));
        journal.close();
        assertEquals(1, listener.failures().size());
        assertEquals(committed, listener.committed());
    }

    @Test
    void aSegmentThatCannotBePreparedForLackOfMemoryHoldsNobodyUp() {
        FailingFiles files = new FailingFiles();
        Journal journal = new Journal(config(), Clock.system(), listener, files);
        journal.recover(0, (p, end, e, array, from, length) -> {});
        journal.beginEpoch(1, epochStarted(1));
        files.exhaustMemoryInNewFiles(true);
        StoreException refused = null;
        for (int i = 0; refused == null && i < 2000; i++) {
            try {
                append(journal, i);
                commitAll(journal);
            } catch (StoreException full) {
                refused = full;
            }
        }
        assertTrue(refused != null && refused.getMessage().contains("OutOfMemoryError"), String.valueOf(refused));
        journal.close();
        assertTrue(listener.failures().isEmpty(), listener.failures().toString());
    }

    @Test
    void aFullDiskRefusesMessagesFirstAndHealsByItself() {
        FailingFiles files = new FailingFiles();
        DiskLimits limits = new DiskLimits(
                DiskLimits.DEFAULT.maxUsedPercent(), SEGMENT_BYTES, DiskLimits.DEFAULT.journalRetainMaxBytes());
        Journal journal = new Journal(config().withDisk(limits), Clock.system(), listener, files);
        journal.recover(0, (p, end, e, array, from, length) -> {});
        journal.beginEpoch(1, epochStarted(1));
        // The whole reserve, or it depends on the room left in the segment whether an entry without a message fits.
        journal.ballast().restore();
        listener.awaitTrue(() -> spareFiles() == SpareSegments.SPARES, "spare segments");
        files.failNewFiles(true);
        StoreException full = null;
        int stored = 0;
        while (full == null && stored < 2000) {
            try {
                appendNew(journal, stored);
                commitAll(journal);
                stored++;
                // It must not outrun the thread that makes spares: its failure comes a little behind the second
                // segment.
                listener.awaitTrue(() -> segmentFiles().size() == 1 || journal.isShort(), "no room noticed");
            } catch (StoreException refused) {
                full = refused;
            }
        }
        assertTrue(full != null && full.getMessage().contains(journalDir().toString()), String.valueOf(full));
        // An entry without a message still finds the reserve.
        journal.append(List.of(new JournalRecord.ProducerClosed(1)));
        commitAll(journal);
        files.failNewFiles(false);
        long next = stored;
        listener.awaitTrue(() -> appendedNew(journal, next), "message accepted again");
        commitAll(journal);
        journal.close();
        assertTrue(listener.failures().isEmpty(), listener.failures().toString());
        assertEquals(stored + 3, recoverOnly().size());
    }

    @Test
    void anEntryLargerThanASegmentIsRefusedAndLeavesNothing() {
        Journal journal = begin(new ArrayList<>());
        long end = journal.endPosition();
        StoreException large = assertThrows(
                StoreException.class,
                () -> journal.append(List.of(StoreFixtures.published(LANE, 0, 1, "x".repeat(SEGMENT_BYTES)))));
        assertTrue(large.getMessage().contains("mappedFileSizeCommitLog"), large.getMessage());
        assertEquals(end, journal.endPosition());
        journal.close();
    }

    private record Found(long position, long epoch, long offset) {}

    private Journal begin(List<Found> found) {
        Journal journal = new Journal(config(), Clock.system(), listener);
        journal.recover(0, collect(found));
        long epoch = found.stream().mapToLong(Found::epoch).max().orElse(0) + 1;
        journal.beginEpoch(epoch, epochStarted(epoch));
        return journal;
    }

    private List<Found> recoverOnly() {
        return recoverFrom(0);
    }

    private List<Found> recoverFrom(long position) {
        List<Found> found = new ArrayList<>();
        Journal journal = new Journal(config(), Clock.system(), new AwaitingListener());
        try {
            journal.recover(position, collect(found));
        } finally {
            journal.close();
        }
        return found;
    }

    private static io.posthorn.server.store.JournalSource.Visitor collect(List<Found> found) {
        return (position, end, epoch, array, from, length) ->
                found.add(new Found(position, epoch, offset(RecordCodec.decode(array, from, length))));
    }

    private static long offset(List<JournalRecord> records) {
        return records.get(0) instanceof JournalRecord.Published published ? published.offset() : -1;
    }

    private static long append(Journal journal, long offset) {
        return journal.append(List.of(StoreFixtures.published(LANE, offset, 1, "body of " + offset)));
    }

    /** A message that somebody sends; those of {@link #append} count as moved by the broker itself. */
    private static void appendNew(Journal journal, long offset) {
        journal.append(List.of(new JournalRecord.Published(
                LANE,
                offset,
                StoreFixtures.RECEIVED_MS,
                7,
                offset + 1,
                new int[] {1},
                StoreFixtures.message("body of " + offset))));
    }

    private static boolean appendedNew(Journal journal, long offset) {
        try {
            appendNew(journal, offset);
            return true;
        } catch (StoreException refused) {
            return false;
        }
    }

    private void commitAll(Journal journal) {
        journal.flush(true);
        listener.awaitCommitted(journal.endPosition());
    }

    private static List<JournalRecord> epochStarted(long epoch) {
        return List.of(new JournalRecord.EpochStarted(epoch, 1));
    }

    private StoreConfig config() {
        return StoreConfig.defaults(dir).withSegmentBytes(SEGMENT_BYTES);
    }

    private Path journalDir() {
        return dir.resolve("journal");
    }

    private List<Path> segmentFiles() {
        try (Stream<Path> files = Files.list(journalDir())) {
            return files.filter(f -> f.toString().endsWith(SegmentFiles.SEGMENT_SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private long spareFiles() {
        try (Stream<Path> files = Files.list(journalDir())) {
            return files.filter(f -> f.toString().endsWith(SegmentFiles.SPARE_SUFFIX))
                    .count();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static int fileOffset(long position) {
        return (int) (position % EPOCH) + JournalFormat.SEGMENT_HEADER_BYTES;
    }

    private static byte[] withVersion(byte[] bytes, int version) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).putInt(4, version);
        return changed;
    }

    private static void overwrite(Path file, int at, byte[] with) throws IOException {
        Path copy = Files.copy(file, file.resolveSibling("copy"), StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(with), at);
        }
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
