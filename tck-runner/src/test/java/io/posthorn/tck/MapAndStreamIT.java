package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two message types that hold typed values: every conversion, modes, names, and bytes in pieces. */
class MapAndStreamIT extends ServerTest {

    private static final Object[] ALL = {
        true, (byte) 1, (short) 2, 'c', 4, 5L, 6.5f, 7.5, "text", new byte[] {8, 9}, null
    };

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

    private <M extends Message> M roundTrip(M message, Class<M> type) throws JMSException {
        producer.send(message);
        return assertInstanceOf(type, consumer.receive(COMES_MS));
    }

    private MapMessage received(Map<String, ?> values) throws JMSException {
        MapMessage message = session.createMapMessage();
        for (Map.Entry<String, ?> entry : values.entrySet()) {
            message.setObject(entry.getKey(), entry.getValue());
        }
        return roundTrip(message, MapMessage.class);
    }

    private StreamMessage received(Object... values) throws JMSException {
        StreamMessage message = session.createStreamMessage();
        for (Object value : values) {
            message.writeObject(value);
        }
        return roundTrip(message, StreamMessage.class);
    }

    /** The rows of the table: a stored value, and what it is read as; what is not named is refused. */
    enum Stored {
        BOOLEAN(true, Map.of(ReadAs.BOOLEAN, true, ReadAs.STRING, "true")),
        BYTE(
                (byte) -5,
                Map.of(
                        ReadAs.BYTE,
                        (byte) -5,
                        ReadAs.SHORT,
                        (short) -5,
                        ReadAs.INT,
                        -5,
                        ReadAs.LONG,
                        -5L,
                        ReadAs.STRING,
                        "-5")),
        SHORT((short) 300, Map.of(ReadAs.SHORT, (short) 300, ReadAs.INT, 300, ReadAs.LONG, 300L, ReadAs.STRING, "300")),
        CHAR('\u00fc', Map.of(ReadAs.CHAR, '\u00fc', ReadAs.STRING, "\u00fc")),
        INT(70_000, Map.of(ReadAs.INT, 70_000, ReadAs.LONG, 70_000L, ReadAs.STRING, "70000")),
        LONG(1L << 40, Map.of(ReadAs.LONG, 1L << 40, ReadAs.STRING, "1099511627776")),
        FLOAT(0.5f, Map.of(ReadAs.FLOAT, 0.5f, ReadAs.DOUBLE, 0.5, ReadAs.STRING, "0.5")),
        DOUBLE(1e300, Map.of(ReadAs.DOUBLE, 1e300, ReadAs.STRING, "1.0E300")),
        STRING(
                "7",
                Map.of(
                        ReadAs.BOOLEAN,
                        false,
                        ReadAs.BYTE,
                        (byte) 7,
                        ReadAs.SHORT,
                        (short) 7,
                        ReadAs.INT,
                        7,
                        ReadAs.LONG,
                        7L,
                        ReadAs.FLOAT,
                        7f,
                        ReadAs.DOUBLE,
                        7.0,
                        ReadAs.STRING,
                        "7")),
        BYTES(new byte[] {1, 2}, Map.of(ReadAs.BYTES, new byte[] {1, 2}));

        private final Object value;
        private final Map<ReadAs, Object> readable;

        Stored(Object value, Map<ReadAs, Object> readable) {
            this.value = value;
            this.readable = readable;
        }
    }

