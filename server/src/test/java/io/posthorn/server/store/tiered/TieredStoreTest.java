package io.posthorn.server.store.tiered;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord.EpochStarted;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.StoreFixtures;
import io.posthorn.time.Clock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
            CompletableFuture<ReadResult> result = new CompletableFuture<>();
            store.read(new ReadRequest(LANE, new long[] {0}, new long[] {position}), result::complete);
            ReadResult read = result.get(10, TimeUnit.SECONDS);
            assertNotNull(read.messages()[0]);
            assertArrayEquals("cold".getBytes(), read.messages()[0].body());
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

    private TieredStore store() {
        return new TieredStore(StoreConfig.defaults(dir).withSegmentBytes(64 << 10), Clock.system());
    }

    private static long open(TieredStore store, AwaitingListener listener, List<JournalEntry> sink) {
        store.listener(listener);
        return store.recover(sink::add);
    }
}
