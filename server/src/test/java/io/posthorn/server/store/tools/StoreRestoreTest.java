package io.posthorn.server.store.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.Due;
import io.posthorn.server.store.JournalRecord.Scheduled;
import io.posthorn.server.store.ModelState;
import io.posthorn.server.store.RandomHistory;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup, a journal that goes on behind it, and damage at a random place: what is restored is the state before the damage, exactly. {@code
 * -Dposthorn.seed=N} does the same again.
 */
class StoreRestoreTest {

    private static final int SEGMENT_BYTES = 16 << 10;
    private static final int SEGMENT_HEADER_BYTES = 64;
    private static final int ENTRIES = 400;
    private static final int ENTRIES_IN_A_BATCH = 10;
    private static final long BEGAN_MS = 1_700_000_000_000L;
    private static final int MS_BETWEEN = 10;

    @TempDir
    Path temp;

    private final long seed = Long.getLong("posthorn.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    /** What was appended, in order, and where. */
    private final List<JournalEntry> entries = new ArrayList<>();

    private Path data;
    private Path backup;
    private long backupEnd;
    private long backupMs;
    private long checkpoint;

    /** The entry with index i is appended i times MS_BETWEEN behind BEGAN_MS. */
    private volatile long nowMs = BEGAN_MS;

    private final Clock clock = new Clock() {
        @Override
        public long wallMs() {
            return nowMs;
        }

        @Override
        public long monotonicNs() {
            return Clock.system().monotonicNs();
        }
    };

    @BeforeEach
    void makeStore() {
        makeStore(FormatLevel.NEWEST);
    }

    private void makeStore(int level) {
        data = temp.resolve("data");
        backup = temp.resolve("backup");
        ModelState model = new ModelState();
        RandomHistory history = new RandomHistory(random, model);
        AwaitingListener listener = new AwaitingListener();
        try (TieredStore store = open(data, level, listener, entries)) {
            entries.forEach(model::apply);
            append(store, listener, history, model);
            store.requestCheckpoint();
            listener.awaitCheckpointed(store.endPosition());
            checkpoint = store.endPosition();
            append(store, listener, history, model);
            backupMs = clock.wallMs();
            backupEnd = new StoreBackup(data, backup, (what, done, total) -> {}, clock)
                    .run()
                    .end();
            append(store, listener, history, model);
        }
    }

    @Test
    void theWholeJournalIsApplied() {
        StoreRestore.Result result = restore(backup, "restored");
        assertNull(result.damage(), this::seed);
        assertTrue(result.entries() >= ENTRIES && result.end() > backupEnd, result.toString());
        assertEquals(stateBefore(Long.MAX_VALUE), recovered("restored"), this::seed);
    }

    @Test
    void whatLiesBeforeDamageIsApplied() throws IOException {
        for (int i = 0; i < 5; i++) {
            JournalEntry damaged = entryBehind(backupEnd);
            String round = "restored-" + i; // the same entry may be chosen twice
            flip(damaged.position(), () -> {
                for (Path from : new Path[] {backup, null}) {
                    String name = round + (from == null ? "-alone" : "");
                    StoreRestore.Result result = restore(from, name);
                    assertEquals(damaged.position(), result.end(), this::seed);
                    assertNotNull(result.damage(), this::seed);
                    assertTrue(result.damage().contains("(position " + damaged.position() + ")"), result.damage());
                    assertEquals(stateBefore(damaged.position()), recovered(name), this::seed);
                }
            });
        }
    }

    /** Below the checkpoint, or the end of the backup, nothing of the other journal is needed. */
    @Test
    void damageBeforeWhatIsNeededDoesNotMatter() throws IOException {
        JournalEntry damaged = entryBehind(checkpoint);
        flip(damaged.position(), () -> {
            StoreRestore.Result result = restore(backup, "restored");
            boolean isNeeded = damaged.position() >= backupEnd;
            assertEquals(isNeeded, result.damage() != null, this::seed);
            assertEquals(
                    stateBefore(isNeeded ? damaged.position() : Long.MAX_VALUE), recovered("restored"), this::seed);
        });
    }

    @Test
    void aMissingSegmentEndsIt() throws IOException {
        List<Path> segments = segments();
        Path missing = segments.get(segments.size() - 2);
        Files.delete(missing);
        StoreRestore.Result result = restore(backup, "restored");
        assertNotNull(result.damage(), this::seed);
        assertEquals(base(missing), result.end(), this::seed);
        assertEquals(stateBefore(base(missing)), recovered("restored"), this::seed);
    }

    @Test
    void aJournalThatBeginsTooLateIsRefused() throws IOException {
        for (Path segment : segments()) {
            if (base(segment) <= backupEnd) {
                Files.delete(segment);
            }
        }
        StoreException refused = assertThrows(StoreException.class, () -> restore(backup, "restored"));
        assertTrue(refused.getMessage().contains("has let go of what lies between"), refused.getMessage());
    }

    @Test
    void theJournalIsAppliedUpToATime() {
        for (int i = 0; i < 5; i++) {
            int last = random.nextInt(entries.size());
            while (entries.get(last).position() < backupEnd) {
                last = random.nextInt(entries.size());
            }
            long untilMs = BEGAN_MS + (long) last * MS_BETWEEN + random.nextInt(MS_BETWEEN);
            String name = "restored-" + i;
            StoreRestore.Result result =
                    restoring(backup, name).until(Instant.ofEpochMilli(untilMs)).run();
            boolean isAll = last == entries.size() - 1;
            long end = isAll ? Long.MAX_VALUE : entries.get(last + 1).position();
            assertNull(result.damage(), this::seed);
            assertEquals(
                    isAll ? null : Instant.ofEpochMilli(BEGAN_MS + (last + 1L) * MS_BETWEEN),
                    result.leftOut(),
                    this::seed);
            assertEquals(stateBefore(end), recovered(name), this::seed);
        }
    }

    @Test
    void aTimeBeforeTheBackupOrWithoutOneIsRefused() {
        Instant early = Instant.ofEpochMilli(backupMs - 1);
        StoreException refused = assertThrows(
                StoreException.class,
                () -> restoring(backup, "restored").until(early).run());
        assertTrue(refused.getMessage().contains("take one from before"), refused.getMessage());
        StoreException alone = assertThrows(
                StoreException.class,
                () -> restoring(null, "restored").until(early).run());
        assertTrue(alone.getMessage().contains("takes a backup from before"), alone.getMessage());
        assertFalse(Files.exists(temp.resolve("restored")));
    }

    @Test
    void aJournalWithoutTimesIsAppliedAsAWholeOnly() throws IOException {
        clearStore();
        makeStore(FormatLevel.FIRST);
        StoreException refused = assertThrows(
                StoreException.class,
                () -> restoring(backup, "restored")
                        .until(Instant.ofEpochMilli(Long.MAX_VALUE / 2))
                        .run());
        assertTrue(refused.getMessage().contains("its format level was 1"), refused.getMessage());
        restore(backup, "whole");
        assertEquals(stateBefore(Long.MAX_VALUE), recovered("whole"), this::seed);
    }

    private void clearStore() throws IOException {
        entries.clear();
        for (Path gone : new Path[] {data, backup}) {
            try (Stream<Path> files = Files.walk(gone)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private StoreRestore restoring(Path from, String name) {
        return new StoreRestore(from, data, temp.resolve(name), (what, done, total) -> {});
    }

    private StoreRestore.Result restore(Path from, String name) {
        return restoring(from, name).run();
    }

    private String seed() {
        return "seed " + seed + " (-Dposthorn.seed)";
    }

    /** What a broker is told at its start, and the delayed messages that it would only ask for when their time comes. */
    private String recovered(String name) {
        List<JournalEntry> found = new ArrayList<>();
        ModelState model = new ModelState();
        try (TieredStore store = open(temp.resolve(name), FormatLevel.NEWEST, new AwaitingListener(), found)) {
            found.forEach(model::apply);
            Set<Long> told = new HashSet<>();
            for (JournalEntry entry : found) {
                for (JournalRecord record : entry.records()) {
                    if (record instanceof Scheduled scheduled) {
                        told.add(scheduled.scheduleId());
                    } else if (record instanceof Due due) {
                        told.add(due.scheduleId());
                    }
                }
            }
            for (Scheduled waiting : allScheduled(store)) {
                if (!told.contains(waiting.scheduleId())) {
                    model.waits(waiting, 0);
                }
            }
        }
        return model.text();
    }

    private static List<Scheduled> allScheduled(TieredStore store) {
        CompletableFuture<ScheduledResult> result = new CompletableFuture<>();
        store.readScheduled(
                new ScheduledRequest(
                        new long[0],
                        new long[0],
                        new JournalRecord.Postponed[0],
                        -1,
                        0,
                        Long.MAX_VALUE,
                        Integer.MAX_VALUE),
                result::complete);
        return result.join().next();
    }

    private String stateBefore(long position) {
        ModelState model = new ModelState();
        entries.stream().filter(entry -> entry.position() < position).forEach(model::apply);
        return model.text();
    }

    /** One that was durable when the last ones were written, so that it is no torn tail. */
    private JournalEntry entryBehind(long position) {
        List<JournalEntry> behind = entries.subList(0, entries.size() - 2 * ENTRIES_IN_A_BATCH).stream()
                .filter(entry -> entry.position() >= position)
                .toList();
        return behind.get(random.nextInt(behind.size()));
    }

    private TieredStore open(Path dir, int level, AwaitingListener listener, List<JournalEntry> sink) {
        StoreConfig config = StoreConfig.defaults(dir)
                .withSegmentBytes(SEGMENT_BYTES)
                .withCheckpoint(1 << 30, Duration.ofHours(1))
                .withMapBytes(1 << 30)
                .withFormatLevelMax(level);
        TieredStore store = new TieredStore(config, clock);
        store.listener(listener);
        store.recover(sink::add);
        return store;
    }

    private void append(TieredStore store, AwaitingListener listener, RandomHistory history, ModelState model) {
        for (int i = 1; i <= ENTRIES; i++) {
            List<JournalRecord> records = history.next();
            nowMs = BEGAN_MS + (long) entries.size() * MS_BETWEEN;
            JournalEntry entry = new JournalEntry(store.append(records), 1, records);
            model.apply(entry);
            entries.add(entry);
            if (i % ENTRIES_IN_A_BATCH == 0) {
                store.flush(true);
                listener.awaitCommitted(store.endPosition());
            }
        }
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .sorted()
                    .toList();
        }
    }

    private static long base(Path segment) {
        return Long.parseLong(segment.getFileName().toString().substring(0, 16), 16);
    }

    /** Flips a bit of the entry at a position, does something, and flips it back. */
    private void flip(long position, Runnable meanwhile) throws IOException {
        Path segment = segments().stream()
                .filter(each -> base(each) <= position)
                .reduce((a, b) -> b)
                .orElseThrow();
        long offset = SEGMENT_HEADER_BYTES + position - base(segment) + 8;
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(1);
            channel.read(bytes, offset);
            bytes.put(0, (byte) (bytes.get(0) ^ 1));
            channel.write(bytes.rewind(), offset);
            meanwhile.run();
            bytes.put(0, (byte) (bytes.get(0) ^ 1));
            channel.write(bytes.rewind(), offset);
        }
    }
}
