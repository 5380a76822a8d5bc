package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and heap stay bounded: a queue that is filled and drained again and again, and subscribers that do not keep up. */
class SpaceIT {

    private static final long COMES_MS = 20_000;

    private static final int ROUNDS = Integer.getInteger("posthorn.space.rounds", 9);
    private static final int ROUND_MESSAGES = 500;
    private static final int MESSAGE_BYTES = 20_000;
    private static final long ROUND_BYTES = ROUND_MESSAGES * MESSAGE_BYTES;
    private static final long SEGMENT_BYTES = 2 << 20;

    @TempDir
    Path temp;

    @Test
    void fillingAndDrainingAgainAndAgainDoesNotGrowTheFiles() throws Exception {
        Path data = temp.resolve("data");
        try (ServerProcess server = ServerProcess.standaloneOn(
                        null,
                        "128m",
                        data,
                        "--journal-segment-bytes",
                        Long.toString(SEGMENT_BYTES),
                        "--max-message-bytes",
                        "65536",
                        "--disk-reserve-bytes",
                        "0",
                        "--checkpoint-bytes",
                        "2000000",
                        "--checkpoint-interval-ms",
                        "200");
                Connection connection = new PosthornConnectionFactory(server.url()).createConnection()) {
            connection.start();
            Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
            Queue queue = session.createQueue("again");
            DataDir files = new DataDir(data);
            for (int round = 0; round < ROUNDS; round++) {
                fill(session, queue);
                // All of it goes through the tables, so that each round asks as much of them as any other.
                awaitCheckpoint(files);
                drain(session, queue);
                awaitCheckpoint(files);
                String sizes = "round " + round + ": tables " + files.tableBytes() + ", journal " + files.journalBytes()
                        + ", with holes " + bytes(data);
                System.out.println(sizes);
                // What is freed can be used again in the transaction after the next: twice what is there at once, and
                // some.
                assertTrue(files.tableBytes() <= 5 * ROUND_BYTES / 2, sizes);
                assertTrue(files.journalBytes() <= 4 * SEGMENT_BYTES, sizes);
            }
        }
    }

    /** Waits until the journal has been folded and let go: its last segment stays. */
    private static void awaitCheckpoint(DataDir files) throws Exception {
        Await.until("the journal is let go", () -> files.segments().size() == 1);
    }

    private static void fill(Session session, Queue queue) throws JMSException {
        MessageProducer producer = session.createProducer(queue);
        for (int i = 0; i < ROUND_MESSAGES; i++) {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(new byte[MESSAGE_BYTES]);
            producer.send(message);
            if (i % 50 == 49) {
                session.commit();
            }
        }
        producer.close();
    }

    private static void drain(Session session, Queue queue) throws JMSException {
        MessageConsumer consumer = session.createConsumer(queue);
        for (int i = 0; i < ROUND_MESSAGES; i++) {
            assertNotNull(consumer.receive(COMES_MS));
            if (i % 50 == 49) {
                session.commit();
            }
        }
        assertNull(consumer.receiveNoWait());
        consumer.close();
    }

    private static long bytes(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            long sum = 0;
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    @Test
    void durableSubscribersThatDoNotComeCostDiskOnly() throws Exception {
        try (ServerProcess server = ServerProcess.standaloneOn(
                        null,
                        "128m",
                        temp.resolve("data"),
                        "--hot-message-bytes",
                        "16777216",
                        "--non-persistent-bytes",
                        "16777216");
                JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            context.setClientID("absent");
            Topic topic = context.createTopic("history");
            for (String name : List.of("a", "b", "c")) {
                context.createDurableConsumer(topic, name).close();
            }
            JMSProducer producer = context.createProducer();
            byte[] body = new byte[100_000];
            // More than fits into the heap.
            for (int i = 0; i < 2000; i++) {
                producer.setProperty("number", i).send(topic, body);
            }
            JMSConsumer late = context.createDurableConsumer(topic, "b");
            for (int i = 0; i < 2000; i++) {
                assertEquals(i, late.receive(COMES_MS).getIntProperty("number"));
            }
            assertNull(late.receiveNoWait());
        }
    }

    @Test
    void aSlowSubscriberLosesItsOldestMessagesAndHarmsNobody() throws Exception {
        try (ServerProcess server = ServerProcess.standaloneOn(
                        null, "64m", temp.resolve("data"), "--slow-consumer-max-messages", "100");
                JMSContext publisher = new PosthornConnectionFactory(server.url()).createContext();
                JMSContext quickContext = publisher.createContext(JMSContext.AUTO_ACKNOWLEDGE);
                JMSContext slowContext = publisher.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            Topic topic = publisher.createTopic("ticker");
            JMSConsumer slow = slowContext.createConsumer(topic);
            JMSConsumer quick = quickContext.createConsumer(topic);
            JMSProducer producer = publisher.createProducer().setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            byte[] body = new byte[50_000];
            for (int i = 0; i < 2000; i++) {
                producer.setProperty("number", i).send(topic, body);
                assertEquals(i, quick.receive(COMES_MS).getIntProperty("number"));
            }
            int first = -1;
            int last = -1;
            for (Message next = slow.receive(COMES_MS); next != null; next = slow.receiveNoWait()) {
                int number = next.getIntProperty("number");
                assertTrue(number > last, "in order");
                first = first < 0 ? number : first;
                last = number;
            }
            assertEquals(1900, first);
            assertEquals(1999, last);
        }
    }
}
