package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Message properties: names, the JMSX ones, and what a receiver may do; {@link PropertyConversionsIT} has types and conversions. */
class PropertiesIT extends ConformanceTest {

    private static final List<Object> VALUES = List.of(true, (byte) 1, (short) 2, 3, 4L, 5.5f, 6.5, "seven");

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

    private Message roundTrip(Message message) throws JMSException {
        producer.send(message);
        Message received = consumer.receive(COMES_MS);
        assertNotNull(received, "no message came");
        return received;
    }

    /** Sets it by the method of its type. */
    private static void set(Message message, String name, Object value) throws JMSException {
        if (value instanceof Boolean v) {
            message.setBooleanProperty(name, v);
        } else if (value instanceof Byte v) {
            message.setByteProperty(name, v);
        } else if (value instanceof Short v) {
            message.setShortProperty(name, v);
        } else if (value instanceof Integer v) {
            message.setIntProperty(name, v);
        } else if (value instanceof Long v) {
            message.setLongProperty(name, v);
        } else if (value instanceof Float v) {
            message.setFloatProperty(name, v);
        } else if (value instanceof Double v) {
            message.setDoubleProperty(name, v);
        } else {
            message.setStringProperty(name, (String) value);
        }
    }

    private static void set(JMSProducer producer, String name, Object value) {
        if (value instanceof Boolean v) {
            producer.setProperty(name, v.booleanValue());
        } else if (value instanceof Byte v) {
            producer.setProperty(name, v.byteValue());
        } else if (value instanceof Short v) {
            producer.setProperty(name, v.shortValue());
        } else if (value instanceof Integer v) {
            producer.setProperty(name, v.intValue());
        } else if (value instanceof Long v) {
            producer.setProperty(name, v.longValue());
        } else if (value instanceof Float v) {
            producer.setProperty(name, v.floatValue());
        } else if (value instanceof Double v) {
            producer.setProperty(name, v.doubleValue());
        } else {
            producer.setProperty(name, (String) value);
        }
    }

    // ---- names

    @Test
    @Checklist("10.02")
    void namesNullAndEmptyAreIllegalInAllSetters() throws JMSException {
        Message message = session.createMessage();
        JMSProducer simplified = context().createProducer();
        for (String bad : new String[] {null, ""}) {
            for (Object value : VALUES) {
                assertThrows(IllegalArgumentException.class, () -> set(message, bad, value));
                assertThrows(IllegalArgumentException.class, () -> set(simplified, bad, value));
                assertThrows(IllegalArgumentException.class, () -> message.setObjectProperty(bad, value));
                assertThrows(IllegalArgumentException.class, () -> simplified.setProperty(bad, value));
            }
        }
        assertFalse(message.getPropertyNames().hasMoreElements());
        assertEquals(Set.of(), simplified.getPropertyNames());
    }

    @Test
    @Checklist("10.02")
    void namesAreIdentifiersAndNoWordsOfTheSelectorLanguage() throws JMSException {
        Message message = session.createMessage();
        JMSProducer simplified = context().createProducer();
        List<String> bad = List.of(
                "NULL", "true", "False", "NOT", "and", "Or", "BETWEEN", "like", "In", "IS", "escape", "1st", "a-b",
                "a b", "a.b", "(a)", "ä+", "'a'");
        for (String name : bad) {
            assertThrows(MessageFormatException.class, () -> message.setIntProperty(name, 1), name);
            assertThrows(MessageFormatException.class, () -> message.setObjectProperty(name, 1), name);
            assertThrows(MessageFormatRuntimeException.class, () -> simplified.setProperty(name, 1), name);
        }
        for (String name : List.of("a", "_a", "$a", "a1", "nullable", "größe", "ANDY")) {
            message.setIntProperty(name, 1);
            simplified.setProperty(name, 1);
        }
        Message received = roundTrip(message);
        assertEquals(1, received.getIntProperty("größe"));
        assertNotNull(session.createConsumer(queue, "größe = 1 AND $a = 1 AND _a = 1"));
    }

    @Test
    @Checklist("10.14")
    void namesThatBeginWithJmsAreReserved() throws JMSException {
        Message message = session.createMessage();
        JMSProducer simplified = context().createProducer();
        for (String name : List.of("JMSPriority", "JMSmine", "JMS")) {
            assertThrows(MessageFormatException.class, () -> message.setStringProperty(name, "x"), name);
            assertThrows(MessageFormatRuntimeException.class, () -> simplified.setProperty(name, "x"), name);
        }
        message.setStringProperty("JMSXGroupID", "group");
        message.setStringProperty("JMS_vendor_thing", "x");
        Message received = roundTrip(message);
        assertEquals("group", received.getStringProperty("JMSXGroupID"));
        assertEquals("x", received.getStringProperty("JMS_vendor_thing"));
    }

    // ---- being there

