package io.posthorn.server.store.tiered;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.DestinationName;
import io.posthorn.server.store.BrowseRequest;
import io.posthorn.server.store.BrowseResult;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalSlice;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Settlement;
import io.posthorn.server.store.StoreBounds;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.StoreFixtures;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerStoreTest {

    private static final long LANE = LaneId.of(1, 0, 4);
    private static final int SEGMENT_BYTES = 8192;
    private static final long NOW_MS = StoreFixtures.RECEIVED_MS + 1000;

    @TempDir
    Path dir;

    private final AwaitingListener listener = new AwaitingListener();

    private TieredStore master() {
        TieredStore store = new TieredStore(
                StoreConfig.defaults(dir.resolve("master")).withSegmentBytes(SEGMENT_BYTES), Clock.system());
        store.listener(listener);
        return store;
    }

    private FollowerStore slave() {
        return new FollowerStore(
                StoreConfig.defaults(dir.resolve("slave")).withSegmentBytes(SEGMENT_BYTES), Clock.system());
    }

    private void append(TieredStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.append(List.of(StoreFixtures.published(LANE, i, 1, "body " + i)));
        }
        store.flush(true);
        listener.awaitCommitted(store.endPosition());
    }

    /** Ships everything, in pieces of random sizes. */
    private static void ship(TieredStore from, FollowerStore to, Random random) {
        while (true) {
            JournalSlice slice = from.shipping().slice(to.received(), 1 + random.nextInt(3000));
            if (slice == null) {
                break;
            }
            to.append(slice);
        }
        to.sync();
        to.commit(from.commitPosition());
    }

    @Test
    void aFollowedStoreIsTheMastersByteForByte() throws IOException {
        long seed = Long.getLong("posthorn.seed", Clock.system().monotonicNs());
        Random random = new Random(seed);
        List<JournalEntry> expected = new ArrayList<>();
        FollowerStore slave = slave();
        slave.open(-1);
        for (int reign = 0; reign < 3; reign++) {
            expected.clear();
            try (TieredStore master = master()) {
                master.recover(expected::add);
                append(master, reign * 100, reign * 100 + 100);
                ship(master, slave, random);
                assertEquals(master.endPosition(), slave.durable(), () -> "seed " + seed);
                assertEquals(master.shipping().reigns(), slave.reigns());
                FollowerStore.Sample sample = slave.sample();
                assertEquals(
                        Integer.toUnsignedLong(sample.crc()), master.shipping().sampleCrc(sample.from(), slave.end()));
            }
            slave.close();
            slave = slave();
            slave.open(-1);
        }
        slave.close();
        List<JournalEntry> there = new ArrayList<>();
        try (TieredStore promoted = new TieredStore(
                StoreConfig.defaults(dir.resolve("slave")).withSegmentBytes(SEGMENT_BYTES), Clock.system())) {
            promoted.listener(new AwaitingListener());
            assertEquals(4, promoted.recover(there::add));
        }
        expected.clear();
        try (TieredStore master = master()) {
            assertEquals(4, master.recover(expected::add));
        }
        assertEquals(expected.size(), there.size());
        // But for the epochs that both began just now.
        for (int i = 0; i < expected.size() - 1; i++) {
            assertEquals(expected.get(i).position(), there.get(i).position());
            StoreFixtures.assertSame(expected.get(i).records(), there.get(i).records());
        }
    }

    @Test
    void aPromotedStoreTakesTheEpochThatIsAskedFor() {
        try (TieredStore master = master()) {
            master.replicate(StoreBounds.NONE, 1000);
            assertEquals(1000, master.recover(entry -> {}));
        }
        assertEquals(1000, TieredStore.newestEpoch(dir.resolve("master")));
        try (TieredStore master = master()) {
            assertEquals(1001, master.recover(entry -> {}));
        }
    }

    @Test
    void whatIsCutIsCountedAndStaysAway() throws IOException {
        try (TieredStore master = master();
                FollowerStore slave = slave()) {
            master.recover(entry -> {});
            append(master, 0, 50);
            slave.open(-1);
            ship(master, slave, new Random(1));
            long common = slave.end();
            append(master, 50, 250);
            ship(master, slave, new Random(2));
            slave.commit(common);
            FollowerStore.Cut cut = slave.cutTo(common);
            assertEquals(200, cut.entries());
            assertEquals(200, cut.messages());
            assertEquals(common, slave.end());
        }
        try (FollowerStore slave = slave()) {
            slave.open(-1);
            FollowerStore.Sample sample = slave.sample();
            assertTrue(sample.from() < slave.end());
            assertTrue(slave.reigns().size() == 1);
        }
    }

    @Test
    void theBeginningOfAnEntryIsNotKept() throws IOException {
        try (TieredStore master = master();
                FollowerStore slave = slave()) {
            master.recover(entry -> {});
            append(master, 0, 1);
            slave.open(-1);
            JournalSlice whole = master.shipping().slice(0, 1 << 20);
            byte[] half = Arrays.copyOf(whole.bytes(), whole.bytes().length - 1);
            slave.append(new JournalSlice(whole.base(), whole.previousEnd(), whole.from(), half));
            slave.sync();
            assertEquals(whole.from() + half.length, slave.received());
            assertTrue(slave.end() < slave.received());
            assertEquals(slave.end(), slave.durable());
            slave.dropPartial();
            ship(master, slave, new Random(3));
            assertEquals(master.endPosition(), slave.durable());
            assertNull(master.shipping().slice(slave.received(), 100));
        }
    }

    @Test
    void aQueueIsBrowsedAsFarAsItIsCommitted() throws Exception {
        DestinationName queue = DestinationName.queue("orders");
        try (TieredStore master = master();
                FollowerStore slave = slave()) {
            master.recover(entry -> {});
            slave.open(-1);
            master.append(List.of(new JournalRecord.DestinationCreated(1, queue, 1, 0, Map.of())));
            master.append(List.of(new JournalRecord.SubscriptionCreated(1, 1, null, null, null, false, false)));
            append(master, 0, 30);
            master.append(List.of(StoreFixtures.published(LaneId.of(1, 0, 7), 0, 1, "urgent")));
            master.append(List.of(
                    new JournalRecord.Settled(List.of(new Settlement(1, LANE, new long[] {0, 4, 20, 20}, true)))));
            master.append(List.of(new JournalRecord.HandedOver(1, LANE, new long[] {5, 6})));
            master.append(List.of(new JournalRecord.Deferred(1, LANE, 6, NOW_MS + 1)));
            append(master, 30, 31);
            ship(master, slave, new Random(4));
            List<String> expected = new ArrayList<>(List.of("urgent", "body 5*1"));
            for (int i = 7; i < 31; i++) {
                if (i != 20) {
                    expected.add("body " + i);
                }
            }
            List<String> seen = new ArrayList<>();
            BrowseResult page = browse(slave, new BrowseRequest(queue, 9, 0, 10, 1 << 20, NOW_MS));
            while (true) {
                assertTrue(page.known());
                for (BrowseResult.Seen one : page.messages()) {
                    String text = new String(one.message().body(), StandardCharsets.UTF_8);
                    seen.add(one.count() == 0 ? text : text + "*" + one.count());
                }
                if (page.priority() < 0) {
                    break;
                }
                assertTrue(page.messages().size() <= 10);
                page = browse(slave, new BrowseRequest(queue, page.priority(), page.offset(), 10, 1 << 20, NOW_MS));
            }
            assertEquals(expected, seen);
            DestinationName other = DestinationName.queue("other");
            assertFalse(browse(slave, new BrowseRequest(other, 9, 0, 10, 1 << 20, NOW_MS))
                    .known());
        }
    }

    private static BrowseResult browse(FollowerStore slave, BrowseRequest request) throws Exception {
        CompletableFuture<BrowseResult> result = new CompletableFuture<>();
        slave.browse(request, result::complete);
        return result.get(20, TimeUnit.SECONDS);
    }

    @Test
    void damagedBytesAreRefused() throws IOException {
        try (TieredStore master = master();
                FollowerStore slave = slave()) {
            master.recover(entry -> {});
            append(master, 0, 5);
            slave.open(-1);
            JournalSlice slice = master.shipping().slice(0, 1 << 20);
            slice.bytes()[slice.bytes().length - 3] ^= 1;
            StoreException refused = assertThrows(StoreException.class, () -> slave.append(slice));
            assertTrue(refused.getMessage().contains("arrived damaged"), refused.getMessage());
            StoreException gap = assertThrows(
                    StoreException.class,
                    () -> slave.append(
                            new JournalSlice(slice.base(), slice.previousEnd(), slice.from() + 10_000, new byte[1])));
            assertTrue(gap.getMessage().contains("is next"), gap.getMessage());
        }
    }
}
