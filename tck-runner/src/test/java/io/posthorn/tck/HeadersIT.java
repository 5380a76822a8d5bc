package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.time.Clock;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The header fields: who sets them, when, and what arrives. */
class HeadersIT extends ConformanceTest {

    private static final long NEVER_REACHED_MS = 3_600_000;

    private Session session;
    private Queue queue;
    private MessageProducer producer;
    private MessageConsumer consumer;

    @BeforeEach
    void open() throws JMSException {
        session = connect().createSession();
        queue = session.createQueue(name("queue"));
        producer = session.createProducer(queue);
        consumer = session.createConsumer(queue);
    }

    private Message receive() throws JMSException {
        Message message = consumer.receive(COMES_MS);
        assertNotNull(message, "no message came");
        return message;
    }

    @Test
    @Checklist("9.19")
    void aNewMessageHasTheDefaults() throws JMSException {
        JMSContext context = context();
        List<Message> all = List.of(
                session.createMessage(),
                session.createTextMessage("x"),
                session.createBytesMessage(),
                session.createMapMessage(),
                session.createStreamMessage(),
                session.createObjectMessage("x"),
                context.createMessage(),
                context.createTextMessage());
        for (Message message : all) {
            assertEquals(DeliveryMode.PERSISTENT, message.getJMSDeliveryMode());
            assertEquals(4, message.getJMSPriority());
            assertEquals(0, message.getJMSExpiration());
            assertEquals(0, message.getJMSDeliveryTime());
            assertEquals(0, message.getJMSTimestamp());
            assertNull(message.getJMSMessageID());
            assertNull(message.getJMSCorrelationID());
            assertNull(message.getJMSCorrelationIDAsBytes());
            assertNull(message.getJMSType());
            assertNull(message.getJMSReplyTo());
            assertNull(message.getJMSDestination());
            assertFalse(message.getJMSRedelivered());
        }
    }

    @Test
    @Checklist("9.01")
    void aSendSetsSevenHeadersOnTheSendersObjectToo() throws JMSException {
        Message message = session.createMessage();
        producer.setDeliveryDelay(1);
        producer.send(message, DeliveryMode.NON_PERSISTENT, 2, NEVER_REACHED_MS);
        Message received = receive();
        for (Message either : List.of(message, received)) {
            assertEquals(queue, either.getJMSDestination());
            assertEquals(DeliveryMode.NON_PERSISTENT, either.getJMSDeliveryMode());
            assertEquals(2, either.getJMSPriority());
            assertTrue(either.getJMSMessageID().startsWith("ID:"), either.getJMSMessageID());
            assertTrue(either.getJMSTimestamp() > 0);
            assertEquals(either.getJMSTimestamp() + NEVER_REACHED_MS, either.getJMSExpiration());
            assertEquals(either.getJMSTimestamp() + 1, either.getJMSDeliveryTime());
        }
        assertEquals(message.getJMSMessageID(), received.getJMSMessageID());
        assertEquals(message.getJMSTimestamp(), received.getJMSTimestamp());
    }

    @Test
    @Checklist("9.02")
    void theClientSetsThreeHeadersAndTheProviderOne() throws JMSException {
        Message message = session.createMessage();
        message.setJMSCorrelationID("correlation");
        message.setJMSReplyTo(queue);
        message.setJMSType("type");
        message.setJMSRedelivered(true);
        producer.send(message);
        Session client = connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer own = client.createConsumer(queue);
        for (boolean again : new boolean[] {false, true}) {
            Message received = own.receive(COMES_MS);
            assertEquals("correlation", received.getJMSCorrelationID());
            assertEquals(queue, received.getJMSReplyTo());
            assertEquals("type", received.getJMSType());
            assertEquals(again, received.getJMSRedelivered());
            client.recover();
        }
    }

