package io.posthorn.server.store.lmdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.posthorn.server.store.Finding;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ModelState;
import io.posthorn.server.store.RandomHistory;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.journal.Journal;
import io.posthorn.server.store.journal.JournalVerification;
import io.posthorn.server.store.journal.JournalView;
import io.posthorn.server.store.tiered.AwaitingListener;
import io.posthorn.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is journalled, and wherever checkpoints are made or break off: the snapshot plus the journal's tail is the same state as all
 * records from the beginning, and every pending message can be read.
 */
class CheckpointEquivalenceTest {

    private static final int HISTORIES = 24;
    private static final int STEPS = 900;

    @TempDir
    Path temp;

    @TestFactory
    List<DynamicTest> recoveredStateEqualsReplayedState() {
        return new SplittableRandom(20_261_122)
                .longs(HISTORIES)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(seed)))
                .toList();
    }

    private void run(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Path dir = Files.createDirectory(temp.resolve(Long.toHexString(seed)));
        ModelState model = new ModelState();
        RandomHistory history = new RandomHistory(random, model);
        int steps = 0;
        while (steps < STEPS) {
            int until = steps + 1 + random.nextInt(STEPS / 3);
            try (Opened opened = new Opened(dir, random, "seed " + seed)) {
                assertSame(model, opened.recovered, "seed " + seed + " after " + steps + " entries");
                while (steps < until) {
                    steps++;
                    List<JournalRecord> records = history.next();
                    long position = opened.journal.append(records);
                    model.apply(new JournalEntry(position, opened.epoch, records));
                    if (random.nextInt(60) == 0) {
                        opened.checkpoint(random);
                        opened.checkMessages(model);
                    }
                }
            }
            assertSound(dir, "seed " + seed + " after " + steps + " entries");
        }
        try (Opened opened = new Opened(dir, random, "seed " + seed)) {
            assertSame(model, opened.recovered, "seed " + seed + " at the end");
            opened.checkpointAll();
            opened.checkMessages(model);
            opened.checkNothingElse(model);
        }
    }

    /** What {@code store verify} reads. */
    private static void assertSound(Path dir, String name) {
        List<Finding> findings = new ArrayList<>();
        TableVerification tables = new TableVerification(findings::add, (what, done, total) -> {});
        try (JournalView journal = JournalView.open(dir, findings::add);
                TableView view = TableView.open(dir)) {
            JournalVerification entries =
                    new JournalVerification(journal, findings::add, note -> {}, (what, done, total) -> {});
            entries.run((position, end, epoch, array, from, length) ->
                    RecordCodec.decode(array, from, length).forEach(tables::tail));
            entries.checkReplay(view.position());
            tables.run(view);
        }
        assertEquals(List.of(), findings, name);
    }

    /** Shows the lines that differ, for the whole state is long. */
    private static void assertSame(ModelState expected, ModelState actual, String name) {
        Set<String> missing = new LinkedHashSet<>(expected.text().lines().toList());
        Set<String> surplus = new LinkedHashSet<>(actual.text().lines().toList());
        Set<String> common = new LinkedHashSet<>(missing);
        common.retainAll(surplus);
        missing.removeAll(common);
        surplus.removeAll(common);
        assertEquals(missing, surplus, name);
    }

    /** One run of a store: journal and tables, put together as the broker's store does. */
    private static final class Opened implements AutoCloseable {

        private final String name;
        private final AwaitingListener listener = new AwaitingListener();
        private final DeepStore deep;
        private final Journal journal;
        private final ModelState recovered = new ModelState();
        private final long epoch;

        Opened(Path dir, SplittableRandom random, String name) {
            this.name = name;
            StoreConfig config = StoreConfig.defaults(dir).withSegmentBytes(16 << 10);
            Checkpoint.Limits limits = new Checkpoint.Limits(1 + random.nextInt(6000), 1 + random.nextInt(60));
            deep = new DeepStore(dir, 1L << 30, limits);
            deep.open();
            deep.snapshot(recovered::apply);
            journal = new Journal(config, Clock.system(), listener);
            long[] newest = {deep.epoch()};
            journal.recover(deep.position(), (position, end, writtenIn, array, from, length) -> {
                newest[0] = Math.max(newest[0], writtenIn);
                recovered.apply(new JournalEntry(position, writtenIn, RecordCodec.decode(array, from, length)));
            });
            epoch = newest[0] + 1;
            journal.beginEpoch(epoch, List.of(new JournalRecord.EpochStarted(epoch, 1)));
        }

        /** One that runs to the end, or breaks off between two transactions as a killed process would. */
        void checkpoint(SplittableRandom random) {
            flush();
            int transactions = random.nextInt(3) == 0 ? random.nextInt(6) : Integer.MAX_VALUE;
            int[] done = {0};
            long before = deep.position();
            long reached = deep.fold(journal, journal.durablePosition(), position -> ++done[0] < transactions);
            assertEquals(reached, deep.position());
            if (reached > before) {
                journal.release(reached);
            }
        }

        void checkpointAll() {
            flush();
            assertEquals(journal.endPosition(), deep.fold(journal, journal.durablePosition(), position -> true));
        }

        /** Every pending message placed before the checkpoint can be read. */
        void checkMessages(ModelState model) {
            for (ModelState.Waiting waiting : model.pending) {
                ModelState.Place place = new ModelState.Place(waiting.lane(), waiting.offset());
                if (model.placedAt.get(place) >= deep.position()) {
                    continue;
                }
                StoredMessage found = deep.message(place.lane(), place.offset());
                assertNotNull(found, name + ": nothing stored for " + waiting);
                assertEquals(model.bodies.get(place), new String(found.message().body(), StandardCharsets.UTF_8), name);
                assertEquals(model.positions.get(place), found.position(), name);
            }
        }

        /** Freed messages are gone, when everything is folded. */
        void checkNothingElse(ModelState model) {
            for (ModelState.Place place : model.bodies.keySet()) {
                boolean wanted = model.subscriptions.keySet().stream()
                        .anyMatch(
                                id -> model.pending.contains(new ModelState.Waiting(id, place.lane(), place.offset())));
                if (!wanted) {
                    assertNull(deep.message(place.lane(), place.offset()), name + ": " + place + " is still stored");
                }
            }
            assertEquals(0, deep.damagedValues());
        }

        private void flush() {
            journal.flush(true);
            listener.awaitCommitted(journal.endPosition());
        }

        @Override
        public void close() {
            journal.close();
            deep.close();
        }
    }
}
