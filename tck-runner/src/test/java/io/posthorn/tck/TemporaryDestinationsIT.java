package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Temporary queues and topics: whose they are, how long they live, and what is left of them. */
class TemporaryDestinationsIT extends ServerTest {

    private static Destination create(Session session, String kind) throws JMSException {
        return kind.equals("queue") ? session.createTemporaryQueue() : session.createTemporaryTopic();
    }

    private static void delete(Destination temporary) throws JMSException {
        if (temporary instanceof TemporaryQueue queue) {
            queue.delete();
        } else {
            ((TemporaryTopic) temporary).delete();
        }
    }

    private static String nameOf(Destination temporary) throws JMSException {
        return temporary instanceof TemporaryQueue queue
                ? queue.getQueueName()
                : ((TemporaryTopic) temporary).getTopicName();
    }

    private static void send(Session session, Destination to, String text) throws JMSException {
        try (MessageProducer producer = session.createProducer(to)) {
            producer.send(session.createTextMessage(text));
        }
    }

    private static String receive(MessageConsumer consumer) throws JMSException {
        return ((TextMessage) consumer.receive(COMES_MS)).getText();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "topic"})
    @Checklist({"18.01", "18.02"})
    void everySessionOfTheConnectionConsumesAndOthersOnlySend(String kind) throws JMSException {
        Connection connection = connect();
        Destination temporary = create(connection.createSession(), kind);
        MessageConsumer consumer = connection.createSession().createConsumer(temporary);
        Session foreign = connect().createSession();
        assertNotEquals(nameOf(temporary), nameOf(create(foreign, kind)));
        assertThrows(InvalidDestinationException.class, () -> foreign.createConsumer(temporary));
        assertThrows(InvalidDestinationException.class, () -> foreign.createConsumer(temporary, "a = 1"));
        send(foreign, temporary, "from elsewhere");
        assertEquals("from elsewhere", receive(consumer));
        try (JMSContext context = factory().createContext()) {
            assertThrows(InvalidDestinationRuntimeException.class, () -> context.createConsumer(temporary));
            context.createProducer().send(temporary, "from a context");
            assertEquals("from a context", receive(consumer));
        }
        assertNull(consumer.receiveNoWait());
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "topic"})
    @Checklist("18.03")
    void theyOutliveTheirSessionButNotTheirConnection(String kind) throws JMSException {
        Connection connection = connect();
        Session creator = connection.createSession();
        Destination temporary = create(creator, kind);
        creator.close();
        Session later = connection.createSession();
        MessageConsumer consumer = later.createConsumer(temporary);
        Session foreign = connect().createSession();
        MessageProducer producer = foreign.createProducer(null);
        producer.send(temporary, foreign.createTextMessage("still there"));
        assertEquals("still there", receive(consumer));
        connection.close();
        Message late = foreign.createMessage();
        assertThrows(InvalidDestinationException.class, () -> producer.send(temporary, late));
        assertThrows(JMSException.class, () -> delete(temporary));
    }

    @Test
    @Checklist({"18.03", "18.01"})
    void theyOutliveTheirContextWhileTheConnectionLives() throws JMSException {
        try (JMSContext first = factory().createContext()) {
            JMSContext creator = first.createContext(JMSContext.AUTO_ACKNOWLEDGE);
            TemporaryQueue temporary = creator.createTemporaryQueue();
            creator.close();
            JMSConsumer consumer = first.createConsumer(temporary);
            first.createProducer().send(temporary, "still there");
            assertEquals("still there", consumer.receiveBody(String.class, COMES_MS));
            consumer.close();
            temporary.delete();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "topic"})
    @Checklist("18.04")
    void whatIsConsumedIsNotDeleted(String kind) throws JMSException {
        Connection connection = connect();
        Destination temporary = create(connection.createSession(), kind);
        MessageConsumer consumer = connection.createSession().createConsumer(temporary);
        assertThrows(JMSException.class, () -> delete(temporary));
        send(connection.createSession(), temporary, "unharmed");
        assertEquals("unharmed", receive(consumer));
        consumer.close();
        delete(temporary);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "topic"})
    @Checklist({"18.06", "18.07"})
    void whatIsDeletedIsGoneWithItsMessages(String kind) throws JMSException {
        Connection connection = connect();
        Session session = connection.createSession();
        Destination temporary = create(session, kind);
        MessageProducer producer = session.createProducer(temporary);
        MessageProducer anonymous = session.createProducer(null);
        producer.send(session.createTextMessage("lost"));
        delete(temporary);
        Message late = session.createTextMessage("late");
        Class<InvalidDestinationException> expected = InvalidDestinationException.class;
        assertThrows(expected, () -> producer.send(late));
        assertThrows(expected, () -> anonymous.send(temporary, late));
        assertThrows(expected, () -> session.createConsumer(temporary));
        try (JMSContext context = factory().createContext()) {
            JMSProducer sender = context.createProducer();
            assertThrows(InvalidDestinationRuntimeException.class, () -> sender.send(temporary, "late"));
            assertThrows(InvalidDestinationRuntimeException.class, () -> context.createConsumer(temporary));
        }
        if (temporary instanceof Queue queue) {
            assertThrows(expected, () -> session.createBrowser(queue));
            // A queue that is not temporary and has its name has none of it.
            Queue lasting = session.createQueue(queue.getQueueName());
            assertFalse(session.createBrowser(lasting).getEnumeration().hasMoreElements());
        }
    }

    @Test
    @Checklist({"18.06", "18.07"})
    void aNonPersistentSendToWhatIsGoneFailsTooWhenItIsTheFirst() throws JMSException {
        Session session = connect().createSession();
        TemporaryQueue temporary = session.createTemporaryQueue();
        temporary.delete();
        try (JMSContext context = factory().createContext()) {
            JMSProducer sender = context.createProducer().setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            assertThrows(InvalidDestinationRuntimeException.class, () -> sender.send(temporary, "late"));
        }
    }

    @Test
    @Checklist("18.08")
    void aTemporaryTopicHasNoDurableSubscriptions() throws JMSException {
        Session session = connect(name("id")).createSession();
        TemporaryTopic topic = session.createTemporaryTopic();
        Class<InvalidDestinationException> expected = InvalidDestinationException.class;
        assertThrows(expected, () -> session.createDurableConsumer(topic, "s"));
        assertThrows(expected, () -> session.createDurableSubscriber(topic, "s"));
        assertThrows(expected, () -> session.createSharedDurableConsumer(topic, "s"));
        assertThrows(expected, () -> session.unsubscribe("s"));
        try (JMSContext context = factory().createContext()) {
            context.setClientID(name("other id"));
            TemporaryTopic own = context.createTemporaryTopic();
            Class<InvalidDestinationRuntimeException> twin = InvalidDestinationRuntimeException.class;
            assertThrows(twin, () -> context.createDurableConsumer(own, "s"));
            assertThrows(twin, () -> context.createSharedDurableConsumer(own, "s"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "topic"})
    @Checklist({"18.09", "18.02"})
    void aReplyToArrivesAsTheTemporaryDestinationItIs(String kind) throws JMSException {
        Session session = connect().createSession();
        Destination temporary = create(session, kind);
        MessageConsumer replies = session.createConsumer(temporary);
        Message request = session.createTextMessage("ping");
        request.setJMSReplyTo(temporary);
        MessageConsumer requests = connect().createSession().createConsumer(session.createQueue(name("requests")));
        session.createProducer(session.createQueue(name("requests"))).send(request);
        Destination arrived = requests.receive(COMES_MS).getJMSReplyTo();
        Class<?> kept = kind.equals("queue") ? TemporaryQueue.class : TemporaryTopic.class;
        assertInstanceOf(kept, arrived);
        assertEquals(temporary, arrived);
        assertThrows(JMSException.class, () -> delete(arrived), "it is not the receiver's");
        Session responder = connect().createSession();
        assertThrows(InvalidDestinationException.class, () -> responder.createConsumer(arrived));
        send(responder, arrived, "pong");
        Message reply = replies.receive(COMES_MS);
        assertEquals("pong", ((TextMessage) reply).getText());
        assertEquals(temporary, reply.getJMSDestination());
    }

    @Test
    @Checklist("18.07")
    void theirMessagesDoNotSurviveTheConnection() throws JMSException {
        Connection connection = connect();
        Session session = connection.createSession();
        TemporaryQueue temporary = session.createTemporaryQueue();
        Session foreign = connect().createSession();
        send(foreign, temporary, "lost with the connection");
        connection.close();
        assertThrows(InvalidDestinationException.class, () -> foreign.createBrowser(temporary));
        assertThrows(InvalidDestinationException.class, () -> foreign.createConsumer(temporary));
    }
}
