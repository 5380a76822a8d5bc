package io.posthorn.tck;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Operations;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A NameServer and the broker groups {@code broker-a}, which is the directory, and {@code broker-b}, each broker a process of its own. */
final class TwoGroups implements AutoCloseable {

    private final Path dir;
    private final ServerProcess nameServer = ServerProcess.nameServer();
    private final List<ServerProcess> brokers = new ArrayList<>();

    /** Returns when the directory has heard from the other group. */
    TwoGroups(Path dir) throws Exception {
        this.dir = dir;
        try {
            add("broker-a");
            add("broker-b");
            Operations.awaitReachable(a(), "broker-b");
        } catch (Exception | AssertionError failed) {
            close();
            throw failed;
        }
    }

    /** Starts the broker of another group. */
    ServerProcess add(String name) {
        ServerProcess broker = ServerProcess.brokerWith(
                List.of("--broker-name", name, "--directory-broker-name", "broker-a", "--resume-timeout-ms", "2000"),
                dir.resolve(name),
                nameServer);
        brokers.add(broker);
        return broker;
    }

    ServerProcess nameServer() {
        return nameServer;
    }

    /** The broker of the directory. */
    ServerProcess a() {
        return brokers.get(0);
    }

    ServerProcess b() {
        return brokers.get(1);
    }

    String url() {
        return nameServer.url();
    }

    /** A started one. */
    Connection connect() throws JMSException {
        Connection connection = new PosthornConnectionFactory(url()).createConnection();
        connection.start();
        return connection;
    }

    /** Runs a command at the directory, which has to succeed. @return what it has printed */
    String command(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--broker", "127.0.0.1:" + a().brokerPort()));
        return ServerProcess.output(all.toArray(new String[0]));
    }

    @Override
    public void close() {
        for (ServerProcess broker : brokers) {
            broker.close();
        }
        nameServer.close();
    }
}
