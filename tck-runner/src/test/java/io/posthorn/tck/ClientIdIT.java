package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidClientIDRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Client identifiers: when they may be set, who holds one, and when it is free again. */
class ClientIdIT extends ConformanceTest {

    private PosthornConnectionFactory configured(String clientId) {
        PosthornConnectionFactory factory = domainFactory();
        factory.setClientId(clientId);
        return factory;
    }

    @Test
    @Checklist({"4.01", "4.06"})
    void aConfiguredIdCannotBeChanged() throws JMSException {
        PosthornConnectionFactory factory = configured(name("id"));
        try (Connection connection = factory.createConnection()) {
            assertEquals(name("id"), connection.getClientID());
            assertThrows(IllegalStateException.class, () -> connection.setClientID("other"));
            assertThrows(IllegalStateException.class, () -> connection.setClientID(name("id")));
            assertEquals(name("id"), connection.getClientID());
        }
        try (JMSContext context = factory.createContext()) {
            assertEquals(name("id"), context.getClientID());
            assertThrows(IllegalStateRuntimeException.class, () -> context.setClientID("other"));
        }
    }

    @Test
    @Checklist({"4.04", "4.07"})
    void aConfiguredIdInUseIsRefusedAtCreationAndFreeAfterClose() throws JMSException {
        PosthornConnectionFactory factory = configured(name("id"));
        try (Connection holder = factory.createConnection()) {
            assertThrows(InvalidClientIDException.class, factory::createConnection);
            assertThrows(InvalidClientIDException.class, factory::createTopicConnection);
            assertThrows(InvalidClientIDRuntimeException.class, factory::createContext);
            assertEquals(name("id"), holder.getClientID());
        }
        factory.createConnection().close();
        factory.createContext().close();
        factory.createQueueConnection().close();
    }

    @Test
    @Checklist({"4.04", "4.06"})
    void aSecondSetIsIllegalWhateverItsValue() throws JMSException {
        Connection connection = freshConnection();
        assertNull(connection.getClientID());
        connection.setClientID(name("id"));
        assertEquals(name("id"), connection.getClientID());
        assertThrows(IllegalStateException.class, () -> connection.setClientID(name("id")));
        assertThrows(IllegalStateException.class, () -> connection.setClientID("other"));
        JMSContext context = context();
        assertNull(context.getClientID());
        assertThrows(InvalidClientIDRuntimeException.class, () -> context.setClientID(name("id")));
        context.setClientID(name("another"));
        assertThrows(IllegalStateRuntimeException.class, () -> context.setClientID(name("another")));
    }

    @Test
    @Checklist("4.02")
    void afterUseOfAConnectionItIsTooLate() throws JMSException {
        List<JmsUse<Connection>> uses = List.of(
                Connection::createSession,
                connection -> connection.createSession(true, 0),
                Connection::start,
                Connection::stop);
        for (JmsUse<Connection> use : uses) {
            Connection connection = freshConnection();
            use.of(connection);
            assertThrows(IllegalStateException.class, () -> connection.setClientID(name("late")));
            assertNull(connection.getClientID());
        }
    }

    @Test
    @Checklist("4.02")
    void afterUseOfAContextItIsTooLate() {
        List<Consumer<JMSContext>> uses = List.of(
                context -> context.createConsumer(context.createQueue(name("queue"))),
                JMSContext::createProducer,
                context -> context.createProducer().send(context.createQueue(name("queue")), "x"),
                context -> context.createBrowser(context.createQueue(name("queue"))),
                JMSContext::createTemporaryQueue,
                JMSContext::start,
                JMSContext::stop);
        for (Consumer<JMSContext> use : uses) {
            JMSContext context = context();
            use.accept(context);
            assertThrows(IllegalStateRuntimeException.class, () -> context.setClientID(name("late")));
        }
    }

    @Test
    @Checklist({"4.02", "4.03", "4.06"})
    void gettersAndTheContextsOwnSessionAreNoUse() throws JMSException {
        JMSContext context = context();
        assertNull(context.getClientID());
        assertNotNull(context.getMetaData());
        assertNull(context.getExceptionListener());
        context.setClientID(name("context"));
        assertEquals(name("context"), context.getClientID());

        Connection connection = freshConnection();
        assertNull(connection.getClientID());
        assertNotNull(connection.getMetaData());
        assertNull(connection.getExceptionListener());
        connection.setClientID(name("connection"));
        assertEquals(name("connection"), connection.getClientID());
    }

    @Test
    @Checklist("4.05")
    void nullAndEmptyAreNoIds() throws JMSException {
        Connection connection = freshConnection();
        JMSContext context = context();
        for (String bad : new String[] {null, ""}) {
            assertThrows(InvalidClientIDException.class, () -> connection.setClientID(bad));
            assertThrows(InvalidClientIDRuntimeException.class, () -> context.setClientID(bad));
        }
        connection.setClientID(name("connection"));
        context.setClientID(name("context"));
    }

