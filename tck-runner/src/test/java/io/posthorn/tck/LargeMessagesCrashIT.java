package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.ChildJvm;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large messages in small heaps, and with either side killed in the middle of a transfer. */
class LargeMessagesCrashIT {

    private static final int MIB = 1 << 20;
    private static final int COMES_MS = 20_000;

    /** What the client may have in memory; the property is for long runs. */
    private static final String CLIENT_HEAP = System.getProperty("posthorn.large.clientHeap", "32m");

    private static final String SERVER_HEAP = System.getProperty("posthorn.large.serverHeap", "48m");
    private static final long BYTES = Long.getLong("posthorn.large.bytes", 64 * MIB);

    private static final Pattern CHUNKS =
            Pattern.compile("posthorn\\.chunks: (\\d+) messages.*checkpoint (\\d+) came and (\\d+) went");

    @TempDir
    Path dir;

    private ServerProcess server;
    private PausingProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = ServerProcess.standaloneIn(
                "-Xmx" + SERVER_HEAP,
                dir.resolve("data"),
                "--advertised-host",
                PausingProxy.HOST,
                "--max-message-bytes",
                Long.toString(BYTES),
                "--checkpoint-bytes",
                Long.toString(16 * MIB),
                "--checkpoint-interval-ms",
                "300",
                "--resume-timeout-ms",
                "400");
        proxy = new PausingProxy(server.brokerPort());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        proxy.close();
    }

    private Connection connect() throws JMSException {
        Connection connection = new PosthornConnectionFactory(server.url()).createConnection();
        connection.start();
        return connection;
    }

    private ChildJvm client(long bytes, String what) {
        return ChildJvm.start(List.of(
                "-Xmx" + CLIENT_HEAP,
                "-Djava.io.tmpdir=" + dir,
                "-cp",
                ChildJvm.ownClassPath(),
                LargeClient.class.getName(),
                server.url(),
                "large",
                Long.toString(bytes),
                what));
    }

    /** Nothing is left in the store of any large message. */
    private void assertNothingLeft() throws Exception {
        Await.until("the chunks are gone", () -> left(true) == 0);
        assertEquals(0, server.stop());
        assertSound();
    }

    private void assertSound() {
        ServerProcess.Finished verified = ServerProcess.run(
                "store", "verify", "--data-dir", dir.resolve("data").toString());
        assertEquals(0, verified.exitCode(), verified.output());
    }

    /** How many chunks there are; -1 if that is not known yet, or if they are not all in the tables and should be. */
    private long left(boolean alsoInTheJournal) {
        String stats = ServerProcess.run(
                        "store", "stats", "--data-dir", dir.resolve("data").toString())
                .output();
        Matcher chunks = CHUNKS.matcher(stats);
        if (!chunks.find()) {
            return -1;
        }
        long came = Long.parseLong(chunks.group(2));
        long went = Long.parseLong(chunks.group(3));
        return came + went > 0 && !alsoInTheJournal ? -1 : Long.parseLong(chunks.group(1)) + came - went;
    }

    @Test
    void oneMuchLargerThanBothHeapsArrives() throws Exception {
        try (ChildJvm client = client(BYTES, "both")) {
            assertEquals(List.of("WRITTEN", "SENT", "RECEIVED"), client.end());
        }
        assertNothingLeft();
        try (Stream<Path> files = Files.list(dir)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".body")));
        }
    }

    @Test
    void aServerKilledDuringTheUploadHasItOnceInTheEnd() throws Exception {
        BigBody body = new BigBody(1, 16 * MIB + 3);
        try (Connection connection = connect();
                Session session = connection.createSession()) {
            Queue queue = session.createQueue("q");
            BytesMessage message = session.createBytesMessage();
            body.writeTo(message);
            proxy.up.stopAfter(6 * MIB);
            Background<Void> sending =
                    Background.run(() -> session.createProducer(queue).send(message));
            Await.until("half of it is there", proxy.up::isStopped);
            restartServer();
            sending.result();
            MessageConsumer consumer = session.createConsumer(queue);
            body.assertIn(consumer.receive(COMES_MS));
            assertNull(consumer.receiveNoWait());
        }
        assertNothingLeft();
    }

    @Test
    void aServerKilledDuringTheDownloadDeliversAllOfIt() throws Exception {
        BigBody body = new BigBody(2, 16 * MIB + 3);
        try (Connection connection = connect();
                Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            Queue queue = session.createQueue("q");
            BytesMessage message = session.createBytesMessage();
            body.writeTo(message);
            session.createProducer(queue).send(message);
            session.commit();
            MessageConsumer consumer = session.createConsumer(queue);
            proxy.down.stopAfter(6 * MIB);
            Background<Message> receiving = Background.of(() -> consumer.receive(COMES_MS));
            Await.until("half of it is here", proxy.down::isStopped);
            restartServer();
            body.assertIn(receiving.result());
            session.commit();
            assertNull(consumer.receiveNoWait());
        }
        assertNothingLeft();
    }

    @Test
    void aClientKilledDuringTheUploadLeavesNothing() throws Exception {
        proxy.up.stopAfter(6 * MIB);
        try (ChildJvm client = client(16 * MIB, "send")) {
            assertEquals("WRITTEN", client.line());
            Await.until("half of it is there", proxy.up::isStopped);
        }
        proxy.up.goOn();
        assertNothingLeft();
    }

    @Test
    void aRestartFindsThemInTheTables() throws Exception {
        BigBody body = new BigBody(3, 2 * MIB + 3);
        try (Connection connection = connect();
                Session session = connection.createSession()) {
            BytesMessage message = session.createBytesMessage();
            body.writeTo(message);
            Topic topic = session.createTopic("t");
            session.createSharedDurableConsumer(topic, "a").close();
            session.createSharedDurableConsumer(topic, "b").close();
            session.createProducer(topic).send(message);
            MessageProducer producer = session.createProducer(session.createQueue("q"));
            producer.send(message);
            producer.setDeliveryDelay(2_000);
            producer.send(message);
            try (Session open = connection.createSession(Session.SESSION_TRANSACTED)) {
                open.createProducer(topic).send(message);
                Await.until("all are in the tables", () -> left(false) == 4 * 9);
                server.kill();
                assertSound();
                server.start();
            }
        }
        Await.until("only that of the transaction is gone", () -> left(true) == 3 * 9);
        try (Connection connection = connect();
                Session session = connection.createSession()) {
            MessageConsumer consumer = session.createConsumer(session.createQueue("q"));
            body.assertIn(consumer.receive(COMES_MS));
            body.assertIn(consumer.receive(COMES_MS));
            Topic topic = session.createTopic("t");
            body.assertIn(session.createSharedDurableConsumer(topic, "a").receive(COMES_MS));
            Await.until("one subscription still waits", () -> left(true) == 9);
            restartServer();
        }
        try (Connection connection = connect();
                Session session = connection.createSession()) {
            body.assertIn(session.createSharedDurableConsumer(session.createTopic("t"), "b")
                    .receive(COMES_MS));
        }
        assertNothingLeft();
    }

    private void restartServer() {
        server.kill();
        proxy.up.goOn();
        proxy.down.goOn();
        server.start();
    }
}
