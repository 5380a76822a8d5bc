package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.ChildJvm;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** A client that is killed while it reads at full speed: only the last message of each session may be in doubt. */
class KilledClientIT {

    private static final long COMES_MS = ServerTest.COMES_MS;
    private static final int MESSAGES = 10_000;
    private static final int BATCH = 500;

    /** Longer than the reservation of the killed client. */
    private static final long QUIET_MS = 700;

    @TempDir
    static Path dir;

    private static ServerProcess server;

    @BeforeAll
    static void startServer() {
        server = ServerProcess.standalone(dir.resolve("data"), "--resume-timeout-ms", "300");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @RepeatedTest(3)
    @Checklist({"23.14", "23.15", "23.13"})
    void onlyTheLastMessageOfAKilledClientIsInDoubt(RepetitionInfo round) throws Exception {
        long seed = Long.getLong("posthorn.seed", System.nanoTime());
        Path notes = Files.createDirectory(dir.resolve("notes-" + round.getCurrentRepetition()));
        List<String> queues = new ArrayList<>();
        for (String kind : List.of("stored.listener", "stored.receive", "fleeting.listener", "fleeting.receive")) {
            queues.add("KilledClientIT." + round.getCurrentRepetition() + "." + kind);
        }
        try (Connection connection = new PosthornConnectionFactory(server.url()).createConnection()) {
            connection.start();
            for (String queue : queues) {
                fill(connection, queue);
            }
            killAmong(queues, notes, 100 + new Random(seed).nextInt(1_500));
            long quietMs = QUIET_MS;
            for (String queue : queues) {
                check(connection, queue, notes.resolve(queue), quietMs, "seed " + seed + ", " + queue);
                quietMs = 0;
            }
        }
    }

    private static boolean isStored(String queue) {
        return queue.contains("stored");
    }

    private static void fill(Connection connection, String queue) throws JMSException {
        try (Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            MessageProducer producer = session.createProducer(session.createQueue(queue));
            producer.setDeliveryMode(isStored(queue) ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT);
            for (int i = 1; i <= MESSAGES; i++) {
                producer.send(session.createTextMessage(Integer.toString(i)));
                if (i % BATCH == 0) {
                    session.commit();
                }
            }
        }
    }

    private static void killAmong(List<String> queues, Path notes, int messages) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("-cp", ChildJvm.ownClassPath(), KilledClient.class.getName(), server.url(), notes.toString()));
        arguments.addAll(queues);
        try (ChildJvm client = ChildJvm.start(arguments)) {
            assertEquals("READY", client.line());
            Await.until("each has read some", () -> {
                boolean all = true;
                for (String queue : queues) {
                    all &= noted(notes.resolve(queue)).size() >= messages;
                }
                return all;
            });
        }
    }

    private static List<Integer> noted(Path file) throws IOException {
        String text = Files.readString(file);
        // Without a line that is half there.
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(Integer::valueOf)
                .toList();
    }

    private static void check(Connection connection, String queue, Path file, long quietMs, String what)
            throws Exception {
        List<Integer> handed = noted(file);
        int last = handed.size();
        for (int i = 0; i < last; i++) {
            assertEquals(i + 1, handed.get(i), what);
        }
        assertTrue(last < MESSAGES, what + ": the client was done before it was killed");
        // The one after it may have been on its way to the application, which did not come to note it.
        int doubtful = last + 1;
        Set<Integer> got = new HashSet<>();
        int flagged = 0;
        try (Session session = connection.createSession();
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            Message message = consumer.receive(COMES_MS);
            while (message != null) {
                int number = Integer.parseInt(((TextMessage) message).getText());
                String which = what + ": " + number + " after " + last;
                assertTrue(got.add(number), which);
                assertTrue(number >= last, which);
                int count = message.getIntProperty("JMSXDeliveryCount");
                if (message.getJMSRedelivered()) {
                    assertTrue(isStored(queue) && number <= doubtful, which);
                    assertEquals(2, count, which);
                    flagged++;
                } else {
                    assertEquals(1, count, which);
                    assertFalse(number == last, which);
                }
                boolean complete = got.size() >= MESSAGES - last - 1 && got.contains(MESSAGES);
                message = complete
                        ? quietMs > 0 ? consumer.receive(quietMs) : consumer.receiveNoWait()
                        : consumer.receive(COMES_MS);
            }
        }
        assertTrue(flagged <= 1, what + ": " + flagged + " are in doubt");
        for (int i = doubtful + 1; i <= MESSAGES; i++) {
            assertTrue(got.contains(i), what + ": " + i + " is missing, last was " + last);
        }
    }
}
