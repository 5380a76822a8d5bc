package io.posthorn.server.replication;

import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.ReplicableStore;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import io.posthorn.server.store.SpillSpace;
import io.posthorn.server.store.Store;
import java.util.List;
import java.util.function.Consumer;

/**
 * The store as a Master's broker sees it: the same, but what is committed is decided by the {@link MasterState}, and messages are refused while
 * copies are missing. What settles messages is taken, so that consumers go on with what is committed.
 */
public final class ReplicatedStore implements Store {

    private final ReplicableStore store;
    private final MasterState master;

    /** @param minEpoch lowest epoch of the reign that {@link #recover} begins */
    public ReplicatedStore(ReplicableStore store, MasterState master, long minEpoch) {
        this.store = store;
        this.master = master;
        store.replicate(master, minEpoch);
    }

    @Override
    public long recover(Consumer<JournalEntry> sink) {
        long epoch = store.recover(sink);
        master.opened();
        return epoch;
    }

    @Override
    public void listener(CommitListener listener) {
        master.downstream(listener);
        store.listener(master);
    }

    @Override
    public long append(List<JournalRecord> records) {
        if (master.needsReplicas() && bearsMessage(records)) {
            String refusal = master.refusal();
            if (refusal != null) {
                throw new NotEnoughReplicasException(refusal);
            }
        }
        return store.append(records);
    }

    @Override
    public boolean overloaded() {
        return store.overloaded();
    }

    @Override
    public long endPosition() {
        return store.endPosition();
    }

    @Override
    public long commitPosition() {
        return master.commitPosition();
    }

    @Override
    public void flush(boolean urgent) {
        store.flush(urgent);
    }

    @Override
    public void seal() {
        store.seal();
    }

    @Override
    public void flushSealed() {
        store.flushSealed();
    }

    @Override
    public void read(ReadRequest request, Consumer<ReadResult> done) {
        store.read(request, done);
    }

    @Override
    public void readScheduled(ScheduledRequest request, Consumer<ScheduledResult> done) {
        store.readScheduled(request, done);
    }

    @Override
    public void readExpired(ExpiredRequest request, Consumer<ExpiredResult> done) {
        store.readExpired(request, done);
    }

    @Override
    public SpillSpace spillSpace(long bytesMax, SpillSpace.Listener answers) {
        return store.spillSpace(bytesMax, answers);
    }

    @Override
    public void close() {
        master.close();
        store.close();
    }

    /** Dead letters are moved all the same: what they take is given back where they come from. */
    private static boolean bearsMessage(List<JournalRecord> records) {
        boolean bears = false;
        for (int i = 0; i < records.size(); i++) {
            JournalRecord record = records.get(i);
            if (record instanceof JournalRecord.Published published) {
                bears |= published.producerId() != 0;
            } else {
                bears |= record instanceof JournalRecord.Staged || record instanceof JournalRecord.Scheduled;
            }
        }
        return bears;
    }
}
