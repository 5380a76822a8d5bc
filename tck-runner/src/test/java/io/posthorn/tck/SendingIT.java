package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.time.Clock;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.QueueSender;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import jakarta.jms.TopicPublisher;
import jakarta.jms.TopicSession;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Producers of both APIs: arguments, defaults, what a send does before it returns. */
class SendingIT extends MessagingTest {

    /** Must never be called. */
    private static final class NoCallback implements CompletionListener {

        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public void onCompletion(Message message) {
            calls.incrementAndGet();
        }

        @Override
        public void onException(Message message, Exception exception) {
            calls.incrementAndGet();
        }
    }

    private final NoCallback noCallback = new NoCallback();
    private Session session;
    private Queue queue;
    private MessageProducer producer;
    private MessageProducer anonymous;
    private Message message;

    @BeforeEach
    void open() throws JMSException {
        session = connect().createSession();
        queue = session.createQueue(name("queue"));
        producer = session.createProducer(queue);
        anonymous = session.createProducer(null);
        message = session.createTextMessage("x");
    }

    @Test
    @Checklist("20.01")
    void identifiedProducersTakeNoDestinationAnonymousOnesNeedIt() throws JMSException {
        Class<UnsupportedOperationException> refused = UnsupportedOperationException.class;
        assertThrows(refused, () -> producer.send(queue, message));
        assertThrows(refused, () -> producer.send(queue, message, DeliveryMode.PERSISTENT, 4, 0));
        assertThrows(refused, () -> producer.send(queue, message, noCallback));
        assertThrows(refused, () -> producer.send(queue, message, DeliveryMode.PERSISTENT, 4, 0, noCallback));
        assertThrows(refused, () -> producer.send((Destination) null, message));
        assertThrows(refused, () -> anonymous.send(message));
        assertThrows(refused, () -> anonymous.send(message, DeliveryMode.PERSISTENT, 4, 0));
        assertThrows(refused, () -> anonymous.send(message, noCallback));
        assertThrows(refused, () -> anonymous.send(message, DeliveryMode.PERSISTENT, 4, 0, noCallback));
        Destination none = null;
        assertThrows(InvalidDestinationException.class, () -> anonymous.send(none, message));
        assertThrows(InvalidDestinationException.class, () -> anonymous.send(none, message, noCallback));
        JMSProducer simple = context(JMSContext.AUTO_ACKNOWLEDGE).createProducer();
        assertThrows(InvalidDestinationRuntimeException.class, () -> simple.send(null, "x"));
        assertThrows(InvalidDestinationRuntimeException.class, () -> simple.send(null, message));
        assertThrows(
                InvalidDestinationRuntimeException.class,
                () -> simple.setAsync(noCallback).send(null, "x"));
        anonymous.send(queue, message);
        simple.setAsync(null).send(queue, "y");
        assertEquals(List.of("x", "y"), receive(session.createConsumer(queue), 2));
        assertEquals(0, noCallback.calls.get());
    }

    @Test
    @Checklist({"20.02", "28.09", "21.02"})
    void aMessageAndAListenerAreNeeded() throws JMSException {
        assertThrows(MessageFormatException.class, () -> producer.send(null));
        assertThrows(MessageFormatException.class, () -> producer.send(null, DeliveryMode.PERSISTENT, 4, 0));
        assertThrows(MessageFormatException.class, () -> anonymous.send(queue, null));
        assertThrows(MessageFormatException.class, () -> producer.send(null, noCallback));
        assertThrows(MessageFormatException.class, () -> anonymous.send(queue, null, noCallback));
        CompletionListener none = null;
        assertThrows(IllegalArgumentException.class, () -> producer.send(message, none));
        assertThrows(IllegalArgumentException.class, () -> producer.send(message, 2, 4, 0, none));
        assertThrows(IllegalArgumentException.class, () -> anonymous.send(queue, message, none));
        assertThrows(IllegalArgumentException.class, () -> anonymous.send(queue, message, 2, 4, 0, none));
        JMSProducer simple = context(JMSContext.AUTO_ACKNOWLEDGE).createProducer();
        assertThrows(MessageFormatRuntimeException.class, () -> simple.send(queue, (Message) null));
        assertThrows(
                MessageFormatRuntimeException.class,
                () -> simple.setAsync(noCallback).send(queue, (Message) null));
        assertEquals(List.of(), rest(session.createConsumer(queue)));
        assertEquals(0, noCallback.calls.get());
    }

