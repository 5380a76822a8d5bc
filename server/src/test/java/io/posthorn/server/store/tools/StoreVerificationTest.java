package io.posthorn.server.store.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.Finding;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ModelState;
import io.posthorn.server.store.RandomHistory;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.tiered.AwaitingListener;
import io.posthorn.server.store.tiered.TieredStore;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Verification finds what is planted: flipped bits anywhere, missing and shortened files. {@code -Dposthorn.flips=N} plants more bits, {@code
 * -Dposthorn.seed=N} the same again.
 */
class StoreVerificationTest {

    private static final int SEGMENT_BYTES = 64 << 10;
    private static final int ENTRIES_BEFORE = 3000;
    private static final int ENTRIES_BEHIND = 2500;
    private static final int PAGE_BYTES = 4096;

    @TempDir
    Path temp;

    private Path dir;
    private final long seed = Long.getLong("posthorn.seed", System.nanoTime());
    private final int flips = Integer.getInteger("posthorn.flips", 5);

    @BeforeEach
    void makeStore() {
        dir = temp.resolve("data");
        SplittableRandom random = new SplittableRandom(seed);
        ModelState model = new ModelState();
        RandomHistory history = new RandomHistory(random, model);
        AwaitingListener listener = new AwaitingListener();
        StoreConfig config = StoreConfig.defaults(dir)
                .withSegmentBytes(SEGMENT_BYTES)
                .withCheckpoint(1 << 30, Duration.ofHours(1))
                .withMapBytes(1 << 30);
        try (TieredStore store = new TieredStore(config, Clock.system())) {
            store.listener(listener);
            long epoch = store.recover(entry -> {});
            append(store, epoch, history, model, ENTRIES_BEFORE);
            listener.awaitCommitted(store.endPosition());
            store.requestCheckpoint();
            listener.awaitCheckpointed(store.endPosition());
            append(store, epoch, history, model, ENTRIES_BEHIND);
        }
    }

    @Test
    void aSoundStoreIsSound() {
        StoreVerification.Result result = verify(dir);
        assertEquals(List.of(), result.findings());
        assertTrue(result.rows() > 100, "rows: " + result.rows());
        assertTrue(result.end() > result.checkpoint() && result.checkpoint() > 0, result.toString());
        assertEquals(result, verify(dir), "and reading it changes nothing");
    }

    @Test
    void flippedBitsInTheJournalAreFound() throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        StoreVerification.Result sound = verify(dir);
        List<Path> segments = segments();
        for (int i = 0; i < flips; i++) {
            int index = random.nextInt(segments.size());
            boolean last = index == segments.size() - 1;
            Path segment = segments.get(index);
            long used = (last ? sound.end() : base(segments.get(index + 1))) - base(segment);
            int offset = random.nextInt((int) used + 64);
            StoreVerification.Result result = verifyFlipped(segment, offset, random.nextInt(8));
            // In the last batch before a stop damage cannot be told from a torn tail.
            boolean told = result.findings().stream().anyMatch(f -> f.where().startsWith(segment.toString()))
                    || last && result.end() < sound.end();
            assertTrue(told, name(i, segment, offset) + ": " + result);
        }
    }

    @Test
    void flippedBitsInLmdbAreFoundOrHarmless() throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        StoreVerification.Result sound = verify(dir);
        Path data = dir.resolve("lmdb").resolve("data.mdb");
        int used = usedBytes(data);
        for (int i = 0; i < flips; i++) {
            int offset = random.nextInt(used);
            StoreVerification.Result result = verifyFlipped(data, offset, random.nextInt(8));
            // Free pages and the gaps within pages hold nothing.
            assertTrue(!result.findings().isEmpty() || result.equals(sound), name(i, data, offset) + ": " + result);
        }
    }

    @Test
    void aTruncatedTableFileIsFound() throws IOException {
        Path data = dir.resolve("lmdb").resolve("data.mdb");
        try (FileChannel channel = FileChannel.open(data, StandardOpenOption.WRITE)) {
            channel.truncate(3L * PAGE_BYTES);
        }
        List<Finding> findings = verify(dir).findings();
        assertEquals(1, findings.size(), findings.toString());
        assertTrue(findings.get(0).what().contains("is truncated"), findings.toString());
    }

    @Test
    void aMissingSegmentIsFound() throws IOException {
        Files.delete(segments().get(1));
        List<Finding> findings = verify(dir).findings();
        assertTrue(findings.toString().contains("one is missing"), findings.toString());
    }

    @Test
    void aStoreInUseIsNotRead() {
        try (TieredStore store =
                new TieredStore(StoreConfig.defaults(dir).withSegmentBytes(SEGMENT_BYTES), Clock.system())) {
            store.listener(new AwaitingListener());
            store.recover(entry -> {});
            StoreException refused = assertThrows(StoreException.class, () -> verify(dir));
            assertTrue(refused.getMessage().contains("in use by another process"), refused.getMessage());
        }
    }

    @Test
    void whereThereIsNoStoreItSaysSo() {
        StoreException refused = assertThrows(StoreException.class, () -> verify(temp.resolve("nothing")));
        assertTrue(refused.getMessage().startsWith("there is no store in "), refused.getMessage());
        assertFalse(Files.exists(temp.resolve("nothing")));
    }

    private StoreVerification.Result verifyFlipped(Path file, int offset, int bit) throws IOException {
        byte[] before = read(file, offset, 1);
        write(file, offset, new byte[] {(byte) (before[0] ^ 1 << bit)});
        try {
            return verify(dir);
        } finally {
            write(file, offset, before);
        }
    }

    private static StoreVerification.Result verify(Path dataDir) {
        return new StoreVerification(dataDir, (what, done, total) -> {}, 30_000).run();
    }

    private String name(int flip, Path file, int offset) {
        return "seed " + seed + ", flip " + flip + " in " + file.getFileName() + " at " + offset;
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .sorted()
                    .toList();
        }
    }

    private static long base(Path segment) {
        return Long.parseLong(segment.getFileName().toString().substring(0, 16), 16);
    }

    /** Up to the last page in which there is anything. */
    private static int usedBytes(Path data) throws IOException {
        byte[] bytes = Files.readAllBytes(data);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return (end + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }

    private static byte[] read(Path file, long offset, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            channel.read(bytes, offset);
            return bytes.array();
        }
    }

    private static void write(Path file, long offset, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), offset);
        }
    }

    private static void append(TieredStore store, long epoch, RandomHistory history, ModelState model, int entries) {
        for (int i = 0; i < entries; i++) {
            List<JournalRecord> records = history.next();
            model.apply(new JournalEntry(store.append(records), epoch, records));
        }
        store.flush(true);
    }
}
