package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server on a newer JDK than the one it is built for. Runs where the system property {@code posthorn.jdk25} or the
 * environment variable {@code POSTHORN_JDK25} names the directory of a JDK 25.
 */
class JdkIT {

    @TempDir
    Path dir;

    @Test
    void theServerRunsOnJdk25() throws Exception {
        String home = System.getProperty("posthorn.jdk25", System.getenv("POSTHORN_JDK25"));
        Assumptions.assumeTrue(home != null, "neither posthorn.jdk25 nor POSTHORN_JDK25 is set");
        assertEquals("25", version(Path.of(home)));
        try (ServerProcess server = ServerProcess.standaloneOn(home, dir.resolve("data"))) {
            send(server, "kept");
            server.kill();
            server.start();
            try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
                Queue queue = context.createQueue("queue");
                assertEquals("kept", context.createConsumer(queue).receiveBody(String.class, ServerTest.COMES_MS));
            }
            assertEquals(0, server.stop());
            String log = Files.readString(server.log());
            assertFalse(log.contains("Exception"), log);
        }
    }

    private static void send(ServerProcess server, String text) {
        try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            context.createProducer().send(context.createQueue("queue"), text);
        }
    }

    /** The first part of the version that the JDK's own release file tells. */
    private static String version(Path home) throws Exception {
        for (String line : Files.readAllLines(home.resolve("release"))) {
            if (line.startsWith("JAVA_VERSION=\"")) {
                return line.substring("JAVA_VERSION=\"".length()).split("[.\"]")[0];
            }
        }
        return "unknown";
    }
}
