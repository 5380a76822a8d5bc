package io.posthorn.thirdparty;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.ConnectionFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** One real server per test class, and destination names of each test's own. */
abstract class RealServerTest {

    /** How long a message that must come may take, in ms: generous, because a test that passes never waits for it. */
    static final long COMES_MS = 20_000;

    @TempDir
    static Path dataDir;

    static ServerProcess server;

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

    /** A destination name of this test's own. */
    String name(String part) {
        return unique + "." + part;
    }

    ConnectionFactory factory() {
        return new PosthornConnectionFactory(server.url());
    }
}