    @Test
    @Checklist({"10.05", "10.08"})
    void aPropertyThatIsNullExists() throws JMSException {
        Message message = session.createMessage();
        message.setStringProperty("text", null);
        message.setObjectProperty("object", null);
        message.setIntProperty("number", 1);
        for (Message either : List.of(message, roundTrip(message))) {
            for (String name : List.of("text", "object", "number")) {
                assertTrue(either.propertyExists(name), name);
            }
            assertNull(either.getObjectProperty("text"));
            assertNull(either.getObjectProperty("object"));
            assertFalse(either.propertyExists("other"));
            assertFalse(either.propertyExists("JMSPriority"));
        }
    }

    @Test
    @Checklist("10.09")
    void aReceivedMessageListsTheSendersNamesAndTheDeliveryCount() throws JMSException {
        Message message = session.createTextMessage("x");
        for (int n = 0; n < VALUES.size(); n++) {
            set(message, "p" + n, VALUES.get(n));
        }
        message.setJMSType("type");
        message.setJMSCorrelationID("correlation");
        List<String> sent = names(message);
        assertEquals(VALUES.size(), sent.size());
        Message received = roundTrip(message);
        List<String> names = names(received);
        assertTrue(names.remove("JMSXDeliveryCount"), names::toString);
        names.removeIf(name -> name.startsWith("JMSX") || name.startsWith("JMS_"));
        assertEquals(sent, names);
    }

    private static List<String> names(Message message) throws JMSException {
        List<String> names = new ArrayList<>();
        for (Enumeration<?> left = message.getPropertyNames(); left.hasMoreElements(); ) {
            names.add((String) left.nextElement());
        }
        Collections.sort(names);
        return names;
    }

    // ---- reading only

    @Test
    @Checklist("10.10")
    void noSetterWorksOnAReceivedMessage() throws JMSException {
        Message received = roundTrip(session.createMessage());
        for (Object value : VALUES) {
            assertThrows(MessageNotWriteableException.class, () -> set(received, "new", value));
            assertThrows(MessageNotWriteableException.class, () -> received.setObjectProperty("new", value));
        }
        assertFalse(received.propertyExists("new"));
    }

    @Test
    @Checklist("10.11")
    void clearingMakesPropertiesWritableAndSparesTheBody() throws JMSException {
        TextMessage message = session.createTextMessage("body");
        message.setIntProperty("old", 1);
        TextMessage received = (TextMessage) roundTrip(message);
        received.clearProperties();
        assertFalse(received.propertyExists("old"));
        assertFalse(received.getPropertyNames().hasMoreElements());
        received.setIntProperty("new", 2);
        assertEquals(2, received.getIntProperty("new"));
        assertEquals("body", received.getText());
        assertThrows(MessageNotWriteableException.class, () -> received.setText("other"));
        message.clearProperties();
        assertFalse(message.propertyExists("old"));
        assertEquals("body", message.getText());
    }

    @Test
    @Checklist({"10.13", "10.20"})
    void theSendersObjectStaysWritableAndHasNoDeliveryCount() throws JMSException {
        Message message = session.createMessage();
        message.setIntProperty("n", 1);
        Message received = roundTrip(message);
        assertFalse(message.propertyExists("JMSXDeliveryCount"));
        message.setIntProperty("n", 2);
        assertEquals(1, received.getIntProperty("n"));
        assertEquals(2, roundTrip(message).getIntProperty("n"));
    }

    // ---- JMSX

    @Test
    @Checklist({"10.15", "10.16", "10.20"})
    void groupsAreTheClientsAndTheCountIsTheProviders() throws JMSException {
        Message message = session.createMessage();
        message.setStringProperty("JMSXGroupID", "group");
        message.setIntProperty("JMSXGroupSeq", 7);
        message.setIntProperty("JMSXDeliveryCount", 99);
        Message received = roundTrip(message);
        for (Message either : List.of(message, received)) {
            assertEquals("group", either.getObjectProperty("JMSXGroupID"));
            assertEquals(7, either.getObjectProperty("JMSXGroupSeq"));
        }
        assertEquals(1, received.getObjectProperty("JMSXDeliveryCount"));
        for (String unsupported : List.of(
                "JMSXUserID", "JMSXAppID", "JMSXProducerTXID", "JMSXConsumerTXID", "JMSXRcvTimestamp", "JMSXState")) {
            assertFalse(received.propertyExists(unsupported), unsupported);
        }
        try (MessageConsumer selecting = session.createConsumer(queue, "JMSXGroupID = 'group' AND JMSXGroupSeq = 7")) {
            producer.send(message);
            assertNotNull(selecting.receive(COMES_MS));
        }
    }

    @Test
    @Checklist("10.19")
    void theDeliveryCountStartsAtOneAndGrows() throws JMSException {
        producer.send(session.createMessage());
        Session client = connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer own = client.createConsumer(queue);
        for (int count = 1; count <= 3; count++) {
            Message received = own.receive(COMES_MS);
            assertEquals(count, received.getIntProperty("JMSXDeliveryCount"));
            assertEquals(Integer.toString(count), received.getStringProperty("JMSXDeliveryCount"));
            client.recover();
        }
    }
}
