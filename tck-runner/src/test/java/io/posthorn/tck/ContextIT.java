package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotWriteableRuntimeException;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is special to JMSContext and JMSProducer. */
class ContextIT extends MessagingTest {

    /** Calls every method of a closed object with arguments that mean nothing. */
    private static void assertAllRefused(Class<?> type, Object closed, Set<String> allowed) throws Exception {
        for (Method method : type.getMethods()) {
            if (allowed.contains(method.getName())) {
                continue;
            }
            Class<?>[] types = method.getParameterTypes();
            Object[] arguments = new Object[types.length];
            for (int i = 0; i < types.length; i++) {
                arguments[i] = nothing(types[i]);
            }
            InvocationTargetException thrown = assertThrows(
                    InvocationTargetException.class, () -> method.invoke(closed, arguments), method::toString);
            assertEquals(IllegalStateRuntimeException.class, thrown.getCause().getClass(), method::toString);
        }
    }

    private static Object nothing(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        if (type == byte.class) {
            return (byte) 0;
        }
        if (type == short.class) {
            return (short) 0;
        }
        if (type == int.class) {
            return -1;
        }
        if (type == long.class) {
            return -1L;
        }
        if (type == float.class) {
            return 0f;
        }
        return type == double.class ? 0d : (Object) null;
    }

    @Test
    @Checklist({"28.02", "28.11", "22.11"})
    void afterCloseEverythingIsRefused() throws Exception {
        JMSContext context = factory().createContext();
        JMSProducer producer = context.createProducer();
        JMSConsumer consumer = context.createConsumer(context.createQueue(name("queue")));
        context.close();
        context.close();
        assertAllRefused(JMSContext.class, context, Set.of("close"));
        assertAllRefused(JMSProducer.class, producer, Set.of());
        assertAllRefused(JMSConsumer.class, consumer, Set.of("close"));
        consumer.close();
    }

