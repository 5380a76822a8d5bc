package io.posthorn.server.store.tiered;

import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.Committed;
import io.posthorn.server.store.JournalRecord.Due;
import io.posthorn.server.store.JournalRecord.Published;
import io.posthorn.server.store.JournalRecord.Scheduled;
import io.posthorn.server.store.JournalRecord.Staged;
import io.posthorn.server.store.JournalSource;
import io.posthorn.server.store.Placement;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.lmdb.DeepStore;
import io.posthorn.server.store.lmdb.StoredMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds messages that got their place after the checkpoint but whose bytes lie elsewhere: staged or scheduled before it, placed by a
 * record behind it. Rare (a transaction or a delay that spans a checkpoint, whose message is no longer in memory), hence
 * a scan of the journal's tail. One use, on a reader thread.
 */
final class TailSearch implements JournalSource.Visitor {

    private record Staging(long producerId, long txSequence, int index) {}

    private final JournalSource journal;
    private final DeepStore deep;
    private final long lane;
    private final Map<Long, Integer> wanted = new HashMap<>();
    private final Map<Staging, Long> stagedAt = new HashMap<>();
    private final Map<Long, Long> scheduledAt = new HashMap<>();
    private final StoredMessage[] found;

    /**
     * @param offsets of the lane
     * @param found   where results go, by index of the offset; only its null elements are looked for
     */
    TailSearch(JournalSource journal, DeepStore deep, long lane, long[] offsets, StoredMessage[] found) {
        this.journal = journal;
        this.deep = deep;
        this.lane = lane;
        this.found = found;
        for (int i = 0; i < offsets.length; i++) {
            if (found[i] == null) {
                wanted.put(offsets[i], i);
            }
        }
    }

    /** Looks through the journal from the checkpoint to its durable end. */
    void run(long from) {
        journal.scan(from, journal.durablePosition(), this);
    }

    @Override
    public void entry(long position, long end, long epoch, byte[] array, int from, int length) {
        List<JournalRecord> records = RecordCodec.decodeWithoutMessage(array, from, length);
        for (int i = 0; i < records.size(); i++) {
            look(records.get(i), position);
        }
    }

    private void look(JournalRecord record, long position) {
        if (record instanceof Published r && r.lane() == lane) {
            Integer at = wanted.get(r.offset());
            if (at != null) {
                found[at] = fromJournal(journal, position);
            }
        } else if (record instanceof Staged r) {
            stagedAt.put(new Staging(r.producerId(), r.txSequence(), r.index()), position);
        } else if (record instanceof Scheduled r) {
            scheduledAt.put(r.scheduleId(), position);
        } else if (record instanceof Committed r) {
            for (Placement placement : r.placements()) {
                Integer at = placement.lane() == lane ? wanted.get(placement.offset()) : null;
                if (at != null) {
                    found[at] = staged(new Staging(r.producerId(), r.txSequence(), placement.index()));
                }
            }
        } else if (record instanceof Due r && r.lane() == lane) {
            Integer at = wanted.get(r.offset());
            if (at != null) {
                Long known = scheduledAt.get(r.scheduleId());
                found[at] = known == null ? deep.scheduled(r.scheduleId()) : fromJournal(journal, known);
            }
        }
    }

    private StoredMessage staged(Staging key) {
        Long known = stagedAt.get(key);
        return known == null
                ? deep.staged(key.producerId(), key.txSequence(), key.index())
                : fromJournal(journal, known);
    }

    /** The message of the entry at a position, or null when none is there any more. */
    static StoredMessage fromJournal(JournalSource journal, long position) {
        StoredMessage[] found = {null};
        journal.read(position, (at, end, epoch, array, from, length) -> {
            for (JournalRecord record : RecordCodec.decode(array, from, length)) {
                if (RecordCodec.messageOf(record) != null) {
                    found[0] = new StoredMessage(RecordCodec.messageOf(record), RecordCodec.receivedMsOf(record), at);
                }
            }
        });
        return found[0];
    }
}
