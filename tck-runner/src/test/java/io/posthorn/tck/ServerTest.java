package io.posthorn.tck;

import io.posthorn.jms.PosthornConnectionFactory;
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

    private final List<Connection> open = new ArrayList<>();
    private String unique;

    @BeforeAll
    static void startServer() {
        server = ServerProcess.standalone(dataDir.resolve("data"));
    }

    @AfterAll
    static void stopServer() {
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
