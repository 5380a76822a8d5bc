package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users and their logins, on a server with a users file that admits strangers as well, seen through a proxy that records every byte. */
class LoginIT {

    private static final String PASSWORD = "correct horse 7f3a9 battery";

    @TempDir
    static Path dir;

    static Path users;
    static ServerProcess server;
    static RecordingProxy wire;

    @BeforeAll
    static void startServer() throws IOException {
        users = dir.resolve("users");
        addUser("j2ee", "j2ee");
        addUser("watched", PASSWORD);
        server = ServerProcess.standalone(
                dir.resolve("data"), "--users-file", users.toString(), "--advertised-host", RecordingProxy.HOST);
        wire = new RecordingProxy(server.brokerPort());
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
        wire.close();
    }

    @Test
    @Checklist("3.01")
    void withoutCredentialsTheDefaultIdentityIsUsed() throws JMSException {
        factory().createConnection().close();
        factory().createContext().close();
    }

    @Test
    @Checklist("3.01")
    void theFactorysUserIsTheDefault() throws JMSException {
        PosthornConnectionFactory ofUrl = new PosthornConnectionFactory(server.url() + "?user=j2ee&password=j2ee");
        ofUrl.createConnection().close();
        PosthornConnectionFactory ofBean = factory();
        ofBean.setUser("j2ee");
        ofBean.setPassword("wrong");
        assertThrows(JMSSecurityException.class, ofBean::createConnection);
        assertThrows(JMSSecurityRuntimeException.class, ofBean::createContext);
        ofBean.createConnection("j2ee", "j2ee").close();
    }

    @Test
    void theRightPasswordIsAdmittedByEveryMethod() throws JMSException {
        factory().createConnection("j2ee", "j2ee").close();
        factory().createQueueConnection("j2ee", "j2ee").close();
        factory().createTopicConnection("j2ee", "j2ee").close();
        factory().createContext("j2ee", "j2ee").close();
        try (JMSContext context = factory().createContext("j2ee", "j2ee", JMSContext.SESSION_TRANSACTED)) {
            context.createProducer().send(context.createQueue("login.sent"), "by a user");
            context.commit();
        }
    }

    @Test
    @Checklist("3.02")
    void wrongCredentialsAreRefusedWhenTheConnectionIsCreated() {
        String[][] wrong = {
            {"invalid", "invalid"},
            {"j2ee", "J2EE"},
            {"j2ee", ""},
            {"j2ee", null},
            {"", ""},
            {"j2ee\u0007", "j2ee"},
            {"u".repeat(3_000), "x"}
        };
        for (String[] pair : wrong) {
            assertThrows(JMSSecurityException.class, () -> factory().createConnection(pair[0], pair[1]));
        }
        assertThrows(JMSSecurityException.class, () -> factory().createQueueConnection("invalid", "invalid"));
        assertThrows(JMSSecurityException.class, () -> factory().createTopicConnection("invalid", "invalid"));
        assertThrows(JMSSecurityRuntimeException.class, () -> factory().createContext("invalid", "invalid"));
        assertThrows(
                JMSSecurityRuntimeException.class,
                () -> factory().createContext("invalid", "invalid", JMSContext.CLIENT_ACKNOWLEDGE));
    }

    @Test
    void aWrongPasswordAndAnUnknownUserGetTheSameAnswer() throws Exception {
        JMSSecurityException password =
                assertThrows(JMSSecurityException.class, () -> factory().createConnection("j2ee", "wrong"));
        JMSSecurityException user =
                assertThrows(JMSSecurityException.class, () -> factory().createConnection("nobody", "wrong"));
        assertEquals(password.getMessage(), user.getMessage());
        assertEquals(challengeFor("nobody"), challengeFor("nobody"));
        assertEquals(challengeFor("j2ee").length(), challengeFor("nobody").length());
    }

    /** Without the nonces: salt and iterations. */
    private static String challengeFor(String user) throws IOException {
        try (RawPeer peer = new RawPeer(server.brokerPort())) {
            byte[] first = RawPeer.connect(1, 1, "SCRAM-SHA-256", "n,,n=" + user + ",r=abcdefgh");
            String challenge = RawPeer.challenge(peer.ask(RawPeer.CONNECT, first));
            return challenge.substring(challenge.indexOf(",s="));
        }
    }

