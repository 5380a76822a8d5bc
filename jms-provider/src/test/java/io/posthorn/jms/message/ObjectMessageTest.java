package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.message.BodyType;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotWriteableException;
import java.io.File;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ObjectMessageTest {

    /** A class of the application. */
    static final class Order implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String id;
        private final ArrayList<String> lines = new ArrayList<>();

        Order(String id) {
            this.id = id;
        }
    }

    /** A link of a chain of any length. */
    static final class Link implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Link next;

        Link(Link next) {
            this.next = next;
        }
    }

    /** A class that cannot be written. */
    static final class Broken implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings({"serial", "unused"}) // that is the point
        private final Object inside = new Object();
    }

    enum Colour {
        RED,
        GREEN
    }

    private static PosthornObjectMessage receive(Serializable object, ObjectFilter filter) throws JMSException {
        EncodedMessage encoded = Sent.send(new PosthornObjectMessage(object));
        return (PosthornObjectMessage) PosthornMessage.decode(encoded, 0, filter);
    }

    @Test
    void valueTypesOfTheJdkNeedNoPermission() throws JMSException {
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("list", new ArrayList<>(List.of(1, 2L, 3f)));
        nested.put("array", "x");
        List<Serializable> values = List.of(
                "text",
                true,
                'c',
                (byte) 1,
                (short) 2,
                3,
                4L,
                5f,
                6d,
                new BigDecimal("1.5"),
                BigInteger.TEN,
                Instant.EPOCH,
                Duration.ofSeconds(1),
                LocalDate.EPOCH,
                ZonedDateTime.parse("2026-11-22T10:00:00+01:00[Europe/Paris]"),
                new Date(5),
                UUID.fromString("00000000-0000-0001-0000-000000000002"),
                Locale.GERMANY,
                new BitSet(),
                new ArrayList<>(List.of("a", 1)),
                new LinkedList<>(List.of("a")),
                new HashMap<>(Map.of("a", 1)),
                new TreeMap<>(Map.of("a", 1)),
                new HashSet<>(Set.of("a")),
                new TreeSet<>(Set.of("a")),
                (Serializable) nested,
                (Serializable) List.of("a", "b", "c"),
                (Serializable) Map.of("a", 1, "b", 2),
                (Serializable) Set.of(1),
                (Serializable) Arrays.asList("a", "b"),
                (Serializable) Collections.unmodifiableMap(new HashMap<>(Map.of("a", 1))),
                (Serializable) Collections.emptyList(),
                (Serializable) Collections.singletonList("x"));
        for (Serializable value : values) {
            assertEquals(value, receive(value, ObjectFilter.STANDARD).getObject());
        }
        assertArrayEquals(new int[] {1, 2}, (int[])
                receive(new int[] {1, 2}, ObjectFilter.STANDARD).getObject());
        assertArrayEquals(new String[][] {{"a"}, {}}, (String[][]) receive(
                        new String[][] {{"a"}, {}}, ObjectFilter.STANDARD)
                .getObject());
        assertEquals(
                "[1, 2]",
                assertInstanceOf(
                                ArrayDeque.class,
                                receive(new ArrayDeque<>(List.of(1, 2)), ObjectFilter.STANDARD)
                                        .getObject())
                        .toString());
        assertEquals(
                "sb",
                receive(new StringBuffer("sb"), ObjectFilter.STANDARD)
                        .getObject()
                        .toString());
    }

    @Test
    void otherClassesAreRefusedByName() throws JMSException {
        EnumMap<Colour, String> enumMap = new EnumMap<>(Map.of(Colour.RED, "r"));
        ArrayList<Object> hidden = new ArrayList<>(List.of(new Order("1")));
        Serializable proxy = (Serializable) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Serializable.class, Runnable.class},
                (Serializable & java.lang.reflect.InvocationHandler) (p, m, a) -> null);
        List<Serializable> values = List.of(
                new Order("1"),
                hidden,
                new Order[] {new Order("2")},
                Colour.RED,
                enumMap,
                EnumSet.of(Colour.GREEN),
                new File("x"),
                new IllegalStateException("x"),
                proxy);
        for (Serializable value : values) {
            PosthornObjectMessage received = receive(value, ObjectFilter.STANDARD);
            MessageFormatException refusal = assertThrows(
                    MessageFormatException.class,
                    received::getObject,
                    value.getClass().getName());
            assertTrue(refusal.getMessage().contains("objectMessageAllowList"), refusal.getMessage());
            assertNotSame(null, refusal.getLinkedException());
            assertFalse(received.isBodyAssignableTo(Object.class));
            assertThrows(MessageFormatException.class, () -> received.getBody(Object.class));
        }
        MessageFormatException refusal = assertThrows(
                MessageFormatException.class,
                () -> receive(hidden, ObjectFilter.STANDARD).getObject());
        assertTrue(refusal.getMessage().contains(Order.class.getName()), refusal.getMessage());
    }

    @Test
    void patternsAllowMore() throws JMSException {
        Order order = new Order("7");
        order.lines.add("line");
        String own = Order.class.getName();
        for (String patterns : List.of("*", own, "x.Y, " + own + ",", "io.posthorn.*", "io.posthorn.jms.message.*")) {
            Order copy = (Order) receive(order, ObjectFilter.parse(patterns)).getObject();
            assertEquals("7", copy.id);
            assertEquals(List.of("line"), copy.lines);
        }
        for (String patterns : List.of("", " , ", "io.posthorn.Other", "io.posthorn.jms.messages.*", own + "s")) {
            PosthornObjectMessage received = receive(order, ObjectFilter.parse(patterns));
            assertThrows(MessageFormatException.class, received::getObject, patterns);
        }
        assertEquals(
                Colour.RED,
                receive(Colour.RED, ObjectFilter.of(List.of(Colour.class.getName())))
                        .getObject());
        assertSame(ObjectFilter.STANDARD, ObjectFilter.parse(""));
    }

    @Test
    void patternsThatMeanNothingAreRefused() {
        for (String pattern :
                List.of("com.*.x", "*.x", "**", "com.**", ".*", ".a", "a.", "a..b", "a b", "a/b", "a.*.*")) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> ObjectFilter.of(List.of(pattern)), pattern);
            assertTrue(refusal.getMessage().contains("objectMessageAllowList"), refusal.getMessage());
        }
    }

    private static Link chain(long length) {
        Link chain = null;
        for (long i = 0; i < length; i++) {
            chain = new Link(chain);
        }
        return chain;
    }

    /** Serialization recurses; a stack of known size keeps the outcome the same on every machine. */
    private static <T> T withStack(long bytes, Callable<T> code) throws Exception {
        FutureTask<T> task = new FutureTask<>(code);
        Thread thread = new Thread(null, task, "deep objects", bytes);
        thread.start();
        try {
            return task.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        } finally {
            thread.join(30_000);
        }
    }

    @Test
    void depthIsLimitedWhateverIsAllowed() throws Exception {
        Link copy = (Link) receive(chain(100), ObjectFilter.EVERYTHING).getObject();
        assertTrue(copy.next.next != null);
        MessageFormatException refusal = assertThrows(
                MessageFormatException.class,
                () -> withStack(
                        64 << 20,
                        () -> receive(chain(ObjectFilter.DEPTH_MAX + 1), ObjectFilter.EVERYTHING)
                                .getObject()));
        assertTrue(refusal.getMessage().contains("nested objects"), refusal.getMessage());
    }

    @Test
    void objectsTooDeepToBeWrittenAreAFormatError() {
        MessageFormatException refusal = assertThrows(
                MessageFormatException.class,
                () -> withStack(512 << 10, () -> new PosthornObjectMessage(chain(200_000))));
        assertTrue(refusal.getMessage().contains("too deep"), refusal.getMessage());
    }

    @Test
    void theObjectIsSerializedWhenItIsSetAndCopiedAtEveryGet() throws JMSException {
        ArrayList<String> list = new ArrayList<>(List.of("a"));
        PosthornObjectMessage message = new PosthornObjectMessage();
        assertNull(message.getObject());
        message.setObject(list);
        list.add("b");
        PosthornObjectMessage received = Sent.received(message);
        for (PosthornObjectMessage each : List.of(message, received)) {
            assertEquals(List.of("a"), each.getObject());
            assertNotSame(each.getObject(), each.getObject());
        }
        message.setObject(null);
        assertNull(message.getObject());
        assertNull(Sent.received(message).getObject());
        assertEquals(List.of("a"), Sent.received(received).getObject(), "forwarded without being read");
    }

    @Test
    void theSendersOwnObjectNeedsNoPermission() throws JMSException {
        PosthornObjectMessage message = new PosthornObjectMessage(new Order("9"));
        assertEquals("9", ((Order) message.getObject()).id);
        assertEquals("9", message.getBody(Order.class).id);
    }

    @Test
    void readOnlyWhenReceivedUntilCleared() throws JMSException {
        PosthornObjectMessage received = receive("a", ObjectFilter.STANDARD);
        assertThrows(MessageNotWriteableException.class, () -> received.setObject("b"));
        assertEquals("a", received.getObject());
        received.clearBody();
        assertNull(received.getObject());
        received.setObject("c");
        assertEquals("c", Sent.received(received).getObject());
    }

    @Test
    void whatCannotBeSerializedIsAFormatError() throws JMSException {
        PosthornObjectMessage message = new PosthornObjectMessage("before");
        assertThrows(MessageFormatException.class, () -> message.setObject(new Broken()));
        assertThrows(MessageFormatException.class, () -> new PosthornObjectMessage(new Broken()));
        assertEquals("before", message.getObject());
    }

    @Test
    void bytesThatAreNoObjectAreAFormatError() {
        MessageHead head = new MessageHead();
        head.destination(new PosthornQueue("q").name());
        head.bodyType(BodyType.OBJECT);
        for (byte[] wrong :
                new byte[][] {{}, {1, 2, 3}, {(byte) 0xac, (byte) 0xed, 0, 5}, {(byte) 0xac, (byte) 0xed, 0, 5, 0x74}
                }) {
            PosthornObjectMessage received = Sent.receive(EncodedMessage.encode(head, wrong), 0);
            assertThrows(MessageFormatException.class, received::getObject);
            assertFalse(received.isBodyAssignableTo(String.class));
        }
    }

    @Test
    void classesComeFromTheContextClassLoader() throws Exception {
        List<String> asked = new ArrayList<>();
        ClassLoader recording = new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                asked.add(name);
                if (name.equals(Link.class.getName())) {
                    throw new ClassNotFoundException(name);
                }
                return super.loadClass(name, resolve);
            }
        };
        PosthornObjectMessage received = receive(new Order("1"), ObjectFilter.EVERYTHING);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(recording);
        try {
            assertInstanceOf(Order.class, received.getObject());
        } finally {
            thread.setContextClassLoader(before);
        }
        assertTrue(asked.contains(Order.class.getName()), asked.toString());
    }
}
