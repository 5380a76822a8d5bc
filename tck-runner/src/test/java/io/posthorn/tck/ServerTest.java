package io.posthorn.tck;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Operations;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** One real server per test class; connections opened through {@link #connect} are closed after each test. */
abstract class ServerTest {

    /** How long a message that must come may take, in ms: generous, because a test that passes never waits for it. */
    static final long COMES_MS = 20_000;

    /** How long to look for a message that must not come, in ms. */
    static final long ABSENT_MS = 150;

    @TempDir
    static Path dataDir;

    static ServerProcess server;

    /** A second broker group, in the profile that tests with two; see CONTRIBUTING.md. */
    private static ServerProcess secondGroup;

    private final List<Connection> open = new ArrayList<>();
    private String unique;

    @BeforeAll
    static void startServer() throws Exception {
        if (Integer.getInteger("posthorn.groups", 1) == 1) {
            server = ServerProcess.standalone(dataDir.resolve("data"));
            return;
        }
        server = ServerProcess.standalone(dataDir.resolve("data"), "--directory-broker-name", "broker-a");
        secondGroup = ServerProcess.brokerWith(
                List.of("--broker-name", "broker-b", "--directory-broker-name", "broker-a"),
                dataDir.resolve("data-b"),
                server);
        // From then on the directory places things there.
        Operations.awaitReachable(server, "broker-b");
    }

    @AfterAll
    static void stopServer() {
        if (secondGroup != null) {
            secondGroup.close();
            secondGroup = null;
        }
        server.close();
    }

    @BeforeEach
    void nameDestinations(TestInfo test) {
        unique = test.getTestClass().orElseThrow().getSimpleName() + "."
                + test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void closeConnections() throws JMSException {
        for (Connection connection : open) {
            connection.close();
        }
    }

    /** A destination name of this test's own. */
    String name(String part) {
        return unique + "." + part;
    }

    ConnectionFactory factory() {
        return new PosthornConnectionFactory(server.url());
    }

    /** A started connection that is closed after the test. */
    Connection connect() throws JMSException {
        Connection connection = factory().createConnection();
        open.add(connection);
        connection.start();
        return connection;
    }

    /** A connection with a client id, started, closed after the test. */
    Connection connect(String clientId) throws JMSException {
        Connection connection = factory().createConnection();
        open.add(connection);
        connection.setClientID(clientId);
        connection.start();
        return connection;
    }
}
