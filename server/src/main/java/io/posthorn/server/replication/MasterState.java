package io.posthorn.server.replication;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.MessagePlace;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.api.ReplicaFetchRequest;
import io.posthorn.protocol.api.ReplicaFetchResponse;
import io.posthorn.protocol.api.ReplicaHelloRequest;
import io.posthorn.protocol.api.ReplicaStatusResponse.Replica;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.JournalShipping;
import io.posthorn.server.store.JournalSlice;
import io.posthorn.server.store.ReadCounts;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.Reign;
import io.posthorn.server.store.ReplicableStore;
import io.posthorn.server.store.StoreBounds;
import io.posthorn.server.store.StoreException;
import io.posthorn.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role of a Master: ships the journal to its Slaves and keeps the commit position, between the store, which tells what is durable here,
 * and the broker, which is told what is committed. One thread of its own does the shipping; everything else may be called by any.
 *
 * <pre>
 * commit position   minInSync = 1   what is durable here
 *                   minInSync = n   the highest position that is durable here and on n − 1 Slaves
 * </pre>
 *
 * <p>It never moves back within a reign, and is never computed with fewer copies than were asked for.
 */
public final class MasterState implements CommitListener, StoreBounds, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MasterState.class);

    /** How often Slaves are looked at that say nothing. */
    private static final long LOOK_NS = 100_000_000L;

    /** A Master that nobody has heard of for so long finds out first whether it still is one. */
    private static final long TENURE_NS = 3_000_000_000L;

    /** Largest piece in one answer, bytes. */
    static final int SLICE_MAX_BYTES = 4 << 20;

    /** Smaller bodies are not worth a reference, which takes some eighty bytes on its ways, and a second look-up at the Slave. */
    static final int REFERENCE_BODY_MIN_BYTES = 256;

    private final ReplicableStore store;
    private final ReplicationConfig config;
    private final Clock clock;
    private final long patienceNs;
    private final Tenure tenure = new Tenure(TENURE_NS);

    private final SnapshotShelf shelf;

    private final Map<Long, ReplicaSession> replicas = new TreeMap<>();
    /** The Slave that takes read load. */
    private volatile ReadSuggestion.Slave readSlave = ReadSuggestion.Slave.NONE;
    /** Those of this Master's start, its own the last. */
    private volatile List<Reign> reigns = List.of();

    /** Who joins has to read this level: it is about to be written. Guarded by this. */
    private int raisedTo;

    private CommitListener downstream;

    private volatile boolean hasReplicas;
    private volatile int inSync = 1;
    private volatile long durable;
    private volatile long commit;
    private volatile boolean stopping;
    private volatile Thread shipper;

    /** @param store not open yet */
    public MasterState(ReplicableStore store, ReplicationConfig config, Clock clock) {
        this.store = store;
        this.config = config;
        this.clock = clock;
        this.patienceNs = config.patience().toNanos();
        this.shelf = new SnapshotShelf(store, config.dataDir(), clock);
    }

    ReplicationConfig config() {
        return config;
    }

    /** Who is told what is committed; before the store is recovered. */
    void downstream(CommitListener value) {
        downstream = value;
    }

    /** The store has been recovered. With Slaves to wait for, only what was folded is known to be committed. */
    void opened() {
        synchronized (this) {
            durable = Math.max(durable, store.shipping().durablePosition());
            reigns = List.copyOf(store.shipping().reigns());
            advance(needsReplicas() ? store.foldedPosition() : durable);
        }
        shelf.open();
        Thread thread = new Thread(this::ship, "posthorn-shipper");
        thread.setDaemon(true);
        shipper = thread;
        thread.start();
    }

    /** Whether this Master may still act as one. */
    public Tenure tenure() {
        return tenure;
    }

    /** Whether what is acknowledged has to be on other copies too. */
    public boolean needsReplicas() {
        return config.minInSync() > 1;
    }

    /** Everything before it is durable on as many copies as were asked for. */
    long commitPosition() {
        return commit;
    }

    /** How many copies are there and up to date, this one included. */
    int inSync() {
        return inSync;
    }

    /** Why new persistent work is refused, or null. */
    String refusal() {
        return inSync >= config.minInSync()
                ? null
                : "minInSyncReplicas=" + config.minInSync() + ", but only " + inSync + " of " + config.brokerName()
                        + " are in sync: start the missing Slaves, sending resumes by itself";
    }

    /** What to tell who has waited for replicas for too long; null when there are enough. */
    public String doubt() {
        String refusal = refusal();
        return refusal == null ? null : "it is in doubt whether this was kept: " + refusal;
    }

    /** How long an answer waits for replicas before it is given up, in ms. */
    public long patienceMs() {
        return config.patience().toMillis();
    }

    // ---- The store's events ----

    @Override
    public void written(long position) {
        if (hasReplicas) {
            LockSupport.unpark(shipper);
        }
    }

    @Override
    public void committed(long position) {
        if (!needsReplicas()) {
            durable = position;
            commit = position;
            downstream.committed(position);
            return;
        }
        synchronized (this) {
            durable = Math.max(durable, position);
            long nowNs = clock.monotonicNs();
            replicas.values().forEach(replica -> replica.compare(durable, nowNs));
            recompute();
        }
    }

    @Override
    public void failed(StoreException cause) {
        downstream.failed(cause);
    }

    @Override
    public void checkpointed(long position) {
        downstream.checkpointed(position);
    }

    @Override
    public long foldTo(long durableHere) {
        return needsReplicas() ? Math.min(durableHere, commit) : durableHere;
    }

    @Override
    public long keepFrom(long folded) {
        if (!hasReplicas) {
            return folded;
        }
        long keep = Math.min(folded, shelf.pinnedFrom());
        synchronized (this) {
            for (ReplicaSession replica : replicas.values()) {
                boolean within = replica.pinned
                        || store.shipping().bytesBetween(replica.durable, folded) <= config.journalRetainMaxBytes();
                if (replica.following && replica.durable < keep && within) {
                    keep = replica.durable;
                }
            }
        }
        return keep;
    }

    @Override
    public MessagePlace left(long position, int size, int bodyBytes) {
        if (bodyBytes < REFERENCE_BODY_MIN_BYTES
                || !ReadSuggestion.isForSlave(new ReadSuggestion.Read(position, durable, false), readSlave)) {
            return null;
        }
        long epoch = Reign.epochOf(position, reigns);
        // One that is older than all that is remembered cannot be named.
        return epoch == 0 ? null : new MessagePlace(position, epoch, size);
    }

    /** The format level that is written. */
    public int formatLevel() {
        return store.formatLevel();
    }

    /** The level that it may be raised to. */
    public int formatLevelMax() {
        return store.formatLevelMax();
    }

    /**
     * Why the format level cannot be raised now; null when it can, and then no Slave joins from now on that does not read the new level.
     */
    public synchronized String raiseRefusal(int level) {
        for (ReplicaSession replica : replicas.values()) {
            if (replica.connection != null && replica.formatLevelMax < level) {
                return "Slave " + replica.brokerId + " at " + replica.address + " reads format levels up to "
                        + replica.formatLevelMax + ", not " + level
                        + ": upgrade it, and start it without --format-level-max, before the upgrade is finalized";
            }
        }
        if (needsReplicas() && refusal() != null) {
            return refusal();
        }
        raisedTo = level;
        return null;
    }

    /** Up to where the tables hold the journal. */
    long foldedPosition() {
        return store.foldedPosition();
    }

    /** What clients had read from below memory. */
    ReadCounts readCounts() {
        return store.readCounts();
    }

    /** Whether there is, or may be, a Slave that could be promoted. */
    boolean isReplaceable() {
        return hasReplicas || needsReplicas() || config.hasGroup();
    }

    // ---- The Slaves' requests, on event loops ----

    /**
     * A Slave has come, or come back.
     *
     * @return null; or why it cannot follow, because it does not read the journal's format, in which case nothing has happened
     */
    synchronized String joined(ReplicaHelloRequest hello, FrameConnection connection) {
        int level = Math.max(raisedTo, store.formatLevel());
        if (hello.formatLevelMax() < level) {
            return "Slave " + hello.brokerId() + " at " + hello.address() + " reads format levels up to "
                    + hello.formatLevelMax() + ", but this Master writes level " + level
                    + ": upgrade it, and start it without --format-level-max";
        }
        ReplicaSession replica = replicas.computeIfAbsent(hello.brokerId(), ReplicaSession::new);
        if (replica.connection != null && replica.connection != connection) {
            replica.connection.close("the Slave has come on another connection");
        }
        replica.away();
        replica.address = hello.address();
        replica.connection = connection;
        replica.following = false;
        replica.mayBeRead = hello.mayBeRead();
        replica.formatLevelMax = hello.formatLevelMax();
        replica.heardNs = clock.monotonicNs();
        if (!hasReplicas) {
            hasReplicas = true;
            remember();
        }
        noteReadSlave(replica);
        count();
        return null;
    }

    /** From now on this broker has a group, also after a restart: it will look whether it was replaced. */
    private void remember() {
        RoleFile roles = new RoleFile(config.dataDir());
        if (roles.read() == null) {
            roles.write(RoleFile.State.master(config.minInSync()));
        }
    }

    /** It follows from here. */
    synchronized void follows(long brokerId, long from) {
        ReplicaSession replica = replicas.get(brokerId);
        replica.following = true;
        acknowledge(replica, from);
        LOG.info("Slave {} at {} follows from position {}", brokerId, replica.address, from);
    }

    /** Whether a connection is that of a Slave that follows. */
    synchronized boolean isFollowing(FrameConnection connection) {
        ReplicaSession replica = of(connection);
        return replica != null && replica.following;
    }

    /** Reads messages for clients. */
    void read(ReadRequest request, Consumer<ReadResult> done) {
        store.read(request, done);
    }

    /** The snapshot for Slaves that are too far behind. */
    SnapshotShelf shelf() {
        return shelf;
    }

    /** It takes a snapshot: the journal behind that is kept until it has caught up. Returns whether it is a Slave that has said hello. */
    synchronized boolean pins(FrameConnection connection) {
        ReplicaSession replica = of(connection);
        if (replica != null) {
            replica.pinned = true;
        }
        return replica != null;
    }

    /** It wants more: the answer comes now, or when there is some. */
    void fetch(FrameConnection from, Frame request, ReplicaFetchRequest wanted) {
        synchronized (this) {
            ReplicaSession replica = of(from);
            acknowledge(replica, wanted.durable());
            long deadlineNs = clock.monotonicNs() + TimeUnit.MILLISECONDS.toNanos(wanted.waitMs());
            replica.fetch = new ReplicaSession.Fetch(from, request, wanted, deadlineNs);
        }
        LockSupport.unpark(shipper);
    }

    /** It has made more durable. */
    synchronized void acknowledged(FrameConnection from, long position) {
        ReplicaSession replica = of(from);
        if (replica != null && replica.following) {
            acknowledge(replica, position);
        }
    }

    /** A connection is gone; perhaps a Slave's. */
    public void lost(FrameConnection connection) {
        if (!hasReplicas) {
            return;
        }
        synchronized (this) {
            ReplicaSession replica = of(connection);
            if (replica != null) {
                LOG.info("Slave {} at {} is gone, at position {}", replica.brokerId, replica.address, replica.durable);
                replica.away();
                noteReadSlave(replica);
                count();
            }
        }
    }

    /** Waits until every Slave that is there has the journal up to a position, or the time is up. Not on an event loop. */
    public void awaitShipped(long end, Duration limit) {
        long sinceNs = clock.monotonicNs();
        while (isAnyBehind(end) && clock.monotonicNs() - sinceNs < limit.toNanos()) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private synchronized boolean isAnyBehind(long end) {
        return replicas.values().stream().anyMatch(replica -> replica.connection != null && replica.durable < end);
    }

    /** The Slaves, for an operator. */
    synchronized List<Replica> report() {
        long nowNs = clock.monotonicNs();
        List<Replica> all = new ArrayList<>();
        for (ReplicaSession replica : replicas.values()) {
            long silentMs = Math.min(Replica.SILENT_MAX_MS, (nowNs - replica.heardNs) / 1_000_000);
            boolean counts = replica.isInSync(nowNs, patienceNs);
            all.add(new Replica(replica.brokerId, replica.address, replica.durable, counts, Math.max(0, silentMs)));
        }
        return all;
    }

    JournalShipping journal() {
        return store.shipping();
    }

    /** Ends the shipping; Slaves are not answered any more. */
    @Override
    public void close() {
        stopping = true;
        Thread running = shipper;
        if (running != null) {
            LockSupport.unpark(running);
            try {
                running.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        shelf.close();
    }

    private ReplicaSession of(FrameConnection connection) {
        for (ReplicaSession replica : replicas.values()) {
            if (replica.connection == connection) {
                return replica;
            }
        }
        return null;
    }

    private void acknowledge(ReplicaSession replica, long position) {
        long nowNs = clock.monotonicNs();
        replica.heardNs = nowNs;
        replica.durable = Math.max(replica.durable, position);
        replica.compare(durable, nowNs);
        noteReadSlave(replica);
        count();
        recompute();
    }

    /** Holding the lock: what readers are told of this Slave, if it is the one to be read. */
    private void noteReadSlave(ReplicaSession replica) {
        if (replica.brokerId == ReadSuggestion.SLAVE_ID) {
            boolean follows = replica.connection != null && replica.following;
            readSlave = new ReadSuggestion.Slave(follows, replica.mayBeRead, replica.durable);
        }
    }

    /** Holding the lock. */
    private void count() {
        long nowNs = clock.monotonicNs();
        int copies = 1;
        for (ReplicaSession replica : replicas.values()) {
            copies += replica.isInSync(nowNs, patienceNs) ? 1 : 0;
        }
        int before = inSync;
        inSync = copies;
        if (before != copies && needsReplicas()) {
            LOG.info("{} copies are in sync, minInSyncReplicas is {}", copies, config.minInSync());
        }
    }

    /** Holding the lock. */
    private void recompute() {
        if (!needsReplicas()) {
            return;
        }
        long[] positions = replicas.values().stream()
                .mapToLong(replica -> replica.following ? replica.durable : 0)
                .sorted()
                .toArray();
        int needed = config.minInSync() - 1;
        if (positions.length >= needed) {
            advance(Math.min(durable, positions[positions.length - needed]));
        }
    }

    private void advance(long position) {
        if (position > commit) {
            commit = position;
            downstream.committed(position);
        }
    }

    // ---- Shipping ----

    private void ship() {
        while (!stopping) {
            try {
                if (!shipRound()) {
                    LockSupport.parkNanos(this, LOOK_NS);
                }
            } catch (RuntimeException | Error failed) {
                // The loop's edge: without it nobody would be shipped anything any more.
                LOG.error("shipping the journal failed", failed);
                LockSupport.parkNanos(this, LOOK_NS);
            }
        }
    }

    /** Answers what can be answered; returns whether something was. */
    private boolean shipRound() {
        List<ReplicaSession.Fetch> waiting = new ArrayList<>(2);
        synchronized (this) {
            count();
            shelf.tidy();
            for (ReplicaSession replica : replicas.values()) {
                if (replica.fetch != null) {
                    waiting.add(replica.fetch);
                }
            }
        }
        boolean answered = false;
        for (ReplicaSession.Fetch fetch : waiting) {
            answered |= answer(fetch);
        }
        return answered;
    }

    private boolean answer(ReplicaSession.Fetch fetch) {
        JournalSlice slice;
        try {
            int max = Math.min(SLICE_MAX_BYTES, Math.max(1, fetch.wanted().maxBytes()));
            slice = store.shipping().slice(fetch.wanted().from(), max);
        } catch (StoreException gone) {
            done(fetch);
            Acceptor.refuse(fetch.from(), fetch.request(), ErrorCode.ILLEGAL_STATE, gone.getMessage());
            return true;
        }
        if (slice == null && clock.monotonicNs() < fetch.deadlineNs()) {
            return false;
        }
        done(fetch);
        ReplicaFetchResponse response = slice == null
                ? new ReplicaFetchResponse(0, 0, fetch.wanted().from(), commit, new byte[0])
                : new ReplicaFetchResponse(slice.base(), slice.previousEnd(), slice.from(), commit, slice.bytes());
        ByteBuf body = fetch.from().newBody(response.bytes().length + 48);
        response.encode(body);
        fetch.from().respond(fetch.request(), body);
        fetch.from().flush();
        return true;
    }

    private synchronized void done(ReplicaSession.Fetch fetch) {
        for (ReplicaSession replica : replicas.values()) {
            if (replica.fetch == fetch) {
                replica.fetch = null;
            }
        }
    }
}
