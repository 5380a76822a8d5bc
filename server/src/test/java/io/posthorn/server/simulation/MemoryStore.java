package io.posthorn.server.simulation;

import io.posthorn.server.simulation.SimulatedLog.Block;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import io.posthorn.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A journal on one simulated disk. */
final class MemoryStore implements SimulatedStore {

    private static final int CAME_DURING_SYNC_MAX = 3;

    private final SplittableRandom random;
    private final Clock clock;
    private final SimulatedLog log = new SimulatedLog();
    private final EntryIndex index = new EntryIndex();
    private long epoch;
    private boolean failed;

    MemoryStore(SplittableRandom random, Clock clock) {
        this.random = random;
        this.clock = clock;
    }

    @Override
    public List<JournalEntry> recover() {
        List<JournalEntry> found = new ArrayList<>();
        index.clear();
        log.recover().forEach(block -> found.add(index.decode(block)));
        failed = false;
        epoch++;
        found.add(append(log.nextBase(), List.of(new JournalRecord.EpochStarted(epoch, clock.wallMs()))));
        log.sync(0);
        return found;
    }

    @Override
    public JournalEntry append(List<JournalRecord> records) {
        return append(log.end(), records);
    }

    private JournalEntry append(long position, List<JournalRecord> records) {
        Block block = index.encode(position, epoch, records);
        log.append(block);
        return new JournalEntry(position, epoch, records);
    }

    @Override
    public long end() {
        return log.end();
    }

    @Override
    public long committed() {
        return log.durable();
    }

    @Override
    public void sync() {
        if (!failed) {
            log.sync(random.nextBoolean() ? 0 : random.nextInt(CAME_DURING_SYNC_MAX + 1));
        }
    }

    @Override
    public void fail() {
        failed = true;
    }

    @Override
    public ScheduledResult readScheduled(ScheduledRequest request) {
        return index.readScheduled(request);
    }

    @Override
    public ExpiredResult readExpired(ExpiredRequest request) {
        return EntryIndex.NOTHING_EXPIRES;
    }

    @Override
    public ReadResult read(ReadRequest request) {
        return index.read(request);
    }

    /** Everything stays in this journal, but the heart is told that some of it lies elsewhere. */
    @Override
    public long checkpoint() {
        return Math.max(0, committed() - random.nextInt(200));
    }

    @Override
    public long crash() {
        return log.crash(random);
    }

    @Override
    public void close() {
        index.clear();
    }
}
