package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.EncodedMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotWriteableException;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** getBody and isBodyAssignableTo over all types and many classes, plus what text messages have of their own. */
class BodyAccessTest {

    private static final List<Class<?>> CLASSES = List.of(
            Object.class,
            String.class,
            CharSequence.class,
            Comparable.class,
            Serializable.class,
            StringBuffer.class,
            byte[].class,
            char[].class,
            Map.class,
            HashMap.class,
            LinkedHashMap.class,
            List.class,
            Collection.class,
            ArrayList.class,
            Number.class,
            BigInteger.class,
            Integer.class,
            int.class);

    @Test
    void everyTypeAgainstEveryClass() throws JMSException {
        PosthornBytesMessage bytes = new PosthornBytesMessage();
        bytes.writeInt(1);
        PosthornMapMessage map = new PosthornMapMessage();
        map.setInt("a", 1);
        Map<PosthornMessage, Set<Class<?>>> legal = new LinkedHashMap<>();
        legal.put(
                new PosthornTextMessage("text"),
                Set.of(Object.class, String.class, CharSequence.class, Comparable.class, Serializable.class));
        legal.put(bytes, Set.of(Object.class, byte[].class, Serializable.class));
        legal.put(map, Set.of(Object.class, Map.class));
        legal.put(
                new PosthornObjectMessage(new ArrayList<>(List.of(1))),
                Set.of(Object.class, Serializable.class, List.class, Collection.class, ArrayList.class));
        legal.put(
                new PosthornObjectMessage(BigInteger.ONE),
                Set.of(Object.class, Serializable.class, Number.class, BigInteger.class, Comparable.class));
        for (PosthornMessage sent : legal.keySet()) {
            PosthornMessage received = Sent.received(sent);
            for (PosthornMessage each : List.of(received, sent)) {
                for (Class<?> type : CLASSES) {
                    String cell = each.getClass().getSimpleName() + " as " + type.getName();
                    boolean expected = legal.get(sent).contains(type);
                    assertEquals(expected, each.isBodyAssignableTo(type), cell);
                    if (expected) {
                        assertNotNull(each.getBody(type), cell);
                    } else {
                        assertThrows(MessageFormatException.class, () -> each.getBody(type), cell);
                    }
                }
            }
        }
    }

    @Test
    void withoutABodyEveryClassIsFineAndGivesNull() throws JMSException {
        List<PosthornMessage> empty = List.of(
                new PosthornMessage(),
                new PosthornTextMessage(),
                new PosthornTextMessage(null),
                new PosthornBytesMessage(),
                new PosthornMapMessage(),
                new PosthornObjectMessage(),
                new PosthornObjectMessage(null));
        for (PosthornMessage sent : empty) {
            for (PosthornMessage each : List.of(sent, Sent.received(sent))) {
                for (Class<?> type : CLASSES) {
                    assertTrue(each.isBodyAssignableTo(type));
                    assertNull(each.getBody(type));
                }
            }
        }
    }

    @Test
    void everyTypeArrivesAsItself() throws JMSException {
        List<PosthornMessage> types = List.of(
                new PosthornMessage(),
                new PosthornTextMessage(),
                new PosthornBytesMessage(),
                new PosthornMapMessage(),
                new PosthornStreamMessage(),
                new PosthornObjectMessage());
        for (PosthornMessage sent : types) {
            PosthornMessage received = Sent.received(sent);
            assertSame(sent.getClass(), received.getClass());
            PosthornMessage forwarded = Sent.received(received);
            assertSame(sent.getClass(), forwarded.getClass());
            received.clearBody();
            assertSame(sent.getClass(), Sent.received(received).getClass());
            sent.resetForCompletion();
        }
    }

    @Test
    void textRoundTrips() throws JMSException {
        for (String text : new String[] {null, "", "plain", "ünï €\uD83D\uDE00\u0000\r\n", "x".repeat(200_000)}) {
            PosthornTextMessage message = new PosthornTextMessage(text);
            assertEquals(text, message.getText());
            PosthornTextMessage received = Sent.received(message);
            assertEquals(text, received.getText());
            assertEquals(text, received.getText(), "and again");
            assertEquals(text, Sent.received(received).getText());
        }
    }

    @Test
    void textIsReadOnlyWhenReceivedUntilCleared() throws JMSException {
        PosthornTextMessage sent = new PosthornTextMessage();
        sent.setText("a");
        EncodedMessage encoded = Sent.send(sent);
        sent.setText("b");
        PosthornTextMessage received = Sent.receive(encoded, 0);
        assertThrows(MessageNotWriteableException.class, () -> received.setText("c"));
        assertThrows(MessageNotWriteableException.class, () -> received.setText(null));
        assertEquals("a", received.getText());
        received.clearBody();
        assertNull(received.getText());
        received.setText("d");
        assertEquals("d", Sent.received(received).getText());
        assertEquals("b", sent.getText());
        PosthornTextMessage undecoded = Sent.receive(encoded, 0);
        undecoded.clearBody();
        assertNull(undecoded.getText());
        assertFalse(undecoded.propertyExists("x"));
    }
}
