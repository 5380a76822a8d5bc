package io.posthorn.jms;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.jms.destination.PosthornTopic;
import io.posthorn.jms.message.ObjectFilter;
import io.posthorn.jms.message.Spool;
import io.posthorn.message.DestinationName;
import io.posthorn.provider.Login;
import io.posthorn.provider.ProviderException;
import io.posthorn.time.Clock;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.Topic;
import jakarta.jms.TopicSession;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What may be called when: closed objects, domains, client ids, calls from listeners. */
@Timeout(30)
class LifeCycleTest {

    private final Queue queue = new PosthornQueue("q");
    private final Topic topic = new PosthornTopic("t");
    private final FakeBroker broker = new FakeBroker();
    private PosthornConnection connection;

    @BeforeEach
    void connect() throws JMSException {
        connection = broker.connect();
    }

    @AfterEach
    void close() throws JMSException {
        connection.close();
        broker.close();
    }

    private static void allRefuse(Executable... calls) {
        for (int i = 0; i < calls.length; i++) {
            assertThrows(IllegalStateException.class, calls[i], "call " + i);
        }
    }

    @Test
    void everythingRefusesAfterTheConnectionIsClosed() throws JMSException {
        Session session = connection.createSession();
        MessageProducer producer = session.createProducer(queue);
        MessageConsumer consumer = session.createConsumer(queue);
        QueueBrowser browser = session.createBrowser(queue);
        connection.start();
        connection.close();
        allRefuse(
                connection::createSession,
                () -> connection.createSession(-1),
                () -> connection.createSession(false, 1),
                () -> connection.createQueueSession(false, 1),
                () -> connection.createConnectionConsumer(queue, null, null, 1),
                () -> connection.createDurableConnectionConsumer(null, null, null, null, 1),
                connection::getClientID,
                connection::getMetaData,
                connection::getExceptionListener,
                () -> connection.setExceptionListener(null),
                () -> connection.setClientID("x"),
                connection::start,
                connection::stop);
        sessionRefuses(session);
        allRefuse(
                () -> producer.send(null),
                () -> producer.send(queue, null),
                producer::getDeliveryMode,
                () -> producer.setPriority(-1),
                producer::getTimeToLive);
        allRefuse(
                consumer::receive,
                consumer::receiveNoWait,
                () -> consumer.receive(1),
                consumer::getMessageSelector,
                consumer::getMessageListener,
                () -> consumer.setMessageListener(null));
        allRefuse(browser::getQueue, browser::getMessageSelector, browser::getEnumeration);
        assertDoesNotThrow(connection::close);
        assertDoesNotThrow(session::close);
        assertDoesNotThrow(producer::close);
        assertDoesNotThrow(consumer::close);
        assertDoesNotThrow(browser::close);
        assertEquals(1, Collections.frequency(broker.calls, "released"));
    }

    private void sessionRefuses(Session session) {
        allRefuse(
                session::createMessage,
                session::createBytesMessage,
                session::createMapMessage,
                session::createObjectMessage,
                session::createStreamMessage,
                session::createTextMessage,
                () -> session.createTextMessage(""),
                () -> session.createProducer(null),
                () -> session.createConsumer(null),
                () -> session.createBrowser(null),
                () -> session.createQueue(null),
                () -> session.createTopic(null),
                session::createTemporaryQueue,
                session::createTemporaryTopic,
                () -> session.createDurableConsumer(null, null),
                () -> session.createSharedConsumer(null, null),
                session::getTransacted,
                session::getAcknowledgeMode,
                session::getMessageListener,
                () -> session.setMessageListener(null),
                session::commit,
                session::rollback,
                session::recover,
                () -> session.unsubscribe(null));
    }

