package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
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
                        "2097152",
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
            long early = 0;
            for (int round = 0; round < 9; round++) {
                fill(session, queue);
                drain(session, queue);
                if (round == 2) {
                    early = bytes(data);
                }
            }
            long late = bytes(data);
            // LMDB's file grows in steps of 16 MiB; what went through it is 90 MB.
            assertTrue(late <= early + (20L << 20), "from " + early + " bytes to " + late);
        }
    }

    private static void fill(Session session, Queue queue) throws JMSException {
        MessageProducer producer = session.createProducer(queue);
        for (int i = 0; i < 500; i++) {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(new byte[20_000]);
            producer.send(message);
            if (i % 50 == 49) {
                session.commit();
            }
        }
        producer.close();
    }

    private static void drain(Session session, Queue queue) throws JMSException {
        MessageConsumer consumer = session.createConsumer(queue);
        for (int i = 0; i < 500; i++) {
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