    private static void assertSameValue(Object expected, Object found, String what) {
        if (expected instanceof byte[] bytes) {
            assertArrayEquals(bytes, (byte[]) found, what);
        } else {
            assertEquals(expected, found, what);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Checklist("13.01")
    void mapConversions(Stored stored) throws JMSException {
        MapMessage map = received(Map.of("v", stored.value));
        for (ReadAs as : ReadAs.values()) {
            String cell = stored + " as " + as;
            if (stored.readable.containsKey(as)) {
                assertSameValue(stored.readable.get(as), as.of(map, "v"), cell);
            } else {
                assertThrows(MessageFormatException.class, () -> as.of(map, "v"), cell);
            }
        }
        assertSameValue(stored.value, map.getObject("v"), stored.name());
    }

    @ParameterizedTest
    @EnumSource
    @Checklist({"13.01", "13.12"})
    void streamConversions(Stored stored) throws JMSException {
        StreamMessage stream = received(stored.value, "end");
        for (ReadAs as : ReadAs.values()) {
            stream.reset();
            String cell = stored + " as " + as;
            if (stored.readable.containsKey(as)) {
                assertSameValue(stored.readable.get(as), as.of(stream), cell);
            } else {
                assertThrows(MessageFormatException.class, () -> as.of(stream), cell);
                // Refused and not passed over: it can still be read as what it is.
                assertSameValue(stored.value, stream.readObject(), cell);
            }
            assertEquals("end", stream.readString(), cell);
        }
    }

    private static void assertNullRow(ReadAs as, Read read) throws JMSException {
        switch (as) {
            case BOOLEAN -> assertEquals(false, read.value(), as.name());
            case STRING, BYTES -> assertNull(read.value(), as.name());
            case CHAR, FLOAT, DOUBLE -> assertThrows(NullPointerException.class, (Executable) read::value, as.name());
            default -> assertThrows(NumberFormatException.class, (Executable) read::value, as.name());
        }
    }

    private interface Read {
        Object value() throws JMSException;
    }

    @ParameterizedTest
    @EnumSource
    @Checklist({"13.02", "13.06"})
    void nullIsReadAsTheNullText(ReadAs as) throws JMSException {
        MapMessage map = received(Collections.singletonMap("null", null));
        assertNullRow(as, () -> as.of(map, "null"));
        assertNullRow(as, () -> as.of(map, "never set"));
        assertNull(map.getObject("null"));
        assertNull(map.getObject("never set"));
        assertTrue(map.itemExists("null"));
        assertFalse(map.itemExists("never set"));
        StreamMessage stream = received(new Object[] {null});
        assertNullRow(as, () -> as.of(stream));
        stream.reset();
        assertNull(stream.readObject());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "seven", "7 ", "0x7", "9999999999999999999999"})
    @Checklist({"13.03", "13.12"})
    void textThatIsNoWholeNumber(String text) throws JMSException {
        MapMessage map = received(Map.of("v", text));
        StreamMessage stream = received(text, "end");
        for (ReadAs as : List.of(ReadAs.BYTE, ReadAs.SHORT, ReadAs.INT, ReadAs.LONG)) {
            assertThrows(NumberFormatException.class, () -> as.of(map, "v"), as.name());
            assertThrows(NumberFormatException.class, () -> as.of(stream), as.name());
        }
        assertEquals(text, stream.readString());
        assertEquals("end", stream.readString());
    }

    @Test
    @Checklist("13.03")
    void textThatIsNoFloatingNumber() throws JMSException {
        MapMessage map = received(Map.of("v", "1,5"));
        StreamMessage stream = received("1,5");
        for (ReadAs as : List.of(ReadAs.FLOAT, ReadAs.DOUBLE)) {
            assertThrows(NumberFormatException.class, () -> as.of(map, "v"), as.name());
            assertThrows(NumberFormatException.class, () -> as.of(stream), as.name());
        }
    }

    @Test
    @Checklist({"13.04", "13.15"})
    void objectsOfTheTenTypesComeBackAsTheyWere() throws JMSException {
        Map<String, Object> values = new HashMap<>();
        for (Object value : ALL) {
            values.put("v" + values.size(), value);
        }
        MapMessage map = received(values);
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            assertSameValue(entry.getValue(), map.getObject(entry.getKey()), entry.getKey());
        }
        StreamMessage stream = received(ALL);
        for (Object value : ALL) {
            assertSameValue(value, stream.readObject(), String.valueOf(value));
        }
    }

    @Test
    @Checklist("13.15")
    void arraysAreCopies() throws JMSException {
        byte[] written = {1, 2};
        StreamMessage message = session.createStreamMessage();
        message.writeObject(written);
        message.writeBytes(written);
        written[0] = 99;
        StreamMessage stream = roundTrip(message, StreamMessage.class);
        byte[] read = (byte[]) stream.readObject();
        assertArrayEquals(new byte[] {1, 2}, read);
        assertArrayEquals(new byte[] {1, 2}, (byte[]) stream.readObject());
        read[0] = 99;
        stream.reset();
        assertArrayEquals(new byte[] {1, 2}, (byte[]) stream.readObject());
    }

