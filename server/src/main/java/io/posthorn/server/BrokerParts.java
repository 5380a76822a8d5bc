package io.posthorn.server;

import io.posthorn.net.NetConfig;
import io.posthorn.net.NetTransport;
import io.posthorn.server.broker.Broker;
import io.posthorn.server.broker.SlaveBroker;
import io.posthorn.server.cluster.PeerConfig;
import io.posthorn.server.config.BrokerConfig;
import io.posthorn.server.config.Setting;
import io.posthorn.server.config.SettingException;
import io.posthorn.server.config.Settings;
import io.posthorn.server.net.ServerTransport;
import io.posthorn.server.queue.DestinationSettings;
import io.posthorn.server.queue.HeartConfig;
import io.posthorn.server.replication.MasterState;
import io.posthorn.server.replication.ReplicatedStore;
import io.posthorn.server.replication.ReplicationConfig;
import io.posthorn.server.replication.ReplicationLogin;
import io.posthorn.server.replication.RoleFile;
import io.posthorn.server.replication.SlaveState;
import io.posthorn.server.security.Authenticator;
import io.posthorn.server.store.DiskLimits;
import io.posthorn.server.store.FlushDiskType;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.tiered.TieredStore;
import io.posthorn.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Builds a broker's parts from the settings, and refuses settings that do not fit each other. */
final class BrokerParts {

    /** Room that a journal entry needs beside its message: headers, new destination, recipients; a transaction's commit. */
    private static final int ENTRY_OVERHEAD_BYTES = 1 << 20;

    private static final long SPILL_MAX_BYTES = 1L << 40;

    /** What {@code brokerRole} may be. */
    enum BrokerRole {
        ASYNC_MASTER,
        SYNC_MASTER,
        SLAVE
    }

    private BrokerParts() {}

    /** @param minEpoch lowest epoch of the reign that begins */
    static Broker.Parts master(
            Settings settings,
            BrokerConfig broker,
            ReplicationConfig replication,
            long minEpoch,
            Clock clock,
            Authenticator authenticator) {
        NetConfig net = NetConfig.defaults();
        HeartConfig heart = heart(settings, broker, net);
        TieredStore files = new TieredStore(store(settings), clock);
        MasterState master = new MasterState(files, replication, clock);
        return new Broker.Parts(
                new ReplicatedStore(files, master, minEpoch),
                master,
                heart,
                net,
                transport(net),
                authenticator,
                loginTimeout(settings),
                peers(settings, broker));
    }

    static SlaveBroker.Parts slave(
            Settings settings,
            BrokerConfig broker,
            ReplicationConfig replication,
            RoleFile.State role,
            Clock clock,
            Authenticator authenticator) {
        NetConfig net = NetConfig.defaults();
        return new SlaveBroker.Parts(
                new SlaveState(store(settings), replication, role, clock),
                net,
                transport(net),
                authenticator,
                loginTimeout(settings),
                heart(settings, broker, net).message().maxBytes());
    }

