package io.posthorn.server.replication;

import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.VersionRange;
import io.posthorn.protocol.api.BrowseCommittedRequest;
import io.posthorn.protocol.api.PromoteRequest;
import io.posthorn.protocol.api.ReplicaAckCommand;
import io.posthorn.protocol.api.ReplicaFetchRequest;
import io.posthorn.protocol.api.ReplicaFetchResponse;
import io.posthorn.protocol.api.ReplicaHelloRequest;
import io.posthorn.protocol.api.ReplicaHelloResponse;
import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.remote.DirectLink;
import io.posthorn.provider.remote.RemoteCluster;
import io.posthorn.server.store.BrowseRequest;
import io.posthorn.server.store.BrowseResult;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.JournalSlice;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.tiered.FollowerStore;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role of a Slave: a thread that finds the Master through the NameServers, agrees with it on what both have, and then appends, syncs and
 * confirms what comes. It begins anew after every failure but one of the disk.
 *
 * <p>{@link #start} and {@link #close} by one owner; the rest by any thread.
 */
public final class SlaveState implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlaveState.class);

    private static final int FETCH_MAX_BYTES = 1 << 20;
    private static final int FETCH_WAIT_MS = 500;
    private static final int BROWSE_MAX_MESSAGES = 1_000;
    private static final int BROWSE_MAX_BYTES = 4 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_NS = 300_000_000L;

    /** A Master that says no so often will not think better of it soon: it takes an operator. */
    private static final int REFUSALS_QUICK = 10;

    private static final long REFUSED_PAUSE_NS = 3_000_000_000L;

    private final StoreConfig files;
    private final ReplicationConfig config;
    private final RoleFile roles;
    private final SnapshotInstall install;
    private final SnapshotFetch snapshots;
    private final Clock clock;

    private volatile RoleFile.State role;
    private volatile FollowerStore store;
    private volatile String address = "";
    private volatile String following = "";
    private volatile String doing = "starting";
    private volatile String lately = "";
    private volatile DirectLink link;
    private volatile boolean stopping;
    private volatile long masterEpoch;

    /** How often a Master has refused the hello since one accepted it; of the thread. */
    private int refusals;

    private Thread thread;

    /** @param role what the broker is now */
    public SlaveState(StoreConfig files, ReplicationConfig config, RoleFile.State role, Clock clock) {
        this.files = files;
        this.config = config;
        this.roles = new RoleFile(config.dataDir());
        this.role = role;
        this.install = new SnapshotInstall(config.dataDir());
        this.snapshots = new SnapshotFetch(install, clock, text -> doing = text);
        this.clock = clock;
    }

    /**
     * Opens the store and begins to look for the Master.
     *
     * @param ownAddress {@code host:port} of this broker
     */
    public void start(String ownAddress) {
        address = ownAddress;
        openStore();
        startFollowing();
    }

    private void startFollowing() {
        stopping = false;
        thread = new Thread(this::run, "posthorn-slave");
        thread.setDaemon(true);
        thread.start();
    }

    /** Opens the store; before {@link #start}, by which it is done otherwise. */
    private void openStore() {
        role = install.install(roles, role);
        FollowerStore opened = new FollowerStore(files, clock);
        try {
            opened.open(role.journalFrom());
        } catch (RuntimeException failed) {
            opened.close();
            throw failed;
        }
        store = opened;
    }

    public long brokerId() {
        return role.brokerId();
    }

    /** Newest epoch it knows of. */
    public long epoch() {
        FollowerStore now = store;
        return Math.max(masterEpoch, now == null ? 0 : now.epoch());
    }

    /** How it stands, for an operator. */
    public ReplicaStatusResponse status() {
        FollowerStore now = store;
        boolean whole = now != null && now.durable() >= role.completeAt();
        return new ReplicaStatusResponse(
                whole ? ReplicaStatusResponse.Role.SLAVE : ReplicaStatusResponse.Role.INCOMPLETE,
                config.brokerName(),
                role.brokerId(),
                epoch(),
                now == null ? 0 : now.durable(),
                now == null ? 0 : now.commit(),
                role.minInSync(),
                0,
                following,
                lately.isEmpty() ? doing : doing + "; " + lately,
                List.of(),
                now == null ? 0 : now.readCounts().bodyBytesRead(),
                0,
                now == null ? 0 : now.folded(),
                new ReplicaStatusResponse.Format(now == null ? 0 : now.formatLevel(), files.formatLevelMax()));
    }

    /**
     * Stops following, and makes this broker the Master from its next start on.
     *
     * @return what it will be; null when it goes on following, for the reason in {@link #refusal}
     */
    RoleFile.State promote(PromoteRequest request) {
        stopFollowing();
        // What was received since the last question may have been cut, or be a snapshot.
        if (refusal(request) != null) {
            startFollowing();
            return null;
        }
        RoleFile.State promoted = role.promoted(
                Epochs.promoted(store.epoch(), request.minEpoch()),
                request.minInSync() > 0 ? request.minInSync() : role.minInSync());
        roles.write(promoted);
        role = promoted;
        return promoted;
    }

    /** Whether clients may read messages here. */
    boolean mayBeRead() {
        return config.slaveReadEnable();
    }

    /** Whether a message is here, committed, as the Master of this epoch wrote it. */
    boolean holds(long position, long epoch) {
        FollowerStore now = store;
        return now != null && !stopping && now.holds(position, epoch);
    }

    /** Reads messages that it {@link #holds}. */
    void read(ReadRequest request, Consumer<ReadResult> done) {
        store.read(request, done);
    }

    /** Why a queue cannot be browsed here, or null. */
    String browseRefusal() {
        FollowerStore now = store;
        return now == null || stopping || now.durable() < role.completeAt()
                ? "this Slave's store is not whole yet, or is about to become a Master's"
                : null;
    }

    /** Looks at a queue, after {@link #browseRefusal}; see {@link FollowerStore#browse}. */
    void browse(BrowseCommittedRequest wanted, Consumer<BrowseResult> done) {
        int messages = Math.min(BROWSE_MAX_MESSAGES, Math.max(1, wanted.messagesMax()));
        int bytes = Math.min(BROWSE_MAX_BYTES, wanted.bytesMax());
        BrowseRequest request =
                new BrowseRequest(wanted.queue(), wanted.priority(), wanted.offset(), messages, bytes, clock.wallMs());
        store.browse(request, done);
    }

    /** Why it cannot be promoted, or null. */
    String refusal(PromoteRequest request) {
        FollowerStore now = store;
        if (now == null || now.durable() < role.completeAt()) {
            return "this Slave's store is not whole: it has taken a snapshot, and has not followed up to position "
                    + role.completeAt() + " yet";
        }
        if (now.failure() != null) {
            return "this Slave's disk has failed: " + now.failure().getMessage();
        }
        if (now.durable() < request.minEnd() && !request.acceptLoss()) {
            return "this Slave's journal ends at " + now.durable() + ", but another one in the group at "
                    + request.minEnd() + ": promote that one, or accept the loss of what is missing (--accept-loss)";
        }
        return null;
    }

    /** Position up to which everything is safe here. */
    long durable() {
        return store.durable();
    }

    /** Ends the connection to the Master and the thread; what was received is durable afterwards. */
    private void stopFollowing() {
        stopping = true;
        DirectLink open = link;
        if (open != null) {
            open.abort("the Slave stops following");
        }
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        FollowerStore now = store;
        if (now != null && now.failure() == null) {
            now.sync();
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            stopFollowing();
        }
        FollowerStore open = store;
        if (open != null) {
            open.close();
        }
    }

    private void run() {
        String lastTrouble = "";
        while (!stopping && store != null && store.failure() == null) {
            String trouble;
            try {
                List<InetSocketAddress> masters = RemoteCluster.members(config.nameServers(), config.brokerName())
                        .getOrDefault(0L, List.of());
                trouble = masters.isEmpty() ? "no Master of " + config.brokerName() + " is registered" : "";
                for (InetSocketAddress master : masters) {
                    follow(master);
                }
            } catch (ProviderException | StoreException | ProtocolException failed) {
                trouble = failed.getMessage();
            } catch (RuntimeException | Error unexpected) {
                // The loop's edge: a Slave that stopped looking would be no Slave any more.
                LOG.error("following failed unexpectedly", unexpected);
                trouble = String.valueOf(unexpected);
            }
            following = "";
            if (!stopping && !trouble.isEmpty()) {
                doing = "not following: " + trouble;
                if (!trouble.equals(lastTrouble)) {
                    LOG.info("not following a Master: {}", trouble);
                }
                lastTrouble = trouble;
                LockSupport.parkNanos(refusals < REFUSALS_QUICK ? PAUSE_NS : REFUSED_PAUSE_NS);
            } else {
                lastTrouble = "";
            }
        }
        if (store == null) {
            doing = "stopped: the store cannot be opened; see the log, and restart this broker";
            LOG.error("the Slave has stopped: its store cannot be opened again");
        } else if (store.failure() != null) {
            doing = "stopped: " + store.failure().getMessage() + "; restart it when the cause is mended";
            LOG.error("the Slave has stopped following", store.failure());
        }
    }

    /** One connection to a Master, to its end. */
    private void follow(InetSocketAddress master) {
        try (DirectLink opened = config.login().open(master)) {
            link = opened;
            try {
                follow(opened, master);
            } catch (RuntimeException failed) {
                // A Master that does not answer is not taken leave of.
                opened.abort("following failed");
                throw failed;
            }
        } finally {
            link = null;
        }
    }

    private void follow(DirectLink opened, InetSocketAddress master) {
        if (stopping) {
            return;
        }
        store.dropPartial();
        ReplicaHelloResponse answer = hello(opened);
        switch (answer.verdict()) {
            case FOLLOW -> stream(opened, master, answer);
            case CUT -> cut(answer);
            case SNAPSHOT -> takeSnapshot(opened, answer, null);
            case SNAPSHOT_DIVERGED -> takeSnapshot(opened, answer, "aside-" + store.epoch() + "-" + store.end());
        }
    }

    private ReplicaHelloResponse hello(DirectLink to) {
        FollowerStore.Sample sample = store.sample();
        ReplicaHelloRequest hello = new ReplicaHelloRequest(
                VersionRange.OF_REPLICATION.min(),
                VersionRange.OF_REPLICATION.max(),
                config.brokerName(),
                role.brokerId(),
                address,
                Epochs.toWire(store.reigns()),
                store.end(),
                store.folded(),
                sample.from(),
                sample.crc(),
                mayBeRead(),
                files.formatLevelMax());
        ReplicaHelloResponse answer = answer(to, hello);
        if (!VersionRange.OF_REPLICATION.contains(answer.version())) {
            throw new ProtocolException("the Master has chosen replication version " + answer.version()
                    + ", this Slave speaks " + VersionRange.OF_REPLICATION);
        }
        FormatLevel.require(answer.formatLevel(), files.formatLevelMax(), "the Master's journal");
        masterEpoch = Math.max(masterEpoch, answer.epoch());
        if (answer.minInSync() != role.minInSync()) {
            RoleFile.State changed = role.withMinInSync(answer.minInSync());
            roles.write(changed);
            role = changed;
        }
        return answer;
    }

    private ReplicaHelloResponse answer(DirectLink to, ReplicaHelloRequest hello) {
        try {
            ReplicaHelloResponse answer =
                    to.call(RequestCode.REPLICA_HELLO, hello::encode, ReplicaHelloResponse::decode);
            refusals = 0;
            return answer;
        } catch (ProviderException failed) {
            refusals += to.isOpen() ? 1 : 0;
            throw failed;
        }
    }

    /** The Master has not got what comes next: its tables take the place of this store. */
    private void takeSnapshot(DirectLink from, ReplicaHelloResponse answer, String aside) {
        LOG.info("a snapshot of the Master is needed: {}", answer.text());
        try {
            if (!snapshots.run(from, aside, () -> stopping)) {
                return;
            }
        } catch (IOException failed) {
            throw new StoreException("the snapshot cannot be written: " + failed, failed);
        }
        FollowerStore old = store;
        store = null;
        old.close();
        openStore();
        lately = "took a snapshot, because " + answer.text()
                + (aside == null
                        ? ""
                        : "; its former store is in " + config.dataDir().resolve(aside));
        LOG.info("the snapshot is in its place; the journal is wanted from position {}", store.received());
    }

    private void cut(ReplicaHelloResponse answer) {
        FollowerStore.Cut cut = store.cutTo(answer.position());
        lately = "cut " + cut.entries() + " entries with " + cut.messages() + " messages, positions " + cut.from()
                + " to " + cut.to() + ", which the Master of epoch " + answer.epoch() + " has not";
        LOG.warn("{}: {}", answer.text(), lately);
    }

    /** Fetches, appends, syncs and confirms, until the connection or this broker ends. */
    private void stream(DirectLink from, InetSocketAddress master, ReplicaHelloResponse answer) {
        following = master.getHostString() + ":" + master.getPort();
        doing = "following epoch " + answer.epoch();
        LOG.info("following the Master at {}, epoch {}, from position {}", following, answer.epoch(), store.received());
        CompletableFuture<ReplicaFetchResponse> next = fetch(from, store.received());
        while (!stopping) {
            ReplicaFetchResponse piece = DirectLink.await("the journal", next, PATIENCE);
            if (piece.bytes().length > 0) {
                store.append(new JournalSlice(piece.base(), piece.previousEnd(), piece.from(), piece.bytes()));
            }
            // The Master sends the next piece while this one is synced.
            next = fetch(from, store.received());
            long before = store.durable();
            store.sync();
            if (store.durable() > before) {
                from.oneWay(RequestCode.REPLICA_ACK, new ReplicaAckCommand(store.durable())::encode);
            }
            store.commit(piece.commit());
        }
    }

    private CompletableFuture<ReplicaFetchResponse> fetch(DirectLink from, long position) {
        ReplicaFetchRequest wanted = new ReplicaFetchRequest(position, store.durable(), FETCH_MAX_BYTES, FETCH_WAIT_MS);
        return from.send(RequestCode.REPLICA_FETCH, wanted::encode, ReplicaFetchResponse::decode);
    }
}