    @Test
    @Checklist("9.03")
    void valuesPutIntoTheProvidersHeadersAreOverwritten() throws JMSException {
        Message message = session.createMessage();
        message.setJMSDestination(session.createTopic("elsewhere"));
        message.setJMSDeliveryMode(DeliveryMode.NON_PERSISTENT);
        message.setJMSExpiration(1);
        message.setJMSDeliveryTime(Long.MAX_VALUE);
        message.setJMSPriority(9);
        message.setJMSMessageID("ID:mine");
        message.setJMSTimestamp(1);
        producer.send(message);
        Message received = receive();
        for (Message either : List.of(message, received)) {
            assertEquals(queue, either.getJMSDestination());
            assertEquals(DeliveryMode.PERSISTENT, either.getJMSDeliveryMode());
            assertEquals(0, either.getJMSExpiration());
            assertEquals(4, either.getJMSPriority());
            assertNotEquals("ID:mine", either.getJMSMessageID());
            assertNotEquals(1, either.getJMSTimestamp());
            assertEquals(either.getJMSTimestamp(), either.getJMSDeliveryTime());
        }
    }

    @Test
    @Checklist("9.04")
    void headersOfAReceivedMessageCanBeSet() throws JMSException {
        producer.send(session.createTextMessage("x"));
        Message received = receive();
        received.setJMSCorrelationID("correlation");
        assertEquals("correlation", received.getJMSCorrelationID());
        received.setJMSCorrelationIDAsBytes(new byte[] {1, 2});
        assertArrayEquals(new byte[] {1, 2}, received.getJMSCorrelationIDAsBytes());
        received.setJMSReplyTo(queue);
        assertEquals(queue, received.getJMSReplyTo());
        received.setJMSType("type");
        assertEquals("type", received.getJMSType());
        received.setJMSRedelivered(true);
        assertTrue(received.getJMSRedelivered());
        Destination topic = session.createTopic(name("topic"));
        received.setJMSDestination(topic);
        assertEquals(topic, received.getJMSDestination());
        received.setJMSDeliveryMode(DeliveryMode.NON_PERSISTENT);
        assertEquals(DeliveryMode.NON_PERSISTENT, received.getJMSDeliveryMode());
        received.setJMSExpiration(1);
        assertEquals(1, received.getJMSExpiration());
        received.setJMSDeliveryTime(2);
        assertEquals(2, received.getJMSDeliveryTime());
        received.setJMSPriority(3);
        assertEquals(3, received.getJMSPriority());
        received.setJMSMessageID("ID:4");
        assertEquals("ID:4", received.getJMSMessageID());
        received.setJMSTimestamp(5);
        assertEquals(5, received.getJMSTimestamp());
        assertEquals("x", text(received));
    }