    @Test
    @Checklist("13.04")
    void otherObjectsAreRefused() throws JMSException {
        MapMessage map = session.createMapMessage();
        StreamMessage stream = session.createStreamMessage();
        for (Object value : List.of(new Date(), BigDecimal.ONE, new int[1], List.of(), new Object(), new Byte[1])) {
            assertThrows(MessageFormatException.class, () -> map.setObject("v", value));
            assertThrows(MessageFormatException.class, () -> stream.writeObject(value));
        }
        assertFalse(map.itemExists("v"));
        stream.reset();
        assertThrows(MessageEOFException.class, stream::readObject);
        try (JMSContext context = factory().createContext()) {
            JMSProducer sender = context.createProducer();
            Map<String, Object> body = Map.of("v", new Date());
            assertThrows(MessageFormatRuntimeException.class, () -> sender.send(queue, body));
        }
        assertNull(consumer.receiveNoWait());
    }

    @ParameterizedTest
    @NullAndEmptySource
    @Checklist("13.05")
    void namesAreNeitherNullNorEmpty(String name) throws JMSException {
        MapMessage map = session.createMapMessage();
        List<Executable> setters = List.of(
                () -> map.setBoolean(name, true),
                () -> map.setByte(name, (byte) 1),
                () -> map.setShort(name, (short) 1),
                () -> map.setChar(name, 'c'),
                () -> map.setInt(name, 1),
                () -> map.setLong(name, 1),
                () -> map.setFloat(name, 1),
                () -> map.setDouble(name, 1),
                () -> map.setString(name, "v"),
                () -> map.setBytes(name, new byte[1]),
                () -> map.setBytes(name, new byte[1], 0, 1),
                () -> map.setObject(name, 1),
                () -> map.setObject(name, null));
        for (Executable setter : setters) {
            assertThrows(IllegalArgumentException.class, setter);
        }
        assertFalse(map.getMapNames().hasMoreElements());
        try (JMSContext context = factory().createContext()) {
            JMSProducer sender = context.createProducer();
            Map<String, Object> body = Collections.singletonMap(name, 1);
            assertThrows(IllegalArgumentException.class, () -> sender.send(queue, body));
        }
    }

    @Test
    @Checklist("13.07")
    void namesAreListedAndCaseSensitive() throws JMSException {
        MapMessage map = received(Map.of("a", 1, "A", 2, "\u00e4 b.c", 3));
        Enumeration<?> names = map.getMapNames();
        assertEquals(Set.of("a", "A", "\u00e4 b.c"), Set.copyOf(Collections.list(names)));
        assertEquals(1, map.getInt("a"));
        assertEquals(2, map.getInt("A"));
        assertFalse(map.itemExists("\u00c4 b.c"));
        assertFalse(received(Map.of()).getMapNames().hasMoreElements());
    }

