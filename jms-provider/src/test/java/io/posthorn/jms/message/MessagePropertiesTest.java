package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotWriteableException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagePropertiesTest {

    private interface Setter {
        void set(Message message, String name) throws JMSException;
    }

    private static final List<Setter> SETTERS = List.of(
            (m, n) -> m.setBooleanProperty(n, true),
            (m, n) -> m.setByteProperty(n, (byte) 1),
            (m, n) -> m.setShortProperty(n, (short) 1),
            (m, n) -> m.setIntProperty(n, 1),
            (m, n) -> m.setLongProperty(n, 1),
            (m, n) -> m.setFloatProperty(n, 1),
            (m, n) -> m.setDoubleProperty(n, 1),
            (m, n) -> m.setStringProperty(n, "1"),
            (m, n) -> m.setObjectProperty(n, 1));

    private static Map<String, ThrowingSupplier<?>> readers(Message message, String name) {
        Map<String, ThrowingSupplier<?>> readers = new LinkedHashMap<>();
        readers.put("boolean", () -> message.getBooleanProperty(name));
        readers.put("byte", () -> message.getByteProperty(name));
        readers.put("short", () -> message.getShortProperty(name));
        readers.put("int", () -> message.getIntProperty(name));
        readers.put("long", () -> message.getLongProperty(name));
        readers.put("float", () -> message.getFloatProperty(name));
        readers.put("double", () -> message.getDoubleProperty(name));
        readers.put("String", () -> message.getStringProperty(name));
        return readers;
    }

    @SuppressWarnings("unchecked")
    private static Set<String> names(Message message) throws JMSException {
        return new TreeSet<>(Collections.list((Enumeration<String>) message.getPropertyNames()));
    }

    @Test
    void everyCellOfTheConversionTable() throws JMSException {
        for (Object stored : Matrix.ROWS.keySet()) {
            if (stored instanceof Character) {
                continue;
            }
            PosthornMessage message = new PosthornMessage();
            message.setObjectProperty("p", stored);
            PosthornMessage received = Sent.received(message);
            for (Message each : List.of(message, received)) {
                readers(each, "p").forEach((type, reader) -> Matrix.check(stored, type, reader));
                assertEquals(stored, each.getObjectProperty("p"));
            }
        }
    }

    @Test
    void textThatDoesNotParseAndNull() throws JMSException {
        PosthornMessage message = new PosthornMessage();
        message.setStringProperty("text", "abc");
        message.setStringProperty("yes", "TRUE");
        message.setObjectProperty("nothing", null);
        PosthornMessage received = Sent.received(message);
        for (Message each : List.of(message, received)) {
            readers(each, "text").forEach(Matrix::checkUnparsable);
            readers(each, "nothing").forEach(Matrix::checkNull);
            readers(each, "absent").forEach(Matrix::checkNull);
            assertTrue(each.getBooleanProperty("yes"));
            assertNull(each.getObjectProperty("nothing"));
            assertNull(each.getObjectProperty("absent"));
            assertTrue(each.propertyExists("nothing"));
            assertFalse(each.propertyExists("absent"));
            assertFalse(each.propertyExists(null));
        }
    }

    @Test
    void primitiveSettersKeepTheirType() throws JMSException {
        PosthornMessage message = new PosthornMessage();
        message.setBooleanProperty("z", true);
        message.setByteProperty("b", Byte.MIN_VALUE);
        message.setShortProperty("s", Short.MAX_VALUE);
        message.setIntProperty("i", Integer.MIN_VALUE);
        message.setLongProperty("l", Long.MAX_VALUE);
        message.setFloatProperty("f", Float.MIN_VALUE);
        message.setDoubleProperty("d", Double.NaN);
        message.setStringProperty("t", "ünï \uD83D\uDE00");
        Message received = Sent.received(message);
        assertEquals(true, received.getObjectProperty("z"));
        assertEquals(Byte.MIN_VALUE, received.getObjectProperty("b"));
        assertEquals(Short.MAX_VALUE, received.getObjectProperty("s"));
        assertEquals(Integer.MIN_VALUE, received.getObjectProperty("i"));
        assertEquals(Long.MAX_VALUE, received.getObjectProperty("l"));
        assertEquals(Float.MIN_VALUE, received.getObjectProperty("f"));
        assertEquals(Double.NaN, received.getObjectProperty("d"));
        assertEquals("ünï \uD83D\uDE00", received.getObjectProperty("t"));
        assertEquals(Set.of("z", "b", "s", "i", "l", "f", "d", "t"), names(message));
    }

    @Test
    void nullAndEmptyNamesAreIllegalArgumentsInEverySetter() {
        PosthornMessage message = new PosthornMessage();
        for (Setter setter : SETTERS) {
            assertThrows(IllegalArgumentException.class, () -> setter.set(message, null));
            assertThrows(IllegalArgumentException.class, () -> setter.set(message, ""));
        }
        assertThrows(IllegalArgumentException.class, () -> message.setObjectProperty("", new Date()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NULL",
                "true",
                "False",
                "not",
                "AND",
                "Or",
                "between",
                "LIKE",
                "in",
                "Is",
                "escape",
                "a.b",
                "1a",
                "a b",
                "a-b",
                " ",
                "'a'",
                "JMSFoo",
                "JMSPriority",
                "JMS"
            })
    void namesASelectorCannotUseAreRefused(String name) {
        PosthornMessage message = new PosthornMessage();
        for (Setter setter : SETTERS) {
            assertThrows(MessageFormatException.class, () -> setter.set(message, name), name);
        }
        assertFalse(message.propertyExists(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"$a", "_", "größe", "\uD835\uDC65", "NULLS", "Android", "JMSXGroupID", "JMS_IBM_Format", "jms"})
    void namesASelectorCanUseAreTaken(String name) throws JMSException {
        PosthornMessage message = new PosthornMessage();
        for (Setter setter : SETTERS) {
            setter.set(message, name);
        }
        assertEquals(1, Sent.received(message).getIntProperty(name));
    }

    @Test
    void objectPropertiesTakeTheEightTypesOnly() {
        PosthornMessage message = new PosthornMessage();
        for (Object wrong : new Object[] {'c', new byte[1], new Date(), new BigDecimal(1), List.of(), new Object()}) {
            MessageFormatException refusal =
                    assertThrows(MessageFormatException.class, () -> message.setObjectProperty("p", wrong));
            assertTrue(refusal.getMessage().contains(wrong.getClass().getName()), refusal.getMessage());
        }
        assertFalse(message.propertyExists("p"));
    }

    @Test
    void receivedPropertiesAreReadOnlyUntilCleared() throws JMSException {
        PosthornTextMessage sent = new PosthornTextMessage("body");
        sent.setIntProperty("p", 1);
        PosthornTextMessage received = Sent.received(sent);
        for (Setter setter : SETTERS) {
            assertThrows(MessageNotWriteableException.class, () -> setter.set(received, "q"));
            assertThrows(MessageNotWriteableException.class, () -> setter.set(received, "p"));
        }
        assertEquals(1, received.getIntProperty("p"));
        received.clearProperties();
        assertEquals(Set.of(), names(received));
        assertFalse(received.propertyExists("p"));
        assertEquals("body", received.getText(), "the body stays");
        assertThrows(MessageNotWriteableException.class, () -> received.setText("x"));
        received.setIntProperty("q", 2);
        assertEquals(Set.of("q"), names(received));
    }

    @Test
    void clearingAndChangingAReceivedMessageLeavesTheOriginal() throws JMSException {
        PosthornMessage sent = new PosthornMessage();
        sent.setIntProperty("p", 1);
        var encoded = Sent.send(sent);
        Message first = Sent.receive(encoded, 0);
        first.clearProperties();
        first.setIntProperty("p", 2);
        first.setJMSType("changed");
        Message again = Sent.receive(encoded, 1);
        assertEquals(1, again.getIntProperty("p"));
        assertNull(again.getJMSType());
    }

    @Test
    void deliveryCountBelongsToReceivedMessages() throws JMSException {
        PosthornMessage sent = new PosthornMessage();
        sent.setStringProperty("JMSXGroupID", "g");
        sent.setIntProperty("JMSXGroupSeq", 3);
        sent.setIntProperty("JMSXDeliveryCount", 99);
        assertFalse(sent.propertyExists("JMSXDeliveryCount"));
        var encoded = Sent.send(sent);
        for (int deliveries = 0; deliveries < 3; deliveries++) {
            Message received = Sent.receive(encoded, deliveries);
            assertEquals(Set.of("JMSXGroupID", "JMSXGroupSeq", "JMSXDeliveryCount"), names(received));
            assertTrue(received.propertyExists("JMSXDeliveryCount"));
            assertEquals(deliveries + 1, received.getIntProperty("JMSXDeliveryCount"));
            assertEquals(deliveries + 1L, received.getLongProperty("JMSXDeliveryCount"));
            assertEquals(deliveries + 1, received.getObjectProperty("JMSXDeliveryCount"));
            assertEquals("" + (deliveries + 1), received.getStringProperty("JMSXDeliveryCount"));
            assertEquals(deliveries > 0, received.getJMSRedelivered());
            assertEquals("g", received.getStringProperty("JMSXGroupID"));
            assertEquals(3, received.getIntProperty("JMSXGroupSeq"));
        }
        assertEquals(Set.of("JMSXGroupID", "JMSXGroupSeq"), encoded.properties().keySet());
    }

    @Test
    void namesAreASnapshotAndTheViewIsNot() throws JMSException {
        PosthornMessage message = new PosthornMessage();
        message.setIntProperty("a", 1);
        Set<String> view = message.propertyNameView();
        Enumeration<String> names = message.getPropertyNames();
        message.setIntProperty("b", 2);
        assertEquals(List.of("a"), Collections.list(names));
        assertEquals(List.of("a", "b"), new ArrayList<>(view));
        assertThrows(UnsupportedOperationException.class, () -> view.remove("a"));
    }

    @Test
    void theSendersObjectStaysWritableAndTheSnapshotStays() throws JMSException {
        PosthornMessage message = new PosthornMessage();
        message.setIntProperty("a", 1);
        var encoded = Sent.send(message);
        message.setIntProperty("a", 2);
        message.clearProperties();
        assertEquals(1, Sent.receive(encoded, 0).getIntProperty("a"));
    }
}