    @Test
    void refusalsAreLoggedWithUserAndAddressButNoSecrets() throws Exception {
        assertThrows(JMSSecurityException.class, () -> factory().createConnection("mallory", "hush-hush"));
        Await.until(
                "the refusal is in the log",
                () -> log().contains("as \"mallory\" refused: user name or password is wrong"));
        String line = log().lines()
                .filter(text -> text.contains("mallory"))
                .findFirst()
                .orElseThrow();
        assertTrue(line.contains("login from /127.0.0.1:"), line);
        assertFalse(log().contains("hush-hush"));
        assertFalse(log().contains(PASSWORD));
    }

    @Test
    void nothingOnTheWireTellsThePassword() throws Exception {
        try (Connection connection = factory().createConnection("watched", PASSWORD)) {
            connection.start();
        }
        assertThrows(JMSSecurityException.class, () -> factory().createConnection("watched", PASSWORD + "!"));
        String[] fields = Files.readString(users)
                .lines()
                .filter(line -> line.startsWith("watched\t"))
                .findFirst()
                .orElseThrow()
                .split("\t");
        assertTrue(wire.count("n=watched,") >= 2, "the login was not recorded");
        assertTrue(wire.count(fields[1]) >= 2, "the salt was not recorded");
        assertEquals(0, wire.count(PASSWORD));
        assertEquals(0, wire.count(PASSWORD.getBytes(StandardCharsets.UTF_16BE)));
        assertEquals(0, wire.count(Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8))));
        for (String key : new String[] {fields[3], fields[4]}) {
            assertEquals(0, wire.count(key));
            assertEquals(0, wire.count(Base64.getDecoder().decode(key)));
        }
    }

    @Test
    void aConnectionLogsInAgainAfterTheServerHasRestarted() throws Exception {
        try (Connection connection = factory().createConnection("j2ee", "j2ee")) {
            connection.start();
            Session session = connection.createSession();
            MessageConsumer consumer = session.createConsumer(session.createQueue("login.restart"));
            int logins = wire.count("n=j2ee,");
            server.kill();
            server.start();
            session.createProducer(session.createQueue("login.restart")).send(session.createTextMessage("still here"));
            Message received = consumer.receive(20_000);
            assertEquals("still here", received.getBody(String.class));
            assertTrue(wire.count("n=j2ee,") > logins, "no second login");
        }
    }

    @Test
    void theConnectionsOfARemovedUserAreClosedAndNoOthers() throws Exception {
        addUser("leaver", "x");
        addUser("stayer", "first");
        awaitAdmitted("leaver", "x");
        awaitAdmitted("stayer", "first");
        BlockingQueue<JMSException> failures = new LinkedBlockingQueue<>();
        BlockingQueue<JMSException> none = new LinkedBlockingQueue<>();
        try (Connection leaver = factory().createConnection("leaver", "x");
                Connection stayer = factory().createConnection("stayer", "first");
                Connection stranger = factory().createConnection()) {
            leaver.setExceptionListener(failures::add);
            stayer.setExceptionListener(none::add);
            stranger.setExceptionListener(none::add);
            changePassword("stayer", "second");
            awaitAdmitted("stayer", "second");
            run("user", "remove", "leaver");
            JMSException failure = failures.poll(20, TimeUnit.SECONDS);
            assertTrue(failure instanceof JMSSecurityException, String.valueOf(failure));
            assertTrue(log().contains("user leaver was removed"), log());
            stayer.createSession().createTemporaryQueue().delete();
            stranger.createSession().createTemporaryQueue().delete();
            assertEquals(List.of(), List.copyOf(none));
        }
    }

    /** Also one that lost its connection before: it is told at the next login. */
    @Test
    void aConnectionWhoseUserIsGoneMeanwhileFailsForGood() throws Exception {
        addUser("away", "x");
        awaitAdmitted("away", "x");
        BlockingQueue<JMSException> failures = new LinkedBlockingQueue<>();
        try (Connection connection = factory().createConnection("away", "x")) {
            connection.setExceptionListener(failures::add);
            server.kill();
            run("user", "remove", "away");
            server.start();
            JMSException failure = failures.poll(20, TimeUnit.SECONDS);
            assertTrue(failure instanceof JMSSecurityException, String.valueOf(failure));
        }
    }

    @Test
    void beforeTheLoginFramesAreSmall() throws IOException {
        assertTrue(staysOpen(65_536));
        assertFalse(staysOpen(65_537));
        assertTrue(log().contains("a frame of 65537 bytes, the limit is 65536"));
    }

    /** Whether the broker goes on listening when a frame of this size begins; it answers nothing, and looks at a length at once. */
    private static boolean staysOpen(int frameBytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.brokerPort())) {
            socket.setSoTimeout(500);
            new DataOutputStream(socket.getOutputStream()).writeInt(frameBytes - 4);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException open) {
            return true;
        }
    }

    @Test
    void changesOfTheUsersFileCountWithoutARestart() throws Exception {
        assertThrows(JMSSecurityException.class, () -> factory().createConnection("late", "first"));
        addUser("late", "first");
        awaitAdmitted("late", "first");
        run("user", "remove", "late");
        awaitRefused("late", "first");
        factory().createConnection("j2ee", "j2ee").close();
    }

    @Test
    void aUsersFileThatWentWrongIsReportedAndTheUsersStay() throws Exception {
        byte[] good = Files.readAllBytes(users);
        try {
            Files.writeString(users, Files.readString(users) + "forged\t\t1\n");
            Await.until(
                    "the damage is in the log",
                    () -> log().contains("fields separated by tabs, 5 are needed; the users stay"));
            factory().createConnection("j2ee", "j2ee").close();
        } finally {
            Files.write(users, good);
        }
    }

    @Test
    void verbsBeforeTheLoginAreRefusedAndEndTheConnection() throws IOException {
        for (int verb : new int[] {RawPeer.SEND, RawPeer.PING, 7003, 7002, 7020}) {
            try (RawPeer peer = new RawPeer(server.brokerPort())) {
                RawPeer.Answer answer = peer.ask(verb, new byte[0]);
                assertEquals(RawPeer.AUTHENTICATION_FAILED, answer.code());
                assertEquals("log in first", answer.remark());
                peer.awaitClosed();
            }
        }
    }

    @Test
    void verbsInTheMiddleOfTheLoginAreRefusedToo() throws IOException {
        try (RawPeer peer = new RawPeer(server.brokerPort())) {
            byte[] first = RawPeer.connect(1, 1, "SCRAM-SHA-256", "n,,n=j2ee,r=abcdefgh");
            RawPeer.challenge(peer.ask(RawPeer.CONNECT, first));
            assertEquals(
                    RawPeer.AUTHENTICATION_FAILED,
                    peer.ask(RawPeer.PING, new byte[0]).code());
            peer.awaitClosed();
        }
    }

    @Test
    void oneExchangePerConnection() throws IOException {
        byte[] anonymous = RawPeer.connect(1, 1, "ANONYMOUS", "");
        try (RawPeer peer = new RawPeer(server.brokerPort())) {
            assertEquals(0, peer.ask(RawPeer.CONNECT, anonymous).code());
            assertEquals(0, peer.ask(RawPeer.PING, new byte[0]).code());
            assertEquals(
                    RawPeer.MALFORMED_REQUEST,
                    peer.ask(RawPeer.CONNECT, anonymous).code());
            peer.awaitClosed();
        }
        try (RawPeer peer = new RawPeer(server.brokerPort())) {
            byte[] first = RawPeer.connect(1, 1, "SCRAM-SHA-256", "n,,n=j2ee,r=abcdefgh");
            RawPeer.challenge(peer.ask(RawPeer.CONNECT, first));
            RawPeer.Answer refused = peer.ask(RawPeer.AUTHENTICATE, RawPeer.authenticate("c=biws,r=abcdefgh,p=AAAA"));
            assertEquals(RawPeer.AUTHENTICATION_FAILED, refused.code());
            peer.awaitClosed();
        }
        try (RawPeer peer = new RawPeer(server.brokerPort())) {
            peer.oneWay(RawPeer.CONNECT, anonymous);
            peer.awaitClosed();
        }
        try (RawPeer peer = new RawPeer(server.brokerPort())) {
            assertEquals(
                    RawPeer.MALFORMED_REQUEST,
                    peer.ask(RawPeer.AUTHENTICATE, RawPeer.authenticate("x")).code());
            peer.awaitClosed();
        }
    }

    @Test
    void anUnknownMechanismIsRefusedAndTheOthersAreNamed() throws IOException {
        try (RawPeer peer = new RawPeer(server.brokerPort())) {
            RawPeer.Answer answer = peer.ask(RawPeer.CONNECT, RawPeer.connect(1, 1, "PLAIN", "\0j2ee\0j2ee"));
            assertEquals(RawPeer.AUTHENTICATION_FAILED, answer.code());
            assertTrue(answer.remark().endsWith("this broker offers SCRAM-SHA-256, ANONYMOUS"), answer.remark());
            peer.awaitClosed();
        }
    }

    @Test
    void anotherProtocolVersionIsRefused() throws IOException {
        try (RawPeer peer = new RawPeer(server.brokerPort())) {
            RawPeer.Answer answer = peer.ask(RawPeer.CONNECT, RawPeer.connect(2, 3, "ANONYMOUS", ""));
            assertEquals(RawPeer.VERSION_NOT_SUPPORTED, answer.code());
            assertTrue(answer.remark().contains("versions 2 to 3, this broker speaks 1"), answer.remark());
            peer.awaitClosed();
        }
    }

    @Test
    void aClientThatSpeaksLaterVersionsTooIsAnsweredInThisOne() throws IOException {
        try (RawPeer peer = new RawPeer(server.brokerPort())) {
            RawPeer.Answer answer = peer.ask(RawPeer.CONNECT, RawPeer.connect(1, 2, "ANONYMOUS", ""));
            assertEquals(0, answer.code(), answer.remark());
            // done, no challenge, version
            assertArrayEquals(new byte[] {1, 0, 1}, Arrays.copyOf(answer.body(), 3));
        }
    }

    @Test
    void anOverlongLoginStepIsRefused() throws IOException {
        try (RawPeer peer = new RawPeer(server.brokerPort())) {
            byte[] long1 = RawPeer.connect(1, 1, "ANONYMOUS", "x".repeat(20_000));
            assertEquals(
                    RawPeer.MALFORMED_REQUEST, peer.ask(RawPeer.CONNECT, long1).code());
            peer.awaitClosed();
        }
    }

    private static PosthornConnectionFactory factory() {
        return new PosthornConnectionFactory(server.url());
    }

    private static String log() throws IOException {
        return Files.readString(server.log());
    }

    private static void addUser(String name, String password) throws IOException {
        Path file = Files.writeString(dir.resolve("password"), password + "\n");
        run("user", "add", name, "--password-file", file.toString());
    }

    private static void changePassword(String name, String password) throws IOException {
        Path file = Files.writeString(dir.resolve("changed"), password);
        run("user", "add", name, "--replace", "--iterations", "4096", "--password-file", file.toString());
    }

    private static void run(String... command) {
        String[] all = Arrays.copyOf(command, command.length + 2);
        all[command.length] = "--users-file";
        all[command.length + 1] = users.toString();
        ServerProcess.output(all);
    }

    private static void awaitAdmitted(String user, String password) throws Exception {
        Await.until(user + " is admitted", () -> isAdmitted(user, password));
    }

    private static void awaitRefused(String user, String password) throws Exception {
        Callable<Boolean> refused = () -> !isAdmitted(user, password);
        Await.until(user + " is refused", refused);
    }

    private static boolean isAdmitted(String user, String password) throws JMSException {
        try {
            factory().createConnection(user, password).close();
            return true;
        } catch (JMSSecurityException refused) {
            return false;
        }
    }
}