    @Test
    @Checklist("13.08")
    void aRangeOfBytesIsCopied() throws JMSException {
        byte[] array = {0, 1, 2, 3, 4};
        MapMessage map = session.createMapMessage();
        map.setBytes("range", array, 1, 3);
        map.setBytes("none", array, 5, 0);
        map.setBytes("whole", array);
        map.setBytes("null", null);
        assertThrows(IndexOutOfBoundsException.class, () -> map.setBytes("out", array, 3, 3));
        Arrays.fill(array, (byte) 99);
        MapMessage received = roundTrip(map, MapMessage.class);
        assertArrayEquals(new byte[] {1, 2, 3}, received.getBytes("range"));
        assertArrayEquals(new byte[0], received.getBytes("none"));
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4}, received.getBytes("whole"));
        assertNull(received.getBytes("null"));
        assertFalse(received.itemExists("out"));
        byte[] first = received.getBytes("range");
        assertNotSame(first, received.getBytes("range"));
        first[0] = 99;
        assertArrayEquals(new byte[] {1, 2, 3}, received.getBytes("range"));
        assertArrayEquals(new byte[] {1, 2, 3}, (byte[]) received.getObject("range"));
    }

    private static List<Executable> readers(StreamMessage stream) {
        List<Executable> readers = new ArrayList<>(List.of(stream::readObject));
        for (ReadAs as : ReadAs.values()) {
            readers.add(() -> as.of(stream));
        }
        return readers;
    }

    private static List<Executable> writers(StreamMessage stream) {
        return List.of(
                () -> stream.writeBoolean(true),
                () -> stream.writeByte((byte) 1),
                () -> stream.writeShort((short) 1),
                () -> stream.writeChar('c'),
                () -> stream.writeInt(1),
                () -> stream.writeLong(1),
                () -> stream.writeFloat(1),
                () -> stream.writeDouble(1),
                () -> stream.writeString("v"),
                () -> stream.writeBytes(new byte[1]),
                () -> stream.writeBytes(new byte[1], 0, 1),
                () -> stream.writeObject(1));
    }

    @Test
    @Checklist("13.10")
    void aStreamIsWrittenOrRead() throws JMSException {
        StreamMessage sent = session.createStreamMessage();
        for (Executable reader : readers(sent)) {
            assertThrows(MessageNotReadableException.class, reader);
        }
        sent.writeInt(1);
        StreamMessage received = roundTrip(sent, StreamMessage.class);
        for (Executable writer : writers(received)) {
            assertThrows(MessageNotWriteableException.class, writer);
        }
        assertEquals(1, received.readInt());
        sent.writeInt(2);
        sent.reset();
        assertThrows(MessageNotWriteableException.class, () -> sent.writeInt(3));
        assertEquals(1, sent.readInt());
        assertEquals(2, sent.readInt());
        received.clearBody();
        assertThrows(MessageNotReadableException.class, received::readInt);
        received.writeInt(3);
        assertEquals(3, roundTrip(received, StreamMessage.class).readInt());
    }

    @Test
    @Checklist({"13.11", "13.17"})
    void theEndIsReportedAndResetGoesBackToTheStart() throws JMSException {
        StreamMessage stream = received("only");
        for (int round = 0; round < 3; round++) {
            assertEquals("only", stream.readString());
            for (Executable reader : readers(stream)) {
                assertThrows(MessageEOFException.class, reader);
            }
            stream.reset();
        }
        StreamMessage empty = received(new Object[0]);
        assertThrows(MessageEOFException.class, empty::readObject);
    }

    @Test
    @Checklist({"13.13", "13.14"})
    void bytesAreReadInPiecesAndNothingElseBetween() throws JMSException {
        StreamMessage stream = received(new byte[] {1, 2, 3, 4, 5}, "next");
        byte[] two = new byte[2];
        assertEquals(2, stream.readBytes(two));
        assertArrayEquals(new byte[] {1, 2}, two);
        assertThrows(MessageFormatException.class, stream::readString);
        assertThrows(MessageFormatException.class, stream::readObject);
        assertEquals(2, stream.readBytes(two));
        assertArrayEquals(new byte[] {3, 4}, two);
        assertThrows(MessageFormatException.class, stream::readInt);
        assertEquals(1, stream.readBytes(two));
        assertEquals(5, two[0]);
        assertEquals("next", stream.readString());
    }

    @Test
    @Checklist("13.13")
    void bytesThatFillTheBufferNeedOneMoreCall() throws JMSException {
        StreamMessage stream = received(new byte[] {1, 2, 3, 4}, "next", new byte[0], null, "last");
        byte[] two = new byte[2];
        assertEquals(2, stream.readBytes(two));
        assertEquals(2, stream.readBytes(two));
        assertEquals(-1, stream.readBytes(two));
        assertEquals("next", stream.readString());
        assertEquals(0, stream.readBytes(two), "an empty field");
        assertEquals(-1, stream.readBytes(two), "a null field");
        assertEquals("last", stream.readString());
        assertThrows(MessageEOFException.class, () -> stream.readBytes(two));
    }
}
