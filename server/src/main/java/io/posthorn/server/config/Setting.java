package io.posthorn.server.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Every setting of the server: its key in a configuration file (RocketMQ's name where a thing is the same), its command-line
 * option, its default, and what it does. The environment variable is {@code POSTHORN_} + the option in capitals, for example
 * {@code POSTHORN_DATA_DIR}. An option beats the environment, which beats the file, which beats the default.
 */
public enum Setting {
    DATA_DIR("storePathRootDir", "data-dir", "DIR", "./posthorn-data", "directory for journal and store", Role.BROKER),
    BIND("bindAddress", "bind", "ADDRESS", "127.0.0.1", "IP address to listen on", Role.BOTH),
    NAMESERVER_PORT("nameserverPort", "nameserver-port", "PORT", "9876", "port of the NameServer", Role.NAMESERVER),
    KV_CONFIG_PATH(
            "kvConfigPath",
            "kv-config-path",
            "FILE",
            "",
            "keep the NameServer's KV configuration in this file; default: in memory only",
            Role.NAMESERVER),
    SUPPORT_ACTING_MASTER(
            "supportActingMaster",
            "support-acting-master",
            "BOOL",
            "false",
            "show the lowest Slave of a group that has lost its Master, and wants that, as the Master",
            Role.NAMESERVER),
    ORDER_MESSAGE_ENABLE(
            "orderMessageEnable",
            "order-message-enable",
            "BOOL",
            "false",
            "put the KV namespace ORDER_TOPIC_CONFIG into routes",
            Role.NAMESERVER),
    BROKER_PORT("listenPort", "broker-port", "PORT", "10911", "port of the Broker", Role.BROKER),
    NAMESRV_ADDR(
            "namesrvAddr",
            "namesrv-addr",
            "HOST:PORT[;…]",
            "127.0.0.1:9876",
            "NameServers to register with (standalone uses its own)",
            Role.BROKER),
    CLUSTER_NAME(
            "brokerClusterName",
            "cluster-name",
            "NAME",
            "DefaultCluster",
            "cluster the Broker belongs to",
            Role.BROKER),
    BROKER_NAME("brokerName", "broker-name", "NAME", "broker-a", "name of the Broker's group", Role.BROKER),
    BROKER_ID("brokerId", "broker-id", "N", "0", "0 = Master, above 0 = Slave", Role.BROKER),
    BROKER_ROLE(
            "brokerRole",
            "broker-role",
            "ROLE",
            "ASYNC_MASTER",
            "ASYNC_MASTER acknowledges what is safe here, SYNC_MASTER what Slaves have too; SLAVE follows a Master",
            Role.BROKER),
    MIN_IN_SYNC(
            "minInSyncReplicas",
            "min-in-sync-replicas",
            "N",
            "",
            "copies that have what is acknowledged, the Master's included; default: 2 for a SYNC_MASTER, the Master's for a SLAVE",
            Role.BROKER),
    REPLICA_TIMEOUT_MS(
            "replicaTimeoutMs",
            "replica-timeout-ms",
            "MS",
            "10000",
            "how long a Slave may be behind before it does not count as a copy, and how long an answer waits for copies",
            Role.BROKER),
    JOURNAL_RETAIN_MAX_BYTES(
            "journalRetainMaxBytes",
            "journal-retain-max-bytes",
            "BYTES",
            "4294967296",
            "journal kept for a Slave that is away, or for a backup; beyond it, the one needs a snapshot, the other is aborted",
            Role.BROKER),
    SLAVE_READ_ENABLE(
            "slaveReadEnable",
            "slave-read-enable",
            "BOOL",
            "false",
            "whether clients may fetch messages from it while it is a Slave",
            Role.BROKER),
    DIRECTORY_NAME(
            "directoryBrokerName",
            "directory-broker-name",
            "NAME",
            "",
            "Broker group that places destinations, the same at all Brokers of a cluster; needed where there are several groups",
            Role.BROKER),
    REPLICATION_USER(
            "replicationUser",
            "replication-user",
            "NAME",
            "",
            "user that Brokers log in as at each other; needed where there are users",
            Role.BROKER),
    REPLICATION_PASSWORD_FILE(
            "replicationPasswordFile",
            "replication-password-file",
            "FILE",
            "",
            "file whose one line is that user's password",
            Role.BROKER),
    BROKER_IP(
            "brokerIP1",
            "advertised-host",
            "ADDRESS",
            "",
            "IP address that clients are told; default: the address it listens on",
            Role.BROKER),
    FLUSH_DISK_TYPE(
            "flushDiskType",
            "flush-disk-type",
            "TYPE",
            "SYNC_FLUSH",
            "SYNC_FLUSH answers a send when it is on disk; ASYNC_FLUSH within 500 ms afterwards",
            Role.BROKER),
    SEGMENT_BYTES(
            "mappedFileSizeCommitLog",
            "journal-segment-bytes",
            "BYTES",
            "67108864",
            "size of a journal segment",
            Role.BROKER),
    CHECKPOINT_BYTES(
            "checkpointBytes",
            "checkpoint-bytes",
            "BYTES",
            "268435456",
            "checkpoint after this much journal",
            Role.BROKER),
    CHECKPOINT_INTERVAL_MS(
            "checkpointIntervalMs", "checkpoint-interval-ms", "MS", "30000", "checkpoint after this time", Role.BROKER),
    FORMAT_LEVEL_MAX(
            "formatLevelMax",
            "format-level-max",
            "N",
            "2",
            "newest format level that it reads and writes; 1 behaves as the first release, so that one can go back to that",
            Role.BROKER),
    AUTO_CREATE(
            "autoCreateTopicEnable",
            "auto-create-destinations",
            "BOOL",
            "true",
            "create queues and topics on first use",
            Role.BROKER),
    MESSAGE_MAX_BYTES("maxMessageSize", "max-message-bytes", "BYTES", "104857600", "largest message", Role.BROKER),
    HOT_BYTES(
            "hotMessageBytes",
            "hot-message-bytes",
            "BYTES",
            "",
            "messages kept in memory beside the store; default: a quarter of the heap",
            Role.BROKER),
    NON_PERSISTENT_BYTES(
            "nonPersistentBytes",
            "non-persistent-bytes",
            "BYTES",
            "",
            "limit for non-persistent messages in memory; default: a quarter of the heap",
            Role.BROKER),
    NON_PERSISTENT_SPILL_BYTES(
            "nonPersistentSpillBytes",
            "non-persistent-spill-bytes",
            "BYTES",
            Long.toString(1L << 30),
            "non-persistent messages that may lie on disk while memory is short; 0 = none",
            Role.BROKER),
    RESUME_TIMEOUT_MS(
            "resumeTimeoutMs",
            "resume-timeout-ms",
            "MS",
            "10000",
            "how long a lost client's deliveries, client id and temporary destinations stay reserved for it",
            Role.BROKER),
    MAX_DELIVERIES(
            "maxDeliveries",
            "max-deliveries",
            "N",
            "10",
            "deliveries before a message goes to its dead-letter queue",
            Role.BROKER),
    MAX_MESSAGES(
            "maxMessages", "max-messages", "N", "0", "messages that a destination may have; 0 = no limit", Role.BROKER),
    MAX_BYTES(
            "maxBytes",
            "max-bytes",
            "BYTES",
            "0",
            "bytes of the messages that a destination may have; 0 = no limit",
            Role.BROKER),
    WHEN_FULL(
            "whenFull",
            "when-full",
            "HOW",
            "reject",
            "what a send to a full destination meets: reject, or block for --block-timeout-ms",
            Role.BROKER),
    BLOCK_TIMEOUT_MS(
            "blockTimeoutMs",
            "block-timeout-ms",
            "MS",
            "10000",
            "how long a send waits for room in a full destination, up to 20000",
            Role.BROKER),
    SLOW_CONSUMER_POLICY(
            "slowConsumerPolicy",
            "slow-consumer-policy",
            "HOW",
            "dropOldest",
            "what a non-durable subscriber that is too slow meets: dropOldest, disconnect or block",
            Role.BROKER),
    SLOW_CONSUMER_MAX_MESSAGES(
            "slowConsumerMaxMessages",
            "slow-consumer-max-messages",
            "N",
            "100000",
            "messages that wait for a non-durable subscriber before it is too slow",
            Role.BROKER),
    SLOW_CONSUMER_MAX_BYTES(
            "slowConsumerMaxBytes",
            "slow-consumer-max-bytes",
            "BYTES",
            "0",
            "bytes of these; 0 = no limit",
            Role.BROKER),
    REDELIVERY_DELAY_MS(
            "redeliveryDelayMs",
            "redelivery-delay-ms",
            "MS",
            "0",
            "how long a message that comes back waits for its next try",
            Role.BROKER),
    BACKOFF_MULTIPLIER(
            "backoffMultiplier",
            "backoff-multiplier",
            "FACTOR",
            "1",
            "factor by which each such delay is longer than the one before, up to 100",
            Role.BROKER),
    MAX_REDELIVERY_DELAY_MS(
            "maxRedeliveryDelayMs", "max-redelivery-delay-ms", "MS", "86400000", "longest such delay", Role.BROKER),
    DISK_MAX_USED_PERCENT(
            "diskMaxUsedPercent",
            "disk-max-used-percent",
            "PERCENT",
            "90",
            "refuse new messages when this much of the file system is used",
            Role.BROKER),
    DISK_RESERVE_BYTES(
            "diskReserveBytes",
            "disk-reserve-bytes",
            "BYTES",
            "67108864",
            "size of a file whose room pays for checkpoints on a full disk",
            Role.BROKER),
    UNACKNOWLEDGED_MAX(
            "unacknowledgedMessagesMax",
            "unacknowledged-messages-max",
            "N",
            "100000",
            "unacknowledged messages of one consumer, which gets no more until it acknowledges some",
            Role.BROKER),
    USERS_FILE(
            "usersFile",
            "users-file",
            "FILE",
            "",
            "users who may log in, written by \"user add\"; default: no users",
            Role.BROKER),
    ALLOW_ANONYMOUS(
            "allowAnonymous",
            "allow-anonymous",
            "BOOL",
            "",
            "admit clients without credentials; default: true on loopback, false elsewhere",
            Role.BROKER),
    LOGIN_TIMEOUT_MS("loginTimeoutMs", "login-timeout-ms", "MS", "10000", "time limit for a login", Role.BROKER);

    private enum Role {
        NAMESERVER,
        BROKER,
        BOTH
    }

    private final String key;
    private final String option;
    private final String valueName;
    private final String defaultText;
    private final String description;
    private final Role role;

    Setting(String key, String option, String valueName, String defaultText, String description, Role role) {
        this.key = key;
        this.option = option;
        this.valueName = valueName;
        this.defaultText = defaultText;
        this.description = description;
        this.role = role;
    }

    /** Name in a configuration file. */
    public String key() {
        return key;
    }

    /** Name on the command line, with its two dashes. */
    public String option() {
        return "--" + option;
    }

    /** Name in the environment. */
    public String environmentName() {
        return "POSTHORN_" + option.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** What the value is, for usage texts. */
    public String valueName() {
        return valueName;
    }

    /** The default; empty when it depends on the machine. */
    public String defaultText() {
        return defaultText;
    }

    public String description() {
        return description;
    }

    /** Settings of a NameServer process. */
    public static Set<Setting> ofNameServer() {
        return having(EnumSet.of(Role.NAMESERVER, Role.BOTH));
    }

    /** The defaults of destinations; the keys are the names under which one destination may have another value. */
    public static Set<Setting> ofDestinations() {
        return EnumSet.of(
                MAX_DELIVERIES,
                MAX_MESSAGES,
                MAX_BYTES,
                WHEN_FULL,
                BLOCK_TIMEOUT_MS,
                SLOW_CONSUMER_POLICY,
                SLOW_CONSUMER_MAX_MESSAGES,
                SLOW_CONSUMER_MAX_BYTES,
                REDELIVERY_DELAY_MS,
                BACKOFF_MULTIPLIER,
                MAX_REDELIVERY_DELAY_MS);
    }

    /** Settings of a Broker process. */
    public static Set<Setting> ofBroker() {
        return having(EnumSet.of(Role.BROKER, Role.BOTH));
    }

    /** Settings of a standalone process: all but the addresses of other NameServers. */
    public static Set<Setting> ofStandalone() {
        EnumSet<Setting> all = EnumSet.allOf(Setting.class);
        all.remove(NAMESRV_ADDR);
        return all;
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values()).filter(s -> s.key.equals(key)).findFirst();
    }

    private static EnumSet<Setting> having(EnumSet<Role> roles) {
        EnumSet<Setting> found = EnumSet.noneOf(Setting.class);
        for (Setting setting : values()) {
            if (roles.contains(setting.role)) {
                found.add(setting);
            }
        }
        return found;
    }
}
