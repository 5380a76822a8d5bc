package io.posthorn.tck;

import static io.posthorn.tck.ServerTest.COMES_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.testing.Await;
import io.posthorn.time.Clock;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backlog that the Master has on disk only: its bodies are read at the Slave, and nothing else is different. */
class SlaveReadIT extends ReplicaTest {

    private static final String QUEUE = "cold";
    private static final int COUNT = 3_000;
    private static final String PADDING = "x".repeat(1_500);
    private static final String[] QUICK = {"--checkpoint-interval-ms", "300"};
    private static final String[] READABLE = {"--checkpoint-interval-ms", "300", "--slave-read-enable", "true"};

    @BeforeEach
    void addMaster() {
        group.add(QUICK);
    }

    private static String text(int n) {
        return n + " " + PADDING;
    }

    private void send(int from, int to, long timeToLiveMs) throws JMSException {
        try (Connection connection = connect("");
                Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            MessageProducer producer = session.createProducer(session.createQueue(QUEUE));
            producer.setTimeToLive(timeToLiveMs);
            for (int n = from; n < to; n++) {
                TextMessage message = session.createTextMessage(text(n));
                message.setIntProperty("n", n);
                producer.send(message);
            }
            session.commit();
        }
    }

    /** Has everything leave the Master's memory: it is in the tables, and the Master begins anew. */
    private void coolDown() throws Exception {
        Await.until("everything is in the Master's tables", () -> {
            ReplicaStatusResponse master = group.status(0);
            return master != null && master.folded() == master.end();
        });
        group.broker(0).kill();
        group.broker(0).start();
        group.awaitCaughtUp(1, 0);
    }

    /** COUNT messages, cold, and a Slave that may be read. */
    private void coldBacklog() throws Exception {
        group.add(READABLE);
        send(0, COUNT, 0);
        coolDown();
    }

    private static Message next(MessageConsumer consumer, int n) throws JMSException {
        Message message = consumer.receive(COMES_MS);
        assertNotNull(message, n + " did not come");
        assertEquals(text(n), ((TextMessage) message).getText());
        return message;
    }

    private static void drain(MessageConsumer consumer, int from, int to) throws JMSException {
        for (int n = from; n < to; n++) {
            next(consumer, n);
        }
    }

    private void assertMasterHasReadLittle(long bodyBytes) {
        ReplicaStatusResponse master = group.status(0);
        ReplicaStatusResponse slave = group.status(1);
        assertTrue(
                master.bodyBytesRead() <= bodyBytes / 20,
                "the Master has read " + master.bodyBytesRead() + " of " + bodyBytes + " bytes");
        assertTrue(slave.bodyBytesRead() >= bodyBytes - bodyBytes / 20, "the Slave has read " + slave.bodyBytesRead());
    }

