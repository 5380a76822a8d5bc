package io.posthorn.cluster.harness;

import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.protocol.api.ReplicaStatusResponse.Role;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.remote.RemoteOperator;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The brokers of one brokerName, by the ids with which they were started.
 *
 * @param nameServers where they register, {@code host:port;…}
 * @param members the first is the Master at start
 */
public record Group(String name, String nameServers, List<Node> members) {

    public Group {
        members = List.copyOf(members);
    }

    /** The broker that was started as Master. */
    public Node master() {
        return members.get(0);
    }

    /** The broker that was started as Slave with this id, from 1. */
    public Node slave(int id) {
        return members.get(id);
    }

    /** The member that is the Master now. */
    public Node currentMaster() {
        for (Node member : members) {
            ReplicaStatusResponse now = status(member);
            if (now != null && now.role() == Role.MASTER) {
                return member;
            }
        }
        throw new AssertionError("no member of " + name + " is its Master");
    }

    /** One that is not the Master now; null when there is none. */
    public Node currentSlave() {
        Node master = currentMaster();
        return members.stream().filter(member -> member != master).findFirst().orElse(null);
    }

    /** How a broker stands, asked behind its proxy; null when it does not answer. */
    static ReplicaStatusResponse status(Node node) {
        InetSocketAddress address =
                new InetSocketAddress("127.0.0.1", node.process().brokerPort());
        try (RemoteOperator operator = RemoteOperator.connect(address, null, null)) {
            return operator.replicaStatus();
        } catch (ProviderException noAnswer) {
            return null;
        }
    }

    /** Waits until this broker is the Master, and so many copies have what it has, its own included. */
    public void awaitInSync(Node master, int copies) throws Exception {
        Await.until(copies + " copies in sync at " + master, () -> {
            ReplicaStatusResponse now = status(master);
            return now != null && now.role() == Role.MASTER && now.inSync() >= copies;
        });
    }

    /** Waits until this broker follows. */
    public void awaitSlave(Node node) throws Exception {
        Await.until(node + " follows", () -> {
            ReplicaStatusResponse now = status(node);
            return now != null && now.role() == Role.SLAVE;
        });
    }

    /** Runs the operator's command, which has to succeed. */
    public void promote(String... options) {
        List<String> all = new ArrayList<>(List.of("promote", "--broker-name", name, "--namesrv-addr", nameServers));
        all.addAll(List.of(options));
        ServerProcess.Finished finished = ServerProcess.run(all.toArray(String[]::new));
        if (finished.exitCode() != 0) {
            throw new AssertionError("promote ended with " + finished.exitCode() + ": " + finished.output());
        }
    }
}