    private static NetTransport transport(NetConfig net) {
        int eventLoops = net.eventLoopThreads() > 0
                ? net.eventLoopThreads()
                : Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()) / 2);
        return ServerTransport.create(eventLoops, "posthorn-broker");
    }

    private static Duration loginTimeout(Settings settings) {
        return Duration.ofMillis(settings.number(Setting.LOGIN_TIMEOUT_MS, 1, Integer.MAX_VALUE));
    }

    /** Refuses settings that do not fit each other, or this release, before anything is opened. */
    static void check(Settings settings, BrokerConfig broker) {
        requireFit(
                heart(settings, broker, NetConfig.defaults()).message().maxBytes(),
                store(settings).segmentBytes());
        boolean slave = role(settings) == BrokerRole.SLAVE;
        if (slave != broker.brokerId() > 0) {
            throw new SettingException(Setting.BROKER_ROLE.option() + " " + settings.text(Setting.BROKER_ROLE)
                    + " needs " + Setting.BROKER_ID.option() + (slave ? " above 0" : " 0") + ", but is "
                    + broker.brokerId());
        }
        replication(settings, broker);
    }

    static BrokerRole role(Settings settings) {
        return settings.choice(Setting.BROKER_ROLE, BrokerRole.class);
    }

    static ReplicationConfig replication(Settings settings, BrokerConfig broker) {
        boolean given = settings.has(Setting.MIN_IN_SYNC);
        int copies = given
                ? (int) settings.number(Setting.MIN_IN_SYNC, 1, ReplicationConfig.MIN_IN_SYNC_MAX)
                : role(settings) == BrokerRole.SYNC_MASTER ? 2 : 1;
        if (given && role(settings) == BrokerRole.ASYNC_MASTER && copies > 1) {
            throw new SettingException(Setting.MIN_IN_SYNC.option() + " " + copies + " needs "
                    + Setting.BROKER_ROLE.option() + " SYNC_MASTER: an ASYNC_MASTER waits for no Slave");
        }
        return new ReplicationConfig(
                settings.path(Setting.DATA_DIR).toAbsolutePath().normalize(),
                broker.brokerName(),
                broker.nameServers(),
                login(settings),
                settings.has(Setting.REPLICATION_USER) ? settings.text(Setting.REPLICATION_USER) : null,
                copies,
                Duration.ofMillis(settings.number(Setting.REPLICA_TIMEOUT_MS, 100, Integer.MAX_VALUE)),
                settings.number(Setting.JOURNAL_RETAIN_MAX_BYTES, 0, Long.MAX_VALUE),
                settings.flag(Setting.SLAVE_READ_ENABLE),
                false);
    }

    /** How it reaches the other groups of its cluster. */
    private static PeerConfig peers(Settings settings, BrokerConfig broker) {
        ReplicationLogin login = login(settings);
        return new PeerConfig(
                broker.clusterName(),
                broker.brokerName(),
                settings.has(Setting.DIRECTORY_NAME) ? settings.text(Setting.DIRECTORY_NAME) : "",
                broker.nameServers(),
                login.user(),
                login.password());
    }

    private static ReplicationLogin login(Settings settings) {
        if (settings.has(Setting.REPLICATION_USER) != settings.has(Setting.REPLICATION_PASSWORD_FILE)) {
            throw new SettingException(Setting.REPLICATION_USER.option() + " and "
                    + Setting.REPLICATION_PASSWORD_FILE.option() + " go together");
        }
        if (!settings.has(Setting.REPLICATION_USER)) {
            return new ReplicationLogin(null, null);
        }
        Path file = settings.path(Setting.REPLICATION_PASSWORD_FILE);
        try {
            String password = Files.readString(file).replaceFirst("\r?\n\\z", "");
            return new ReplicationLogin(settings.text(Setting.REPLICATION_USER), password);
        } catch (IOException failed) {
            throw new SettingException(Setting.REPLICATION_PASSWORD_FILE.option() + ": cannot read the password from "
                    + file + ": " + failed);
        }
    }

    private static HeartConfig heart(Settings settings, BrokerConfig broker, NetConfig net) {
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        HeartConfig defaults = HeartConfig.defaults(broker.brokerName());
        int messageMaxBytes = (int) settings.number(Setting.MESSAGE_MAX_BYTES, 1024, 1 << 30);
        return defaults.withAutoCreateDestinations(settings.flag(Setting.AUTO_CREATE))
                .withMemory(
                        bytes(settings, Setting.HOT_BYTES, quarter),
                        bytes(settings, Setting.NON_PERSISTENT_BYTES, quarter),
                        defaults.destinations().slowConsumerMaxMessages())
                .withSpill(settings.number(Setting.NON_PERSISTENT_SPILL_BYTES, 0, SPILL_MAX_BYTES))
                .withMessageLimits(defaults.message().propertiesMaxBytes(), messageMaxBytes)
                .withRetention(
                        settings.number(Setting.RESUME_TIMEOUT_MS, 0, Integer.MAX_VALUE),
                        defaults.retention().dedupMs())
                .withDestinations(destinations(settings))
                .withUnacknowledgedMax((int) settings.number(Setting.UNACKNOWLEDGED_MAX, 1, Integer.MAX_VALUE));
    }

    /** What holds for every destination for which nothing else is set. */
    private static DestinationSettings destinations(Settings settings) {
        Map<String, String> given = new LinkedHashMap<>();
        for (Setting setting : Setting.ofDestinations()) {
            given.put(setting.key(), settings.text(setting));
        }
        try {
            return DestinationSettings.DEFAULT.with(given);
        } catch (IllegalArgumentException wrong) {
            throw new SettingException(wrong.getMessage());
        }
    }

    private static StoreConfig store(Settings settings) {
        try {
            return StoreConfig.defaults(
                            settings.path(Setting.DATA_DIR).toAbsolutePath().normalize())
                    .withSegmentBytes(
                            (int) settings.number(Setting.SEGMENT_BYTES, StoreConfig.SEGMENT_MIN_BYTES, 1 << 30))
                    .withCheckpoint(
                            settings.number(Setting.CHECKPOINT_BYTES, 1, Long.MAX_VALUE),
                            Duration.ofMillis(settings.number(Setting.CHECKPOINT_INTERVAL_MS, 1, Long.MAX_VALUE)))
                    .withDisk(new DiskLimits(
                            (int) settings.number(Setting.DISK_MAX_USED_PERCENT, 1, 100),
                            settings.number(Setting.DISK_RESERVE_BYTES, 0, DiskLimits.RESERVE_MAX_BYTES),
                            settings.number(Setting.JOURNAL_RETAIN_MAX_BYTES, 0, Long.MAX_VALUE)))
                    .withFormatLevelMax(
                            (int) settings.number(Setting.FORMAT_LEVEL_MAX, FormatLevel.FIRST, FormatLevel.NEWEST))
                    .withFlushDiskType(settings.choice(Setting.FLUSH_DISK_TYPE, FlushDiskType.class));
        } catch (IllegalArgumentException outOfRange) {
            throw new SettingException(outOfRange.getMessage());
        }
    }

    /** An entry never spans two segments, so the largest message that comes in one piece has to fit into one. */
    private static void requireFit(int messageMaxBytes, int segmentBytes) {
        int wholeMaxBytes = Math.min(messageMaxBytes, HeartConfig.WHOLE_MAX_BYTES);
        if (wholeMaxBytes > segmentBytes - ENTRY_OVERHEAD_BYTES) {
            throw new SettingException(Setting.SEGMENT_BYTES.option() + " must be at least "
                    + Setting.MESSAGE_MAX_BYTES.option() + ", at most " + HeartConfig.WHOLE_MAX_BYTES + ", plus "
                    + ENTRY_OVERHEAD_BYTES + ", which is "
                    + ((long) wholeMaxBytes + ENTRY_OVERHEAD_BYTES) + ", but is " + segmentBytes);
        }
    }

    private static long bytes(Settings settings, Setting setting, long otherwise) {
        return settings.has(setting) ? settings.number(setting, 1 << 20, Long.MAX_VALUE) : otherwise;
    }
}
