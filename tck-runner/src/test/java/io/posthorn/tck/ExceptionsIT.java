package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidClientIDRuntimeException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.InvalidSelectorRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MapMessage;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.MessageNotWriteableRuntimeException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.ResourceAllocationRuntimeException;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Which exception: the family of the API, the kind that is prescribed, and the check that comes first. */
class ExceptionsIT extends ConformanceTest {

    private static final Queue FOREIGN_QUEUE = () -> "foreign";
    private static final Topic FOREIGN_TOPIC = () -> "foreign";

    /** Exactly this class, so neither a subclass of its own kind nor the exception of the other family around it. */
    private static void assertPair(
            Class<? extends JMSException> checked,
            Executable classic,
            Class<? extends JMSRuntimeException> unchecked,
            Executable simplified) {
        assertThrowsExactly(checked, classic);
        assertThrowsExactly(unchecked, simplified);
    }

    @Test
    @Checklist({"8.01", "8.02", "8.04"})
    void eachFamilyHasItsOwnExceptionOfAKind() throws JMSException {
        Connection connection = connect(name("taken"));
        Session session = connection.createSession();
        JMSContext context = context();
        Connection fresh = freshConnection();
        assertPair(
                InvalidClientIDException.class,
                () -> fresh.setClientID(name("taken")),
                InvalidClientIDRuntimeException.class,
                () -> context.setClientID(name("taken")));
        assertPair(IllegalStateException.class, session::commit, IllegalStateRuntimeException.class, context::commit);
        assertPair(
                InvalidDestinationException.class,
                () -> session.createConsumer(null),
                InvalidDestinationRuntimeException.class,
                () -> context.createConsumer(null));
        Queue queue = session.createQueue(name("queue"));
        assertPair(
                InvalidSelectorException.class,
                () -> session.createConsumer(queue, "="),
                InvalidSelectorRuntimeException.class,
                () -> context.createConsumer(queue, "="));
        MessageProducer producer = session.createProducer(queue);
        JMSProducer simplified = context.createProducer();
        assertPair(
                MessageFormatException.class,
                () -> producer.send(null),
                MessageFormatRuntimeException.class,
                () -> simplified.send(queue, (TextMessage) null));
        assertPair(
                JMSException.class,
                () -> producer.setPriority(10),
                JMSRuntimeException.class,
                () -> simplified.setPriority(10));
        TextMessage received = sendAndReceive(session, queue);
        assertPair(
                MessageNotWriteableException.class,
                () -> received.setText("x"),
                MessageNotWriteableRuntimeException.class,
                () -> context.createProducer().setProperty("n", 1).send(queue, received));
    }

    private static TextMessage sendAndReceive(Session session, Queue queue) throws JMSException {
        session.createProducer(queue).send(session.createTextMessage("x"));
        try (MessageConsumer consumer = session.createConsumer(queue)) {
            return (TextMessage) consumer.receive(COMES_MS);
        }
    }

    @Test
    @Checklist("8.02")
    void messagesThrowThePrescribedKinds() throws JMSException {
        Session session = connect().createSession();
        BytesMessage bytes = session.createBytesMessage();
        assertThrowsExactly(MessageNotReadableException.class, bytes::readByte);
        bytes.reset();
        assertThrowsExactly(MessageEOFException.class, bytes::readByte);
        assertThrowsExactly(MessageNotWriteableException.class, () -> bytes.writeByte((byte) 1));
        MapMessage map = session.createMapMessage();
        assertThrowsExactly(MessageFormatException.class, () -> map.setObject("n", new Object()));
    }

