package io.posthorn.server.replication;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a broker takes part in its group.
 *
 * @param dataDir        where it keeps its role
 * @param brokerName     the group
 * @param nameServers    where the others of the group are found
 * @param login          as whom it logs in at others
 * @param onlyUser       the user that Slaves have to log in as; null = anybody who may log in at all
 * @param minInSync      copies that have to have what is acknowledged, the Master's included; 1 = ASYNC_MASTER
 * @param patience       how long a Slave may be behind before it does not count any more, and how long what it should have confirmed
 *     stays unanswered
 * @param journalRetainMaxBytes journal that is kept for a Slave that is away
 * @param slaveReadEnable whether clients may read messages from it while it is a Slave
 * @param hasGroup       whether it has been a Slave before
 */
public record ReplicationConfig(
        Path dataDir,
        String brokerName,
        List<InetSocketAddress> nameServers,
        ReplicationLogin login,
        String onlyUser,
        int minInSync,
        Duration patience,
        long journalRetainMaxBytes,
        boolean slaveReadEnable,
        boolean hasGroup) {

    /** Most copies that can be asked for. */
    public static final int MIN_IN_SYNC_MAX = 16;

    /** The same for a broker whose role has changed before. */
    public ReplicationConfig inGroup(int copies) {
        return new ReplicationConfig(
                dataDir,
                brokerName,
                nameServers,
                login,
                onlyUser,
                copies,
                patience,
                journalRetainMaxBytes,
                slaveReadEnable,
                true);
    }
}
