package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.Topic;
import java.util.Enumeration;
import org.junit.jupiter.api.Test;

/** What web and EJB applications may do, and may not (Jakarta Messaging 3.1, 12.2 and 12.3; checklist 31.02 to 31.07). */
class ContainerRulesIT extends AdapterTest {

    private static final CompletionListener LISTENER = new CompletionListener() {
        @Override
        public void onCompletion(Message message) {}

        @Override
        public void onException(Message message, Exception failure) {}
    };

    @Test
    void aConnectionHasOneSessionAtATime() throws Exception {
        Connection connection = factory.createConnection();
        Session session = connection.createSession();
        assertThrows(IllegalStateException.class, connection::createSession);
        assertThrows(IllegalStateException.class, () -> connection.createSession(true, 0));
        session.close();
        connection.createSession();
        JMSContext context = factory.createContext();
        assertThrows(IllegalStateRuntimeException.class, () -> context.createContext(JMSContext.AUTO_ACKNOWLEDGE));
    }

    @Test
    void connectionsRefuseWhatBelongsToTheContainer() throws Exception {
        Connection connection = factory.createConnection();
        assertThrows(IllegalStateException.class, () -> connection.setClientID("id"));
        assertThrows(IllegalStateException.class, () -> connection.setExceptionListener(null));
        assertThrows(IllegalStateException.class, connection::stop);
        assertThrows(IllegalStateException.class, () -> connection.createConnectionConsumer(null, null, null, 1));
        assertThrows(
                IllegalStateException.class, () -> connection.createSharedConnectionConsumer(null, "s", null, null, 1));
        assertThrows(
                IllegalStateException.class,
                () -> connection.createDurableConnectionConsumer(null, "s", null, null, 1));
        assertThrows(
                IllegalStateException.class,
                () -> connection.createSharedDurableConnectionConsumer(null, "s", null, null, 1));
        assertNull(connection.getClientID());
        assertNotNull(connection.getMetaData());
    }

    @Test
    void sessionsConsumersAndProducersHaveNoListeners() throws Exception {
        Session session = factory.createConnection().createSession();
        assertThrows(IllegalStateException.class, () -> session.setMessageListener(null));
        assertThrows(IllegalStateException.class, session::getMessageListener);
        assertThrows(IllegalStateRuntimeException.class, session::run);
        Queue queue = session.createQueue(name("q"));
        MessageConsumer consumer = session.createConsumer(queue);
        assertThrows(IllegalStateException.class, () -> consumer.setMessageListener(message -> {}));
        assertThrows(IllegalStateException.class, consumer::getMessageListener);
        MessageProducer producer = session.createProducer(null);
        Message message = session.createMessage();
        assertThrows(IllegalStateException.class, () -> producer.send(message, LISTENER));
        assertThrows(IllegalStateException.class, () -> producer.send(message, 1, 4, 0, LISTENER));
        assertThrows(IllegalStateException.class, () -> producer.send(queue, message, LISTENER));
        assertThrows(IllegalStateException.class, () -> producer.send(queue, message, 1, 4, 0, LISTENER));
    }

    @Test
    void contextsRefuseTheSame() {
        JMSContext context = factory.createContext();
        assertThrows(IllegalStateRuntimeException.class, () -> context.setClientID("id"));
        assertThrows(IllegalStateRuntimeException.class, () -> context.setExceptionListener(null));
        assertThrows(IllegalStateRuntimeException.class, context::stop);
        assertThrows(IllegalStateRuntimeException.class, context::commit);
        assertThrows(IllegalStateRuntimeException.class, context::rollback);
        JMSConsumer consumer = context.createConsumer(context.createQueue(name("q")));
        assertThrows(IllegalStateRuntimeException.class, () -> consumer.setMessageListener(message -> {}));
        assertThrows(IllegalStateRuntimeException.class, consumer::getMessageListener);
        JMSProducer producer = context.createProducer();
        assertThrows(IllegalStateRuntimeException.class, () -> producer.setAsync(LISTENER));
        assertThrows(
                IllegalStateRuntimeException.class,
                () -> producer.setPriority(1).setAsync(LISTENER));
    }

