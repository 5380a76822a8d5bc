package io.posthorn.server.store.tiered;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.DiskLimits;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.StoreFixtures;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While a backup runs, no segment goes. */
class BackupPinTest {

    @TempDir
    Path dir;

    private final AwaitingListener listener = new AwaitingListener();

    @Test
    void itIsTakenUntilItIsClosed() {
        assertFalse(BackupPin.isTaken(dir), "no backup has ever run");
        try (BackupPin pin = BackupPin.take(dir)) {
            assertTrue(BackupPin.isTaken(dir), () -> "taken by " + pin);
        }
        assertFalse(BackupPin.isTaken(dir));
    }

    @Test
    void thePinHasABoundAndTheBackupIsTold() throws Exception {
        StoreConfig config = StoreConfig.defaults(dir)
                .withSegmentBytes(64 << 10)
                .withCheckpoint(1 << 30, Duration.ofHours(1))
                .withDisk(new DiskLimits(100, 0, 100_000))
                .withMapBytes(1 << 30);
        try (TieredStore store = new TieredStore(config, Clock.system());
                BackupPin pin = BackupPin.take(dir)) {
            store.listener(listener);
            store.recover(entry -> {});
            for (int i = 0; i < 2000; i++) {
                store.append(List.of(StoreFixtures.published(LaneId.of(1, 0, 4), i, 1, "body " + i)));
            }
            pin.requireHeld();
            checkpoint(store);
            checkpoint(store);
            assertTrue(segments() <= 2, "segments left: " + segments());
            StoreException aborted = assertThrows(StoreException.class, pin::requireHeld);
            assertTrue(aborted.getMessage().contains("journalRetainMaxBytes=100000 is reached"), aborted.getMessage());
        }
        try (BackupPin next = BackupPin.take(dir)) {
            next.requireHeld();
        }
    }

    @Test
    void pinnedSegmentsStay() throws Exception {
        StoreConfig config = StoreConfig.defaults(dir)
                .withSegmentBytes(64 << 10)
                .withCheckpoint(1 << 30, Duration.ofHours(1))
                .withMapBytes(1 << 30);
        try (TieredStore store = new TieredStore(config, Clock.system())) {
            store.listener(listener);
            store.recover(entry -> {});
            BackupPin pin = BackupPin.take(dir);
            for (int i = 0; i < 2000; i++) {
                store.append(List.of(StoreFixtures.published(LaneId.of(1, 0, 4), i, 1, "body " + i)));
            }
            checkpoint(store);
            long before = segments();
            assertTrue(before >= 4, "2000 entries take several segments of 64 KiB, not " + before);
            // Segments go after the report; a second checkpoint begins only when they would be gone.
            checkpoint(store);
            assertEquals(before, segments());
            pin.close();
            checkpoint(store);
            checkpoint(store);
            assertTrue(segments() <= 2, "segments left: " + segments());
        }
    }

    private void checkpoint(TieredStore store) {
        store.append(List.of(new JournalRecord.ProducerClosed(1)));
        store.flush(true);
        listener.awaitCommitted(store.endPosition());
        store.requestCheckpoint();
        listener.awaitCheckpointed(store.endPosition());
    }

    private long segments() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".journal")).count();
        }
    }
}