    @Test
    void aColdBacklogIsReadAtTheSlave() throws Exception {
        coldBacklog();
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE));
            drain(consumer, 0, COUNT);
            assertNull(consumer.receiveNoWait());
        }
        assertMasterHasReadLittle((long) COUNT * PADDING.length());
        String shown = group.showStatus().output();
        assertTrue(shown.contains(" bodyBytesLeft="), shown);
        // What was acknowledged is gone for good.
        coolDown();
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            assertNull(session.createConsumer(session.createQueue(QUEUE)).receiveNoWait());
        }
    }

    @Test
    void receiveNoWaitFindsWhatIsThere() throws Exception {
        coldBacklog();
        try (Connection connection = connect("?windowSize=1");
                Session session = connection.createSession()) {
            MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE), "n >= 2000");
            for (int n = 2_000; n < 2_200; n++) {
                TextMessage message = (TextMessage) consumer.receiveNoWait();
                assertNotNull(message, n + " was there");
                assertEquals(text(n), message.getText());
            }
        }
        assertTrue(group.status(0).bodyBytesRead() < 100_000, group.status(0).toString());
    }

    @Test
    void clientsAndSlavesCanDecline() throws Exception {
        coldBacklog();
        assertMasterReadsAlone("?slaveRead=false");
    }

    @Test
    void aSlaveThatMayNotBeReadIsNotAsked() throws Exception {
        group.add(QUICK);
        send(0, 500, 0);
        coolDown();
        assertMasterReadsAlone("");
    }

    private void assertMasterReadsAlone(String options) throws Exception {
        try (Connection connection = connect(options);
                Session session = connection.createSession()) {
            drain(session.createConsumer(session.createQueue(QUEUE)), 0, 500);
        }
        assertEquals(0, group.status(0).bodyBytesLeft());
        assertEquals(0, group.status(1).bodyBytesRead());
    }

    @Test
    void theMasterHelpsOutWhenTheSlaveDies() throws Exception {
        coldBacklog();
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE));
            drain(consumer, 0, 500);
            assertTrue(group.status(1).bodyBytesRead() > 0);
            group.broker(1).kill();
            drain(consumer, 500, COUNT);
            assertNull(consumer.receiveNoWait());
        }
    }

    @Test
    void theMasterHelpsOutWhenTheSlaveDoesNotAnswer() throws Exception {
        coldBacklog();
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE));
            drain(consumer, 0, 500);
            group.broker(1).pause();
            try {
                long startNs = Clock.system().monotonicNs();
                drain(consumer, 500, COUNT);
                assertNull(consumer.receiveNoWait());
                long tookS = TimeUnit.NANOSECONDS.toSeconds(Clock.system().monotonicNs() - startNs);
                assertTrue(tookS < 15, "it took " + tookS + " s");
            } finally {
                group.broker(1).resume();
            }
        }
    }

    @Test
    void transactionsRollBackAndCommit() throws Exception {
        coldBacklog();
        try (Connection connection = connect("");
                Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE));
            for (int n = 0; n < 100; n++) {
                assertFalse(next(consumer, n).getJMSRedelivered());
            }
            session.rollback();
            for (int n = 0; n < 100; n++) {
                Message again = next(consumer, n);
                assertTrue(again.getJMSRedelivered());
                assertEquals(2, again.getIntProperty("JMSXDeliveryCount"));
            }
            session.commit();
            drain(consumer, 100, 200);
            session.commit();
            assertFalse(next(consumer, 200).getJMSRedelivered());
            // Closed without a commit: the last one goes back.
        }
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE));
            assertTrue(next(consumer, 200).getJMSRedelivered());
            drain(consumer, 201, COUNT);
            assertNull(consumer.receiveNoWait());
        }
        assertMasterHasReadLittle((long) COUNT * PADDING.length());
    }

    @Test
    void whatHasExpiredDoesNotCome() throws Exception {
        group.add(READABLE);
        send(0, 100, 1_000);
        long sentNs = Clock.system().monotonicNs();
        send(100, 400, 0);
        coolDown();
        Await.until(
                "the first hundred have expired",
                () -> Clock.system().monotonicNs() - sentNs > TimeUnit.MILLISECONDS.toNanos(1_500));
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE));
            drain(consumer, 100, 400);
            assertNull(consumer.receiveNoWait());
        }
        assertTrue(group.status(0).bodyBytesLeft() > 0);
    }

    @Test
    void browsersReadAtTheSlaveToo() throws Exception {
        coldBacklog();
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            assertEquals(numbers(0, COUNT), browse(session, null));
            assertEquals(numbers(COUNT - 5, COUNT), browse(session, "n >= " + (COUNT - 5)));
        }
        assertMasterHasReadLittle((long) COUNT * PADDING.length());
    }

    @Test
    void browsingGoesOnWithoutAMaster() throws Exception {
        coldBacklog();
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            // In a transaction: an acknowledgement that nobody waits for may still be on its way to the disk.
            try (Session first = connection.createSession(Session.SESSION_TRANSACTED)) {
                drain(first.createConsumer(first.createQueue(QUEUE)), 0, 10);
                first.commit();
            }
            group.awaitCaughtUp(1, 0);
            Await.until("the Slave knows what is committed", () -> {
                ReplicaStatusResponse slave = group.status(1);
                return slave.commit() == slave.end();
            });
            group.broker(0).kill();
            assertEquals(numbers(10, COUNT), browse(session, null));
            assertEquals(numbers(20, 25), browse(session, "n >= 20 AND n < 25"));
            try (QueueBrowser begun = session.createBrowser(session.createQueue(QUEUE))) {
                Enumeration<?> rest = begun.getEnumeration();
                assertEquals(10, ((Message) rest.nextElement()).getIntProperty("n"));
                group.broker(0).start();
                group.awaitCaughtUp(1, 0);
                try (MessageConsumer restored = session.createConsumer(session.createQueue(QUEUE))) {
                    drain(restored, 10, 20);
                }
                assertEquals(numbers(11, COUNT), walk(rest), "what has begun at the Slave is ended there");
            }
            assertEquals(numbers(20, COUNT), browse(session, null));
        }
    }

    private static List<Integer> numbers(int from, int to) {
        List<Integer> numbers = new ArrayList<>();
        for (int n = from; n < to; n++) {
            numbers.add(n);
        }
        return numbers;
    }

    private static List<Integer> browse(Session session, String selector) throws JMSException {
        try (QueueBrowser browser = session.createBrowser(session.createQueue(QUEUE), selector)) {
            return walk(browser.getEnumeration());
        }
    }

    private static List<Integer> walk(Enumeration<?> messages) throws JMSException {
        List<Integer> seen = new ArrayList<>();
        while (messages.hasMoreElements()) {
            TextMessage message = (TextMessage) messages.nextElement();
            int n = message.getIntProperty("n");
            assertEquals(text(n), message.getText());
            seen.add(n);
        }
        return seen;
    }
}
