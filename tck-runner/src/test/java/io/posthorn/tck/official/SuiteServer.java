package io.posthorn.tck.official;

import io.posthorn.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server with an empty store, the suite's user, and the suite's names in a {@code jndi.properties}. One thread at a time. */
final class SuiteServer implements AutoCloseable {

    /** User and password. */
    static final String USER = "j2ee";

    private static final List<String> FACTORIES =
            List.of("MyConnectionFactory", "MyQueueConnectionFactory", "MyTopicConnectionFactory");
    private static final String FACTORY_WITH_CLIENT_ID = "DURABLE_SUB_CONNECTION_FACTORY";
    private static final List<String> QUEUES =
            List.of("MY_QUEUE", "MY_QUEUE2", "testQ0", "testQ1", "testQ2", "testQueue2", "Q2");
    private static final List<String> TOPICS = List.of("MY_TOPIC", "MY_TOPIC2", "testT0", "testT1", "testT2");

    private final ServerProcess server;
    private final Path names;

    private SuiteServer(ServerProcess server, Path names) {
        this.server = server;
        this.names = names;
    }

    /** @param dir an empty directory, or one that does not exist */
    static SuiteServer start(Path dir) throws IOException {
        Path users = addUser(dir);
        ServerProcess server = ServerProcess.standalone(dir.resolve("data"), "--users-file", users.toString());
        try {
            Path names = Files.createDirectories(dir.resolve("names"));
            Files.write(names.resolve("jndi.properties"), names(server.url()));
            return new SuiteServer(server, names);
        } catch (IOException failed) {
            server.close();
            throw failed;
        }
    }

    private static Path addUser(Path dir) throws IOException {
        Path users = Files.createDirectories(dir).resolve("users");
        Path password = Files.writeString(dir.resolve("password"), USER + "\n");
        // The suite opens thousands of connections and has no secrets: the least work that is allowed.
        ServerProcess.Finished added = ServerProcess.run(
                "user",
                "add",
                USER,
                "--users-file",
                users.toString(),
                "--password-file",
                password.toString(),
                "--iterations",
                "4096");
        if (added.exitCode() != 0) {
            throw new IOException("the suite's user cannot be added: " + added.output());
        }
        return users;
    }

    /** The directory that belongs on the class path. */
    Path names() {
        return names;
    }

    @Override
    public void close() {
        server.close();
    }

    static List<String> names(String url) {
        List<String> lines = new ArrayList<>();
        lines.add("java.naming.factory.initial=io.posthorn.jms.naming.PosthornInitialContextFactory");
        FACTORIES.forEach(name -> lines.add("connectionFactory." + name + "=" + url));
        lines.add("connectionFactory." + FACTORY_WITH_CLIENT_ID + "=" + url + "?clientId=cts");
        QUEUES.forEach(name -> lines.add("queue." + name + "=" + name));
        TOPICS.forEach(name -> lines.add("topic." + name + "=" + name));
        return lines;
    }
}
