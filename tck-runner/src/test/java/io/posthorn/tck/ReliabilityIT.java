package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What holds when a client or the server dies, and the limit on what is unacknowledged. */
class ReliabilityIT {

    private static final long COMES_MS = ServerTest.COMES_MS;
    private static final int UNACKNOWLEDGED_MAX = 20;

    @TempDir
    static Path dataDir;

    private static ServerProcess server;

    private final List<Connection> open = new ArrayList<>();
    private String queueName;

    @BeforeAll
    static void startServer() {
        server = ServerProcess.standalone(
                dataDir.resolve("data"),
                "--resume-timeout-ms",
                "300",
                "--unacknowledged-messages-max",
                Integer.toString(UNACKNOWLEDGED_MAX));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void nameQueue(TestInfo test) {
        queueName = "ReliabilityIT." + test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void closeConnections() throws JMSException {
        for (Connection connection : open) {
            connection.close();
        }
    }

    private Connection connect() throws JMSException {
        Connection connection = new PosthornConnectionFactory(server.url()).createConnection();
        open.add(connection);
        connection.start();
        return connection;
    }

    private Queue send(int count) throws JMSException {
        try (Session session = connect().createSession()) {
            Queue queue = session.createQueue(queueName);
            MessageProducer producer = session.createProducer(queue);
            for (int i = 1; i <= count; i++) {
                producer.send(session.createTextMessage("m" + i));
            }
            return queue;
        }
    }

    private static String text(Message message) throws JMSException {
        return message == null ? "nothing" : ((TextMessage) message).getText();
    }

    private static void assertAgain(String text, Message message) throws JMSException {
        assertEquals(text, text(message));
        assertTrue(message.getJMSRedelivered());
        assertEquals(2, message.getIntProperty("JMSXDeliveryCount"));
    }

    @Test
    @Checklist({"25.14", "29.03", "23.15"})
    void aDeadClientsTransactionIsRolledBack() throws Exception {
        Queue queue = send(3);
        try (CrashingClient client = CrashingClient.receiving(server.url(), Session.SESSION_TRANSACTED, queueName, 2)) {
            client.kill();
        }
        Session session = connect().createSession();
        MessageConsumer consumer = session.createConsumer(queue);
        List<Message> got = new ArrayList<>();
        // The third, which nobody had, need not wait for the end of the reservation.
        for (int i = 0; i < 3; i++) {
            got.add(consumer.receive(COMES_MS));
        }
        got.sort((a, b) -> unchecked(a).compareTo(unchecked(b)));
        assertAgain("m1", got.get(0));
        assertAgain("m2", got.get(1));
        assertEquals("m3", text(got.get(2)));
        assertNull(consumer.receiveNoWait());
        assertNull(
                session.createConsumer(session.createQueue(queueName + ".out")).receiveNoWait());
    }

    private static String unchecked(Message message) {
        try {
            return text(message);
        } catch (JMSException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    @Checklist({"29.03", "23.15"})
    void whatADeadClientDidNotAcknowledgeComesAgainMarked() throws Exception {
        Queue queue = send(2);
        try (CrashingClient client = CrashingClient.receiving(server.url(), Session.CLIENT_ACKNOWLEDGE, queueName, 2)) {
            client.kill();
        }
        MessageConsumer consumer = connect().createSession().createConsumer(queue);
        assertAgain("m1", consumer.receive(COMES_MS));
        assertAgain("m2", consumer.receive(COMES_MS));
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist({"23.14", "23.15", "29.03"})
    void whatADeadClientHasReceivedInAutoModeDoesNotComeAgain() throws Exception {
        Queue queue = send(63);
        try (CrashingClient client = CrashingClient.receiving(server.url(), Session.AUTO_ACKNOWLEDGE, queueName, 60)) {
            client.kill();
        }
        MessageConsumer consumer = connect().createSession().createConsumer(queue);
        // They were on their way to it, and come when its reservation ends.
        for (int i = 61; i <= 63; i++) {
            Message message = consumer.receive(COMES_MS);
            assertEquals("m" + i, text(message));
            assertFalse(message.getJMSRedelivered());
        }
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist({"29.02", "23.15"})
    void aDeadClientsNonPersistentMessagesAreNotShownTwice() throws Exception {
        Session session = connect().createSession();
        Queue queue = session.createQueue(queueName);
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        for (int i = 1; i <= 3; i++) {
            producer.send(session.createTextMessage("m" + i));
        }
        try (CrashingClient client = CrashingClient.receiving(server.url(), Session.CLIENT_ACKNOWLEDGE, queueName, 2)) {
            client.kill();
        }
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals("m3", text(consumer.receive(COMES_MS)));
        // Longer than the dead client's reservation.
        assertNull(consumer.receive(700));
    }

    @Test
    @Checklist({"23.14", "23.13", "29.01", "29.02", "20.07"})
    void ofADeadServerOnlyTheLastMessageMayComeAgain() throws JMSException {
        Queue queue = send(10);
        Session session = connect().createSession();
        MessageConsumer consumer = session.createConsumer(queue);
        for (int i = 1; i <= 5; i++) {
            assertEquals("m" + i, text(consumer.receive(COMES_MS)));
        }
        Queue fleeting = session.createQueue(queueName + ".fleeting");
        MessageProducer producer = session.createProducer(fleeting);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        MessageConsumer reader = connect().createSession().createConsumer(fleeting);
        List<String> got = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            producer.send(session.createTextMessage("n" + i));
            if (i <= 10) {
                got.add(text(reader.receive(COMES_MS)));
            }
        }
        server.kill();
        server.start();
        Message next = consumer.receive(COMES_MS);
        if (text(next).equals("m5")) {
            assertTrue(next.getJMSRedelivered());
            next = consumer.receive(COMES_MS);
        }
        assertEquals("m6", text(next));
        for (int i = 7; i <= 10; i++) {
            assertEquals("m" + i, text(consumer.receive(COMES_MS)));
        }
        assertNull(consumer.receiveNoWait());
        // A non-persistent message may be lost, but is not seen twice.
        for (int i = 21; i <= 30; i++) {
            producer.send(session.createTextMessage("n" + i));
        }
        producer.send(session.createTextMessage("last"), DeliveryMode.PERSISTENT, 4, 0);
        while (!got.contains("last")) {
            got.add(text(reader.receive(COMES_MS)));
        }
        assertNull(reader.receiveNoWait());
        assertFalse(got.contains("nothing"));
        assertEquals(got.size(), new HashSet<>(got).size(), got::toString);
    }

    @Test
    @Checklist("23.17")
    void aConsumerThatDoesNotAcknowledgeGetsNoMoreAtTheLimit() throws JMSException {
        Queue queue = send(UNACKNOWLEDGED_MAX + 5);
        Session session = connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(queue);
        Message last = null;
        for (int i = 1; i <= UNACKNOWLEDGED_MAX; i++) {
            last = consumer.receive(COMES_MS);
            assertEquals("m" + i, text(last));
        }
        assertNull(consumer.receiveNoWait());
        // Others are not held up.
        MessageConsumer other = connect().createSession().createConsumer(queue);
        assertEquals("m" + (UNACKNOWLEDGED_MAX + 1), text(other.receive(COMES_MS)));
        last.acknowledge();
        assertEquals("m" + (UNACKNOWLEDGED_MAX + 2), text(consumer.receive(COMES_MS)));
        session.recover();
        assertAgain("m" + (UNACKNOWLEDGED_MAX + 2), consumer.receive(COMES_MS));
    }

    @Test
    @Checklist("23.17")
    void aListenerIsHeldAtTheLimitToo() throws Exception {
        Queue queue = send(3 * UNACKNOWLEDGED_MAX);
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        session.createConsumer(queue).setMessageListener(message -> seen.add(unchecked(message)));
        for (int round = 1; round <= 3; round++) {
            int sum = round * UNACKNOWLEDGED_MAX;
            Await.until("as many as may be", () -> seen.size() == sum);
            MessageConsumer other = connect().createSession().createConsumer(queue, "FALSE");
            assertNull(other.receiveNoWait());
            assertEquals(sum, seen.size());
            session.commit();
        }
        assertEquals(3 * UNACKNOWLEDGED_MAX, new HashSet<>(seen).size());
    }
}
