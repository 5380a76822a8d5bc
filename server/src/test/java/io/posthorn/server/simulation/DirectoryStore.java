package io.posthorn.server.simulation;

import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.tiered.AwaitingListener;
import io.posthorn.server.store.tiered.TieredStore;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The broker's own store, in a directory: real segments, real checkpoints in LMDB, real recovery and reads. A crash takes a part of what was not
 * committed out of the last segment, and tears the entry there. Some begin at the first format level, and are raised after a crash.
 */
final class DirectoryStore implements SimulatedStore {

    private static final int SEGMENT_BYTES = 64 << 10;
    private static final int SEGMENT_HEADER_BYTES = 64;
    private static final String SEGMENT_SUFFIX = ".journal";
    private static final long READ_SECONDS = 20;

    private final Path dir;
    private final SplittableRandom random;
    /** Ends of entries that are not known to be durable. */
    private final List<Long> uncommitted = new ArrayList<>();

    private TieredStore store;
    private AwaitingListener listener;
    private long epoch;
    private boolean failed;

    /** The first start is that of a release which knows only the first format level. */
    private boolean isOld;

    DirectoryStore(Path dir, SplittableRandom random) {
        this.dir = dir;
        this.random = random;
        this.isOld = random.nextBoolean();
    }

    @Override
    public List<JournalEntry> recover() {
        List<JournalEntry> found = new ArrayList<>();
        listener = new AwaitingListener();
        StoreConfig config = StoreConfig.defaults(dir)
                .withSegmentBytes(SEGMENT_BYTES)
                .withCheckpoint(Long.MAX_VALUE, Duration.ofDays(1))
                .withFormatLevelMax(isOld ? FormatLevel.FIRST : FormatLevel.NEWEST);
        isOld = false;
        store = new TieredStore(config, Clock.system());
        store.listener(listener);
        epoch = store.recover(found::add);
        failed = false;
        if (store.formatLevel() < store.formatLevelMax() && random.nextBoolean()) {
            // It may be torn by the next crash, and is raised again then.
            found.add(append(List.of(new JournalRecord.LevelRaised(FormatLevel.NEWEST))));
        }
        return found;
    }

    @Override
    public int formatLevel() {
        return store.formatLevel();
    }

    @Override
    public JournalEntry append(List<JournalRecord> records) {
        long position = store.append(records);
        uncommitted.add(store.endPosition());
        return new JournalEntry(position, epoch, records);
    }

    @Override
    public long end() {
        return store.endPosition();
    }

    @Override
    public long committed() {
        return store.commitPosition();
    }

    @Override
    public void sync() {
        if (!failed && !uncommitted.isEmpty()) {
            store.flush(true);
            listener.awaitCommitted(store.endPosition());
            uncommitted.clear();
        }
    }

    @Override
    public void fail() {
        failed = true;
    }

    @Override
    public ReadResult read(ReadRequest request) {
        return answer(done -> store.read(request, done));
    }

    @Override
    public ScheduledResult readScheduled(ScheduledRequest request) {
        return answer(done -> store.readScheduled(request, done));
    }

    @Override
    public ExpiredResult readExpired(ExpiredRequest request) {
        return answer(done -> store.readExpired(request, done));
    }

    private static <R> R answer(Consumer<Consumer<R>> asking) {
        CompletableFuture<R> result = new CompletableFuture<>();
        asking.accept(result::complete);
        try {
            return result.get(READ_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public long checkpoint() {
        // So far it goes, and what is appended meanwhile is not there.
        long durable = store.commitPosition();
        store.requestCheckpoint();
        listener.awaitCheckpointed(durable);
        return durable;
    }

    @Override
    public long crash() {
        long committed = store.commitPosition();
        List<Long> ends = new ArrayList<>(List.of(committed));
        ends.addAll(uncommitted);
        uncommitted.clear();
        long end = store.endPosition();
        // It writes what it has, and the crash takes it back.
        store.close();
        Invariant.expect(listener.failures().isEmpty(), "the store failed: " + listener.failures());
        long left = ends.get(random.nextInt(ends.size()));
        try {
            return left < end ? tear(left, end) : end;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A segment is begun when the one before is durable, so only the last one is torn. */
    private long tear(long left, long end) throws IOException {
        Path segment;
        try (Stream<Path> files = Files.list(dir.resolve("journal"))) {
            segment = files.filter(file -> file.toString().endsWith(SEGMENT_SUFFIX))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
        String name = segment.getFileName().toString();
        long base = Long.parseLong(name.substring(0, name.length() - SEGMENT_SUFFIX.length()), 16);
        if (left < base) {
            return end;
        }
        byte[] rest = new byte[(int) (end - left)];
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = SEGMENT_HEADER_BYTES + left - base;
            readFully(channel, rest, at);
            // The first entry of the rest loses a byte at least; what is behind may have got there, or not.
            rest[random.nextInt(4)] ^= 1;
            for (int i = random.nextInt(rest.length); i < rest.length && random.nextBoolean(); i++) {
                rest[i] = 0;
            }
            channel.write(ByteBuffer.wrap(rest), at);
        }
        return left;
    }

    private static void readFully(FileChannel channel, byte[] bytes, long at) throws IOException {
        ByteBuffer into = ByteBuffer.wrap(bytes);
        while (into.hasRemaining() && channel.read(into, at + into.position()) >= 0) {}
    }

    @Override
    public void close() {
        store.close();
    }
}