    @Test
    @Checklist("20.03")
    void defaults() throws JMSException {
        assertEquals(DeliveryMode.PERSISTENT, producer.getDeliveryMode());
        assertEquals(4, producer.getPriority());
        assertEquals(0, producer.getTimeToLive());
        assertEquals(0, producer.getDeliveryDelay());
        assertFalse(producer.getDisableMessageID());
        assertFalse(producer.getDisableMessageTimestamp());
        JMSProducer simple = context(JMSContext.AUTO_ACKNOWLEDGE).createProducer();
        assertEquals(DeliveryMode.PERSISTENT, simple.getDeliveryMode());
        assertEquals(4, simple.getPriority());
        assertEquals(0, simple.getTimeToLive());
        assertEquals(0, simple.getDeliveryDelay());
        assertFalse(simple.getDisableMessageID());
        assertFalse(simple.getDisableMessageTimestamp());
        assertNull(simple.getAsync());
        producer.send(message);
        Message received = session.createConsumer(queue).receive(COMES_MS);
        assertEquals(DeliveryMode.PERSISTENT, received.getJMSDeliveryMode());
        assertEquals(4, received.getJMSPriority());
        assertEquals(0, received.getJMSExpiration());
        assertEquals(received.getJMSTimestamp(), received.getJMSDeliveryTime());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 3, 10})
    @Checklist("20.04")
    void illegalModesAreRefused(int mode) throws JMSException {
        assertThrows(JMSException.class, () -> producer.setDeliveryMode(mode));
        assertThrows(JMSException.class, () -> producer.send(message, mode, 4, 0));
        assertThrows(JMSException.class, () -> anonymous.send(queue, message, mode, 4, 0));
        assertThrows(JMSException.class, () -> producer.send(message, mode, 4, 0, noCallback));
        assertThrows(JMSException.class, () -> anonymous.send(queue, message, mode, 4, 0, noCallback));
        JMSProducer simple = context(JMSContext.AUTO_ACKNOWLEDGE).createProducer();
        assertThrows(JMSRuntimeException.class, () -> simple.setDeliveryMode(mode));
        assertEquals(DeliveryMode.PERSISTENT, producer.getDeliveryMode());
        assertEquals(DeliveryMode.PERSISTENT, simple.getDeliveryMode());
        assertEquals(0, noCallback.calls.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10, Integer.MIN_VALUE, Integer.MAX_VALUE})
    @Checklist("20.04")
    void illegalPrioritiesAreRefused(int priority) throws JMSException {
        assertThrows(JMSException.class, () -> producer.setPriority(priority));
        assertThrows(JMSException.class, () -> producer.send(message, DeliveryMode.PERSISTENT, priority, 0));
        assertThrows(JMSException.class, () -> anonymous.send(queue, message, DeliveryMode.PERSISTENT, priority, 0));
        assertThrows(
                JMSException.class, () -> producer.send(message, DeliveryMode.PERSISTENT, priority, 0, noCallback));
        JMSProducer simple = context(JMSContext.AUTO_ACKNOWLEDGE).createProducer();
        assertThrows(JMSRuntimeException.class, () -> simple.setPriority(priority));
        assertEquals(4, producer.getPriority());
        assertEquals(4, simple.getPriority());
        assertEquals(0, noCallback.calls.get());
    }

    @Test
    @Checklist("20.04")
    void negativeTimesAreRefused() throws JMSException {
        assertThrows(JMSException.class, () -> producer.setTimeToLive(-1));
        assertThrows(JMSException.class, () -> producer.setDeliveryDelay(-1));
        assertThrows(JMSException.class, () -> producer.send(message, DeliveryMode.PERSISTENT, 4, -1));
        assertThrows(JMSException.class, () -> producer.send(message, DeliveryMode.PERSISTENT, 4, -1, noCallback));
        JMSProducer simple = context(JMSContext.AUTO_ACKNOWLEDGE).createProducer();
        assertThrows(JMSRuntimeException.class, () -> simple.setTimeToLive(-1));
        assertThrows(JMSRuntimeException.class, () -> simple.setDeliveryDelay(-1));
        assertEquals(0, noCallback.calls.get());
    }

    @Test
    @Checklist("20.05")
    void argumentsBeatTheProducersSettings() throws JMSException {
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        producer.setPriority(2);
        producer.setTimeToLive(100_000);
        producer.setDeliveryDelay(60);
        producer.send(message, DeliveryMode.PERSISTENT, 7, 200_000);
        Message own = session.createConsumer(queue).receive(COMES_MS);
        assertEquals(DeliveryMode.PERSISTENT, own.getJMSDeliveryMode());
        assertEquals(7, own.getJMSPriority());
        assertEquals(own.getJMSTimestamp() + 200_000, own.getJMSExpiration());
        assertEquals(own.getJMSTimestamp() + 60, own.getJMSDeliveryTime());
        producer.send(message);
        Message plain = session.createConsumer(queue).receive(COMES_MS);
        assertEquals(DeliveryMode.NON_PERSISTENT, plain.getJMSDeliveryMode());
        assertEquals(2, plain.getJMSPriority());
        assertEquals(plain.getJMSTimestamp() + 100_000, plain.getJMSExpiration());
    }

    @Test
    @Checklist("20.06")
    void aPersistentSendReturnsWhenTheMessageIsSafe() throws JMSException {
        producer.send(message);
        server.kill();
        server.start();
        Session later = connect().createSession();
        assertEquals("x", text(later.createConsumer(queue).receive(COMES_MS)));
    }

    @Test
    @Checklist({"20.09", "24.01"})
    void producersOfOneSessionKeepTheOrderOfTheirSends() throws JMSException {
        MessageProducer second = session.createProducer(queue);
        for (int i = 0; i < 10; i++) {
            (i % 3 == 0 ? producer : second).send(session.createTextMessage("m" + i));
            if (i == 5) {
                second.close();
                second = session.createProducer(queue);
            }
        }
        assertEquals(
                List.of("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9"),
                receive(session.createConsumer(queue), 10));
    }

    @Test
    @Checklist("20.15")
    void theDestinationIsTheOneGiven() throws JMSException {
        assertEquals(queue, producer.getDestination());
        assertNull(anonymous.getDestination());
        try (QueueConnection connection = ((QueueConnectionFactory) factory()).createQueueConnection();
                QueueSession queues = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
                QueueSender sender = queues.createSender(queue);
                QueueSender nowhere = queues.createSender(null)) {
            assertEquals(queue, sender.getQueue());
            assertEquals(queue, sender.getDestination());
            assertNull(nowhere.getQueue());
        }
        Topic topic = session.createTopic(name("topic"));
        try (TopicConnection connection = ((TopicConnectionFactory) factory()).createTopicConnection();
                TopicSession topics = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
                TopicPublisher publisher = topics.createPublisher(topic);
                TopicPublisher nowhere = topics.createPublisher(null)) {
            assertEquals(topic, publisher.getTopic());
            assertNull(nowhere.getTopic());
        }
    }

    @Test
    @Checklist("9.07")
    void messageIdsCanBeLeftOut() throws JMSException {
        producer.setDisableMessageID(true);
        producer.send(message);
        assertNull(message.getJMSMessageID());
        MessageConsumer consumer = session.createConsumer(queue);
        assertNull(consumer.receive(COMES_MS).getJMSMessageID());
        producer.setDisableMessageID(false);
        producer.send(message);
        assertTrue(message.getJMSMessageID().startsWith("ID:"));
        assertEquals(message.getJMSMessageID(), consumer.receive(COMES_MS).getJMSMessageID());
        JMSProducer simple = context(JMSContext.AUTO_ACKNOWLEDGE).createProducer();
        simple.setDisableMessageID(true).send(queue, message);
        assertNull(consumer.receive(COMES_MS).getJMSMessageID());
    }

    @Test
    @Checklist({"9.08", "9.09", "9.10"})
    void timestampsCanBeLeftOutAndTimesStillHold() throws JMSException {
        producer.setDisableMessageTimestamp(true);
        producer.setDeliveryDelay(80);
        long before = Clock.system().wallMs();
        producer.send(message, DeliveryMode.PERSISTENT, 4, 60_000);
        long after = Clock.system().wallMs();
        assertEquals(0, message.getJMSTimestamp());
        MessageConsumer consumer = session.createConsumer(queue);
        Message received = consumer.receive(COMES_MS);
        assertTrue(Clock.system().wallMs() >= before + 80);
        assertEquals(0, received.getJMSTimestamp());
        assertEquals(message.getJMSExpiration(), received.getJMSExpiration());
        assertTrue(before + 60_000 <= received.getJMSExpiration() && received.getJMSExpiration() <= after + 60_000);
        assertEquals(message.getJMSDeliveryTime(), received.getJMSDeliveryTime());
        assertTrue(before + 80 <= received.getJMSDeliveryTime() && received.getJMSDeliveryTime() <= after + 80);
        producer.setDeliveryDelay(0);
        producer.send(message, DeliveryMode.PERSISTENT, 4, 1);
        producer.send(session.createTextMessage("lasting"));
        assertEquals("lasting", text(consumer.receive(COMES_MS)));
        // The received message knows nothing of this when it is sent again.
        session.createProducer(queue).send(received);
        assertTrue(consumer.receive(COMES_MS).getJMSTimestamp() >= after);
        JMSProducer simple = context(JMSContext.AUTO_ACKNOWLEDGE).createProducer();
        simple.setDisableMessageTimestamp(true).send(queue, message);
        assertEquals(0, consumer.receive(COMES_MS).getJMSTimestamp());
    }

    @Test
    void messagesOverTheLimitAreRefusedByName() throws JMSException {
        BytesMessage large = session.createBytesMessage();
        for (int i = 0; i < 101; i++) {
            large.writeBytes(new byte[1 << 20]);
        }
        JMSException refused = assertThrows(MessageFormatException.class, () -> producer.send(large));
        assertTrue(refused.getMessage().contains("maxMessageSize"), refused.getMessage());
        assertTrue(refused.getMessage().contains(name("queue")), refused.getMessage());
        assertEquals("INVALID_MESSAGE", refused.getErrorCode());
        assertNotNull(refused.getLinkedException());
        assertThrows(MessageFormatException.class, () -> producer.send(large, DeliveryMode.NON_PERSISTENT, 4, 0));
        assertThrows(MessageFormatException.class, () -> producer.send(large, noCallback));
        JMSContext context = context(JMSContext.SESSION_TRANSACTED);
        assertThrows(
                MessageFormatRuntimeException.class,
                () -> context.createProducer().send(queue, new byte[101 << 20]));
        context.createProducer().send(queue, "fits");
        context.commit();
        // Everything goes on as if nothing had been.
        TextMessage next = session.createTextMessage("fits, too");
        producer.send(next);
        assertEquals(List.of("fits", "fits, too"), receive(session.createConsumer(queue), 2));
        assertEquals(0, noCallback.calls.get());
    }

    @Test
    @Checklist("20.10")
    void timeToLiveCountsFromTheSendInATransactionToo() throws JMSException {
        try (Connection connection = factory().createConnection();
                Session transacted = connection.createSession(Session.SESSION_TRANSACTED)) {
            MessageProducer sender = transacted.createProducer(queue);
            TextMessage expiring = transacted.createTextMessage("expires before the commit");
            sender.send(expiring, DeliveryMode.PERSISTENT, 4, 40);
            sender.send(transacted.createTextMessage("lasts"));
            long endMs = expiring.getJMSExpiration();
            assertNull(
                    session.createConsumer(session.createQueue(name("nothing"))).receive(60));
            assertTrue(Clock.system().wallMs() >= endMs);
            transacted.commit();
        }
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals("lasts", text(consumer.receive(COMES_MS)));
        assertNull(consumer.receiveNoWait());
    }
}