    @Test
    void domainsRefuseWhatIsNotTheirs() throws JMSException {
        QueueSession queues = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
        allRefuse(
                () -> queues.createDurableSubscriber(null, null),
                () -> queues.createDurableConsumer(topic, "s"),
                () -> queues.createSharedConsumer(topic, "s"),
                () -> queues.createSharedDurableConsumer(topic, "s"),
                queues::createTemporaryTopic,
                () -> queues.createTopic("t"),
                () -> queues.unsubscribe("s"));
        assertThrows(InvalidDestinationException.class, () -> queues.createConsumer(topic));
        TopicSession topics = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        allRefuse(() -> topics.createBrowser(queue), () -> topics.createQueue("q"), topics::createTemporaryQueue);
        assertThrows(InvalidDestinationException.class, () -> topics.createProducer(queue));
        PosthornConnection queueConnection = broker.connect(Domain.QUEUE, null);
        allRefuse(
                () -> queueConnection.createSharedConnectionConsumer(topic, "s", null, null, 1),
                () -> queueConnection.createDurableConnectionConsumer(topic, "s", null, null, 1),
                () -> queueConnection.createSharedDurableConnectionConsumer(topic, "s", null, null, 1));
        queueConnection.close();
    }

    @Test
    void argumentsAreCheckedInTheRightOrder() throws JMSException {
        Session session = connection.createSession();
        assertThrows(InvalidDestinationException.class, () -> session.createConsumer(null, "= 1"));
        assertThrows(InvalidDestinationException.class, () -> session.createDurableSubscriber(null, "s", "= 1", false));
        assertThrows(InvalidSelectorException.class, () -> session.createConsumer(queue, "= 1"));
        assertThrows(InvalidSelectorException.class, () -> session.createDurableConsumer(topic, "s", "= 1", false));
        assertThrows(IllegalStateException.class, () -> session.createDurableConsumer(topic, "s"));
        assertThrows(InvalidDestinationException.class, () -> session.createSharedConsumer(topic, ""));
        assertThrows(InvalidDestinationException.class, () -> session.unsubscribe("unknown"));
        assertThrows(IllegalStateException.class, session::commit);
        assertThrows(IllegalStateException.class, session::rollback);
        assertThrows(
                IllegalStateException.class,
                () -> connection.createSession(Session.SESSION_TRANSACTED).recover());
        assertThrows(JMSException.class, () -> connection.createSession(7));
        assertThrows(JMSException.class, () -> connection.createSession(false, Session.SESSION_TRANSACTED));
        assertNull(session.createConsumer(queue, " ").getMessageSelector());
        assertEquals("a = 1", session.createConsumer(queue, "a = 1").getMessageSelector());
    }

    @Test
    void clientIdsAreSetFirstAndOnce() throws JMSException {
        assertNull(connection.getClientID());
        assertThrows(InvalidClientIDException.class, () -> connection.setClientID(""));
        connection.setClientID("one");
        assertEquals("one", connection.getClientID());
        assertThrows(IllegalStateException.class, () -> connection.setClientID("two"));
        PosthornConnection second = broker.connect();
        assertThrows(InvalidClientIDException.class, () -> second.setClientID("one"));
        connection.close();
        second.setClientID("one");
        second.close();
        PosthornConnection used = broker.connect();
        used.createSession();
        assertThrows(IllegalStateException.class, () -> used.setClientID("late"));
        used.close();
        PosthornConnection configured = broker.connect(Domain.ANY, "cts");
        assertEquals("cts", configured.getClientID());
        assertThrows(IllegalStateException.class, () -> configured.setClientID("other"));
        configured.close();
    }

    @Test
    void aRefusedLoginLeavesNothingBehind() {
        ConnectionSettings settings =
                new ConnectionSettings(1, 1, 1, ObjectFilter.STANDARD, false, false, Spool.STANDARD, Clock.system());
        JMSSecurityException refused = assertThrows(
                JMSSecurityException.class,
                () -> PosthornConnection.open(
                        Domain.ANY,
                        broker,
                        () -> broker.calls.add("released"),
                        new Login("invalid", "invalid", null),
                        settings));
        assertTrue(refused.getCause() instanceof ProviderException);
        assertEquals(refused.getCause(), refused.getLinkedException());
        assertTrue(broker.calls.contains("released"));
    }

    @Test
    void aListenerMayCloseItsConsumerButNotItsSession() throws JMSException {
        connection.start();
        Session session = connection.createSession();
        MessageProducer producer = session.createProducer(queue);
        producer.send(session.createMessage());
        producer.send(session.createMessage());
        MessageConsumer consumer = session.createConsumer(queue);
        MessageConsumer other = session.createConsumer(new PosthornQueue("other"));
        List<String> events = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        consumer.setMessageListener(message -> {
            allRefuse(session::close, connection::close, connection::stop);
            JmsCall.perform(other::close);
            JmsCall.perform(consumer::close);
            JmsCall.perform(() -> session.createProducer(queue).send(session.createMessage()));
            events.add("finished");
            done.countDown();
        });
        Await.latch(done);
        session.close();
        assertEquals(List.of("finished"), events);
        Await.until("one consumed, two there", () -> broker.ready(DestinationName.queue("q")) == 2);
        assertEquals(0, broker.inFlight());
    }

