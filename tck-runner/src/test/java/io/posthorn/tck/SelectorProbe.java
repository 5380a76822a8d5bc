package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.DeliveryMode;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import org.junit.jupiter.api.BeforeEach;

/** A message with a property of every type, and what the broker makes of a selector for it: every verdict is that of a receive. */
abstract class SelectorProbe extends ServerTest {

    Session session;
    Queue queue;
    MessageProducer producer;

    @BeforeEach
    void open() throws JMSException {
        session = connect().createSession();
        queue = session.createQueue(name("queue"));
        producer = session.createProducer(queue);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
    }

    /** A message with one property of each type, and some more. */
    Message sample() throws JMSException {
        Message message = session.createMessage();
        message.setJMSType("sample");
        message.setJMSCorrelationID("c-1");
        message.setBooleanProperty("yes", true);
        message.setBooleanProperty("no", false);
        message.setByteProperty("one", (byte) 1);
        message.setShortProperty("two", (short) 2);
        message.setIntProperty("three", 3);
        message.setLongProperty("four", 4);
        message.setFloatProperty("half", 0.5f);
        message.setDoubleProperty("quarter", 0.25);
        message.setFloatProperty("tenth", 0.1f);
        message.setIntProperty("maxInt", Integer.MAX_VALUE);
        message.setLongProperty("minLong", Long.MIN_VALUE);
        message.setLongProperty("bigLong", 16_777_217);
        message.setFloatProperty("bigFloat", 16_777_216);
        message.setStringProperty("word", "hello");
        message.setStringProperty("Word", "HELLO");
        message.setStringProperty("seven", "7");
        message.setStringProperty("empty", "");
        message.setStringProperty("quoted", "it's");
        message.setStringProperty("path", "50%_of\\f");
        message.setStringProperty("lines", "a\nb\r\nc");
        message.setStringProperty("dots", "a.c*d[e]");
        message.setIntProperty("$x", 1);
        message.setIntProperty("_1", 1);
        message.setIntProperty("gr\u00f6\u00dfe", 10);
        message.setIntProperty("n".repeat(300), 300);
        message.setStringProperty("JMSXGroupID", "g");
        message.setObjectProperty("nil", null);
        return message;
    }

    /** Whether a selector selects a message; one that it does not has to be there for others. */
    boolean selects(String selector, Message message) throws JMSException {
        producer.send(message);
        try (MessageConsumer choosy = session.createConsumer(queue, selector)) {
            if (choosy.receiveNoWait() != null) {
                return true;
            }
        }
        try (MessageConsumer rest = session.createConsumer(queue)) {
            assertNotNull(rest.receive(COMES_MS), "not selected, and gone: " + selector);
            return false;
        }
    }

    void assertSelects(String selector) throws JMSException {
        assertTrue(selects(selector, sample()), selector);
    }

    void assertSelectsNot(String selector) throws JMSException {
        assertFalse(selects(selector, sample()), selector);
    }

    /** False, not unknown: the negation selects. */
    void assertFalsehood(String selector) throws JMSException {
        assertSelectsNot(selector);
        assertSelects("NOT (" + selector + ")");
    }

    /** Unknown: neither it nor its negation selects. */
    void assertUnknown(String selector) throws JMSException {
        assertSelectsNot(selector);
        assertSelectsNot("NOT (" + selector + ")");
    }

    void assertRefused(String selector) {
        assertThrows(InvalidSelectorException.class, () -> session.createConsumer(queue, selector), selector);
    }
}
