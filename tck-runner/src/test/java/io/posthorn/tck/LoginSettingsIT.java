package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may log in, as the settings say it, and settings that cannot be meant. */
class LoginSettingsIT {

    @TempDir
    Path dir;

    @TempDir
    static Path shared;

    static Path users;

    @BeforeAll
    static void addUser() throws IOException {
        users = shared.resolve("users");
        Path password = Files.writeString(shared.resolve("password"), "j2ee");
        ServerProcess.output(
                "user", "add", "j2ee", "--password-file", password.toString(), "--users-file", users.toString());
    }

    @Test
    @Checklist("3.02")
    void aServerThatRequiresALoginRefusesStrangersAndThoseWhoTakeTooLong() throws Exception {
        String[] options = {"--users-file", users.toString(), "--allow-anonymous", "false", "--login-timeout-ms", "2000"
        };
        try (ServerProcess server = ServerProcess.standalone(dir.resolve("data"), options);
                RawPeer silent = new RawPeer(server.brokerPort())) {
            PosthornConnectionFactory factory = new PosthornConnectionFactory(server.url());
            JMSSecurityException refused = assertThrows(JMSSecurityException.class, factory::createConnection);
            assertEquals("this broker requires a user name and a password", refused.getMessage());
            assertThrows(JMSSecurityRuntimeException.class, factory::createContext);
            silent.awaitClosed();
            assertTrue(Files.readString(server.log()).contains("refused: not finished within 2000 ms"));
        }
    }

    @Test
    @Checklist("3.02")
    void withoutAUsersFileCredentialsAreRefusedAllTheSame() throws JMSException {
        try (ServerProcess server = ServerProcess.standalone(dir.resolve("data"))) {
            PosthornConnectionFactory factory = new PosthornConnectionFactory(server.url());
            factory.createConnection().close();
            JMSSecurityException refused =
                    assertThrows(JMSSecurityException.class, () -> factory.createConnection("invalid", "invalid"));
            assertTrue(refused.getMessage().contains("this broker has no users"), refused::getMessage);
        }
    }

    @Test
    void beyondLoopbackNobodyIsAdmittedByMistake() {
        String data = dir.resolve("data").toString();
        assertFailure(
                start("--bind", "0.0.0.0", "--advertised-host", "127.0.0.1", "--data-dir", data),
                2,
                "the Broker would listen on 0.0.0.0, beyond this machine, without users: set --users-file");
        assertFailure(
                start("--allow-anonymous", "false", "--data-dir", data),
                2,
                "nobody could log in: --allow-anonymous is false, and there is no --users-file");
        assertFalse(Files.exists(dir.resolve("data")));
    }

    @Test
    void beyondLoopbackTheUsersAreWhoIsAdmitted() throws JMSException {
        String[] options = {"--bind", "0.0.0.0", "--advertised-host", "127.0.0.1", "--users-file", users.toString()};
        try (ServerProcess server = ServerProcess.standalone(dir.resolve("data"), options)) {
            PosthornConnectionFactory factory = new PosthornConnectionFactory(server.url());
            assertThrows(JMSSecurityException.class, factory::createConnection);
            factory.createConnection("j2ee", "j2ee").close();
        }
    }

    @Test
    void aMalformedUsersFileIsNamedWithItsLine() throws IOException {
        String damaged = Files.readString(users).replace("\t32768\t", "\t32\t");
        Path malformed = Files.writeString(dir.resolve("users"), damaged);
        String data = dir.resolve("data").toString();
        assertFailure(
                start("--users-file", malformed.toString(), "--data-dir", data),
                1,
                "users file " + malformed + ", line 2: 32 iterations, 4096 to 1000000 are allowed");
        assertFailure(start("--users-file", dir.resolve("none").toString(), "--data-dir", data), 1, "does not exist");
    }

    private static ServerProcess.Finished start(String... options) {
        String[] arguments = new String[options.length + 5];
        arguments[0] = "standalone";
        arguments[1] = "--nameserver-port";
        arguments[2] = "0";
        arguments[3] = "--broker-port";
        arguments[4] = "0";
        System.arraycopy(options, 0, arguments, 5, options.length);
        return ServerProcess.run(arguments);
    }

    private static void assertFailure(ServerProcess.Finished finished, int exitCode, String text) {
        assertEquals(exitCode, finished.exitCode(), finished.output());
        assertTrue(finished.output().contains(text), finished.output());
        assertFalse(finished.output().contains("\tat "), () -> "a stack trace: " + finished.output());
    }
}