    @Test
    void outsideATransactionSessionsAcknowledgeByThemselves() throws Exception {
        int[][] askedAndGot = {{0, 1}, {1, 1}, {2, 1}, {3, 3}};
        for (int[] pair : askedAndGot) {
            put("q", "mode " + pair[0]);
            try (Connection connection = factory.createConnection()) {
                Session session = connection.createSession(pair[0]);
                assertEquals(pair[1], session.getAcknowledgeMode());
                assertFalse(session.getTransacted());
                session.recover();
                assertThrows(IllegalStateException.class, session::commit);
                connection.start();
                assertNotNull(
                        session.createConsumer(session.createQueue(name("q"))).receive(COMES_MS));
            }
            assertNull(take("q"), "acknowledged");
            try (JMSContext context = factory.createContext(pair[0])) {
                assertEquals(pair[1], context.getSessionMode());
                context.createProducer().send(context.createQueue(name("q")), "at once");
                assertEquals("at once", take("q"));
            }
        }
        assertEquals(1, container.created());
    }

    @Test
    void unknownModesAreRefused() throws Exception {
        assertThrows(JMSRuntimeException.class, () -> factory.createContext(-1));
        assertThrows(JMSRuntimeException.class, () -> factory.createContext(4));
        try (Connection connection = factory.createConnection()) {
            assertThrows(JMSException.class, () -> connection.createSession(17));
        }
    }

    @Test
    void whatIsOpenEndsWithItsConnection() throws Exception {
        Connection connection = factory.createConnection();
        Session session = connection.createSession();
        Queue queue = session.createQueue(name("q"));
        TemporaryQueue temporary = session.createTemporaryQueue();
        MessageConsumer consumer = session.createConsumer(queue);
        MessageProducer producer = session.createProducer(queue);
        Message message = session.createTextMessage("late");
        connection.start();
        connection.close();
        connection.close();
        assertThrows(IllegalStateException.class, connection::createSession);
        assertThrows(IllegalStateException.class, session::createMessage);
        assertThrows(IllegalStateException.class, () -> producer.send(message));
        assertThrows(IllegalStateException.class, consumer::receiveNoWait);
        assertThrows(JMSException.class, temporary::delete);
        put("q", "for nobody before");
        assertEquals("for nobody before", take("q"), "no consumer is left on it");
        assertEquals(1, container.free().size());
        assertEquals(0, container.errors().size());
    }

    @Test
    void whatIsOpenEndsWithItsContext() {
        JMSContext context = factory.createContext();
        Queue queue = context.createQueue(name("q"));
        JMSProducer producer = context.createProducer();
        JMSConsumer consumer = context.createConsumer(queue);
        context.close();
        context.close();
        assertThrows(IllegalStateRuntimeException.class, context::createProducer);
        assertThrows(IllegalStateRuntimeException.class, () -> producer.send(queue, "late"));
        assertThrows(JMSRuntimeException.class, consumer::receiveNoWait);
        assertEquals(1, container.free().size());
    }

    @Test
    void aConnectionOfThePoolDeliversOnlyWhenItsNextUserStartsIt() throws Exception {
        Connection first = factory.createConnection();
        first.createSession();
        first.start();
        first.close();
        put("q", "waits");
        try (JMSContext second = factory.createContext()) {
            second.setAutoStart(false);
            JMSConsumer consumer = second.createConsumer(second.createQueue(name("q")));
            assertNull(consumer.receiveNoWait());
            second.start();
            assertEquals("waits", consumer.receiveBody(String.class, COMES_MS));
        }
        assertEquals(1, container.created());
    }

    @Test
    void subscriptionsBrowsersAndProducersWorkThroughTheirHandles() throws Exception {
        try (JMSContext context = factory.createContext()) {
            Topic topic = context.createTopic(name("t"));
            JMSConsumer durable = context.createSharedDurableConsumer(topic, name("s"), "n > 1");
            context.createProducer().setProperty("n", 1).setPriority(9).send(topic, "no");
            context.createProducer().setProperty("n", 2).setJMSType("type").send(topic, "yes");
            Message message = durable.receive(COMES_MS);
            assertEquals("yes", message.getBody(String.class));
            assertEquals("type", message.getJMSType());
            durable.close();
            context.unsubscribe(name("s"));
            put("q", "seen");
            Enumeration<?> all =
                    context.createBrowser(context.createQueue(name("q"))).getEnumeration();
            assertEquals("seen", ((Message) all.nextElement()).getBody(String.class));
            assertFalse(all.hasMoreElements());
        }
        assertEquals("seen", take("q"));
    }
}
