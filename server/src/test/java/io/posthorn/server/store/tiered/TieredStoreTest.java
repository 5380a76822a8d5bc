package io.posthorn.server.store.tiered;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessagePlace;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.Committed;
import io.posthorn.server.store.JournalRecord.Due;
import io.posthorn.server.store.JournalRecord.EpochStarted;
import io.posthorn.server.store.JournalRecord.LaneRow;
import io.posthorn.server.store.JournalRecord.PendingRow;
import io.posthorn.server.store.JournalRecord.Scheduled;
import io.posthorn.server.store.JournalRecord.Settled;
import io.posthorn.server.store.JournalRecord.Staged;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Origin;
import io.posthorn.server.store.PlacedPart;
import io.posthorn.server.store.Placement;
import io.posthorn.server.store.ReadCounts;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.Settlement;
import io.posthorn.server.store.StoreBounds;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.StoreFixtures;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TieredStoreTest {

    private static final long LANE = LaneId.of(1, 0, 4);

    @TempDir
    Path dir;

    @Test
    void whatWasCommittedIsThereAfterReopening() {
        List<Long> positions = new ArrayList<>();
        AwaitingListener listener = new AwaitingListener();
        try (TieredStore store = store()) {
            assertEquals(1, open(store, listener, new ArrayList<>()));
            for (int i = 0; i < 100; i++) {
                positions.add(store.append(List.of(StoreFixtures.published(LANE, i, 1, "body " + i))));
            }
            store.flush(true);
            listener.awaitCommitted(store.endPosition());
            assertEquals(store.endPosition(), store.commitPosition());
        }
        List<JournalEntry> replayed = new ArrayList<>();
        try (TieredStore store = store()) {
            assertEquals(2, open(store, new AwaitingListener(), replayed));
        }
        assertEquals(102, replayed.size());
        assertTrue(replayed.get(0).records().get(0) instanceof EpochStarted);
        for (int i = 0; i < 100; i++) {
            JournalEntry entry = replayed.get(i + 1);
            assertEquals(positions.get(i), entry.position());
            assertEquals(1, entry.epoch());
            StoreFixtures.assertSame(List.of(StoreFixtures.published(LANE, i, 1, "body " + i)), entry.records());
        }
        assertEquals(2L << 40, replayed.get(101).position());
    }

    @Test
    void aMessageIsReadFromTheJournal() throws Exception {
        AwaitingListener listener = new AwaitingListener();
        try (TieredStore store = store()) {
            open(store, listener, new ArrayList<>());
            long position = store.append(List.of(StoreFixtures.published(LANE, 0, 1, "cold")));
            store.flush(true);
            listener.awaitCommitted(store.endPosition());
            ReadResult read = read(store, new long[] {0}, new long[] {position});
            assertEquals("cold", body(read, 0));
            assertEquals(StoreFixtures.RECEIVED_MS, read.receivedMs()[0]);
        }
    }

    @Test
    void aSecondStoreOnTheDirectoryIsRefused() {
        try (TieredStore first = store();
                TieredStore second = store()) {
            open(first, new AwaitingListener(), new ArrayList<>());
            StoreException refused =
                    assertThrows(StoreException.class, () -> open(second, new AwaitingListener(), new ArrayList<>()));
            assertTrue(refused.getMessage().contains("in use by another process (pid "), refused.getMessage());
        }
    }

    @Test
    void anErrorThatEndsTheCheckpointThreadFences() {
        AwaitingListener listener = new AwaitingListener();
        AtomicBoolean exhausted = new AtomicBoolean();
        try (TieredStore store = store()) {
            store.replicate(
                    new StoreBounds() {
                        @Override
                        public long foldTo(long durable) {
                            if (exhausted.get()) {
                                throw new OutOfMemoryError("injected: Java heap space");
                            }
                            return durable;
                        }

                        @Override
                        public long keepFrom(long folded) {
                            return folded;
                        }
                    },
                    1);
            open(store, listener, new ArrayList<>());
            store.append(List.of(StoreFixtures.published(LANE, 0, 1, "kept")));
            commit(store, listener);
            exhausted.set(true);
            listener.awaitFailed();
            String text = listener.failures().get(0).getMessage();
            assertTrue(text.contains("checkpoint") && text.contains("OutOfMemoryError: injected"), text);
            StoreException fenced = assertThrows(
                    StoreException.class, () -> store.append(List.of(StoreFixtures.published(LANE, 1, 1, "refused"))));
            assertTrue(fenced.getMessage().contains("fenced"), fenced.getMessage());
        }
    }

    @Test
    void aCheckpointMovesMessagesToLmdbAndLetsTheJournalGo() throws Exception {
        AwaitingListener listener = new AwaitingListener();
        try (TieredStore store = store()) {
            open(store, listener, new ArrayList<>());
            List<Long> positions = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                positions.add(store.append(List.of(StoreFixtures.published(LANE, i, 1, "body " + i))));
            }
            commit(store, listener);
            assertTrue(segments() >= 4, "2000 entries take several segments of 64 KiB");
            checkpoint(store, listener);
            // Segments go after the report; a second checkpoint begins only when they are gone.
            store.append(List.of(new JournalRecord.ProducerClosed(1)));
            commit(store, listener);
            checkpoint(store, listener);
            assertTrue(segments() <= 2, "segments left: " + segments());
            // With the position it once had, and without: both lead to LMDB now.
            ReadResult byPosition = read(store, new long[] {3, 4}, new long[] {positions.get(3), positions.get(4)});
            ReadResult byOffset = read(store, new long[] {3, 1999, 5000}, new long[] {-1, -1, -1});
            assertEquals("body 4", body(byPosition, 1));
            assertEquals("body 3", body(byOffset, 0));
            assertEquals("body 1999", body(byOffset, 1));
            assertNull(byOffset.messages()[2]);
            assertEquals(StoreFixtures.RECEIVED_MS, byOffset.receivedMs()[1]);
            assertEquals(0, byOffset.receivedMs()[2]);
        }
    }

    @Test
    void aMessageStagedBeforeTheCheckpointAndPlacedBehindItIsFound() throws Exception {
        AwaitingListener listener = new AwaitingListener();
        try (TieredStore store = store()) {
            open(store, listener, new ArrayList<>());
            long staged = store.append(
                    List.of(new Staged(5, 1, 0, 1, StoreFixtures.RECEIVED_MS, StoreFixtures.message("staged"))));
            store.append(List.of(new Scheduled(
                    1, 9, StoreFixtures.RECEIVED_MS, 5, 2, new int[] {1}, StoreFixtures.message("delayed"))));
            commit(store, listener);
            checkpoint(store, listener);
            store.append(List.of(
                    new Committed(5, 1, 10, List.of(new Placement(0, LANE, 0, new int[] {1})), List.of())));
            store.append(List.of(new Due(1, LANE, 1, new int[] {1})));
            long plain = store.append(List.of(StoreFixtures.published(LANE, 2, 1, "plain")));
            commit(store, listener);
            Origin[] origins = {new Origin.Staged(5, 1, 0), new Origin.Scheduled(1, null), null};
            ReadResult found = read(store, new long[] {0, 1, 2}, new long[] {-1, -1, plain}, origins);
            assertEquals("staged", body(found, 0));
            assertEquals("delayed", body(found, 1));
            assertEquals("plain", body(found, 2));
            assertEquals("staged", body(read(store, new long[] {0}, new long[] {staged}), 0));
            checkpoint(store, listener);
            ReadResult moved = read(store, new long[] {0, 1, 2}, new long[] {-1, -1, -1}, origins);
            assertEquals("staged", body(moved, 0));
            assertEquals("delayed", body(moved, 1));
            assertEquals("plain", body(moved, 2));
        }
    }

    @Test
    void rowsAboutTheClusterOutliveTheJournalUntilTheyAreGone() throws Exception {
        JournalRecord kept = new JournalRecord.DestinationPlaced(
                DestinationName.queue("x".repeat(255)),
                List.of(new PlacedPart("broker-b", PlacedPart.State.ACTIVE, 7)),
                Map.of("queues", "1"));
        JournalRecord granted = new JournalRecord.SubscriptionGranted(
                "client", "sub", DestinationName.topic("news"), null, false, true);
        JournalRecord decided =
                new JournalRecord.DecisionMade(BranchId.ofGroups(new byte[] {1}, "broker-a"), 9, List.of("broker-b"));
        AwaitingListener listener = new AwaitingListener();
        try (TieredStore store = store()) {
            open(store, listener, new ArrayList<>());
            store.append(List.of(kept, granted, decided, new JournalRecord.GroupDrained("broker-b", true)));
            commit(store, listener);
            checkpoint(store, listener);
            store.append(List.of(
                    new JournalRecord.GroupDrained("broker-b", false),
                    new JournalRecord.DecisionMade(BranchId.ofGroups(new byte[] {1}, "broker-a"), 9, List.of())));
            commit(store, listener);
            checkpoint(store, listener);
        }
        List<JournalEntry> replayed = new ArrayList<>();
        try (TieredStore store = store()) {
            open(store, new AwaitingListener(), replayed);
        }
        List<JournalRecord> rows = replayed.stream()
                .flatMap(entry -> entry.records().stream())
                .filter(JournalRecord.ClusterRecord.class::isInstance)
                .toList();
        assertEquals(Set.of(kept, granted), Set.copyOf(rows));
    }

    @Test
    void messagesPublishedAndFreedWithinOneCheckpointLeaveNothing() throws Exception {
        AwaitingListener listener = new AwaitingListener();
        try (TieredStore store = store()) {
            open(store, listener, new ArrayList<>());
            for (int i = 0; i < 50; i++) {
                store.append(List.of(StoreFixtures.published(LANE, i, 1, "body " + i)));
            }
            store.append(List.of(new Settled(List.of(new Settlement(1, LANE, new long[] {0, 48}, true)))));
            commit(store, listener);
            checkpoint(store, listener);
            ReadResult found = read(store, new long[] {0, 48, 49}, new long[] {-1, -1, -1});
            assertNull(found.messages()[0]);
            assertNull(found.messages()[1]);
            assertEquals("body 49", body(found, 2));
        }
        List<JournalEntry> replayed = new ArrayList<>();
        try (TieredStore store = store()) {
            open(store, new AwaitingListener(), replayed);
        }
        List<JournalRecord> records =
                replayed.stream().flatMap(entry -> entry.records().stream()).toList();
        assertTrue(records.contains(new LaneRow(LANE, 50)), records.toString());
        PendingRow pending = (PendingRow) records.stream()
                .filter(PendingRow.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertEquals(1L << 49, pending.bits()[0]);
    }

    @Test
    void checkpointsComeByThemselves() {
        AwaitingListener listener = new AwaitingListener();
        StoreConfig often = config().withCheckpoint(50_000, Duration.ofHours(1));
        try (TieredStore store = new TieredStore(often, Clock.system())) {
            open(store, listener, new ArrayList<>());
            for (int i = 0; i < 500; i++) {
                store.append(List.of(StoreFixtures.published(LANE, i, 1, "body " + i)));
            }
            commit(store, listener);
            listener.awaitCheckpointed(store.endPosition());
        }
        StoreConfig inTime = config().withCheckpoint(Long.MAX_VALUE, Duration.ofMillis(300));
        AwaitingListener second = new AwaitingListener();
        try (TieredStore store = new TieredStore(inTime, Clock.system())) {
            open(store, second, new ArrayList<>());
            second.awaitCheckpointed(store.endPosition());
        }
    }

    @Test
    void aCheckpointIsDueByBytesOrByTimeButNeverForNothing() {
        assertTrue(Checkpointer.due(100, 100, 0, 50));
        assertTrue(Checkpointer.due(1, 100, 50, 50));
        assertFalse(Checkpointer.due(99, 100, 49, 50));
        assertFalse(Checkpointer.due(0, 100, Long.MAX_VALUE, 50));
    }

    @Test
    void aDamagedBodyIsCountedAndNeverDelivered() throws Exception {
        AwaitingListener listener = new AwaitingListener();
        try (TieredStore store = store()) {
            open(store, listener, new ArrayList<>());
            store.append(List.of(StoreFixtures.published(LANE, 0, 1, "REMARKABLE-BODY")));
            store.append(List.of(StoreFixtures.published(LANE, 1, 1, "sound")));
            commit(store, listener);
            checkpoint(store, listener);
        }
        flipByteOf("REMARKABLE-BODY");
        try (TieredStore store = store()) {
            open(store, new AwaitingListener(), new ArrayList<>());
            ReadResult found = read(store, new long[] {0, 1}, new long[] {-1, -1});
            assertNull(found.messages()[0]);
            assertEquals("sound", body(found, 1));
            assertTrue(store.damagedValues() > 0);
        }
    }

    @Test
    void aTruncatedLmdbFileIsRefused() throws IOException {
        AwaitingListener listener = new AwaitingListener();
        try (TieredStore store = store()) {
            open(store, listener, new ArrayList<>());
            for (int i = 0; i < 300; i++) {
                store.append(List.of(StoreFixtures.published(LANE, i, 1, "body " + i)));
            }
            commit(store, listener);
            checkpoint(store, listener);
        }
        try (FileChannel file = FileChannel.open(lmdbFile(), StandardOpenOption.WRITE)) {
            file.truncate(40_000);
        }
        try (TieredStore store = store()) {
            StoreException refused =
                    assertThrows(StoreException.class, () -> open(store, new AwaitingListener(), new ArrayList<>()));
            assertTrue(refused.getMessage().contains("is truncated"), refused.getMessage());
        }
    }

    @Test
    void aDirectoryThatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "x");
        try (TieredStore store = new TieredStore(StoreConfig.defaults(file), Clock.system())) {
            StoreException refused =
                    assertThrows(StoreException.class, () -> open(store, new AwaitingListener(), new ArrayList<>()));
            assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
        }
    }

    @Test
    void aClosedStoreSaysSo() {
        TieredStore store = store();
        open(store, new AwaitingListener(), new ArrayList<>());
        store.close();
        store.close();
        StoreException closed =
                assertThrows(StoreException.class, () -> store.append(List.of(new JournalRecord.ProducerClosed(1))));
        assertTrue(closed.getMessage().contains("is not open"), closed.getMessage());
    }

    /** Leaves bodies of ten bytes and more. */
    private static final StoreBounds LEAVING = new StoreBounds() {
        @Override
        public long foldTo(long durable) {
            return durable;
        }

        @Override
        public long keepFrom(long folded) {
            return folded;
        }

        @Override
        public MessagePlace left(long position, int size, int bodyBytes) {
            return bodyBytes < 10 ? null : new MessagePlace(position, 1, size);
        }
    };

    @Test
    void bodiesThatOthersHaveAreLeftInTheTables() throws Exception {
        AwaitingListener listener = new AwaitingListener();
        try (TieredStore store = store()) {
            store.replicate(LEAVING, 0);
            open(store, listener, new ArrayList<>());
            long first = store.append(List.of(StoreFixtures.published(LANE, 0, 1, "a body of some length")));
            store.append(List.of(StoreFixtures.published(LANE, 1, 1, "short")));
            commit(store, listener);
            checkpoint(store, listener);
            long later = store.append(List.of(StoreFixtures.published(LANE, 2, 1, "in the journal still")));
            commit(store, listener);
            long[] offsets = {0, 1, 2};
            long[] positions = {-1, -1, later};
            ReadResult heads = read(store, new ReadRequest(LANE, offsets, positions, new Origin[3], true));
            EncodedMessage head = heads.messages()[0];
            EncodedMessage whole = StoreFixtures.message("a body of some length");
            assertEquals(new MessagePlace(first, 1, whole.size()), head.place());
            assertEquals(whole.size(), head.size());
            assertEquals(whole.headLength(), head.heldBytes());
            assertEquals(whole.bodyLength(), head.bodyLength());
            assertEquals(whole.messageId(), head.messageId());
            assertThrows(IllegalStateException.class, head::body);
            assertThrows(IllegalStateException.class, head::bytes);
            assertEquals("short", body(heads, 1));
            assertEquals("in the journal still", body(heads, 2));
            assertEquals(StoreFixtures.RECEIVED_MS, heads.receivedMs()[0]);
            assertEquals(new ReadCounts(25, 21), store.readCounts());
            // Who needs the whole gets it.
            ReadResult all = read(store, offsets, positions);
            assertEquals("a body of some length", body(all, 0));
            assertEquals(new ReadCounts(25 + 46, 21), store.readCounts());
        }
    }

    private StoreConfig config() {
        return StoreConfig.defaults(dir).withSegmentBytes(64 << 10);
    }

    private TieredStore store() {
        return new TieredStore(config(), Clock.system());
    }

    private static long open(TieredStore store, AwaitingListener listener, List<JournalEntry> sink) {
        store.listener(listener);
        return store.recover(sink::add);
    }

    private static void commit(TieredStore store, AwaitingListener listener) {
        store.flush(true);
        listener.awaitCommitted(store.endPosition());
    }

    private static void checkpoint(TieredStore store, AwaitingListener listener) {
        store.requestCheckpoint();
        listener.awaitCheckpointed(store.endPosition());
    }

    private static ReadResult read(TieredStore store, long[] offsets, long[] positions) throws Exception {
        return read(store, offsets, positions, new Origin[offsets.length]);
    }

    private static ReadResult read(TieredStore store, long[] offsets, long[] positions, Origin[] origins)
            throws Exception {
        return read(store, new ReadRequest(LANE, offsets, positions, origins));
    }

    private static ReadResult read(TieredStore store, ReadRequest request) throws Exception {
        CompletableFuture<ReadResult> result = new CompletableFuture<>();
        store.read(request, result::complete);
        return result.get(20, TimeUnit.SECONDS);
    }

    private static String body(ReadResult result, int index) {
        assertNotNull(result.messages()[index], "nothing at " + index);
        return new String(result.messages()[index].body(), StandardCharsets.UTF_8);
    }

    private long segments() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".journal")).count();
        }
    }

    private Path lmdbFile() {
        return dir.resolve("lmdb").resolve("data.mdb");
    }

    private void flipByteOf(String text) throws IOException {
        byte[] bytes = Files.readAllBytes(lmdbFile());
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        int found = 0;
        for (int at = 0; at < bytes.length - wanted.length; at++) {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                bytes[at] ^= 1;
                found++;
            }
        }
        assertTrue(found > 0, "the text is not in the file");
        Files.write(lmdbFile(), bytes);
    }
}
