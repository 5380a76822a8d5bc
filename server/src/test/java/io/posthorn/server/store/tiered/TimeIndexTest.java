package io.posthorn.server.store.tiered;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.Due;
import io.posthorn.server.store.JournalRecord.Published;
import io.posthorn.server.store.JournalRecord.Scheduled;
import io.posthorn.server.store.JournalRecord.Settled;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import io.posthorn.server.store.Settlement;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreFixtures;
import io.posthorn.time.Clock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages by the time when they are due or expire, read from the tables. */
class TimeIndexTest {

    private static final long LANE = LaneId.of(1, 0, 4);
    private static final long RECEIVED_MS = StoreFixtures.RECEIVED_MS;

    @TempDir
    Path dir;

    private final List<JournalEntry> recovered = new ArrayList<>();
    private AwaitingListener listener;
    private TieredStore store;

    @BeforeEach
    void open() {
        recovered.clear();
        listener = new AwaitingListener();
        store = new TieredStore(StoreConfig.defaults(dir).withSegmentBytes(64 << 10), Clock.system());
        store.listener(listener);
        store.recover(recovered::add);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private long append(JournalRecord... records) {
        return store.append(List.of(records));
    }

    private void commit() {
        store.flush(true);
        listener.awaitCommitted(store.endPosition());
    }

    private void checkpoint() {
        commit();
        store.requestCheckpoint();
        listener.awaitCheckpointed(store.endPosition());
    }

    private static Scheduled scheduled(long id, long dueMs) {
        return new Scheduled(id, dueMs, RECEIVED_MS, 5, id, new int[] {1}, StoreFixtures.message("delayed " + id));
    }

    private static Published expiring(long offset, long afterMs) {
        MessageHead head = new MessageHead();
        head.destination(DestinationName.queue("orders"));
        head.timestampMs(50);
        head.expirationMs(50 + afterMs);
        return new Published(
                LANE, offset, RECEIVED_MS, 0, 0, new int[] {1}, EncodedMessage.encode(head, new byte[] {1}));
    }

    private static <T> T get(Consumer<Consumer<T>> asking) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        asking.accept(result::complete);
        return result.get(20, TimeUnit.SECONDS);
    }

    private ScheduledResult schedules(long afterMs, long afterId, long untilMs, int bytesMax) throws Exception {
        ScheduledRequest request = new ScheduledRequest(
                new long[0], new long[0], new JournalRecord.Postponed[0], afterMs, afterId, untilMs, bytesMax);
        return get(done -> store.readScheduled(request, done));
    }

    private ExpiredResult expired(ExpiredRequest request) throws Exception {
        return get(done -> store.readExpired(request, done));
    }

    private static List<Long> ids(ScheduledResult result) {
        return result.next().stream().map(Scheduled::scheduleId).toList();
    }

    @Test
    void schedulesAreFoundByTime() throws Exception {
        append(scheduled(1, 5_000));
        append(scheduled(2, 3_000));
        append(scheduled(3, 3_000));
        append(scheduled(4, 9_000));
        checkpoint();
        append(scheduled(5, 1_000));
        commit();
        // The last one is in the journal only.
        assertEquals(List.of(2L, 3L, 1L, 4L), ids(schedules(-1, 0, 10_000, 1 << 20)));
        ScheduledResult some = schedules(-1, 0, 8_000, 1);
        assertEquals(List.of(2L), ids(some));
        assertTrue(some.more());
        ScheduledResult rest = schedules(3_000, 2, 8_000, 1 << 20);
        assertEquals(List.of(3L, 1L), ids(rest));
        assertFalse(rest.more());
        assertEquals(3_000, rest.next().get(0).dueMs());
        assertEquals(RECEIVED_MS, rest.next().get(0).receivedMs());
        assertArrayEquals(new int[] {1}, rest.next().get(0).recipients());
    }

    @Test
    void oneIsFoundByNumberInJournalAndTables() throws Exception {
        long first = append(scheduled(1, 5_000));
        checkpoint();
        long second = append(scheduled(2, 6_000));
        commit();
        ScheduledRequest request = new ScheduledRequest(
                new long[] {1, 2, 3},
                new long[] {first, second, 0},
                new JournalRecord.Postponed[3],
                100_000,
                0,
                100_000,
                1 << 20);
        ScheduledResult found = get(done -> store.readScheduled(request, done));
        assertEquals(1, found.known()[0].scheduleId());
        assertEquals(2, found.known()[1].scheduleId());
        assertNull(found.known()[2]);
        assertEquals(List.of(), found.next());
    }

    @Test
    void recoveryEmitsTheNewestAndThoseThatTheTailPlaces() throws Exception {
        for (int id = 1; id <= 20; id++) {
            append(scheduled(id, 1_000L * id));
        }
        checkpoint();
        append(new Due(3, LANE, 0, new int[] {1}), new Due(4, -1, -1, new int[0]));
        commit();
        close();
        open();
        List<Long> emitted = new ArrayList<>();
        for (JournalEntry entry : recovered) {
            for (JournalRecord record : entry.records()) {
                if (record instanceof Scheduled scheduled) {
                    assertEquals(0, entry.position());
                    emitted.add(scheduled.scheduleId());
                } else if (record instanceof Due due) {
                    emitted.add(-due.scheduleId());
                }
            }
        }
        assertEquals(List.of(20L, 3L, 4L, -3L, -4L), emitted);
        checkpoint();
        assertEquals(18, schedules(-1, 0, 100_000, 1 << 20).next().size());
    }

    @Test
    void whatHasExpiredIsFoundUntilItIsFreed() throws Exception {
        append(expiring(0, 5_000));
        append(StoreFixtures.published(LANE, 1, 1, "for ever"));
        append(expiring(2, 3_000));
        append(expiring(3, 4_000));
        checkpoint();
        ExpiredRequest all = new ExpiredRequest(0, 0, -1, RECEIVED_MS + 4_500, 100);
        ExpiredResult found = expired(all);
        assertArrayEquals(new long[] {2, 3}, found.offsets());
        assertArrayEquals(new long[] {RECEIVED_MS + 3_000, RECEIVED_MS + 4_000}, found.timesMs());
        assertEquals(LANE, found.lanes()[0]);
        assertFalse(found.more());
        assertTrue(expired(new ExpiredRequest(0, 0, -1, RECEIVED_MS + 4_500, 1)).more());
        assertArrayEquals(
                new long[] {3},
                expired(new ExpiredRequest(RECEIVED_MS + 3_000, LANE, 2, RECEIVED_MS + 4_500, 9))
                        .offsets());
        append(new Settled(List.of(new Settlement(1, LANE, new long[] {1, 2}, true))));
        checkpoint();
        close();
        open();
        assertArrayEquals(new long[] {3}, expired(all).offsets());
        assertEquals(
                0,
                Arrays.stream(expired(new ExpiredRequest(0, 0, -1, 0, 9)).offsets())
                        .count());
    }
}
