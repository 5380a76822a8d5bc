package io.posthorn.server.store.tools;

import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.Committed;
import io.posthorn.server.store.JournalRecord.DestinationCreated;
import io.posthorn.server.store.JournalRecord.Due;
import io.posthorn.server.store.JournalRecord.Published;
import io.posthorn.server.store.JournalRecord.Settled;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Placement;
import io.posthorn.server.store.Progress;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.SegmentInfo;
import io.posthorn.server.store.Settlement;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.journal.JournalVerification;
import io.posthorn.server.store.journal.JournalView;
import io.posthorn.server.store.lmdb.TableStats;
import io.posthorn.server.store.lmdb.TableView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what a store holds: in the tables as of the last checkpoint, and what the journal behind it adds. Also of a broker that is
 * running, in another process; then a checkpoint may come between the two, and the numbers are close, not exact. One thread.
 */
public final class StoreStatistics {

    private final Path dataDir;
    private final Progress progress;
    private final Map<Integer, Tail> tails = new TreeMap<>();
    private long tailBytes;
    private int level;

    public StoreStatistics(Path dataDir, Progress progress) {
        this.dataDir = dataDir;
        this.progress = progress;
    }

    /** What the journal behind the checkpoint holds for a destination. */
    private static final class Tail {
        private String name;
        private long placed;
        private long freed;
    }

    /**
     * A destination.
     *
     * @param messages   in the tables
     * @param bytes      of these
     * @param waits      deliveries to come of these: per subscription the messages it waits for
     * @param tailPlaced messages that came behind the checkpoint
     * @param tailFreed  messages that nobody waits for any more since the checkpoint
     */
    public record Destination(
            String name, long messages, long bytes, int subscriptions, long waits, long tailPlaced, long tailFreed) {}

    /**
     * The store.
     *
     * @param checkpoint position up to which the journal is in the tables
     * @param end        position just after the journal's last entry
     * @param tailBytes  of journal between the two
     * @param tableBytes of the LMDB file, as far as it is in use or was
     * @param formatLevel that is written, see {@link io.posthorn.server.store.FormatLevel}; 0 = nothing was written yet
     */
    public record Result(
            long checkpoint,
            long end,
            long tailBytes,
            long tableBytes,
            int formatLevel,
            List<SegmentInfo> segments,
            List<Destination> destinations) {}

    /** @throws StoreException if there is no store, or it is damaged where this looks */
    public Result run() {
        if (!Files.exists(dataDir.resolve("lmdb").resolve("data.mdb"))) {
            throw new StoreException("there is no store in " + dataDir);
        }
        try (TableView view = TableView.open(dataDir);
                JournalView journal = JournalView.open(dataDir, finding -> {
                    throw new StoreException(finding.where() + ": " + finding.what());
                })) {
            long checkpoint = view.position();
            level = view.formatLevel();
            Map<Integer, TableStats.Counts> counts = new TableStats(view, progress).run();
            long end = new JournalVerification(
                            journal,
                            finding -> {
                                throw new StoreException(finding.where() + ": " + finding.what());
                            },
                            note -> {},
                            progress)
                    .run((position, next, epoch, array, from, length) -> {
                        if (position >= checkpoint) {
                            tailBytes += next - position;
                            level = Math.max(level, RecordCodec.version(array, from));
                            RecordCodec.decodeWithoutMessage(array, from, length)
                                    .forEach(this::count);
                        }
                    });
            return new Result(
                    checkpoint, end, tailBytes, view.dataBytes(), level, journal.segments(), destinations(counts));
        }
    }

    private List<Destination> destinations(Map<Integer, TableStats.Counts> counts) {
        Map<Integer, Destination> all = new TreeMap<>();
        counts.forEach((id, c) ->
                all.put(id, new Destination(c.name(), c.messages(), c.bytes(), c.subscriptions(), c.waits(), 0, 0)));
        tails.forEach((id, tail) -> all.merge(
                id,
                new Destination(
                        tail.name == null ? "(destination " + id + ")" : tail.name,
                        0,
                        0,
                        0,
                        0,
                        tail.placed,
                        tail.freed),
                (in, behind) -> new Destination(
                        in.name(),
                        in.messages(),
                        in.bytes(),
                        in.subscriptions(),
                        in.waits(),
                        behind.tailPlaced(),
                        behind.tailFreed())));
        return List.copyOf(all.values());
    }

    private void count(JournalRecord record) {
        if (record instanceof Published published) {
            tail(published.lane()).placed++;
        } else if (record instanceof Committed committed) {
            for (Placement placement : committed.placements()) {
                tail(placement.lane()).placed++;
            }
            committed.settlements().forEach(this::count);
        } else if (record instanceof Due due && due.lane() >= 0) {
            tail(due.lane()).placed++;
        } else if (record instanceof Settled settled) {
            settled.settlements().forEach(this::count);
        } else if (record instanceof DestinationCreated created) {
            tails.computeIfAbsent(created.destinationId(), absent -> new Tail()).name =
                    created.name().toString();
        }
    }

    private void count(Settlement settlement) {
        if (settlement.frees()) {
            long[] ranges = settlement.ranges();
            for (int i = 0; i < ranges.length; i += 2) {
                tail(settlement.lane()).freed += ranges[i + 1] - ranges[i] + 1;
            }
        }
    }

    private Tail tail(long lane) {
        return tails.computeIfAbsent(LaneId.destinationId(lane), absent -> new Tail());
    }
}
