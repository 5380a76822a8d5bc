package io.posthorn.server.store.tools;

import io.posthorn.message.LargeBody;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.ModelState;
import io.posthorn.server.store.RandomHistory;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreFixtures;
import io.posthorn.server.store.tiered.AwaitingListener;
import io.posthorn.server.store.tiered.TieredStore;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * How the frozen store of version 1 was made: a history with records of all kinds, half of it in LMDB and half in the journal, backed up into one
 * file, with its state as text beside it. Not run by any build; a new format gets a new file.
 */
final class FrozenStore {

    private static final int ENTRIES = 700;

    private FrozenStore() {}

    /** Arguments: an empty scratch directory, and the directory for {@code store-v1.zip} and {@code store-v1.txt}. */
    public static void main(String[] args) throws IOException {
        Path scratch = Path.of(args[0]);
        Path data = scratch.resolve("data");
        ModelState model = new ModelState();
        RandomHistory history = new RandomHistory(new SplittableRandom(1), model);
        AwaitingListener listener = new AwaitingListener();
        StoreConfig config = StoreConfig.defaults(data)
                .withSegmentBytes(256 << 10)
                .withCheckpoint(1 << 30, Duration.ofHours(1))
                .withMapBytes(1 << 30)
                .withFormatLevelMax(FormatLevel.FIRST);
        try (TieredStore store = new TieredStore(config, Clock.system())) {
            store.listener(listener);
            long epoch = store.recover(entry -> {});
            append(store, epoch, history, model);
            appendLarge(store, epoch, model);
            store.flush(true);
            listener.awaitCommitted(store.endPosition());
            store.requestCheckpoint();
            listener.awaitCheckpointed(store.endPosition());
            append(store, epoch, history, model);
            store.flush(true);
            listener.awaitCommitted(store.endPosition());
        }
        Path backup = scratch.resolve("backup");
        new StoreBackup(data, backup, (what, done, total) -> {}, Clock.system()).run();
        Path target = Path.of(args[1]);
        Files.writeString(target.resolve("store-v1.txt"), model.text());
        zip(backup, target.resolve("store-v1.zip"));
    }

    private static void append(TieredStore store, long epoch, RandomHistory history, ModelState model) {
        for (int i = 0; i < ENTRIES; i++) {
            append(store, epoch, history.next(), model);
        }
    }

    private static void append(TieredStore store, long epoch, List<JournalRecord> records, ModelState model) {
        model.apply(new JournalEntry(store.append(records), epoch, records));
    }

    /** A message whose body lies elsewhere. */
    private static void appendLarge(TieredStore store, long epoch, ModelState model) {
        JournalRecord.SubscriptionCreated to = model.subscriptions.firstEntry().getValue();
        long lane = LaneId.of(to.destinationId(), 0, 4);
        LargeBody body = new LargeBody(3, lane, new long[] {0, 0});
        long offset = model.lanes.getOrDefault(lane, 0L);
        append(
                store,
                epoch,
                List.of(new JournalRecord.Published(
                        lane,
                        offset,
                        StoreFixtures.RECEIVED_MS,
                        0,
                        0,
                        new int[] {to.subscriptionId()},
                        StoreFixtures.message("").withLargeBody(body))),
                model);
    }

    private static void zip(Path dir, Path file) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(dir)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path each : files) {
                zip.putNextEntry(new ZipEntry(dir.relativize(each).toString().replace('\\', '/')));
                Files.copy(each, zip);
            }
        }
    }
}
