package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import io.posthorn.testing.SmallDisk;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real server on a small file system of its own, filled to the last byte. */
class FullDiskIT {

    private static final int DISK_MB = 96;
    private static final int BODY_BYTES = 20_000;
    /** Who fills the disk at the moment at which the ballast is given up may get its room: the broker ends fenced then. Profile fulldisk. */
    private static final String RESERVE_MAY_BE_TAKEN = "full-disk";

    private static final long COMES_MS = 20_000;

    @TempDir
    Path temp;

    private SmallDisk disk;
    private Path data;

    @BeforeEach
    void mount() throws Exception {
        Path mountPoint = Files.createDirectory(temp.resolve("disk"));
        disk = SmallDisk.mount(mountPoint, DISK_MB);
        data = mountPoint.resolve("data");
    }

    @AfterEach
    void unmount() throws Exception {
        if (disk != null) {
            disk.unmount();
        }
    }

    private ServerProcess start(String... options) {
        List<String> all = new ArrayList<>(List.of(
                "--journal-segment-bytes", "2097152",
                "--max-message-bytes", "65536",
                "--disk-reserve-bytes", "6291456",
                "--checkpoint-bytes", "3000000",
                "--checkpoint-interval-ms", "300"));
        all.addAll(List.of(options));
        return ServerProcess.standaloneOn(disk, "128m", data, all.toArray(String[]::new));
    }

    @Test
    void atTheWatermarkSendingStopsAndResumesByItself() throws Exception {
        try (ServerProcess server = start("--disk-max-used-percent", "60");
                Connection connection = connect(server)) {
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            Queue queue = session.createQueue("watermark");
            Set<Integer> sent = new TreeSet<>();
            ResourceAllocationException full = fill(session, queue, sent, 0);
            assertTrue(full.getMessage().contains("diskMaxUsedPercent=60"), full.getMessage());
            assertTrue(full.getMessage().contains(data.toString()), full.getMessage());
            assertEquals(sent, drain(session, queue));
            Set<Integer> again = new TreeSet<>();
            Await.until("sending resumes", () -> trySend(session, queue, 100_000, again));
            fill(session, queue, again, 100_001);
            assertEquals(again, drain(session, queue));
        }
    }

    @Test
    @Tag(RESERVE_MAY_BE_TAKEN)
    void atAFullDiskConsumersGoOnAndNothingIsLostOrDoubled() throws Exception {
        Set<Integer> sent = Collections.synchronizedSet(new TreeSet<>());
        List<Integer> got = new ArrayList<>();
        try (ServerProcess server = start("--disk-max-used-percent", "100")) {
            try (Connection connection = connect(server)) {
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
                Queue queue = session.createQueue("full");
                subscribe(connection);
                // Others take the rest of the disk while messages come and checkpoints run.
                Thread others = new Thread(disk::fill, "others");
                for (int i = 0; i < 500; i++) {
                    trySend(session, queue, i, sent);
                }
                others.start();
                fill(session, queue, sent, 500);
                others.join();
                Await.until("the disk is full", () -> fillDisk() == 0);
                ResourceAllocationException full = fill(session, queue, sent, 20_000);
                assertTrue(full.getMessage().contains(data.toString()), full.getMessage());
                transactions(connection, queue, got, sent.size() / 3);
            }
            server.kill();
            assertEquals(0, fillDisk());
            server.start();
            Await.until("the disk is full", () -> fillDisk() == 0);
            try (Connection connection = connect(server)) {
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
                Queue queue = session.createQueue("full");
                connection.createSession().unsubscribe("durable");
                got.addAll(drain(session, queue));
                assertEquals(new ArrayList<>(sent), got.stream().sorted().toList());
                disk.empty();
                Set<Integer> again = new TreeSet<>();
                Await.until("sending resumes", () -> trySend(session, queue, 100_000, again));
                assertEquals(again, drain(session, queue));
            }
            assertEquals(0, server.stop());
        }
        ServerProcess.Finished verify = ServerProcess.runOn(disk, "store", "verify", "--data-dir", data.toString());
        assertEquals(0, verify.exitCode(), verify.output());
    }

    @Test
    @Tag(RESERVE_MAY_BE_TAKEN)
    void theReservePaysForRestartsToo() throws Exception {
        Set<Integer> sent = new TreeSet<>();
        try (ServerProcess server = start("--disk-max-used-percent", "100")) {
            try (Connection connection = connect(server)) {
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
                fill(session, session.createQueue("restarts"), sent, 0);
            }
            for (int round = 0; round < 2; round++) {
                disk.fill();
                assertEquals(0, server.stop());
                disk.fill();
                server.start();
                try (Connection connection = connect(server)) {
                    Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
                    Queue queue = session.createQueue("restarts");
                    MessageConsumer consumer = session.createConsumer(queue);
                    assertTrue(sent.remove(number(consumer.receive(COMES_MS))));
                }
            }
            try (Connection connection = connect(server)) {
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
                assertEquals(sent, drain(session, session.createQueue("restarts")));
            }
        }
    }

    private long fillDisk() {
        disk.fill();
        return disk.usableBytes();
    }

    private static Connection connect(ServerProcess server) throws JMSException {
        Connection connection = new PosthornConnectionFactory(server.url()).createConnection();
        connection.setClientID("full-disk");
        connection.start();
        return connection;
    }

    private static void subscribe(Connection connection) throws JMSException {
        Session session = connection.createSession();
        Topic topic = session.createTopic("news");
        session.createDurableConsumer(topic, "durable").close();
        session.createProducer(topic).send(session.createTextMessage("kept for a subscriber that never comes"));
        session.close();
    }

    /** Consumes in transactions, every second of which is rolled back first. */
    private static void transactions(Connection connection, Queue queue, List<Integer> got, int count)
            throws JMSException {
        Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createConsumer(queue);
        for (boolean commit = false; got.size() < count; commit = !commit) {
            List<Integer> batch = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                batch.add(number(consumer.receive(COMES_MS)));
            }
            if (commit) {
                session.commit();
                got.addAll(batch);
            } else {
                session.rollback();
            }
        }
        session.close();
    }

    /** Sends until it is refused. */
    private static ResourceAllocationException fill(Session session, Queue queue, Set<Integer> sent, int from)
            throws JMSException {
        for (int i = from; ; i++) {
            try {
                send(session, queue, i);
                sent.add(i);
            } catch (ResourceAllocationException full) {
                return full;
            }
        }
    }

    private static boolean trySend(Session session, Queue queue, int number, Set<Integer> sent) throws JMSException {
        try {
            send(session, queue, number);
            sent.add(number);
            return true;
        } catch (ResourceAllocationException full) {
            return false;
        }
    }

    private static void send(Session session, Queue queue, int number) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.setIntProperty("number", number);
        message.writeBytes(new byte[BODY_BYTES]);
        MessageProducer producer = session.createProducer(queue);
        producer.send(message);
        producer.close();
    }

    private static Set<Integer> drain(Session session, Queue queue) throws JMSException {
        Set<Integer> numbers = new TreeSet<>();
        MessageConsumer consumer = session.createConsumer(queue);
        for (Message next = consumer.receive(COMES_MS); next != null; next = consumer.receiveNoWait()) {
            assertTrue(numbers.add(number(next)), "twice: " + number(next));
        }
        consumer.close();
        return numbers;
    }

    private static int number(Message message) throws JMSException {
        return message.getIntProperty("number");
    }
}