    @Test
    @Checklist("28.01")
    void aChildSharesTheConnectionAndOutlivesItsParent() {
        JMSContext parent = factory().createContext();
        parent.setClientID(name("id"));
        try (JMSContext child = parent.createContext(JMSContext.CLIENT_ACKNOWLEDGE)) {
            assertEquals(name("id"), child.getClientID());
            assertEquals(JMSContext.CLIENT_ACKNOWLEDGE, child.getSessionMode());
            Queue queue = parent.createQueue(name("queue"));
            parent.setAutoStart(false);
            JMSConsumer stopped = parent.createConsumer(queue);
            parent.createProducer().send(queue, "a");
            // Neither the parent's consumer nor the child's creation has started anything.
            assertNull(stopped.receiveNoWait());
            assertTrue(child.getAutoStart());
            JMSConsumer starting = child.createConsumer(child.createQueue(name("other")));
            assertEquals("a", stopped.receiveBody(String.class, COMES_MS));
            assertNull(starting.receiveNoWait());
            parent.close();
            child.createProducer().send(child.createQueue(name("other")), "b");
            assertEquals("b", starting.receiveBody(String.class, COMES_MS));
        }
        // The last one took the connection, and with it the client id.
        context(name("id"));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                JMSContext.AUTO_ACKNOWLEDGE,
                JMSContext.CLIENT_ACKNOWLEDGE,
                JMSContext.DUPS_OK_ACKNOWLEDGE,
                JMSContext.SESSION_TRANSACTED
            })
    @Checklist("28.03")
    void modesAndWhatTheyRefuse(int mode) {
        JMSContext context = context(mode);
        assertEquals(mode, context.getSessionMode());
        assertEquals(mode == JMSContext.SESSION_TRANSACTED, context.getTransacted());
        if (mode == JMSContext.SESSION_TRANSACTED) {
            context.commit();
            context.rollback();
            assertThrows(IllegalStateRuntimeException.class, context::recover);
        } else {
            assertThrows(IllegalStateRuntimeException.class, context::commit);
            assertThrows(IllegalStateRuntimeException.class, context::rollback);
            context.recover();
        }
        context.acknowledge();
    }

    @Test
    @Checklist("28.04")
    void settersReturnTheirProducer() {
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        Queue queue = context.createQueue(name("queue"));
        JMSProducer p = context.createProducer();
        assertSame(p, p.setPriority(1).setTimeToLive(0).setDeliveryDelay(0).setDeliveryMode(DeliveryMode.PERSISTENT));
        assertSame(
                p,
                p.setDisableMessageID(false).setDisableMessageTimestamp(false).setAsync(null));
        assertSame(p, p.setJMSType("t").setJMSCorrelationID("c").setJMSReplyTo(queue));
        assertSame(p, p.setJMSCorrelationIDAsBytes(new byte[] {1}).clearProperties());
        assertSame(p, p.setProperty("b", true).setProperty("y", (byte) 1).setProperty("s", (short) 1));
        assertSame(
                p,
                p.setProperty("i", 1).setProperty("l", 1L).setProperty("f", 1f).setProperty("d", 1d));
        assertSame(p, p.setProperty("t", "t").setProperty("o", (Object) 1));
        assertSame(p, p.send(queue, "text").send(queue, Map.of()).send(queue, new byte[0]));
        assertSame(p, p.send(queue, (Serializable) 1).send(queue, context.createMessage()));
    }

    @Test
    @Checklist("28.05")
    void onlyWhatTheProducerHasBeatsTheMessage() throws JMSException {
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        Queue queue = context.createQueue(name("queue"));
        Topic replies = context.createTopic(name("replies"));
        TextMessage message = context.createTextMessage("x");
        message.setJMSType("message's");
        message.setJMSCorrelationID("message's");
        message.setJMSReplyTo(queue);
        message.setStringProperty("kept", "message's");
        message.setStringProperty("beaten", "message's");
        JMSProducer producer = context.createProducer();
        JMSConsumer consumer = context.createConsumer(queue);
        producer.send(queue, message);
        Message plain = consumer.receive(COMES_MS);
        assertEquals("message's", plain.getJMSType());
        assertEquals("message's", plain.getJMSCorrelationID());
        assertEquals(queue, plain.getJMSReplyTo());
        producer.setProperty("beaten", "producer's").setJMSReplyTo(replies);
        producer.send(queue, message);
        Message some = consumer.receive(COMES_MS);
        assertEquals("message's", some.getJMSType());
        assertEquals(replies, some.getJMSReplyTo());
        assertEquals("message's", some.getStringProperty("kept"));
        assertEquals("producer's", some.getStringProperty("beaten"));
        producer.clearProperties().setJMSCorrelationIDAsBytes(new byte[] {1, 2}).setJMSType("producer's");
        producer.send(queue, "y");
        Message bytes = consumer.receive(COMES_MS);
        assertArrayEquals(new byte[] {1, 2}, bytes.getJMSCorrelationIDAsBytes());
        assertEquals("producer's", bytes.getJMSType());
        assertFalse(bytes.propertyExists("beaten"));
        assertEquals("producer's", producer.getJMSType());
        assertEquals(replies, producer.getJMSReplyTo());
    }

    @Test
    @Checklist("28.06")
    void aReceivedMessageIsSentAsItIsOrNotAtAll() throws JMSException {
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        Queue queue = context.createQueue(name("queue"));
        JMSConsumer consumer = context.createConsumer(queue);
        context.createProducer().setProperty("n", 1).send(queue, "x");
        Message received = consumer.receive(COMES_MS);
        JMSProducer withProperties = context.createProducer().setProperty("n", 2);
        assertThrows(MessageNotWriteableRuntimeException.class, () -> withProperties.send(queue, received));
        assertNull(consumer.receiveNoWait());
        assertEquals(1, received.getIntProperty("n"));
        // Headers are never read-only, and a delay concerns the send only.
        context.createProducer().setJMSType("again").setDeliveryDelay(30).send(queue, received);
        Message again = consumer.receive(COMES_MS);
        assertEquals("x", text(again));
        assertEquals("again", again.getJMSType());
        assertEquals(1, again.getIntProperty("n"));
        assertEquals(1, again.getIntProperty("JMSXDeliveryCount"));
        withProperties.clearProperties().send(queue, again);
        assertEquals("x", consumer.receiveBody(String.class, COMES_MS));
    }

    @Test
    @Checklist("28.07")
    void propertiesAreCheckedAndConverted() {
        JMSProducer producer = context(JMSContext.AUTO_ACKNOWLEDGE).createProducer();
        for (String name : new String[] {null, ""}) {
            assertThrows(IllegalArgumentException.class, () -> producer.setProperty(name, true));
            assertThrows(IllegalArgumentException.class, () -> producer.setProperty(name, (byte) 1));
            assertThrows(IllegalArgumentException.class, () -> producer.setProperty(name, (short) 1));
            assertThrows(IllegalArgumentException.class, () -> producer.setProperty(name, 1));
            assertThrows(IllegalArgumentException.class, () -> producer.setProperty(name, 1L));
            assertThrows(IllegalArgumentException.class, () -> producer.setProperty(name, 1f));
            assertThrows(IllegalArgumentException.class, () -> producer.setProperty(name, 1d));
            assertThrows(IllegalArgumentException.class, () -> producer.setProperty(name, "x"));
            assertThrows(IllegalArgumentException.class, () -> producer.setProperty(name, (Object) 1));
        }
        Class<MessageFormatRuntimeException> format = MessageFormatRuntimeException.class;
        assertThrows(format, () -> producer.setProperty("o", new ArrayList<>()));
        producer.setProperty("i", 42)
                .setProperty("t", "7")
                .setProperty("word", "word")
                .setProperty("b", true);
        producer.setProperty("f", 1.5f).setProperty("none", (Object) null);
        assertEquals(42, producer.getIntProperty("i"));
        assertEquals(42L, producer.getLongProperty("i"));
        assertEquals("42", producer.getStringProperty("i"));
        assertEquals(42, producer.getObjectProperty("i"));
        assertThrows(format, () -> producer.getShortProperty("i"));
        assertThrows(format, () -> producer.getBooleanProperty("i"));
        assertEquals(1.5, producer.getDoubleProperty("f"));
        assertEquals((byte) 7, producer.getByteProperty("t"));
        assertEquals(7f, producer.getFloatProperty("t"));
        assertFalse(producer.getBooleanProperty("word"));
        assertTrue(producer.getBooleanProperty("b"));
        assertThrows(NumberFormatException.class, () -> producer.getIntProperty("word"));
        for (String absent : new String[] {"none", "never set"}) {
            assertFalse(producer.getBooleanProperty(absent));
            assertNull(producer.getStringProperty(absent));
            assertNull(producer.getObjectProperty(absent));
            assertThrows(NumberFormatException.class, () -> producer.getLongProperty(absent));
            assertThrows(NumberFormatException.class, () -> producer.getByteProperty(absent));
            assertThrows(NullPointerException.class, () -> producer.getFloatProperty(absent));
            assertThrows(NullPointerException.class, () -> producer.getDoubleProperty(absent));
        }
    }

    @Test
    @Checklist("28.08")
    void propertyNamesAreAViewThatCannotBeChanged() {
        JMSProducer producer = context(JMSContext.AUTO_ACKNOWLEDGE).createProducer();
        Set<String> names = producer.getPropertyNames();
        assertEquals(Set.of(), names);
        producer.setProperty("a", 1).setProperty("b", (Object) null);
        assertEquals(Set.of("a", "b"), names);
        assertEquals(Set.of("a", "b"), producer.getPropertyNames());
        assertTrue(producer.propertyExists("a"));
        assertTrue(producer.propertyExists("b"));
        assertFalse(producer.propertyExists("c"));
        assertThrows(UnsupportedOperationException.class, () -> names.add("c"));
        assertThrows(UnsupportedOperationException.class, () -> names.remove("a"));
        assertThrows(UnsupportedOperationException.class, names::clear);
        assertThrows(UnsupportedOperationException.class, () -> {
            var each = names.iterator();
            each.next();
            each.remove();
        });
        producer.clearProperties();
        assertEquals(Set.of(), names);
        assertFalse(producer.propertyExists("a"));
    }

    @Test
    @Checklist("28.09")
    void nullBodiesGiveEmptyMessagesOfTheType() throws JMSException {
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        Queue queue = context.createQueue(name("queue"));
        context.createProducer()
                .send(queue, (String) null)
                .send(queue, (Map<String, Object>) null)
                .send(queue, (byte[]) null)
                .send(queue, (Serializable) null);
        JMSConsumer consumer = context.createConsumer(queue);
        assertNull(((TextMessage) consumer.receive(COMES_MS)).getText());
        assertFalse(((MapMessage) consumer.receive(COMES_MS)).getMapNames().hasMoreElements());
        assertEquals(0, ((BytesMessage) consumer.receive(COMES_MS)).getBodyLength());
        assertNull(((ObjectMessage) consumer.receive(COMES_MS)).getObject());
    }

    @Test
    @Checklist("28.10")
    void mapsWithIllegalContentAreNotSent() {
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        Queue queue = context.createQueue(name("queue"));
        JMSProducer producer = context.createProducer();
        Map<String, Object> illegal = Map.of("list", List.of());
        assertThrows(MessageFormatRuntimeException.class, () -> producer.send(queue, illegal));
        Map<String, Object> empty = Map.of("", 1);
        assertThrows(IllegalArgumentException.class, () -> producer.send(queue, empty));
        Map<String, Object> none = new HashMap<>();
        none.put(null, 1);
        assertThrows(IllegalArgumentException.class, () -> producer.send(queue, none));
        assertNull(context.createConsumer(queue).receiveNoWait());
    }

    @Test
    @Checklist("28.11")
    void producersAreIndependent() throws JMSException {
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        Queue queue = context.createQueue(name("queue"));
        List<JMSProducer> producers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            producers.add(context.createProducer().setPriority(i % 10).setProperty("n", i));
        }
        for (int i = 99; i >= 0; i--) {
            assertEquals(i, producers.get(i).getIntProperty("n"));
            assertEquals(i % 10, producers.get(i).getPriority());
            producers.get(i).send(queue, "x");
        }
        JMSConsumer consumer = context.createConsumer(queue);
        List<String> got = rest(consumer);
        assertEquals(100, got.size());
    }

    @Test
    @Checklist({"28.15", "5.08"})
    void aBrowserWorksWithoutStartingAnything() throws JMSException {
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        Queue queue = context.createQueue(name("queue"));
        context.createProducer().send(queue, "a").send(queue, "b");
        context.setAutoStart(false);
        JMSConsumer consumer = context.createConsumer(queue);
        context.setAutoStart(true);
        List<String> seen = new ArrayList<>();
        try (QueueBrowser browser = context.createBrowser(queue)) {
            for (Enumeration<?> each = browser.getEnumeration(); each.hasMoreElements(); ) {
                seen.add(text((Message) each.nextElement()));
            }
        }
        assertEquals(List.of("a", "b"), seen);
        assertNull(consumer.receiveNoWait());
        context.start();
        assertEquals("a", consumer.receiveBody(String.class, COMES_MS));
    }
}
