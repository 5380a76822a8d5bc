package io.posthorn.server;

import io.posthorn.net.NetConfig;
import io.posthorn.server.broker.Broker;
import io.posthorn.server.config.BrokerConfig;
import io.posthorn.server.config.Setting;
import io.posthorn.server.config.SettingException;
import io.posthorn.server.config.Settings;
import io.posthorn.server.net.ServerTransport;
import io.posthorn.server.queue.DestinationSettings;
import io.posthorn.server.queue.HeartConfig;
import io.posthorn.server.security.Authenticator;
import io.posthorn.server.store.DiskLimits;
import io.posthorn.server.store.FlushDiskType;
import io.posthorn.server.store.StoreConfig;
import io.posthorn.server.store.tiered.TieredStore;
import io.posthorn.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Builds a broker's parts from the settings, and refuses settings that do not fit each other. */
final class BrokerParts {

    /** Room that a journal entry needs beside its message: headers, new destination, recipients; a transaction's commit. */
    private static final int ENTRY_OVERHEAD_BYTES = 1 << 20;

    private enum BrokerRole {
        ASYNC_MASTER
    }

    private BrokerParts() {}

    static Broker.Parts assemble(
            Settings settings, BrokerConfig broker, NetConfig net, Clock clock, Authenticator authenticator) {
        settings.choice(Setting.BROKER_ROLE, BrokerRole.class);
        HeartConfig heart = heart(settings, broker, net);
        StoreConfig files = store(settings);
        requireFit(heart.messageMaxBytes(), files.segmentBytes());
        TieredStore store = new TieredStore(files, clock);
        int eventLoops = net.eventLoopThreads() > 0
                ? net.eventLoopThreads()
                : Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()) / 2);
        return new Broker.Parts(
                store,
                heart,
                net,
                ServerTransport.create(eventLoops, "posthorn-broker"),
                authenticator,
                Duration.ofMillis(settings.number(Setting.LOGIN_TIMEOUT_MS, 1, Integer.MAX_VALUE)));
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
                .withMessageLimits(defaults.propertiesMaxBytes(), messageMaxBytes)
                .withTimes(
                        settings.number(Setting.RESUME_TIMEOUT_MS, 0, Integer.MAX_VALUE), defaults.dedupRetentionMs())
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
                            settings.number(Setting.DISK_RESERVE_BYTES, 0, DiskLimits.RESERVE_MAX_BYTES)))
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
