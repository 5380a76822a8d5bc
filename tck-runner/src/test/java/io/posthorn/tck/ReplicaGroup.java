package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.protocol.api.ReplicaStatusResponse.Role;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.remote.RemoteOperator;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A NameServer and a group of brokers on it, each a process of its own. Broker 0 begins as Master, the others as Slaves. */
final class ReplicaGroup implements AutoCloseable {

    private final Path dir;
    private final ServerProcess nameServer = ServerProcess.nameServer();
    private final List<ServerProcess> brokers = new ArrayList<>();

    ReplicaGroup(Path dir) {
        this.dir = dir;
    }

    /** Starts the next broker of the group. */
    ServerProcess add(String... options) {
        return addAs(brokers.size(), options);
    }

    /** The same, as a Slave with another number than the next. */
    ServerProcess addAs(int brokerId, String... options) {
        int number = brokers.size();
        List<String> all = new ArrayList<>(List.of(options));
        if (number > 0) {
            all.addAll(List.of("--broker-role", "SLAVE", "--broker-id", Integer.toString(brokerId)));
        }
        ServerProcess broker = ServerProcess.brokerWith(all, data(number), nameServer);
        brokers.add(broker);
        return broker;
    }

    /** For other groups of the same cluster. */
    ServerProcess nameServer() {
        return nameServer;
    }

    Path data(int number) {
        return dir.resolve("broker-" + number);
    }

    ServerProcess broker(int number) {
        return brokers.get(number);
    }

    String url() {
        return nameServer.url();
    }

    /** How a broker stands; null when it does not answer. */
    ReplicaStatusResponse status(int number) {
        InetSocketAddress address =
                new InetSocketAddress("127.0.0.1", broker(number).brokerPort());
        try (RemoteOperator operator = RemoteOperator.connect(address, null, null)) {
            return operator.replicaStatus();
        } catch (ProviderException noAnswer) {
            return null;
        }
    }

    /** Waits until a Slave has confirmed all that its Master has. */
    void awaitCaughtUp(int slave, int master) throws Exception {
        Await.until("Slave " + slave + " has all that " + master + " has", () -> {
            ReplicaStatusResponse behind = status(slave);
            ReplicaStatusResponse ahead = status(master);
            return behind != null
                    && ahead != null
                    && behind.role() == Role.SLAVE
                    && ahead.role() == Role.MASTER
                    && behind.end() == ahead.end()
                    && ahead.inSync() > 1;
        });
    }

    /** Waits until a broker is Master and has so many copies in sync. */
    void awaitInSync(int master, int copies) throws Exception {
        Await.until(copies + " copies in sync at " + master, () -> {
            ReplicaStatusResponse now = status(master);
            return now != null && now.role() == Role.MASTER && now.inSync() == copies;
        });
    }

    void awaitRole(int number, Role role) throws Exception {
        Await.until(role + " at " + number, () -> {
            ReplicaStatusResponse now = status(number);
            return now != null && now.role() == role;
        });
    }

    /** Runs {@code promote}, which has to succeed. */
    String promote(String... options) {
        ServerProcess.Finished finished = tryPromote(options);
        assertEquals(0, finished.exitCode(), finished.output());
        return finished.output();
    }

    ServerProcess.Finished tryPromote(String... options) {
        return command("promote", options);
    }

    /** Runs {@code finalize} at a broker. */
    ServerProcess.Finished tryFinalize(int number) {
        return ServerProcess.run(
                "finalize", "--broker", "127.0.0.1:" + broker(number).brokerPort());
    }

    ServerProcess.Finished showStatus() {
        return command("replication", "status");
    }

    private ServerProcess.Finished command(String name, String... options) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(List.of(options));
        all.addAll(List.of("--namesrv-addr", "127.0.0.1:" + nameServer.nameServerPort()));
        return ServerProcess.run(all.toArray(new String[0]));
    }

    @Override
    public void close() {
        for (ServerProcess broker : brokers) {
            broker.close();
        }
        nameServer.close();
    }
}