    @Test
    void theExceptionListenerMayCloseTheConnection() throws JMSException {
        CountDownLatch closed = new CountDownLatch(1);
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        connection.setExceptionListener(problem -> {
            JmsCall.perform(connection::close);
            closed.countDown();
        });
        broker.lose(new ProviderException(ProviderException.Kind.CONNECTION, "gone"));
        Await.latch(closed);
        assertThrows(IllegalStateException.class, consumer::receiveNoWait);
    }

    @Test
    void temporaryDestinationsAreDeletedOnceUnused() throws JMSException {
        Session session = connection.createSession();
        TemporaryQueue temporary = session.createTemporaryQueue();
        MessageConsumer consumer = session.createConsumer(temporary);
        assertThrows(JMSException.class, temporary::delete);
        consumer.close();
        session.close();
        temporary.delete();
        Session other = connection.createSession();
        assertThrows(InvalidDestinationException.class, () -> other.createConsumer(temporary));
    }

    @Test
    void contextsShareAConnectionUntilTheLastIsClosed() throws JMSException {
        PosthornContext first = PosthornContext.open(broker.connect(), JMSContext.AUTO_ACKNOWLEDGE);
        first.setClientID("ctx");
        JMSContext second = first.createContext(JMSContext.SESSION_TRANSACTED);
        assertTrue(second.getTransacted());
        JMSProducer producer = second.createProducer();
        producer.setProperty("n", 3)
                .setJMSCorrelationID("c")
                .setJMSType("kind")
                .send(queue, "hello")
                .send(queue, new byte[] {1});
        second.commit();
        JMSConsumer consumer = first.createConsumer(queue);
        var message = consumer.receive(5_000);
        assertEquals(3, JmsCall.get(() -> message.getIntProperty("n")));
        assertEquals("c", JmsCall.get(message::getJMSCorrelationID));
        assertEquals("kind", JmsCall.get(message::getJMSType));
        assertEquals("hello", JmsCall.get(() -> message.getBody(String.class)));
        assertEquals(1, consumer.receiveBody(byte[].class, 5_000)[0]);
        assertThrows(
                UnsupportedOperationException.class,
                () -> producer.getPropertyNames().clear());
        first.close();
        first.close();
        assertThrows(IllegalStateRuntimeException.class, first::createTextMessage);
        assertThrows(IllegalStateRuntimeException.class, first::getClientID);
        assertThrows(IllegalStateRuntimeException.class, consumer::receiveNoWait);
        assertFalse(broker.calls.contains("close"));
        assertEquals("ctx", second.getClientID());
        second.close();
        assertTrue(broker.calls.contains("close"));
        assertThrows(IllegalStateRuntimeException.class, () -> producer.setPriority(1));
        assertThrows(IllegalStateRuntimeException.class, producer::getJMSType);
    }

    @Test
    void autoStartCanBeSwitchedOff() {
        try (JMSContext context = JmsCall.get(() -> PosthornContext.open(broker.connect(), 1))) {
            context.setAutoStart(false);
            context.createProducer().send(queue, "x");
            JMSConsumer consumer = context.createConsumer(queue);
            assertNull(consumer.receiveNoWait());
            context.start();
            assertEquals("x", consumer.receiveBody(String.class, 5_000));
        }
    }

    @Test
    void noThreadOutlivesItsConnection() throws JMSException {
        connection.start();
        Session session = connection.createSession();
        session.createConsumer(queue).setMessageListener(message -> {});
        String prefix = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("posthorn-") && name.endsWith("-delivery"))
                .map(name -> name.substring(0, name.indexOf("-session")))
                .filter(name -> name.equals(connection.name()))
                .findFirst()
                .orElseThrow();
        connection.close();
        Await.until(
                "threads end",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith(prefix)));
    }
}
