package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.TransactionRolledBackException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The server is killed and comes back: the client mends its connection, nothing is lost, nothing is doubled. */
class ReconnectIT extends ServerTest {

    private static void killAndRestart() {
        server.kill();
        server.start();
    }

    private static int number(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return message.getIntProperty("n");
    }

    private static Message numbered(Session session, int n) throws JMSException {
        Message message = session.createMessage();
        message.setIntProperty("n", n);
        return message;
    }

    @Test
    @Checklist({"20.07", "29.01"})
    void sendsInFlightAreStoredOnce() throws Exception {
        int count = 3_000;
        Connection connection = connect();
        AtomicInteger sent = new AtomicInteger();
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread sender = new Thread(() -> {
            try (Session session = connection.createSession()) {
                MessageProducer producer = session.createProducer(session.createQueue(name("queue")));
                for (int i = 0; i < count; i++) {
                    producer.send(numbered(session, i));
                    sent.incrementAndGet();
                }
            } catch (JMSException e) {
                failure.set(e);
            }
        });
        sender.start();
        for (int mark : new int[] {count / 4, count / 2}) {
            while (sent.get() < mark && sender.isAlive()) {
                Thread.onSpinWait();
            }
            killAndRestart();
        }
        sender.join(120_000);
        assertNull(failure.get());
        assertEquals(count, sent.get());
        Session session = connect().createSession();
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue")));
        for (int i = 0; i < count; i++) {
            assertEquals(i, number(consumer.receive(COMES_MS)));
        }
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist("7.02")
    void consumersComeBack() throws Exception {
        Connection connection = connect();
        AtomicReference<JMSException> reported = new AtomicReference<>();
        connection.setExceptionListener(reported::set);
        List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch both = new CountDownLatch(2);
        Session listening = connection.createSession();
        listening.createConsumer(listening.createQueue(name("queue"))).setMessageListener(message -> {
            try {
                heard.add(message.getIntProperty("n"));
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
            both.countDown();
        });
        Session sending = connection.createSession();
        MessageProducer producer = sending.createProducer(sending.createQueue(name("queue")));
        producer.send(numbered(sending, 1));
        while (heard.isEmpty()) {
            Thread.onSpinWait();
        }
        killAndRestart();
        producer.send(numbered(sending, 2));
        assertTrue(both.await(COMES_MS, TimeUnit.MILLISECONDS));
        assertEquals(List.of(1, 2), heard);
        assertNull(reported.get());
    }

    @Test
    @Checklist({"8.02", "25.05"})
    void anOpenTransactionEndsRolledBack() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(session.createQueue(name("queue")));
        producer.send(numbered(session, 1));
        killAndRestart();
        assertThrows(TransactionRolledBackException.class, session::commit);
        producer.send(numbered(session, 2));
        session.commit();
        Session reader = connection.createSession();
        MessageConsumer consumer = reader.createConsumer(reader.createQueue(name("queue")));
        assertEquals(2, number(consumer.receive(COMES_MS)));
        assertNull(consumer.receiveNoWait());
    }

    /** Some of what was consumed was in the consumer's hands, some was only on the way to it. */
    @Test
    @Checklist({"8.02", "24.02"})
    void whatATransactionHadConsumedComesBackMarked() throws Exception {
        Connection connection = connect();
        Session sending = connection.createSession();
        MessageProducer producer = sending.createProducer(sending.createQueue(name("queue")));
        for (int i = 1; i <= 6; i++) {
            producer.send(numbered(sending, i));
        }
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer replies = session.createProducer(session.createQueue(name("replies")));
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue")));
        for (int i = 1; i <= 3; i++) {
            assertEquals(i, number(consumer.receive(COMES_MS)));
            replies.send(numbered(session, i));
        }
        killAndRestart();
        assertThrows(TransactionRolledBackException.class, session::commit);
        for (int i = 1; i <= 6; i++) {
            Message again = consumer.receive(COMES_MS);
            assertEquals(i, number(again));
            assertEquals(i <= 3, again.getJMSRedelivered(), "message " + i);
            assertEquals(i <= 3 ? 2 : 1, again.getIntProperty("JMSXDeliveryCount"), "message " + i);
            replies.send(numbered(session, i));
        }
        session.commit();
        assertNull(consumer.receiveNoWait());
        MessageConsumer replied = sending.createConsumer(sending.createQueue(name("replies")));
        for (int i = 1; i <= 6; i++) {
            assertEquals(i, number(replied.receive(COMES_MS)));
        }
        assertNull(replied.receiveNoWait());
    }

    @Test
    @Checklist({"23.13", "29.03"})
    void clientAcknowledgeHoldsOverARestart() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(session.createQueue(name("queue")));
        producer.send(numbered(session, 1));
        producer.send(numbered(session, 2));
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue")));
        Message first = consumer.receive(COMES_MS);
        assertEquals(1, number(first));
        killAndRestart();
        first.acknowledge();
        Message second = consumer.receive(COMES_MS);
        assertEquals(2, number(second));
        assertFalse(second.getJMSRedelivered());
        second.acknowledge();
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist({"7.01", "7.05", "21.15"})
    void whatCannotBeMendedIsReported() throws Exception {
        try (ServerProcess other = ServerProcess.standalone(dataDir.resolve("other"))) {
            Connection connection =
                    new PosthornConnectionFactory(other.url() + "?failoverTimeoutMs=500").createConnection();
            CountDownLatch reported = new CountDownLatch(1);
            connection.setExceptionListener(e -> reported.countDown());
            connection.start();
            Session session = connection.createSession();
            other.kill();
            assertTrue(reported.await(COMES_MS, TimeUnit.MILLISECONDS));
            MessageProducer producer = session.createProducer(session.createQueue(name("queue")));
            assertThrows(JMSException.class, () -> producer.send(session.createTextMessage("x")));
            connection.close();
        }
    }

    @Test
    void withoutAServerTheErrorNamesTheAddress() {
        PosthornConnectionFactory nowhere =
                new PosthornConnectionFactory("posthorn://127.0.0.1:1?connectTimeoutMs=2000");
        JMSException refused = assertThrows(JMSException.class, nowhere::createConnection);
        assertTrue(refused.getMessage().contains("127.0.0.1:1"), refused.getMessage());
        assertNotNull(refused.getCause());
        assertEquals(refused.getCause(), refused.getLinkedException());
    }

    @Test
    @Checklist("3.02")
    void wrongCredentialsAreRefusedAtOnce() {
        assertThrows(jakarta.jms.JMSSecurityException.class, () -> factory().createConnection("invalid", "invalid"));
    }

    @Test
    @Checklist("12.01")
    void persistentMessagesOutliveAKill() throws Exception {
        try (Connection connection = factory().createConnection()) {
            Session session = connection.createSession();
            session.createProducer(session.createQueue(name("queue"))).send(session.createTextMessage("kept"));
        }
        killAndRestart();
        Session session = connect().createSession();
        Message kept =
                session.createConsumer(session.createQueue(name("queue"))).receive(COMES_MS);
        assertEquals("kept", ((TextMessage) kept).getText());
    }
}
