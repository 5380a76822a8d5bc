package io.posthorn.server.replication;

import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.remote.DirectLink;
import io.posthorn.provider.remote.RemoteCluster;
import io.posthorn.server.config.BrokerConfig;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SortedMap;

/** Finds the others of a broker's group through the NameServers, and asks them how they stand. Any thread but an event loop. */
public final class GroupLookup {

    private final ReplicationConfig config;

    public GroupLookup(ReplicationConfig config) {
        this.config = config;
    }

    /**
     * The registered Master, unless it is the broker itself.
     *
     * @return null when there is none
     * @throws ProviderException if no NameServer answers
     */
    public InetSocketAddress otherMaster(BrokerConfig self) {
        for (InetSocketAddress master : members().getOrDefault(0L, List.of())) {
            if (!isSelf(master, self)) {
                return master;
            }
        }
        return null;
    }

    /**
     * Asks a broker.
     *
     * @throws ProviderException if it does not answer
     */
    public ReplicaStatusResponse status(InetSocketAddress broker) {
        try (DirectLink link = config.login().open(broker)) {
            return link.call(RequestCode.REPLICA_STATUS, DirectLink.NO_BODY, ReplicaStatusResponse::decode);
        }
    }

    /** The lowest brokerId above 0 that nobody but the broker itself is registered under; 1 when no NameServer answers. */
    public long freeId(BrokerConfig self) {
        SortedMap<Long, List<InetSocketAddress>> members;
        try {
            members = members();
        } catch (ProviderException nobodyAnswers) {
            return 1;
        }
        long id = 1;
        while (members.containsKey(id) && members.get(id).stream().anyMatch(address -> !isSelf(address, self))) {
            id++;
        }
        return id;
    }

    private SortedMap<Long, List<InetSocketAddress>> members() {
        return RemoteCluster.members(config.nameServers(), config.brokerName());
    }

    private static boolean isSelf(InetSocketAddress address, BrokerConfig self) {
        String host = self.advertisedHost() == null ? self.bind().getAddress().getHostAddress() : self.advertisedHost();
        return address.getPort() == self.bind().getPort()
                && address.getHostString().equals(host);
    }
}