    @Test
    @Checklist({"8.03", "8.04"})
    void aFullBrokerSaysSo() throws Exception {
        try (ServerProcess small = ServerProcess.standalone(
                dataDir.resolve("small"), "--non-persistent-bytes", "1048576", "--non-persistent-spill-bytes", "0")) {
            PosthornConnectionFactory factory = new PosthornConnectionFactory(small.url());
            byte[] large = new byte[900_000];
            try (JMSContext context = factory.createContext();
                    Connection connection = factory.createConnection()) {
                Queue queue = context.createQueue("queue");
                context.createProducer()
                        .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
                        .send(queue, large);
                Session session = connection.createSession();
                MessageProducer producer = session.createProducer(session.createQueue("other"));
                producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
                BytesMessage message = session.createBytesMessage();
                message.writeBytes(large);
                assertPair(
                        ResourceAllocationException.class,
                        () -> producer.send(message),
                        ResourceAllocationRuntimeException.class,
                        () -> context.createProducer()
                                .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
                                .send(context.createQueue("third"), large));
                try (JMSContext reader = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
                    assertNotNull(reader.createConsumer(queue).receive(COMES_MS));
                    reader.commit();
                }
                producer.send(message);
            }
        }
    }

    // ---- the order of the checks

    @Test
    @Checklist({"8.05", "19.33"})
    void theFirstOfSeveralMistakesIsNamed() throws JMSException {
        Connection connection = connect();
        Session session = connection.createSession();
        Topic topic = session.createTopic(name("topic"));
        Queue queue = session.createQueue(name("queue"));
        assertThrows(InvalidDestinationException.class, () -> session.createDurableConsumer(null, "", "=", false));
        assertThrows(InvalidDestinationException.class, () -> session.createSharedConsumer(null, "", "="));
        assertThrows(InvalidDestinationException.class, () -> session.createConsumer(null, "="));
        assertThrows(InvalidDestinationException.class, () -> session.createBrowser(null, "="));
        assertThrows(InvalidSelectorException.class, () -> session.createDurableConsumer(topic, "d", "=", false));
        assertThrows(InvalidSelectorException.class, () -> session.createDurableSubscriber(topic, "d", "=", false));
        assertThrows(InvalidSelectorException.class, () -> session.createSharedDurableConsumer(topic, "", "="));
        assertThrows(InvalidSelectorException.class, () -> session.createBrowser(queue, "="));
        assertThrows(IllegalStateException.class, () -> session.createDurableConsumer(topic, "d"));
        assertThrows(IllegalStateException.class, () -> session.createDurableConsumer(topic, ""));
        session.close();
        assertThrows(IllegalStateException.class, () -> session.createDurableConsumer(null, "", "=", false));
        assertThrows(IllegalStateException.class, () -> session.createBrowser(null, "="));
    }

    @Test
    @Checklist({"8.05", "19.33"})
    void theFirstOfSeveralMistakesIsNamedByContextsToo() {
        JMSContext context = context();
        Topic topic = context.createTopic(name("topic"));
        assertThrows(
                InvalidDestinationRuntimeException.class, () -> context.createDurableConsumer(null, "", "=", false));
        assertThrows(InvalidDestinationRuntimeException.class, () -> context.createSharedConsumer(null, "", "="));
        assertThrows(InvalidDestinationRuntimeException.class, () -> context.createConsumer(null, "="));
        assertThrows(InvalidDestinationRuntimeException.class, () -> context.createBrowser(null, "="));
        assertThrows(
                InvalidSelectorRuntimeException.class, () -> context.createDurableConsumer(topic, "d", "=", false));
        assertThrows(IllegalStateRuntimeException.class, () -> context.createDurableConsumer(topic, "d"));
        context.close();
        assertThrows(IllegalStateRuntimeException.class, () -> context.createDurableConsumer(null, "", "=", false));
    }

    // ---- destinations

