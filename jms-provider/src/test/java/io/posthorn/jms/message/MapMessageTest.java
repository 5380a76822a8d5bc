package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.message.BodyType;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotWriteableException;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MapMessageTest {

    private interface Setter {
        void set(MapMessage message, String name) throws JMSException;
    }

    private static final List<Setter> SETTERS = List.of(
            (m, n) -> m.setBoolean(n, true),
            (m, n) -> m.setByte(n, (byte) 1),
            (m, n) -> m.setShort(n, (short) 1),
            (m, n) -> m.setChar(n, '1'),
            (m, n) -> m.setInt(n, 1),
            (m, n) -> m.setLong(n, 1),
            (m, n) -> m.setFloat(n, 1),
            (m, n) -> m.setDouble(n, 1),
            (m, n) -> m.setString(n, "1"),
            (m, n) -> m.setBytes(n, new byte[1]),
            (m, n) -> m.setBytes(n, new byte[1], 0, 1),
            (m, n) -> m.setObject(n, 1));

    @Test
    void primitiveSettersKeepTheirType() throws JMSException {
        PosthornMapMessage message = new PosthornMapMessage();
        message.setBoolean("z", true);
        message.setByte("b", (byte) 1);
        message.setShort("s", (short) 2);
        message.setChar("c", 'ü');
        message.setInt("i", 3);
        message.setLong("l", 4);
        message.setFloat("f", 5);
        message.setDouble("d", 6);
        message.setString("t", "text");
        message.setString("T", null);
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("z", true);
        expected.put("b", (byte) 1);
        expected.put("s", (short) 2);
        expected.put("c", 'ü');
        expected.put("i", 3);
        expected.put("l", 4L);
        expected.put("f", 5f);
        expected.put("d", 6d);
        expected.put("t", "text");
        expected.put("T", null);
        PosthornMapMessage received = Sent.received(message);
        assertEquals(expected, received.getBody(Map.class));
        assertEquals(List.copyOf(expected.keySet()), Collections.list(received.getMapNames()));
    }

    @Test
    void namesMustNotBeNullOrEmpty() throws JMSException {
        PosthornMapMessage message = new PosthornMapMessage();
        PosthornMapMessage received = Sent.received(message);
        for (Setter setter : SETTERS) {
            for (PosthornMapMessage each : List.of(message, received)) {
                assertThrows(IllegalArgumentException.class, () -> setter.set(each, null));
                assertThrows(IllegalArgumentException.class, () -> setter.set(each, ""));
            }
            setter.set(message, "any name, with blanks");
        }
    }

    @Test
    void aReceivedMapIsReadOnlyUntilCleared() throws JMSException {
        PosthornMapMessage message = new PosthornMapMessage();
        message.setInt("a", 1);
        message.setIntProperty("p", 2);
        EncodedMessage encoded = Sent.send(message);
        PosthornMapMessage received = Sent.receive(encoded, 0);
        for (Setter setter : SETTERS) {
            assertThrows(MessageNotWriteableException.class, () -> setter.set(received, "a"));
        }
        assertThrows(MessageNotWriteableException.class, () -> received.setAll(Map.of()));
        assertEquals(1, received.getInt("a"));
        received.clearBody();
        assertFalse(received.itemExists("a"));
        assertEquals(2, received.getIntProperty("p"));
        received.setInt("b", 3);
        assertEquals(Map.of("b", 3), Sent.received(received).getBody(Map.class));
        assertEquals(1, Sent.<PosthornMapMessage>receive(encoded, 1).getInt("a"));
    }

    @Test
    void itemExistsTellsNullFromAbsent() throws JMSException {
        PosthornMapMessage message = new PosthornMapMessage();
        message.setObject("nothing", null);
        message.setBytes("noBytes", null);
        PosthornMapMessage received = Sent.received(message);
        assertTrue(received.itemExists("nothing"));
        assertTrue(received.itemExists("noBytes"));
        assertNull(received.getBytes("noBytes"));
        assertFalse(received.itemExists("absent"));
        assertFalse(received.itemExists("NOTHING"));
    }

    @Test
    void bytesAreCopied() throws JMSException {
        byte[] bytes = {1, 2, 3, 4};
        PosthornMapMessage message = new PosthornMapMessage();
        message.setBytes("all", bytes);
        message.setBytes("part", bytes, 1, 2);
        message.setObject("object", bytes);
        bytes[1] = 9;
        for (PosthornMapMessage each : List.of(message, Sent.received(message))) {
            assertArrayEquals(new byte[] {1, 2, 3, 4}, each.getBytes("all"));
            assertArrayEquals(new byte[] {2, 3}, each.getBytes("part"));
            assertArrayEquals(new byte[] {1, 2, 3, 4}, (byte[]) each.getObject("object"));
            assertNotSame(each.getBytes("all"), each.getBytes("all"));
            assertNotSame(each.getObject("all"), each.getObject("all"));
            ((byte[]) each.getBody(Map.class).get("all"))[0] = 7;
            assertEquals(1, each.getBytes("all")[0]);
        }
        assertThrows(IndexOutOfBoundsException.class, () -> message.setBytes("x", bytes, 3, 2));
        assertThrows(NullPointerException.class, () -> message.setBytes("x", null, 0, 0));
    }

    @Test
    void wrongTypesAreRefused() throws JMSException {
        PosthornMapMessage message = new PosthornMapMessage();
        for (Object wrong : new Object[] {new Date(), List.of(), new int[1], new Object()}) {
            assertThrows(MessageFormatException.class, () -> message.setObject("x", wrong));
            assertThrows(MessageFormatException.class, () -> message.setAll(Map.of("x", wrong)));
        }
        assertFalse(message.itemExists("x"));
        assertThrows(IllegalArgumentException.class, () -> message.setAll(Map.of("", 1)));
        Map<String, Object> nullKey = new HashMap<>();
        nullKey.put(null, 1);
        assertThrows(IllegalArgumentException.class, () -> message.setAll(nullKey));
    }

    @Test
    void anUntouchedMapIsNoBodyAndAnEmptyOneIs() throws JMSException {
        PosthornMapMessage untouched = Sent.received(new PosthornMapMessage());
        assertNull(untouched.getBody(Map.class));
        assertNull(untouched.getBody(String.class));
        assertFalse(untouched.getMapNames().hasMoreElements());
        PosthornMapMessage empty = new PosthornMapMessage();
        empty.setAll(Map.of());
        PosthornMapMessage received = Sent.received(empty);
        assertEquals(Map.of(), received.getBody(Map.class));
        assertFalse(received.isBodyAssignableTo(String.class));
    }

    @Test
    void theSenderMayChangeAndSendAgain() throws JMSException {
        PosthornMapMessage message = new PosthornMapMessage();
        message.setInt("a", 1);
        EncodedMessage first = Sent.send(message);
        message.setInt("a", 2);
        assertEquals(2, Sent.received(message).getInt("a"));
        assertEquals(1, Sent.<PosthornMapMessage>receive(first, 0).getInt("a"));
        assertEquals(
                1, Sent.received(Sent.<PosthornMapMessage>receive(first, 0)).getInt("a"), "forwarded undecoded");
    }

    @Test
    void damagedBytesAreAFormatError() {
        MessageHead head = new MessageHead();
        head.destination(new PosthornQueue("q").name());
        head.bodyType(BodyType.MAP);
        for (byte[] wrong : new byte[][] {{9}, {1, 1, 'a', 77}, {1, 1, 'a', 5, 0}}) {
            PosthornMapMessage received = Sent.receive(EncodedMessage.encode(head, wrong), 0);
            assertThrows(MessageFormatException.class, () -> received.getInt("a"));
            assertThrows(MessageFormatException.class, () -> received.getBody(Map.class));
        }
    }
}
