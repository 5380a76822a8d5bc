package io.posthorn.server.store.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import io.posthorn.server.config.Setting;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalSlice;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.StoreFixtures;
import io.posthorn.server.store.lmdb.TableView;
import io.posthorn.server.store.tiered.AwaitingListener;
import io.posthorn.server.store.tiered.FollowerStore;
import io.posthorn.server.store.tiered.TieredStore;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which format level a store is written at, and who is refused. */
class FormatLevelTest {

    private static final int ENTRY_HEADER_BYTES = 28;
    private static final long NOW_MS = 1_750_000_000_000L;
    private static final List<JournalRecord> RAISED = List.of(new JournalRecord.LevelRaised(2));

    /** Where {@link #message} goes. */
    private static final List<JournalRecord> DESTINATION = List.of(
            new JournalRecord.DestinationCreated(1, DestinationName.queue("orders"), 1, NOW_MS, Map.of()),
            new JournalRecord.SubscriptionCreated(1, 1, null, null, null, false, false));

    /** The clock of all stores stands still. */
    private static final Clock CLOCK = new Clock() {
        @Override
        public long wallMs() {
            return NOW_MS;
        }

        @Override
        public long monotonicNs() {
            return Clock.system().monotonicNs();
        }
    };

    @TempDir
    Path temp;

    /** Of the store that is open. */
    private AwaitingListener listener;

    /** Opens, does something, closes. */
    private void with(Path data, int levelMax, Work work) {
        try (TieredStore store = new TieredStore(config(data, levelMax), CLOCK)) {
            listener = new AwaitingListener();
            store.listener(listener);
            store.recover(entry -> {});
            work.with(store);
        }
    }

    private interface Work {
        void with(TieredStore store);
    }

    private static StoreConfig config(Path data, int levelMax) {
        return StoreConfig.defaults(data).withMapBytes(1 << 30).withFormatLevelMax(levelMax);
    }

    private Path frozen() throws IOException {
        Path backup = temp.resolve("frozen");
        FrozenStoreTest.unzip("store-v1.zip", backup);
        Path data = temp.resolve("data");
        new StoreRestore(backup, null, data, (what, done, total) -> {}).run();
        return data;
    }

    /** Appends, and returns the payload as it lies in the journal. */
    private byte[] append(TieredStore store, List<JournalRecord> records) {
        long position = store.append(records);
        store.flush(true);
        listener.awaitCommitted(store.endPosition());
        JournalSlice slice = store.shipping().slice(position, (int) (store.endPosition() - position));
        return Arrays.copyOfRange(slice.bytes(), ENTRY_HEADER_BYTES, slice.bytes().length);
    }

    private static List<JournalRecord> message(int offset) {
        return List.of(StoreFixtures.published(LaneId.of(1, 0, 4), offset, 1, "body " + offset));
    }

    private void checkpoint(TieredStore store) {
        store.requestCheckpoint();
        listener.awaitCheckpointed(store.endPosition());
    }

    private static int levelOfTables(Path data) {
        try (TableView view = TableView.open(data)) {
            return view.formatLevel();
        }
    }

    private static void assertVersion1(List<JournalRecord> records, byte[] payload) {
        // StoreFixtures.text is the first version's encoding, which records-v1.hex has frozen.
        assertEquals(StoreFixtures.text(records), HexFormat.of().formatHex(payload));
    }

    private static void assertVersion2(List<JournalRecord> records, byte[] payload) {
        assertEquals(2, RecordCodec.version(payload, 0));
        assertEquals(NOW_MS, RecordCodec.timeMs(payload, 0, payload.length));
        StoreFixtures.assertSame(records, RecordCodec.decode(payload, 0, payload.length));
    }

    private void assertRefused(Path data) {
        StoreException asMaster =
                assertThrows(StoreException.class, () -> with(data, FormatLevel.FIRST, store -> {}), "as Master");
        StoreException asSlave = assertThrows(
                StoreException.class,
                () -> {
                    try (FollowerStore store = new FollowerStore(config(data, FormatLevel.FIRST), CLOCK)) {
                        store.open(-1);
                    }
                },
                "as Slave");
        for (StoreException refused : List.of(asMaster, asSlave)) {
            assertTrue(
                    refused.getMessage()
                            .contains("has format level 2, but this broker goes up to 1 (--format-level-max 1)"),
                    refused.getMessage());
        }
    }

    @Test
    void theFrozenStoreGoesOnInVersion1() throws IOException {
        Path data = frozen();
        for (int start = 0; start < 2; start++) {
            int offset = start;
            with(data, FormatLevel.NEWEST, store -> {
                assertEquals(FormatLevel.FIRST, store.formatLevel());
                assertVersion1(message(offset), append(store, message(offset)));
                checkpoint(store);
            });
            assertEquals(FormatLevel.FIRST, levelOfTables(data));
            assertEquals(FormatLevel.FIRST, statistics(data));
        }
    }