    @Test
    @Checklist("9.05")
    void aQueueAndATopicOfOneNameDiffer() throws JMSException {
        Destination topic = session.createTopic(name("queue"));
        assertNotEquals(queue, topic);
        MessageConsumer subscriber = session.createConsumer(topic);
        session.createProducer(topic).send(session.createMessage());
        Destination arrived = subscriber.receive(COMES_MS).getJMSDestination();
        assertEquals(topic, arrived);
        assertEquals(topic.hashCode(), arrived.hashCode());
        assertNotEquals(queue, arrived);
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist({"9.06", "9.07"})
    void messageIdsCanBeSwitchedOffAndComeBack() throws JMSException {
        producer.setDisableMessageID(true);
        Message message = session.createMessage();
        producer.send(message);
        assertNull(message.getJMSMessageID());
        assertNull(receive().getJMSMessageID());
        producer.setDisableMessageID(false);
        producer.send(message);
        String first = message.getJMSMessageID();
        assertEquals(first, receive().getJMSMessageID());
        producer.send(message);
        assertNotEquals(first, message.getJMSMessageID());
        receive();
        JMSContext context = context();
        context.createProducer().setDisableMessageID(true).send(queue, message);
        assertNull(message.getJMSMessageID());
        assertNull(receive().getJMSMessageID());
    }

    @Test
    @Checklist({"9.08", "9.09", "9.10"})
    void inATransactionTheCallOfSendCountsAndNotTheCommit() throws JMSException {
        Session transacted = connect().createSession(Session.SESSION_TRANSACTED);
        MessageProducer own = transacted.createProducer(queue);
        own.setTimeToLive(NEVER_REACHED_MS);
        Message message = transacted.createMessage();
        long beforeMs = Clock.system().wallMs();
        own.send(message);
        long afterMs = Clock.system().wallMs();
        while (Clock.system().wallMs() <= afterMs) {
            Thread.onSpinWait();
        }
        transacted.commit();
        Message received = receive();
        assertTrue(beforeMs <= received.getJMSTimestamp() && received.getJMSTimestamp() <= afterMs);
        assertEquals(received.getJMSTimestamp() + NEVER_REACHED_MS, received.getJMSExpiration());
        assertEquals(received.getJMSTimestamp(), received.getJMSDeliveryTime());
        assertEquals(message.getJMSTimestamp(), received.getJMSTimestamp());
    }

    @Test
    @Checklist("9.09")
    void aLifeLongerThanTimeIsForEver() throws JMSException {
        producer.setTimeToLive(Long.MAX_VALUE);
        producer.send(session.createTextMessage("eternal"));
        assertEquals(0, receive().getJMSExpiration());
    }

    @Test
    @Checklist("9.13")
    void prioritiesGoFromZeroToNine() throws JMSException {
        assertEquals(4, producer.getPriority());
        for (int priority = 0; priority <= 9; priority++) {
            producer.setPriority(priority);
            producer.send(session.createMessage());
            assertEquals(priority, receive().getJMSPriority());
        }
        for (int bad : new int[] {-1, 10}) {
            assertThrows(JMSException.class, () -> producer.setPriority(bad));
            assertThrows(
                    JMSException.class, () -> producer.send(session.createMessage(), DeliveryMode.PERSISTENT, bad, 0));
        }
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist("9.14")
    void replyToKeepsItsKind() throws JMSException {
        TemporaryQueue temporaryQueue = session.createTemporaryQueue();
        TemporaryTopic temporaryTopic = session.createTemporaryTopic();
        List<Destination> replies = List.of(queue, session.createTopic(name("topic")), temporaryQueue, temporaryTopic);
        Message message = session.createMessage();
        producer.send(message);
        assertNull(receive().getJMSReplyTo());
        for (Destination reply : replies) {
            message.setJMSReplyTo(reply);
            producer.send(message);
            assertEquals(reply, receive().getJMSReplyTo());
        }
        message.setJMSReplyTo(temporaryQueue);
        producer.send(message);
        assertInstanceOf(TemporaryQueue.class, receive().getJMSReplyTo());
        message.setJMSReplyTo(temporaryTopic);
        producer.send(message);
        assertInstanceOf(TemporaryTopic.class, receive().getJMSReplyTo());
    }

    @Test
    @Checklist("9.15")
    void correlationIdsTravelAsTextAndAsBytes() throws JMSException {
        TextMessage message = session.createTextMessage();
        byte[] bytes = {0, -1, 127};
        message.setJMSCorrelationIDAsBytes(bytes);
        bytes[0] = 42;
        producer.send(message);
        Message received = receive();
        byte[] out = received.getJMSCorrelationIDAsBytes();
        assertArrayEquals(new byte[] {0, -1, 127}, out);
        out[0] = 42;
        assertArrayEquals(new byte[] {0, -1, 127}, received.getJMSCorrelationIDAsBytes());
        message.setJMSCorrelationID("Grüße");
        producer.send(message);
        assertEquals("Grüße", receive().getJMSCorrelationID());
        message.setJMSCorrelationID(null);
        producer.send(message);
        assertNull(receive().getJMSCorrelationID());
    }

    @Test
    @Checklist("9.16")
    void anEmptyTypeIsNotNull() throws JMSException {
        Message message = session.createMessage();
        producer.send(message);
        assertNull(receive().getJMSType());
        MessageConsumer withType = session.createConsumer(queue, "JMSType IS NOT NULL");
        MessageConsumer withoutType = session.createConsumer(queue, "JMSType IS NULL");
        producer.send(message);
        assertNull(withType.receiveNoWait());
        assertNotNull(withoutType.receive(COMES_MS));
        message.setJMSType("");
        producer.send(message);
        assertNull(withoutType.receiveNoWait());
        assertEquals("", withType.receive(COMES_MS).getJMSType());
    }
}