    @Test
    @Checklist("4.11")
    void childContextsHaveTheIdOfTheirConnection() {
        JMSContext parent = context();
        parent.setClientID(name("id"));
        try (JMSContext child = parent.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            assertEquals(name("id"), child.getClientID());
            assertThrows(IllegalStateRuntimeException.class, () -> child.setClientID("other"));
        }
        assertEquals(name("id"), parent.getClientID());
    }

    @Test
    @Checklist("4.08")
    void theBrokerKeepsAnIdForItsConnectionOverAReconnect() throws JMSException {
        Connection holder = connect(name("id"));
        Session session = holder.createSession();
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer durable = session.createDurableConsumer(topic, "durable");
        server.kill();
        server.start();
        session.createProducer(topic).send(session.createTextMessage("after the restart"));
        assertEquals("after the restart", text(durable.receive(COMES_MS)));
        assertThrows(InvalidClientIDException.class, () -> connect(name("id")));
        assertEquals(name("id"), holder.getClientID());
    }

    @Test
    @Checklist("4.08")
    void anotherProcessHoldsAnIdUntilSomeTimeAfterItsDeath() throws Exception {
        try (ServerProcess impatient =
                        ServerProcess.standalone(dataDir.resolve("impatient"), "--resume-timeout-ms", "200");
                ClientProcess holder = ClientProcess.holding(impatient.url(), name("id"))) {
            PosthornConnectionFactory factory = new PosthornConnectionFactory(impatient.url());
            factory.setClientId(name("id"));
            assertThrows(InvalidClientIDException.class, factory::createConnection);
            holder.kill();
            Await.until("the id of the dead client is free", () -> isFree(factory));
        }
    }

    private static boolean isFree(PosthornConnectionFactory factory) throws JMSException {
        try (Connection next = factory.createConnection()) {
            return next.getClientID() != null;
        } catch (InvalidClientIDException reserved) {
            return false;
        }
    }

    @Test
    @Checklist("4.09")
    void anAttemptToShareAnIdDisturbsNoMessage() throws JMSException {
        int count = 50;
        Session session = connect(name("id")).createSession();
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer durable = session.createDurableConsumer(topic, "durable");
        Session publisher = connect().createSession();
        MessageProducer producer = publisher.createProducer(topic);
        for (int n = 0; n < count; n++) {
            producer.send(publisher.createTextMessage("m" + n));
            if (n % 10 == 0) {
                assertThrows(InvalidClientIDException.class, () -> connect(name("id")));
            }
        }
        for (int n = 0; n < count; n++) {
            assertEquals("m" + n, text(durable.receive(COMES_MS)));
        }
        assertNull(durable.receiveNoWait());
    }

    @Test
    @Checklist("4.10")
    void theIdIsPartOfSubscriptionNamesAndOfNothingElse() throws JMSException {
        Session left = connect(name("left")).createSession();
        Session right = connect(name("right")).createSession();
        Session nameless = connect().createSession();
        Topic topic = left.createTopic(name("topic"));
        List<MessageConsumer> durables =
                List.of(left.createDurableConsumer(topic, "s"), right.createDurableConsumer(topic, "s"));
        List<MessageConsumer> shared = List.of(
                left.createSharedDurableConsumer(topic, "shared durable"),
                right.createSharedDurableConsumer(topic, "shared durable"),
                nameless.createSharedDurableConsumer(topic, "shared durable"),
                left.createSharedConsumer(topic, "shared"),
                right.createSharedConsumer(topic, "shared"),
                nameless.createSharedConsumer(topic, "shared"));
        nameless.createProducer(topic).send(nameless.createTextMessage("to each"));
        for (MessageConsumer consumer : durables) {
            assertEquals("to each", text(consumer.receive(COMES_MS)));
        }
        for (MessageConsumer consumer : shared) {
            assertEquals("to each", text(consumer.receive(COMES_MS)));
        }
        send(name("queue"), "to one");
        MessageConsumer first = left.createConsumer(left.createQueue(name("queue")));
        MessageConsumer second = nameless.createConsumer(nameless.createQueue(name("queue")));
        assertEquals("to one", text(first.receive(COMES_MS)));
        assertNull(second.receiveNoWait());
    }

    @Test
    @Checklist({"4.10", "19.17"})
    void noLocalOfADurableSubscriptionGoesByTheId() throws JMSException {
        Session foreign = connect().createSession();
        Topic topic = foreign.createTopic(name("topic"));
        Connection first = connect(name("id"));
        first.createSession().createDurableConsumer(topic, "durable", null, true);
        first.close();
        Session own = connect(name("id")).createSession();
        own.createProducer(topic).send(own.createTextMessage("own"));
        foreign.createProducer(topic).send(foreign.createTextMessage("foreign"));
        MessageConsumer resumed = own.createDurableConsumer(topic, "durable", null, true);
        assertEquals("foreign", text(resumed.receive(COMES_MS)));
        assertNull(resumed.receiveNoWait());
    }

    /** A use of an object of the classic API. */
    private interface JmsUse<T> {
        void of(T object) throws JMSException;
    }
}
