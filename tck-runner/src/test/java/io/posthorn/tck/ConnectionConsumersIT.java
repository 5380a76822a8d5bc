package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connection consumers and server sessions (11.2) over a real server. */
class ConnectionConsumersIT extends ServerTest {

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final List<String> got = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : toClose) {
            one.close();
        }
    }

    private static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }

    private TestServerSessions pool(Connection connection, int size, int mode, TestServerSessions.Bean bean)
            throws JMSException {
        TestServerSessions pool = new TestServerSessions(connection, size, mode, bean);
        toClose.add(pool);
        return pool;
    }

    private void note(Session session, Message message) throws JMSException {
        got.add(text(message));
    }

    private void awaitGot(int count) throws Exception {
        Await.until(count + " messages", () -> got.size() >= count);
    }

    private Queue queue() throws JMSException {
        return connect().createSession().createQueue(name("queue"));
    }

    private void send(Destination to, int from, int end) throws JMSException {
        Session session = connect().createSession();
        MessageProducer producer = session.createProducer(to);
        for (int i = from; i < end; i++) {
            producer.send(session.createTextMessage("m" + i));
        }
    }

    private static List<String> expected(int from, int end) {
        List<String> texts = new ArrayList<>();
        for (int i = from; i < end; i++) {
            texts.add("m" + i);
        }
        return texts;
    }

    @Test
    @Checklist("27.02")
    void messagesAreLoadedInBatchesAndRunOneAfterTheOther() throws Exception {
        Connection connection = connect();
        send(queue(), 0, 50);
        AtomicInteger inside = new AtomicInteger();
        List<Integer> together = Collections.synchronizedList(new ArrayList<>());
        TestServerSessions pool = pool(connection, 1, Session.AUTO_ACKNOWLEDGE, (session, message) -> {
            together.add(inside.incrementAndGet());
            note(session, message);
            inside.decrementAndGet();
        });
        ConnectionConsumer consumer = connection.createConnectionConsumer(queue(), null, pool, 7);
        assertSame(pool, consumer.getServerSessionPool());
        awaitGot(50);
        Await.until("the server sessions are back", () -> pool.idle() == 1);
        assertEquals(expected(0, 50), got);
        assertEquals(1, Collections.max(together));
        assertTrue(Collections.max(pool.runs) <= 7, pool.runs.toString());
        assertEquals(50, pool.runs.stream().mapToInt(Integer::intValue).sum());
        assertEquals(1, pool.callers.size(), "one thread of the provider: " + pool.callers);
        assertFalse(pool.callers.contains(Thread.currentThread().getName()));
        consumer.close();
        assertThrows(IllegalStateException.class, consumer::getServerSessionPool);
        connection.close();
        assertNull(connect().createSession().createConsumer(queue()).receiveNoWait(), "all are acknowledged");
    }

    @Test
    @Checklist("27.02")
    void severalServerSessionsRunAtTheSameTime() throws Exception {
        Connection connection = connect();
        CountDownLatch both = new CountDownLatch(2);
        TestServerSessions pool = pool(connection, 2, Session.AUTO_ACKNOWLEDGE, (session, message) -> {
            both.countDown();
            try {
                assertTrue(both.await(COMES_MS, TimeUnit.MILLISECONDS));
            } catch (InterruptedException interrupted) {
                throw new JMSException("interrupted");
            }
            note(session, message);
        });
        connection.createConnectionConsumer(queue(), null, pool, 1);
        send(queue(), 0, 2);
        awaitGot(2);
    }

    @Test
    @Checklist("27.02")
    void whatThePoolHasNoSessionForStaysAtTheBroker() throws Exception {
        Connection connection = new PosthornConnectionFactory(server.url() + "?windowSize=2").createConnection();
        toClose.add(connection);
        connection.start();
        CountDownLatch go = new CountDownLatch(1);
        toClose.add(go::countDown);
        TestServerSessions pool = pool(connection, 1, Session.AUTO_ACKNOWLEDGE, (session, message) -> {
            note(session, message);
            try {
                go.await();
            } catch (InterruptedException interrupted) {
                throw new JMSException("interrupted");
            }
        });
        connection.createConnectionConsumer(queue(), null, pool, 1);
        send(queue(), 0, 1);
        awaitGot(1);
        send(queue(), 1, 20);
        MessageConsumer other = connect().createSession().createConsumer(queue());
        for (int i = 0; i < 16; i++) {
            assertNotNull(other.receive(COMES_MS), "message " + i + " of 16 that must not be hoarded");
        }
        go.countDown();
        awaitGot(4);
    }

    @Test
    @Checklist("27.02")
    void aListenerThatThrowsGetsItsMessageAgain() throws Exception {
        Connection connection = connect();
        AtomicInteger tries = new AtomicInteger();
        List<Boolean> flags = Collections.synchronizedList(new ArrayList<>());
        TestServerSessions pool = pool(connection, 1, Session.AUTO_ACKNOWLEDGE, (session, message) -> {
            if (text(message).equals("m1")) {
                flags.add(message.getJMSRedelivered());
                if (tries.incrementAndGet() < 3) {
                    throw new JMSException("not yet, as the test wants it");
                }
            }
            note(session, message);
        });
        send(queue(), 0, 5);
        connection.createConnectionConsumer(queue(), null, pool, 5);
        awaitGot(5);
        assertEquals(expected(0, 5), got, "what lies behind waits for it");
        assertEquals(List.of(false, true, true), flags);
    }

    @Test
    @Checklist({"27.02", "25.08"})
    void transactedServerSessionsCommitAndRollBack() throws Exception {
        Connection connection = connect();
        AtomicInteger tries = new AtomicInteger();
        TestServerSessions pool = pool(connection, 1, Session.SESSION_TRANSACTED, (session, message) -> {
            session.createProducer(session.createQueue(name("out"))).send(session.createTextMessage(text(message)));
            if (tries.incrementAndGet() == 1) {
                session.rollback();
                return;
            }
            assertTrue(message.getJMSRedelivered());
            session.commit();
            note(session, message);
        });
        connection.createConnectionConsumer(queue(), null, pool, 1);
        send(queue(), 0, 1);
        awaitGot(1);
        connection.close();
        Session rest = connect().createSession();
        MessageConsumer out = rest.createConsumer(rest.createQueue(name("out")));
        assertEquals("m0", text(out.receive(COMES_MS)));
        assertNull(out.receiveNoWait(), "what was rolled back is not sent");
        assertNull(rest.createConsumer(queue()).receiveNoWait());
    }

    @Test
    @Checklist({"27.02", "23.03"})
    void whatAClientAcknowledgingServerSessionHasNotAcknowledgedComesBack() throws Exception {
        Connection connection = connect();
        TestServerSessions pool = pool(connection, 1, Session.CLIENT_ACKNOWLEDGE, (session, message) -> {
            note(session, message);
            if (text(message).equals("m1")) {
                message.acknowledge();
            }
        });
        ConnectionConsumer consumer = connection.createConnectionConsumer(queue(), null, pool, 10);
        send(queue(), 0, 4);
        awaitGot(4);
        consumer.close();
        Await.until("the server sessions are back", () -> pool.idle() == 1);
        pool.sessions.get(0).close();
        MessageConsumer rest = connect().createSession().createConsumer(queue());
        Message third = rest.receive(COMES_MS);
        assertEquals("m2", text(third));
        assertTrue(third.getJMSRedelivered());
        assertEquals("m3", text(rest.receive(COMES_MS)));
        assertNull(rest.receiveNoWait());
    }

    @Test
    @Checklist("27.02")
    void closingReturnsWhatWasNotLoadedAndLetsTheRestFinish() throws Exception {
        Connection connection = connect();
        CountDownLatch go = new CountDownLatch(1);
        toClose.add(go::countDown);
        TestServerSessions pool = pool(connection, 1, Session.AUTO_ACKNOWLEDGE, (session, message) -> {
            note(session, message);
            try {
                go.await();
            } catch (InterruptedException interrupted) {
                throw new JMSException("interrupted");
            }
        });
        send(queue(), 0, 10);
        ConnectionConsumer consumer = connection.createConnectionConsumer(queue(), null, pool, 3);
        awaitGot(1);
        consumer.close();
        consumer.close();
        MessageConsumer rest = connect().createSession().createConsumer(queue());
        List<String> returned = new ArrayList<>();
        Message next = rest.receive(COMES_MS);
        while (next != null) {
            assertFalse(next.getJMSRedelivered(), text(next));
            returned.add(text(next));
            next = rest.receiveNoWait();
        }
        go.countDown();
        awaitGot(10 - returned.size());
        List<String> all = new ArrayList<>(got);
        all.addAll(returned);
        assertEquals(expected(0, 10), all);
        assertTrue(got.size() <= 3, got.toString());
    }

    @Test
    @Checklist({"27.02", "5.04"})
    void aStoppedConnectionLoadsNothing() throws Exception {
        Connection connection = connect();
        TestServerSessions pool = pool(connection, 2, Session.AUTO_ACKNOWLEDGE, this::note);
        connection.createConnectionConsumer(queue(), null, pool, 1);
        send(queue(), 0, 1);
        awaitGot(1);
        connection.stop();
        send(queue(), 1, 3);
        MessageConsumer other = connect().createSession().createConsumer(queue());
        assertEquals("m1", text(other.receive(COMES_MS)), "a stopped connection keeps none for itself");
        assertEquals(1, got.size());
        other.close();
        connection.start();
        awaitGot(2);
        assertEquals(List.of("m0", "m2"), got);
    }

    @Test
    @Checklist("27.02")
    void aDistinguishedListenerExcludesOtherReceipt() throws Exception {
        Session session = connect().createSession();
        MessageConsumer before = session.createConsumer(queue());
        assertNull(session.getMessageListener());
        session.setMessageListener(message -> {});
        assertNotNull(session.getMessageListener());
        assertThrows(IllegalStateException.class, () -> session.createConsumer(queue()));
        assertThrows(IllegalStateException.class, before::receiveNoWait);
        assertThrows(IllegalStateException.class, () -> before.setMessageListener(message -> {}));
        session.createProducer(queue()).send(session.createMessage());
        session.run();
        session.setMessageListener(null);
        assertNotNull(before.receive(COMES_MS));
    }

    @Test
    @Checklist("27.03")
    void subscriptionsOfAllKinds() throws Exception {
        TopicConnection connection = ((PosthornConnectionFactory) factory()).createTopicConnection();
        toClose.add(connection);
        connection.setClientID(name("client"));
        connection.start();
        TestServerSessions pool = pool(connection, 2, Session.AUTO_ACKNOWLEDGE, this::note);
        Topic topic = connect().createSession().createTopic(name("topic"));
        connection.createConnectionConsumer(topic, "g IS NULL", pool, 1);
        connection.createSharedConnectionConsumer(topic, "s", null, pool, 1);
        connection.createSharedConnectionConsumer(topic, "s", null, pool, 1);
        ConnectionConsumer durable = connection.createDurableConnectionConsumer(topic, "d", null, pool, 1);
        ConnectionConsumer shared = connection.createSharedDurableConnectionConsumer(topic, "sd", null, pool, 1);
        assertThrows(JMSException.class, () -> connection.createDurableConnectionConsumer(topic, "d", null, pool, 1));
        send(topic, 0, 1);
        awaitGot(4);
        durable.close();
        shared.close();
        send(topic, 1, 2);
        awaitGot(6);
        connection.createDurableConnectionConsumer(topic, "d", null, pool, 1);
        connection.createSharedDurableConnectionConsumer(topic, "sd", null, pool, 1);
        awaitGot(8);
        Await.until("the server sessions are back", () -> pool.idle() == 2);
        assertEquals(List.of("m0", "m0", "m0", "m0", "m1", "m1", "m1", "m1"), got);
    }

    @Test
    @Checklist({"27.03", "27.04"})
    void wrongArgumentsAreRefused() throws Exception {
        Connection connection = connect();
        TestServerSessions pool = pool(connection, 1, Session.AUTO_ACKNOWLEDGE, this::note);
        Session session = connection.createSession();
        Queue queue = queue();
        Topic topic = session.createTopic(name("topic"));
        assertThrows(
                InvalidDestinationException.class,
                () -> connection.createConnectionConsumer((Destination) null, null, pool, 1));
        assertThrows(InvalidSelectorException.class, () -> connection.createConnectionConsumer(queue, "= 1", pool, 1));
        assertThrows(JMSException.class, () -> connection.createConnectionConsumer(queue, null, null, 1));
        assertThrows(JMSException.class, () -> connection.createConnectionConsumer(queue, null, pool, 0));
        assertThrows(
                IllegalStateException.class,
                () -> connection.createDurableConnectionConsumer(topic, "d", null, pool, 1));
        assertThrows(
                InvalidDestinationException.class,
                () -> connection.createSharedConnectionConsumer(topic, null, null, pool, 1));
        assertThrows(
                InvalidSelectorException.class,
                () -> connection.createSharedDurableConnectionConsumer(topic, "x", "= 1", pool, 1));
        Topic temporary = session.createTemporaryTopic();
        assertThrows(
                InvalidDestinationException.class,
                () -> connection.createSharedDurableConnectionConsumer(temporary, "x", null, pool, 1));
        QueueConnection queues = ((PosthornConnectionFactory) factory()).createQueueConnection();
        toClose.add(queues);
        assertThrows(
                IllegalStateException.class, () -> queues.createSharedConnectionConsumer(topic, "s", null, pool, 1));
        assertThrows(
                InvalidDestinationException.class,
                () -> queues.createConnectionConsumer((Destination) topic, null, pool, 1));
        queues.close();
        assertThrows(IllegalStateException.class, () -> queues.createConnectionConsumer(queue, null, pool, 1));
    }

    @Test
    @Checklist("27.02")
    void aPoolThatFailsIsReportedAndAskedAgain() throws Exception {
        Connection connection = connect();
        CountDownLatch reported = new CountDownLatch(1);
        connection.setExceptionListener(problem -> reported.countDown());
        TestServerSessions pool = pool(connection, 1, Session.AUTO_ACKNOWLEDGE, this::note);
        AtomicInteger asked = new AtomicInteger();
        connection.createConnectionConsumer(
                queue(),
                null,
                () -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new JMSException("no session today, as the test wants it");
                    }
                    return pool.getServerSession();
                },
                1);
        send(queue(), 0, 2);
        awaitGot(2);
        assertTrue(reported.await(COMES_MS, TimeUnit.MILLISECONDS));
        assertEquals(expected(0, 2), got);
    }

    @Test
    @Checklist({"27.02", "29.01"})
    void itGoesOnAfterTheServerWasKilled() throws Exception {
        Connection connection = connect();
        TestServerSessions pool = pool(connection, 2, Session.AUTO_ACKNOWLEDGE, this::note);
        connection.createConnectionConsumer(queue(), null, pool, 4);
        send(queue(), 0, 10);
        awaitGot(10);
        server.kill();
        server.start();
        send(queue(), 10, 20);
        Await.until("all twenty have come", () -> got.containsAll(expected(0, 20)));
    }
}
