package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What closing ends, what it waits for, and what outlives it. */
class CloseIT extends ConformanceTest {

    @Test
    @Checklist("6.01")
    void closingAConnectionEndsEverythingBelowIt() throws JMSException {
        send(name("client"), "not acknowledged");
        send(name("transacted"), "rolled back");
        Connection connection = connect();
        Session client = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = client.createConsumer(client.createQueue(name("client")));
        assertEquals("not acknowledged", text(consumer.receive(COMES_MS)));
        Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer taking = transacted.createConsumer(transacted.createQueue(name("transacted")));
        assertEquals("rolled back", text(taking.receive(COMES_MS)));
        MessageProducer producer = transacted.createProducer(transacted.createQueue(name("out")));
        producer.send(transacted.createTextMessage("never committed"));
        QueueBrowser browser = client.createBrowser(client.createQueue(name("client")));
        TemporaryQueue temporary = client.createTemporaryQueue();
        connection.close();

        assertThrows(IllegalStateException.class, client::createMessage);
        assertThrows(IllegalStateException.class, consumer::getMessageSelector);
        assertThrows(IllegalStateException.class, producer::getPriority);
        assertThrows(IllegalStateException.class, browser::getEnumeration);
        Session next = connect().createSession();
        assertRedelivered("not acknowledged", next, "client");
        assertRedelivered("rolled back", next, "transacted");
        assertNull(next.createConsumer(next.createQueue(name("out"))).receiveNoWait());
        MessageProducer late = next.createProducer(temporary);
        assertThrows(InvalidDestinationException.class, () -> late.send(next.createMessage()));
    }

    private void assertRedelivered(String text, Session session, String queue) throws JMSException {
        Message message =
                session.createConsumer(session.createQueue(name(queue))).receive(COMES_MS);
        assertEquals(text, text(message));
        assertTrue(message.getJMSRedelivered());
    }

