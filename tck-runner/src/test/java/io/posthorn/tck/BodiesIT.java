package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What all bodies have in common: reading and writing, copies, null, and getBody. */
class BodiesIT extends ConformanceTest {

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

    @SuppressWarnings("unchecked") // what comes is what was sent, and that is asserted
    private <M extends Message> M roundTrip(M message) throws JMSException {
        producer.send(message);
        return (M) assertInstanceOf(message.getClass(), consumer.receive(COMES_MS));
    }

    private MapMessage map(String name, Object value) throws JMSException {
        MapMessage message = session.createMapMessage();
        message.setObject(name, value);
        return message;
    }

    private BytesMessage bytes(int... values) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        for (int value : values) {
            message.writeByte((byte) value);
        }
        return message;
    }

    @Test
    @Checklist("11.01")
    void everyTypeArrivesAsItself() throws JMSException {
        StreamMessage stream = session.createStreamMessage();
        stream.writeInt(1);
        assertFalse(roundTrip(session.createMessage()) instanceof TextMessage);
        assertInstanceOf(TextMessage.class, roundTrip(session.createTextMessage("x")));
        assertInstanceOf(ObjectMessage.class, roundTrip(session.createObjectMessage("x")));
        assertInstanceOf(MapMessage.class, roundTrip(map("n", 1)));
        assertInstanceOf(BytesMessage.class, roundTrip(bytes(1)));
        assertInstanceOf(StreamMessage.class, roundTrip(stream));
    }

    // ---- reading and writing

    @Test
    @Checklist("11.02")
    void textObjectAndMapAreReadOnlyUntilCleared() throws JMSException {
        TextMessage text = withProperty(session.createTextMessage("x"));
        assertThrows(MessageNotWriteableException.class, () -> text.setText("y"));
        assertEquals("x", text.getText());
        text.clearBody();
        assertNull(text.getText());
        text.setText("y");
        assertEquals("y", text.getText());
        assertEquals(1, text.getIntProperty("kept"));

        ObjectMessage object = withProperty(session.createObjectMessage("x"));
        assertThrows(MessageNotWriteableException.class, () -> object.setObject("y"));
        object.clearBody();
        assertNull(object.getObject());
        object.setObject("y");
        assertEquals("y", object.getObject());
        assertEquals(1, object.getIntProperty("kept"));

        MapMessage map = withProperty(map("n", 1));
        assertThrows(MessageNotWriteableException.class, () -> map.setInt("n", 2));
        map.clearBody();
        assertFalse(map.itemExists("n"));
        map.setInt("n", 2);
        assertEquals(2, map.getInt("n"));
        assertEquals(1, map.getIntProperty("kept"));
    }

    @Test
    @Checklist("11.02")
    void bytesAndStreamsAreWriteOnlyWhenCleared() throws JMSException {
        BytesMessage bytes = withProperty(bytes(1));
        assertThrows(MessageNotWriteableException.class, () -> bytes.writeByte((byte) 2));
        assertEquals(1, bytes.readByte());
        bytes.clearBody();
        assertThrows(MessageNotReadableException.class, bytes::readByte);
        assertThrows(MessageNotReadableException.class, bytes::getBodyLength);
        bytes.writeByte((byte) 2);
        bytes.reset();
        assertEquals(1, bytes.getBodyLength());
        assertEquals(2, bytes.readByte());
        assertEquals(1, bytes.getIntProperty("kept"));

        StreamMessage made = session.createStreamMessage();
        made.writeInt(1);
        StreamMessage stream = withProperty(made);
        assertThrows(MessageNotWriteableException.class, () -> stream.writeInt(2));
        assertEquals(1, stream.readInt());
        stream.clearBody();
        assertThrows(MessageNotReadableException.class, stream::readInt);
        stream.writeInt(2);
        stream.reset();
        assertEquals(2, stream.readInt());
        assertEquals(1, stream.getIntProperty("kept"));
    }

    private <M extends Message> M withProperty(M message) throws JMSException {
        message.setIntProperty("kept", 1);
        M received = roundTrip(message);
        assertThrows(MessageNotWriteableException.class, () -> received.setIntProperty("kept", 2));
        return received;
    }

    // ---- copies

    @Test
    @Checklist("11.03")
    void bytesAndObjectsAreCopiedInAndOut() throws JMSException {
        byte[] in = {1, 2};
        BytesMessage bytes = session.createBytesMessage();
        bytes.writeBytes(in);
        MapMessage map = session.createMapMessage();
        map.setBytes("b", in);
        map.setObject("o", in);
        ArrayList<String> list = new ArrayList<>(List.of("a"));
        ObjectMessage object = session.createObjectMessage(list);
        in[0] = 9;
        list.add("b");

        BytesMessage gotBytes = roundTrip(bytes);
        byte[] body = gotBytes.getBody(byte[].class);
        assertArrayEquals(new byte[] {1, 2}, body);
        body[0] = 9;
        assertArrayEquals(new byte[] {1, 2}, gotBytes.getBody(byte[].class));
        for (MapMessage either : List.of(map, roundTrip(map))) {
            for (String name : List.of("b", "o")) {
                byte[] out = either.getBytes(name);
                assertArrayEquals(new byte[] {1, 2}, out);
                out[0] = 9;
                assertArrayEquals(new byte[] {1, 2}, (byte[]) either.getObject(name));
            }
        }
        for (ObjectMessage either : List.of(object, roundTrip(object))) {
            List<?> out = (List<?>) either.getObject();
            assertEquals(List.of("a"), out);
            out.clear();
            assertEquals(List.of("a"), either.getObject());
        }
    }

    @Test
    @Checklist("11.05")
    void theSenderMayChangeTheMessageAndSendItAgain() throws JMSException {
        MapMessage map = map("n", 1);
        producer.send(map);
        map.setInt("n", 2);
        producer.send(map);
        BytesMessage bytes = bytes(1);
        producer.send(bytes);
        bytes.clearBody();
        bytes.writeByte((byte) 2);
        producer.send(bytes);
        assertEquals(1, ((MapMessage) consumer.receive(COMES_MS)).getInt("n"));
        assertEquals(2, ((MapMessage) consumer.receive(COMES_MS)).getInt("n"));
        assertEquals(1, ((BytesMessage) consumer.receive(COMES_MS)).readByte());
        assertEquals(2, ((BytesMessage) consumer.receive(COMES_MS)).readByte());
    }

    @Test
    @Checklist("11.06")
    void aRedeliveredMessageIsTheOriginal() throws JMSException {
        MapMessage map = map("n", 1);
        map.setIntProperty("p", 1);
        map.setJMSCorrelationID("original");
        producer.send(map);
        producer.send(bytes(1, 2));
        Session client = connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer own = client.createConsumer(queue);
        MapMessage first = (MapMessage) own.receive(COMES_MS);
        first.clearBody();
        first.setInt("n", 2);
        first.clearProperties();
        first.setIntProperty("p", 2);
        first.setJMSCorrelationID("changed");
        BytesMessage second = (BytesMessage) own.receive(COMES_MS);
        assertEquals(1, second.readByte());
        client.recover();
        MapMessage again = (MapMessage) own.receive(COMES_MS);
        assertEquals(1, again.getInt("n"));
        assertEquals(1, again.getIntProperty("p"));
        assertEquals("original", again.getJMSCorrelationID());
        assertTrue(again.getJMSRedelivered());
        assertEquals(2, again.getIntProperty("JMSXDeliveryCount"));
        assertThrows(MessageNotWriteableException.class, () -> again.setInt("n", 3));
        assertEquals(1, ((BytesMessage) own.receive(COMES_MS)).readByte());
    }

    // ---- null

    @Test
    @Checklist("11.04")
    void nullIsABodyOrAValueWhereItCanBe() throws JMSException {
        assertNull(roundTrip(session.createTextMessage(null)).getText());
        assertNull(roundTrip(session.createObjectMessage(null)).getObject());
        MapMessage map = session.createMapMessage();
        map.setString("text", null);
        map.setObject("object", null);
        map.setBytes("bytes", null);
        MapMessage received = roundTrip(map);
        for (String name : List.of("text", "object", "bytes")) {
            assertTrue(received.itemExists(name), name);
            assertNull(received.getObject(name));
        }
        StreamMessage stream = session.createStreamMessage();
        stream.writeString(null);
        stream.writeObject(null);
        StreamMessage receivedStream = roundTrip(stream);
        assertNull(receivedStream.readString());
        assertNull(receivedStream.readObject());
        BytesMessage bytes = session.createBytesMessage();
        assertThrows(NullPointerException.class, () -> bytes.writeObject(null));
        assertThrows(NullPointerException.class, () -> bytes.writeUTF(null));
        assertThrows(NullPointerException.class, () -> bytes.writeBytes(null));
        bytes.writeByte((byte) 1);
        assertEquals(1, roundTrip(bytes).readByte());
    }

    // ---- getBody

    @Test
    @Checklist({"11.08", "11.10"})
    void bodiesAreHadAsTheirClassAndItsSupertypes() throws JMSException {
        TextMessage text = session.createTextMessage("x");
        assertBody(text, "x", String.class, CharSequence.class, Comparable.class, Serializable.class, Object.class);
        assertNoBody(text, Integer.class, StringBuilder.class, byte[].class);
        ObjectMessage object = session.createObjectMessage(new ArrayList<>(List.of("a")));
        assertBody(object, List.of("a"), ArrayList.class, List.class, Serializable.class, Object.class);
        assertNoBody(object, Map.class, String.class);
        MapMessage map = map("n", 1);
        assertBody(map, Map.of("n", 1), Map.class, Object.class);
        assertNoBody(map, HashMap.class, String.class, Serializable.class);
    }

    private void assertBody(Message message, Object body, Class<?>... types) throws JMSException {
        for (Message either : List.of(message, roundTrip(message))) {
            for (Class<?> type : types) {
                assertTrue(either.isBodyAssignableTo(type), type::getName);
                assertEquals(body, either.getBody(type), type::getName);
            }
        }
    }

    private void assertNoBody(Message message, Class<?>... types) throws JMSException {
        for (Message either : List.of(message, roundTrip(message))) {
            for (Class<?> type : types) {
                assertFalse(either.isBodyAssignableTo(type), type::getName);
                assertThrows(MessageFormatException.class, () -> either.getBody(type), type::getName);
            }
        }
    }

    @Test
    @Checklist({"11.08", "11.10"})
    void withoutABodyEveryClassFits() throws JMSException {
        List<Message> empty = List.of(
                session.createMessage(),
                session.createTextMessage(),
                session.createObjectMessage(),
                session.createMapMessage(),
                session.createBytesMessage());
        for (Message message : empty) {
            for (Message either : List.of(message, roundTrip(message))) {
                for (Class<?> type : List.of(String.class, Map.class, byte[].class, Integer.class, Object.class)) {
                    String what = either.getClass().getSimpleName() + " as " + type.getSimpleName();
                    assertNull(either.getBody(type), what);
                    assertTrue(either.isBodyAssignableTo(type), what);
                }
            }
        }
    }

    @Test
    @Checklist({"11.08", "11.10"})
    void streamsAndUnreadableObjectsHaveNoBodyToBeHad() throws JMSException {
        StreamMessage stream = session.createStreamMessage();
        stream.writeString("x");
        assertNoBody(stream, String.class, Object.class);
        // Not on the list of classes that a receiver reads: for it the object cannot be read.
        ObjectMessage object = roundTrip(session.createObjectMessage(new Unlisted()));
        assertThrows(MessageFormatException.class, object::getObject);
        assertThrows(MessageFormatException.class, () -> object.getBody(Serializable.class));
        assertFalse(object.isBodyAssignableTo(Serializable.class));
    }

    private static final class Unlisted implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    @Test
    @Checklist({"11.08", "11.09", "11.10"})
    void bytesAreResetBeforeAndAfter() throws JMSException {
        BytesMessage message = bytes(1, 2);
        assertThrows(MessageFormatException.class, () -> message.getBody(String.class));
        assertFalse(message.isBodyAssignableTo(String.class));
        assertTrue(message.isBodyAssignableTo(byte[].class));
        assertTrue(message.isBodyAssignableTo(Object.class));
        assertArrayEquals(new byte[] {1, 2}, message.getBody(byte[].class));
        assertEquals(1, message.readByte());
        assertArrayEquals(new byte[] {1, 2}, (byte[]) message.getBody(Object.class));
        assertEquals(1, message.readByte());
        BytesMessage received = roundTrip(message);
        assertEquals(1, received.readByte());
        assertThrows(MessageFormatException.class, () -> received.getBody(Map.class));
        assertArrayEquals(new byte[] {1, 2}, received.getBody(byte[].class));
        assertEquals(1, received.readByte());
    }

    // ---- whose message

    @Test
    @Checklist("11.11")
    void anySessionSendsAnyMessage() throws JMSException {
        Session other = connect().createSession(Session.SESSION_TRANSACTED);
        Connection gone = connect();
        TextMessage orphan = gone.createSession().createTextMessage("of a closed connection");
        gone.close();
        TextMessage fromContext = context().createTextMessage("of a context");
        for (TextMessage message : List.of(session.createTextMessage("of another session"), orphan, fromContext)) {
            try (MessageProducer own = other.createProducer(queue)) {
                own.send(message);
                other.commit();
            }
            TextMessage received = (TextMessage) consumer.receive(COMES_MS);
            assertEquals(message.getText(), received.getText());
            // A received message goes on as it is.
            assertEquals(message.getText(), roundTrip(received).getText());
        }
        try (JMSContext context = factory().createContext();
                JMSConsumer reader = context.createConsumer(queue)) {
            context.createProducer().send(queue, orphan);
            assertEquals("of a closed connection", reader.receiveBody(String.class, COMES_MS));
        }
    }
}
