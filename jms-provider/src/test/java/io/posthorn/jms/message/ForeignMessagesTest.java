package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.message.MessageId;
import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.ObjectMessage;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForeignMessagesTest {

    /** One method of another provider's message. */
    private interface Answer {
        Object to(Object[] arguments) throws JMSException;
    }

    /**
     * A message of another provider, as unhelpful as the specification lets it be: whatever is not given an answer throws,
     * and properties throw for names they do not have.
     */
    private static final class Foreign {
        private final Map<String, Answer> answers = new LinkedHashMap<>();
        private final Map<String, Object> properties = new LinkedHashMap<>();
        private final Map<String, Object> headers = new LinkedHashMap<>();

        Foreign() {
            answer("getPropertyNames", a -> Collections.enumeration(properties.keySet()));
            answer("getObjectProperty", a -> {
                if (!properties.containsKey((String) a[0])) {
                    throw new JMSException("unknown property " + a[0]);
                }
                return properties.get((String) a[0]);
            });
        }

        Foreign answer(String method, Answer answer) {
            answers.put(method, answer);
            return this;
        }

        <T extends Message> T as(Class<T> type) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (p, method, arguments) -> {
                        String name = method.getName();
                        if (answers.containsKey(name)) {
                            return answers.get(name).to(arguments);
                        }
                        if (name.startsWith("setJMS")) {
                            headers.put(name.substring(3), arguments[0]);
                            return null;
                        }
                        if (name.startsWith("getJMS")) {
                            return headers.get(name.substring(3));
                        }
                        throw new JMSException("not to be called: " + name);
                    }));
        }
    }

    @Test
    void headersAndProperties() throws JMSException {
        Foreign foreign = new Foreign();
        foreign.headers.put("JMSCorrelationID", "c");
        foreign.headers.put("JMSType", "t");
        foreign.headers.put("JMSReplyTo", Sent.QUEUE);
        foreign.headers.put("JMSMessageID", "ID:theirs");
        foreign.properties.put("z", true);
        foreign.properties.put("i", 1);
        foreign.properties.put("n", null);
        foreign.properties.put("JMSXGroupID", "g");
        foreign.properties.put("JMSXDeliveryCount", 5);
        foreign.properties.put("JMS_ACME_x", "x");
        foreign.properties.put("JMSDestination", "listed by mistake");
        PosthornMessage copy = ForeignMessages.copy(foreign.as(Message.class));
        assertSame(PosthornMessage.class, copy.getClass());
        assertEquals("c", copy.getJMSCorrelationID());
        assertEquals("t", copy.getJMSType());
        assertEquals(Sent.QUEUE, copy.getJMSReplyTo());
        assertNull(copy.getJMSMessageID());
        assertEquals(List.of("z", "i", "n", "JMSXGroupID", "JMS_ACME_x"), Collections.list(copy.getPropertyNames()));
        assertEquals(1, copy.getObjectProperty("i"));
        assertFalse(copy.propertyExists("JMSXDeliveryCount"));
    }

    @Test
    void aForeignReplyToIsDropped() throws JMSException {
        Foreign foreign = new Foreign();
        foreign.headers.put("JMSReplyTo", new Destination() {});
        assertNull(ForeignMessages.copy(foreign.as(Message.class)).getJMSReplyTo());
    }

    @Test
    void text() throws JMSException {
        for (String text : new String[] {null, "", "text"}) {
            Foreign foreign = new Foreign().answer("getText", a -> text);
            PosthornTextMessage copy = (PosthornTextMessage) ForeignMessages.copy(foreign.as(TextMessage.class));
            assertEquals(text, copy.getText());
            copy.setText("writable");
        }
    }

    @Test
    void bytes() throws JMSException {
        for (int length : new int[] {0, 1, 5, 64 * 1024, 200_000}) {
            byte[] content = new byte[length];
            for (int i = 0; i < length; i++) {
                content[i] = (byte) (i * 31);
            }
            PosthornBytesMessage source = new PosthornBytesMessage();
            source.writeBytes(content);
            Foreign foreign = new Foreign()
                    .answer("reset", a -> {
                        source.reset();
                        return null;
                    })
                    .answer("getBodyLength", a -> source.getBodyLength())
                    .answer("readBytes", a -> a.length == 1 ? source.readBytes((byte[]) a[0]) : null);
            PosthornMessage copy = ForeignMessages.copy(foreign.as(BytesMessage.class));
            assertArrayEquals(content, Sent.send(copy).body());
        }
    }

    @Test
    void maps() throws JMSException {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("a", 1);
        content.put("b", null);
        content.put("c", new byte[] {1});
        content.put("d", 'd');
        Foreign foreign = new Foreign()
                .answer("getMapNames", a -> Collections.enumeration(content.keySet()))
                .answer("getObject", a -> content.get(a[0]));
        PosthornMapMessage copy = (PosthornMapMessage) ForeignMessages.copy(foreign.as(MapMessage.class));
        assertEquals(List.copyOf(content.keySet()), Collections.list(copy.getMapNames()));
        assertEquals(1, copy.getInt("a"));
        assertNull(copy.getObject("b"));
        assertArrayEquals(new byte[] {1}, copy.getBytes("c"));
        assertEquals('d', copy.getChar("d"));
        content.put("e", new Date());
        assertThrows(MessageFormatException.class, () -> ForeignMessages.copy(foreign.as(MapMessage.class)));
    }

    @Test
    void streams() throws JMSException {
        List<Object> content = Arrays.asList(1, null, "x", new byte[] {1, 2}, 'c', 2.5);
        int[] at = {-1};
        Foreign foreign = new Foreign()
                .answer("reset", a -> {
                    at[0] = 0;
                    return null;
                })
                .answer("readObject", a -> {
                    if (at[0] < 0) {
                        throw new JMSException("not reset");
                    }
                    if (at[0] == content.size()) {
                        throw new MessageEOFException("end");
                    }
                    return content.get(at[0]++);
                });
        PosthornStreamMessage copy =
                Sent.received((PosthornStreamMessage) ForeignMessages.copy(foreign.as(StreamMessage.class)));
        for (Object expected : content) {
            Object value = copy.readObject();
            if (expected instanceof byte[] bytes) {
                assertArrayEquals(bytes, (byte[]) value);
            } else {
                assertEquals(expected, value);
            }
        }
        assertThrows(MessageEOFException.class, copy::readObject);
    }

    @Test
    void objects() throws JMSException {
        Foreign foreign = new Foreign().answer("getObject", a -> "object");
        PosthornObjectMessage copy = (PosthornObjectMessage) ForeignMessages.copy(foreign.as(ObjectMessage.class));
        assertEquals("object", copy.getObject());
    }

    @Test
    void whatTheForeignMessageThrowsComesOut() {
        MessageFormatException thrown = new MessageFormatException("no text here");
        Foreign text = new Foreign().answer("getText", a -> {
            throw thrown;
        });
        assertSame(
                thrown,
                assertThrows(MessageFormatException.class, () -> ForeignMessages.copy(text.as(TextMessage.class))));
        Foreign properties = new Foreign().answer("getText", a -> "x").answer("getPropertyNames", a -> {
            throw new JMSException("no names");
        });
        assertThrows(JMSException.class, () -> ForeignMessages.copy(properties.as(TextMessage.class)));
        Foreign name = new Foreign();
        name.properties.put("not.a.name", 1);
        assertThrows(MessageFormatException.class, () -> ForeignMessages.copy(name.as(Message.class)));
        Foreign value = new Foreign();
        value.properties.put("p", new Date());
        assertThrows(MessageFormatException.class, () -> ForeignMessages.copy(value.as(Message.class)));
    }

    @Test
    void nullIsAFormatErrorAndOursStaysItself() throws JMSException {
        assertThrows(MessageFormatException.class, () -> ForeignMessages.copy(null));
        assertThrows(MessageFormatException.class, () -> ForeignMessages.ours(null));
        PosthornTextMessage ours = new PosthornTextMessage("x");
        assertSame(ours, ForeignMessages.ours(ours));
        Foreign foreign = new Foreign().answer("getText", a -> "theirs");
        assertEquals("theirs", ((PosthornTextMessage) ForeignMessages.ours(foreign.as(TextMessage.class))).getText());
    }

    @Test
    void theSevenHeadersAreWrittenBack() throws JMSException {
        Foreign foreign = new Foreign();
        Message theirs = foreign.as(Message.class);
        PosthornMessage copy = ForeignMessages.copy(theirs);
        PosthornQueue queue = new PosthornQueue("q");
        copy.encodeForSend(queue, DeliveryMode.NON_PERSISTENT, 8, 10, 30, 20, new MessageId(1, 2));
        foreign.headers.clear();
        ForeignMessages.writeBack(copy, theirs);
        assertEquals(
                Map.of(
                        "JMSDestination",
                        queue,
                        "JMSDeliveryMode",
                        DeliveryMode.NON_PERSISTENT,
                        "JMSExpiration",
                        30L,
                        "JMSDeliveryTime",
                        20L,
                        "JMSPriority",
                        8,
                        "JMSMessageID",
                        "ID:0000000000000001-2",
                        "JMSTimestamp",
                        10L),
                foreign.headers);
    }
}