    @Test
    @Checklist("8.06")
    void destinationsThatCannotBeAreRefused() throws JMSException {
        Session session = connect().createSession();
        JMSContext context = context();
        MessageProducer anonymous = session.createProducer(null);
        for (Destination bad : new Destination[] {null, FOREIGN_QUEUE, FOREIGN_TOPIC}) {
            assertThrows(InvalidDestinationException.class, () -> session.createConsumer(bad));
            assertThrows(InvalidDestinationException.class, () -> anonymous.send(bad, session.createMessage()));
            assertThrows(InvalidDestinationRuntimeException.class, () -> context.createConsumer(bad));
            assertThrows(
                    InvalidDestinationRuntimeException.class,
                    () -> context.createProducer().send(bad, "x"));
            if (bad != null) {
                assertThrows(InvalidDestinationException.class, () -> session.createProducer(bad));
            }
        }
        for (Queue bad : new Queue[] {null, FOREIGN_QUEUE}) {
            assertThrows(InvalidDestinationException.class, () -> session.createBrowser(bad));
            assertThrows(InvalidDestinationRuntimeException.class, () -> context.createBrowser(bad));
        }
        for (Topic bad : new Topic[] {null, FOREIGN_TOPIC}) {
            assertThrows(InvalidDestinationException.class, () -> session.createSharedConsumer(bad, "s"));
            assertThrows(InvalidDestinationRuntimeException.class, () -> context.createSharedConsumer(bad, "s"));
        }
        assertThrows(InvalidDestinationException.class, () -> session.unsubscribe("unknown"));
        assertThrows(InvalidDestinationRuntimeException.class, () -> context.unsubscribe("unknown"));
    }

    @Test
    @Checklist("8.06")
    void aDeletedTemporaryDestinationIsInvalid() throws JMSException {
        Session session = connect().createSession();
        TemporaryQueue queue = session.createTemporaryQueue();
        MessageProducer producer = session.createProducer(queue);
        queue.delete();
        assertThrows(InvalidDestinationException.class, () -> producer.send(session.createMessage()));
        assertThrows(InvalidDestinationException.class, () -> session.createConsumer(queue));
        JMSContext context = context();
        assertThrows(
                InvalidDestinationRuntimeException.class,
                () -> context.createProducer().send(queue, "x"));
    }

    @Test
    @Checklist("8.06")
    void withoutAutoCreationAnUnknownNameIsInvalid() throws Exception {
        try (ServerProcess strict =
                ServerProcess.standalone(dataDir.resolve("strict"), "--auto-create-destinations", "false")) {
            PosthornConnectionFactory factory = new PosthornConnectionFactory(strict.url());
            try (Connection connection = factory.createConnection();
                    JMSContext context = factory.createContext()) {
                Session session = connection.createSession();
                Queue queue = session.createQueue("unknown");
                Topic topic = session.createTopic("unknown");
                MessageProducer producer = session.createProducer(null);
                assertThrows(InvalidDestinationException.class, () -> session.createConsumer(queue));
                assertThrows(InvalidDestinationException.class, () -> session.createBrowser(queue));
                assertThrows(InvalidDestinationException.class, () -> session.createConsumer(topic));
                assertThrows(InvalidDestinationException.class, () -> producer.send(queue, session.createMessage()));
                assertThrows(InvalidDestinationRuntimeException.class, () -> context.createConsumer(queue));
                assertThrows(
                        InvalidDestinationRuntimeException.class,
                        () -> context.createProducer().send(topic, "x"));
            }
        }
    }

    // ---- what an exception carries

    @Test
    @Checklist("8.07")
    void causeLinkedExceptionAndCodeAgree() throws JMSException {
        connect(name("taken"));
        Connection fresh = freshConnection();
        JMSException checked = assertThrows(JMSException.class, () -> fresh.setClientID(name("taken")));
        assertNotNull(checked.getMessage());
        assertNotNull(checked.getErrorCode());
        assertNotNull(checked.getCause());
        assertSame(checked.getLinkedException(), checked.getCause());
        JMSContext context = context();
        JMSRuntimeException unchecked =
                assertThrows(JMSRuntimeException.class, () -> context.setClientID(name("taken")));
        assertEquals(checked.getMessage(), unchecked.getMessage());
        assertEquals(checked.getErrorCode(), unchecked.getErrorCode());
        assertNotNull(unchecked.getCause());
    }
}