    @Test
    void theLevelStaysRaisedThroughRestartsAndCheckpoints() throws IOException {
        Path data = frozen();
        with(data, FormatLevel.NEWEST, store -> {
            assertVersion2(RAISED, append(store, RAISED));
            assertVersion2(message(0), append(store, message(0)));
            assertEquals(FormatLevel.NEWEST, store.formatLevel());
        });
        assertEquals(FormatLevel.FIRST, levelOfTables(data), "only the journal knows");
        assertEquals(FormatLevel.NEWEST, statistics(data));
        assertRefused(data);
        with(data, FormatLevel.NEWEST, store -> {
            assertVersion2(message(1), append(store, message(1)));
            checkpoint(store);
        });
        assertEquals(FormatLevel.NEWEST, levelOfTables(data));
        assertRefused(data);
        with(data, FormatLevel.NEWEST, store -> assertVersion2(message(2), append(store, message(2))));
    }

    @Test
    void aNewStoreBeginsAtTheNewestLevelAllowed() {
        assertEquals(String.valueOf(FormatLevel.NEWEST), Setting.FORMAT_LEVEL_MAX.defaultText());
        with(temp.resolve("new"), FormatLevel.NEWEST, store -> {
            assertEquals(FormatLevel.NEWEST, store.formatLevel());
            assertVersion2(message(0), append(store, message(0)));
        });
        Path old = temp.resolve("old");
        with(old, FormatLevel.FIRST, store -> {
            assertEquals(FormatLevel.FIRST, store.formatLevel());
            assertVersion1(message(0), append(store, message(0)));
            StoreException refused = assertThrows(StoreException.class, () -> store.append(RAISED));
            assertTrue(refused.getMessage().contains("--format-level-max"), refused.getMessage());
        });
        with(old, FormatLevel.NEWEST, store -> assertEquals(FormatLevel.FIRST, store.formatLevel()));
    }

    @Test
    void aSlaveIsAtTheLevelOfItsMaster() {
        Path master = temp.resolve("master");
        Path slave = temp.resolve("slave");
        try (FollowerStore follower = new FollowerStore(config(slave, FormatLevel.NEWEST), CLOCK)) {
            follower.open(-1);
            assertEquals(0, follower.formatLevel());
            with(master, FormatLevel.FIRST, store -> {
                append(store, message(0));
                ship(store, follower);
            });
            assertEquals(FormatLevel.FIRST, follower.formatLevel());
        }
        Path promoted = temp.resolve("promoted");
        copy(slave, promoted);
        with(promoted, FormatLevel.NEWEST, store -> assertVersion1(message(1), append(store, message(1))));

        try (FollowerStore follower = new FollowerStore(config(slave, FormatLevel.NEWEST), CLOCK)) {
            follower.open(-1);
            with(master, FormatLevel.NEWEST, store -> {
                append(store, RAISED);
                ship(store, follower);
            });
            assertEquals(FormatLevel.NEWEST, follower.formatLevel());
        }
        assertRefused(slave);
    }

    private static void ship(TieredStore from, FollowerStore to) {
        for (JournalSlice slice = from.shipping().slice(to.received(), 1 << 20);
                slice != null;
                slice = from.shipping().slice(to.received(), 1 << 20)) {
            to.append(slice);
        }
        to.sync();
        to.commit(from.commitPosition());
    }

    private static void copy(Path from, Path to) {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void snapshotsAndBackupsHaveTheLevel() {
        Path data = temp.resolve("data");
        Path tables = temp.resolve("tables");
        Path backup = temp.resolve("backup");
        with(data, FormatLevel.FIRST, store -> {
            append(store, DESTINATION);
            append(store, message(0));
        });
        with(data, FormatLevel.NEWEST, store -> {
            append(store, RAISED);
            checkpoint(store);
            tables.toFile().mkdirs();
            store.copyTables(tables);
        });
        assertEquals(FormatLevel.NEWEST, levelOfTables(tables));
        new StoreBackup(data, backup, (what, done, total) -> {}, CLOCK).run();
        Path restored = temp.resolve("restored");
        new StoreRestore(backup, null, restored, (what, done, total) -> {}).run();
        assertEquals(FormatLevel.NEWEST, statistics(restored));
        assertRefused(restored);
        StoreVerification.Result sound = new StoreVerification(restored, (what, done, total) -> {}, 30_000).run();
        assertEquals(List.of(), sound.findings());
    }

    private static int statistics(Path data) {
        return new StoreStatistics(data, (what, done, total) -> {}).run().formatLevel();
    }
}
