package io.posthorn.server;

import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.provider.ProviderException;
import io.posthorn.server.broker.Broker;
import io.posthorn.server.broker.SlaveBroker;
import io.posthorn.server.config.BrokerConfig;
import io.posthorn.server.config.Setting;
import io.posthorn.server.config.SettingException;
import io.posthorn.server.config.Settings;
import io.posthorn.server.replication.GroupLookup;
import io.posthorn.server.replication.ReplicationConfig;
import io.posthorn.server.replication.RoleFile;
import io.posthorn.server.security.Authenticator;
import io.posthorn.server.store.StoreException;
import io.posthorn.server.store.tiered.TieredStore;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker in whatever role it has: a {@link Broker} as Master, a {@link SlaveBroker} as Slave, at the same port. When the role changes, the one
 * is closed and the other begins; nothing but the files and the port is carried over. Roles change on a thread of its own.
 *
 * <pre>
 * MASTER ── a higher epoch was heard of ──▶ SLAVE ── promoted ──▶ MASTER
 * </pre>
 */
final class BrokerNode implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerNode.class);
    private static final long RETRY_NS = 1_000_000_000L;
    private static final int BIND_ATTEMPTS = 10;

    private final Settings settings;
    private final BrokerConfig configured;
    private final boolean alone;
    private final Authenticator authenticator;
    private final Clock clock;
    private final RoleFile roles;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService owner = Executors.newSingleThreadExecutor(task -> new Thread(task, "posthorn-role"));

    private BrokerConfig config;
    private volatile Broker master;
    private volatile SlaveBroker slave;

    /** @param alone whether its NameServer is its own, and so knows of no other broker yet */
    BrokerNode(Settings settings, BrokerConfig config, boolean alone, Authenticator authenticator, Clock clock) {
        this.alone = alone;
        this.settings = settings;
        this.configured = config;
        this.config = config;
        this.authenticator = authenticator;
        this.clock = clock;
        this.roles =
                new RoleFile(settings.path(Setting.DATA_DIR).toAbsolutePath().normalize());
    }

    /**
     * Begins in the role that it had last, or else in the one of the settings.
     *
     * @return the bound address
     */
    InetSocketAddress start() throws IOException {
        BrokerParts.check(settings, config);
        RoleFile.State role = roles.read();
        boolean asSlave = role == null ? BrokerParts.role(settings) == BrokerParts.BrokerRole.SLAVE : !role.master();
        if (!asSlave) {
            asSlave = !alone && isReplaced(role);
            role = roles.read();
        } else if (role == null) {
            role = RoleFile.State.slave(
                    configured.brokerId(),
                    BrokerParts.replication(settings, config).minInSync());
            roles.write(role);
        }
        InetSocketAddress bound = asSlave ? startSlave(role) : startMaster(role);
        config = config.at(bound.getPort());
        return bound;
    }

    /** Whether another Master has taken over while this one was away; then this one is a Slave from now on. */
    private boolean isReplaced(RoleFile.State role) {
        ReplicaStatusResponse other;
        InetSocketAddress address;
        ReplicationConfig replication = BrokerParts.replication(settings, config);
        GroupLookup group = new GroupLookup(replication);
        try {
            address = group.otherMaster(config);
            if (address == null) {
                return false;
            }
            other = group.status(address);
        } catch (ProviderException | ProtocolException nobodyAnswers) {
            // Serving is worth more; the watch goes on looking, and what should not have been is cut.
            LOG.info("nobody can tell whether there is another Master: {}", nobodyAnswers.getMessage());
            return false;
        }
        if (other.role() != ReplicaStatusResponse.Role.MASTER) {
            return false;
        }
        long own = Math.max(TieredStore.newestEpoch(replication.dataDir()), role == null ? 0 : role.epoch());
        if (own == 0 || other.epoch() == own) {
            throw new SettingException("another Master of " + config.brokerName() + " serves at "
                    + address.getHostString()
                    + ":" + address.getPort() + " with epoch " + other.epoch() + ": start this broker with "
                    + Setting.BROKER_ROLE.option() + " SLAVE and a " + Setting.BROKER_ID.option() + ", or with another "
                    + Setting.BROKER_NAME.option());
        }
        if (other.epoch() < own) {
            return false;
        }
        LOG.warn(
                "{}:{} is the Master of {} with epoch {}, this broker was it with epoch {}: it follows from now on",
                address.getHostString(),
                address.getPort(),
                config.brokerName(),
                other.epoch(),
                own);
        becomeSlaveInFile(other.minInSync());
        return true;
    }

    private InetSocketAddress startMaster(RoleFile.State role) throws IOException {
        ReplicationConfig replication = BrokerParts.replication(settings, config);
        if (role != null) {
            // Fewer copies than the group had are an operator's decision: at the promotion, or by the setting.
            boolean decided = settings.has(Setting.MIN_IN_SYNC) || role.epoch() == 0;
            replication = replication.inGroup(decided ? replication.minInSync() : role.minInSync());
        }
        Broker starting = new Broker(
                asMaster(config),
                BrokerParts.master(
                        settings, config, replication, role == null ? 0 : role.epoch(), clock, authenticator),
                clock,
                why -> owner.execute(this::follow));
        master = starting;
        return starting.start();
    }

    private InetSocketAddress startSlave(RoleFile.State role) throws IOException {
        ReplicationConfig replication = BrokerParts.replication(settings, config);
        SlaveBroker starting = new SlaveBroker(
                config,
                BrokerParts.slave(settings, config, replication, role, clock, authenticator),
                clock,
                owner,
                () -> owner.execute(this::serve));
        slave = starting;
        return starting.start();
    }

    /** Waits until the broker is registered with at least one NameServer; returns whether it is. */
    boolean awaitRegistered(long timeoutMs) throws InterruptedException {
        Broker now = master;
        return now != null ? now.awaitRegistered(timeoutMs) : slave.awaitRegistered(timeoutMs);
    }

    /** Ends the connections of users that are no longer admitted. */
    void endRemovedUsers() {
        Broker now = master;
        if (now != null) {
            now.endRemovedUsers();
        }
    }

    /** This Master has been replaced. */
    private void follow() {
        Broker last = master;
        if (last == null) {
            return;
        }
        int copies = BrokerParts.replication(settings, config).minInSync();
        RoleFile.State before = roles.read();
        becomeSlaveInFile(before == null ? copies : before.minInSync());
        last.awaitShipped();
        master = null;
        last.close();
        retry("follow", () -> startSlave(roles.read()), () -> {
            SlaveBroker half = slave;
            slave = null;
            if (half != null) {
                half.close();
            }
        });
    }

    /** This Slave has been promoted. */
    private void serve() {
        SlaveBroker last = slave;
        if (last == null) {
            return;
        }
        slave = null;
        last.close();
        retry("serve", () -> startMaster(roles.read()), () -> {
            Broker half = master;
            master = null;
            if (half != null) {
                half.close();
            }
        });
    }

    /** A start in the place of a user's, who would see it fail. */
    private interface Start {
        InetSocketAddress run() throws IOException;
    }

    private void retry(String what, Start start, Runnable undo) {
        for (int attempt = 1; closing.getCount() > 0; attempt++) {
            try {
                start.run();
                return;
            } catch (IOException | StoreException failed) {
                undo.run();
                if (attempt == BIND_ATTEMPTS || failed instanceof StoreException) {
                    LOG.error(
                            "this broker cannot {} in its new role; restart it when the cause is mended", what, failed);
                    return;
                }
                LOG.warn("this broker cannot {} yet: {}", what, failed.getMessage());
                LockSupport.parkNanos(RETRY_NS);
            } catch (RuntimeException unexpected) {
                // The edge of a thread: nobody else would hear of it.
                undo.run();
                LOG.error("this broker cannot {} in its new role", what, unexpected);
                return;
            }
        }
    }

    private void becomeSlaveInFile(int copies) {
        RoleFile.State before = roles.read();
        long id = before != null ? before.brokerId() : configured.brokerId();
        if (id == 0) {
            id = new GroupLookup(BrokerParts.replication(settings, config)).freeId(config);
        }
        roles.write(RoleFile.State.slave(id, copies));
    }

    private static BrokerConfig asMaster(BrokerConfig config) {
        return new BrokerConfig(
                config.clusterName(),
                config.brokerName(),
                0,
                config.bind(),
                config.advertisedHost(),
                config.nameServers());
    }

    @Override
    public void close() {
        closing.countDown();
        owner.shutdown();
        try {
            if (!owner.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("a change of role is still under way; closing all the same");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (master != null) {
            master.close();
        }
        if (slave != null) {
            slave.close();
        }
    }
}