    @Test
    @Checklist({"6.02", "6.26"})
    void closingAgainDoesNothing() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        JMSContext context = context();
        List<AutoCloseable> closeables = List.of(
                session.createBrowser(session.createQueue(name("queue"))),
                session.createConsumer(session.createQueue(name("queue"))),
                session.createProducer(session.createQueue(name("queue"))),
                session,
                connection,
                context.createConsumer(context.createQueue(name("queue"))),
                context.createBrowser(context.createQueue(name("queue"))),
                context);
        for (AutoCloseable object : closeables) {
            object.close();
            object.close();
        }
        for (AutoCloseable object : closeables) {
            object.close();
        }
    }

    @Test
    @Checklist("6.26")
    void producersOfContextsHaveNoClose() {
        JMSProducer producer = context().createProducer();
        assertFalse(producer instanceof AutoCloseable);
    }

    @Test
    @Checklist({"2.03", "6.03"})
    void closeEndsReceivesThatWait() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageConsumer consumer = session.createConsumer(queue);
        assertEnds(Background.of(consumer::receive), consumer);
        MessageConsumer ofSession = session.createConsumer(queue);
        assertEnds(Background.of(() -> ofSession.receive(10 * COMES_MS)), session);
        Session next = connection.createSession();
        MessageConsumer ofConnection = next.createConsumer(queue);
        assertEnds(Background.of(ofConnection::receive), connection);

        JMSContext context = context();
        JMSConsumer simplified = context.createConsumer(queue);
        assertEnds(Background.of(simplified::receive), simplified);
        JMSConsumer ofContext = context.createConsumer(queue);
        assertEnds(Background.of(() -> ofContext.receiveBody(String.class)), context);
    }

    private static void assertEnds(Background<?> receive, AutoCloseable closed) throws Exception {
        receive.awaitWaiting();
        closed.close();
        assertNull(receive.result());
    }

    @Test
    @Checklist({"2.03", "6.04", "6.19"})
    void aRunningListenerFinishesFirstWithAllServices() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("in")));
        assertFinishesBefore(session, consumer, consumer);
        MessageConsumer again = session.createConsumer(session.createQueue(name("in")));
        assertFinishesBefore(session, again, session);
        Session next = connection.createSession(Session.SESSION_TRANSACTED);
        assertFinishesBefore(next, next.createConsumer(next.createQueue(name("in"))), connection);
        Session reader = connect().createSession();
        MessageConsumer out = reader.createConsumer(reader.createQueue(name("out")));
        for (int n = 0; n < 3; n++) {
            assertEquals("x", text(out.receive(COMES_MS)));
        }
        assertNull(reader.createConsumer(reader.createQueue(name("in"))).receiveNoWait());
    }

    private void assertFinishesBefore(Session session, MessageConsumer consumer, AutoCloseable closed)
            throws Exception {
        MessageProducer out = session.createProducer(session.createQueue(name("out")));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean finished = new AtomicBoolean();
        Outcome work = new Outcome();
        consumer.setMessageListener(message -> {
            entered.countDown();
            hold(release);
            work.of(() -> {
                out.send(session.createTextMessage(text(message)));
                session.commit();
            });
            finished.set(true);
        });
        send(name("in"), "x");
        await(entered);
        Background<Boolean> close = Background.of(() -> {
            closed.close();
            return finished.get();
        });
        close.awaitWaiting();
        release.countDown();
        assertTrue(close.result(), "close has returned before the listener");
        assertEquals(Outcome.RETURNED, work.get());
    }

    @Test
    @Checklist({"2.03", "6.04"})
    void aCloseBesideAnotherWaitsForTheListenerToo() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        MessageProducer out = session.createProducer(session.createQueue(name("out")));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Outcome work = new Outcome();
        session.createConsumer(session.createQueue(name("in"))).setMessageListener(message -> {
            entered.countDown();
            hold(release);
            work.of(() -> out.send(message));
        });
        send(name("in"), "x");
        await(entered);
        List<Background<Void>> closes = List.of(
                Background.run(session::close),
                Background.run(session::close),
                Background.run(connection::close),
                Background.run(connection::close));
        for (Background<Void> close : closes) {
            close.awaitWaiting();
        }
        release.countDown();
        for (Background<Void> close : closes) {
            close.result();
        }
        assertEquals(Outcome.RETURNED, work.get());
        Session reader = connect().createSession();
        assertEquals(
                "x", text(reader.createConsumer(reader.createQueue(name("out"))).receive(COMES_MS)));
    }

    @Test
    @Checklist({"2.03", "6.04"})
    void aContextsListenerMayAcknowledgeWhileItsCloseWaits() throws Exception {
        JMSContext context = context(JMSContext.CLIENT_ACKNOWLEDGE);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Outcome work = new Outcome();
        context.createConsumer(context.createQueue(name("queue"))).setMessageListener(message -> {
            entered.countDown();
            hold(release);
            work.of(message::acknowledge);
        });
        send(name("queue"), "x");
        await(entered);
        Background<Void> close = Background.run(context::close);
        close.awaitWaiting();
        release.countDown();
        close.result();
        assertEquals(Outcome.RETURNED, work.get());
        Session next = connect().createSession();
        assertNull(next.createConsumer(next.createQueue(name("queue"))).receiveNoWait());
    }

    @Test
    @Checklist("6.05")
    void closeWaitsForAsynchronousSendsAndTheirCallbacks() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        MessageProducer producer = session.createProducer(session.createQueue(name("queue")));
        assertWaits(producer, session, producer);
        assertWaits(session.createProducer(session.createQueue(name("queue"))), session, session);
        Session next = connection.createSession();
        assertWaits(next.createProducer(next.createQueue(name("queue"))), next, connection);

        JMSContext context = context();
        SlowCompletion slow = new SlowCompletion();
        JMSProducer simplified = context.createProducer().setAsync(slow);
        for (int n = 0; n < 10; n++) {
            simplified.send(context.createQueue(name("queue")), "x");
        }
        assertWaits(slow, context);
    }

    private static void assertWaits(MessageProducer producer, Session session, AutoCloseable closed) throws Exception {
        SlowCompletion slow = new SlowCompletion();
        for (int n = 0; n < 10; n++) {
            producer.send(session.createMessage(), slow);
        }
        assertWaits(slow, closed);
    }

    private static void assertWaits(SlowCompletion slow, AutoCloseable closed) throws Exception {
        await(slow.entered);
        Background<Integer> close = Background.of(() -> {
            closed.close();
            return slow.finished.get();
        });
        close.awaitWaiting();
        slow.release.countDown();
        assertEquals(10, close.result());
    }

    /** Waits in its first call. */
    private static final class SlowCompletion implements CompletionListener {

        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private final AtomicInteger finished = new AtomicInteger();

        @Override
        public void onCompletion(Message message) {
            entered.countDown();
            hold(release);
            finished.incrementAndGet();
        }

        @Override
        public void onException(Message message, Exception exception) {
            throw new AssertionError(exception);
        }
    }

    @Test
    @Checklist("6.06")
    void closeDoesNotWaitForAnExceptionListener() throws Exception {
        Connection connection = connect();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        connection.setExceptionListener(problem -> {
            entered.countDown();
            hold(release);
        });
        causeProblem(connection.createSession());
        await(entered);
        connection.close();
        release.countDown();
    }

    @Test
    @Checklist("6.13")
    void messagesOutliveTheirSessionAcknowledgingDoesNot() throws JMSException {
        send(name("queue"), "a", "b");
        Connection connection = connect();
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        TextMessage made = session.createTextMessage("made");
        Message received =
                session.createConsumer(session.createQueue(name("queue"))).receive(COMES_MS);
        session.close();
        assertThrows(IllegalStateException.class, received::acknowledge);
        Session automatic = connection.createSession();
        Message acknowledged =
                automatic.createConsumer(automatic.createQueue(name("queue"))).receive(COMES_MS);
        connection.close();
        assertThrows(IllegalStateException.class, received::acknowledge);
        assertThrows(IllegalStateException.class, acknowledged::acknowledge);
        assertEquals("a", text(received));
        assertEquals(1, received.getIntProperty("JMSXDeliveryCount"));
        received.clearBody();
        assertInstanceOf(TextMessage.class, received).setText("changed");
        assertEquals("changed", text(received));
        made.setStringProperty("still", "writable");
        assertEquals("writable", made.getStringProperty("still"));
    }

    @Test
    @Checklist("6.13")
    void aClosedContextAcknowledgesNothing() {
        JMSContext context = context(JMSContext.CLIENT_ACKNOWLEDGE);
        Queue queue = context.createQueue(name("queue"));
        context.createProducer().send(queue, "x");
        Message received = context.createConsumer(queue).receive(COMES_MS);
        context.close();
        assertThrows(IllegalStateException.class, received::acknowledge);
        assertThrows(IllegalStateRuntimeException.class, context::acknowledge);
    }

    @Test
    @Checklist("6.14")
    void temporaryDestinationsOutliveTheirSession() throws JMSException {
        Connection connection = connect();
        Session maker = connection.createSession();
        TemporaryQueue queue = maker.createTemporaryQueue();
        TemporaryTopic topic = maker.createTemporaryTopic();
        maker.close();
        Session next = connection.createSession();
        MessageConsumer consumer = next.createConsumer(queue);
        next.createProducer(queue).send(next.createTextMessage("still there"));
        assertEquals("still there", text(consumer.receive(COMES_MS)));
        consumer.close();
        next.close();
        queue.delete();
        topic.delete();
        Session late = connection.createSession();
        assertThrows(JMSException.class, () -> late.createConsumer(queue));
        assertThrows(JMSException.class, () -> late.createConsumer(topic));
    }

    @Test
    @Checklist("6.22")
    void theLastContextClosesTheConnection() throws JMSException {
        JMSContext first = context();
        first.setClientID(name("id"));
        JMSContext second = closeLater(first.createContext(JMSContext.AUTO_ACKNOWLEDGE));
        JMSContext third = closeLater(second.createContext(JMSContext.AUTO_ACKNOWLEDGE));
        Queue queue = first.createQueue(name("queue"));
        for (JMSContext closing : List.of(first, third)) {
            closing.close();
            assertThrows(IllegalStateRuntimeException.class, closing::createMessage);
            assertThrows(InvalidClientIDException.class, () -> connect(name("id")));
        }
        second.createProducer().send(queue, "still open");
        assertEquals("still open", second.createConsumer(queue).receiveBody(String.class, COMES_MS));
        second.close();
        connect(name("id"));
    }
}
