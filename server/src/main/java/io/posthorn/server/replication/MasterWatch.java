package io.posthorn.server.replication;

import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.remote.DirectLink;
import io.posthorn.provider.remote.RemoteCluster;
import io.posthorn.time.Clock;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Master's look around, on a thread of its own: whether somebody else is the Master of its group by now. It looks at the NameServers every few
 * seconds, and at once after a pause of this process, before which nothing is served again. A broker that has never had a
 * Slave has nothing to fear, and is left alone.
 */
public final class MasterWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MasterWatch.class);

    private static final long TICK_NS = 500_000_000L;
    private static final long LOOK_NS = 5_000_000_000L;

    /** If the wall clock gains so much on the monotonic one, the host may have slept. */
    private static final long SLEPT_MS = 3_000;

    private final MasterState master;
    private final MasterHandler.Broker broker;
    private final Clock clock;

    private final ExecutorService looker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "posthorn-watch-look");
        thread.setDaemon(true);
        return thread;
    });

    private volatile boolean stopping;
    private volatile String ownAddress;
    private Thread thread;
    private Future<Boolean> looking;

    public MasterWatch(MasterState master, MasterHandler.Broker broker, Clock clock) {
        this.master = master;
        this.broker = broker;
        this.clock = clock;
    }

    /** @param address {@code host:port} by which this broker is registered */
    public void start(String address) {
        ownAddress = address;
        thread = new Thread(this::run, "posthorn-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets the threads end. */
    @Override
    public void close() {
        stopping = true;
        looker.shutdown();
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        long lookedNs = clock.monotonicNs();
        long aheadMs = aheadMs(lookedNs);
        while (!stopping && broker.fencedBecause() == null) {
            LockSupport.parkNanos(TICK_NS);
            if (!master.isReplaceable()) {
                continue;
            }
            long nowNs = clock.monotonicNs();
            // The monotonic clock stands still while a host sleeps.
            boolean slept = aheadMs(nowNs) - aheadMs > SLEPT_MS;
            aheadMs = aheadMs(nowNs);
            if (slept || !master.tenure().holds(nowNs)) {
                findOut();
                lookedNs = clock.monotonicNs();
                continue;
            }
            if (nowNs - lookedNs >= LOOK_NS) {
                // On another thread: what takes long must not look like a pause.
                lookNowAndThen();
                lookedNs = nowNs;
            }
            // With the time from before the question whether there was a pause: there may have been one since.
            master.tenure().renew(nowNs);
        }
    }

    /** By how much the wall clock is ahead of the monotonic one, from some beginning. */
    private long aheadMs(long nowNs) {
        return clock.wallMs() - nowNs / 1_000_000;
    }

    /** After a pause: serves again when nobody else is the Master, or nobody can be asked within a few seconds. */
    private void findOut() {
        LOG.warn("this process was stopped for a while: finding out whether it is the Master still");
        String found;
        try {
            // Behind one that is under way, which may have looked before the pause.
            beginLook();
            // When nobody can be asked, the others cannot be either: then a promotion fences this broker directly, or
            // what it does is the tail that is cut later.
            found = looking.get(LOOK_NS, TimeUnit.NANOSECONDS) ? "no other Master is known" : "nobody can be asked";
        } catch (ExecutionException | TimeoutException | RejectedExecutionException noAnswer) {
            found = "nobody has answered";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return;
        }
        if (broker.fencedBecause() == null) {
            master.tenure().renew(clock.monotonicNs());
            LOG.info("{}; serving again", found);
            broker.resume();
        }
    }

    private void lookNowAndThen() {
        if (looking == null || looking.isDone()) {
            try {
                beginLook();
            } catch (RejectedExecutionException closed) {
                LOG.debug("the broker is being closed");
            }
        }
    }

    private void beginLook() {
        looking = looker.submit(this::look);
    }

    /** Returns whether somebody could be asked. */
    private boolean look() {
        try {
            List<InetSocketAddress> masters = RemoteCluster.members(
                            master.config().nameServers(), master.config().brokerName())
                    .getOrDefault(0L, List.of());
            for (InetSocketAddress other : masters) {
                String address = other.getHostString() + ":" + other.getPort();
                if (!address.equals(ownAddress)) {
                    ask(other, address);
                }
            }
            return true;
        } catch (ProviderException unreachable) {
            LOG.debug("no NameServer can be asked", unreachable);
            return false;
        }
    }

    private void ask(InetSocketAddress other, String address) {
        try (DirectLink link = master.config().login().open(other)) {
            ReplicaStatusResponse status =
                    link.call(RequestCode.REPLICA_STATUS, DirectLink.NO_BODY, ReplicaStatusResponse::decode);
            if (status.role() == ReplicaStatusResponse.Role.MASTER && status.epoch() > broker.epoch()) {
                broker.fence(status.epoch(), address, end -> {});
            }
        } catch (ProviderException | ProtocolException failed) {
            LOG.warn(
                    "{} is registered as Master of this group as well, and cannot be asked: {}",
                    address,
                    failed.getMessage());
        }
    }
}
