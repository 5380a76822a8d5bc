package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes in comes out: six message types, headers and properties over a real server. */
class MessagesIT extends ServerTest {

    private Session session;
    private Queue queue;
    private MessageProducer producer;
    private MessageConsumer consumer;

    @BeforeEach
    void open() throws JMSException {
        Connection connection = connect();
        session = connection.createSession();
        queue = session.createQueue(name("queue"));
        producer = session.createProducer(queue);
        consumer = session.createConsumer(queue);
    }

    private <M extends Message> M roundTrip(M message, Class<M> type) throws JMSException {
        producer.send(message);
        return assertInstanceOf(type, consumer.receive(COMES_MS));
    }

    @Test
    @Checklist({"11.01", "12.01"})
    void textInAnyScriptArrives() throws JMSException {
        String text = "Grüße, 世界 🎺 " + "x".repeat(100_000);
        assertEquals(
                text,
                roundTrip(session.createTextMessage(text), TextMessage.class).getText());
        assertEquals(
                "", roundTrip(session.createTextMessage(""), TextMessage.class).getText());
        assertNull(roundTrip(session.createTextMessage(null), TextMessage.class).getText());
    }

    @Test
    @Checklist("11.01")
    void bytesArrive() throws JMSException {
        BytesMessage message = session.createBytesMessage();
        byte[] body = new byte[70_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) i;
        }
        message.writeBytes(body);
        BytesMessage received = roundTrip(message, BytesMessage.class);
        assertEquals(body.length, received.getBodyLength());
        byte[] read = new byte[body.length];
        assertEquals(body.length, received.readBytes(read));
        assertArrayEquals(body, read);
    }

    @Test
    @Checklist("11.01")
    void mapsArrive() throws JMSException {
        MapMessage message = session.createMapMessage();
        message.setInt("int", 7);
        message.setString("text", "seven");
        message.setBytes("bytes", new byte[] {7});
        message.setObject("null", null);
        MapMessage received = roundTrip(message, MapMessage.class);
        assertEquals(7, received.getInt("int"));
        assertEquals("seven", received.getString("text"));
        assertArrayEquals(new byte[] {7}, received.getBytes("bytes"));
        assertTrue(received.itemExists("null"));
        assertNull(received.getObject("null"));
    }

    @Test
    @Checklist("11.01")
    void streamsArrive() throws JMSException {
        StreamMessage message = session.createStreamMessage();
        message.writeLong(Long.MIN_VALUE);
        message.writeString("text");
        message.writeChar('c');
        StreamMessage received = roundTrip(message, StreamMessage.class);
        assertEquals(Long.MIN_VALUE, received.readLong());
        assertEquals("text", received.readString());
        assertEquals('c', received.readChar());
    }

    @Test
    @Checklist("11.01")
    void objectsOfTheJdkArrive() throws JMSException {
        ArrayList<String> list = new ArrayList<>(List.of("a", "b"));
        assertEquals(
                list,
                roundTrip(session.createObjectMessage(list), ObjectMessage.class)
                        .getObject());
    }

    @Test
    @Checklist({"11.01", "10.07", "10.10", "10.19"})
    void propertiesKeepTheirTypes() throws JMSException {
        Message message = session.createMessage();
        message.setBooleanProperty("b", true);
        message.setByteProperty("y", (byte) 1);
        message.setShortProperty("s", (short) 2);
        message.setIntProperty("i", 3);
        message.setLongProperty("l", 4L);
        message.setFloatProperty("f", 5.5f);
        message.setDoubleProperty("d", 6.5);
        message.setStringProperty("t", "text");
        Message received = roundTrip(message, Message.class);
        assertEquals(true, received.getObjectProperty("b"));
        assertEquals((byte) 1, received.getObjectProperty("y"));
        assertEquals((short) 2, received.getObjectProperty("s"));
        assertEquals(3, received.getObjectProperty("i"));
        assertEquals(4L, received.getObjectProperty("l"));
        assertEquals(5.5f, received.getObjectProperty("f"));
        assertEquals(6.5, received.getObjectProperty("d"));
        assertEquals("text", received.getObjectProperty("t"));
        assertEquals(1, received.getIntProperty("JMSXDeliveryCount"));
        assertThrows(MessageNotWriteableException.class, () -> received.setIntProperty("i", 4));
    }

    @Test
    @Checklist({"9.01", "9.05", "9.06", "9.08", "9.09", "9.13", "9.14", "9.15", "9.16"})
    void headersArriveAsTheSenderSeesThem() throws JMSException {
        TextMessage message = session.createTextMessage("x");
        message.setJMSCorrelationID("correlation");
        message.setJMSType("type");
        message.setJMSReplyTo(session.createTopic(name("replies")));
        long before = System.currentTimeMillis();
        producer.send(message, DeliveryMode.NON_PERSISTENT, 7, 60_000);
        long after = System.currentTimeMillis();
        Message received = consumer.receive(COMES_MS);
        assertEquals(queue, received.getJMSDestination());
        assertEquals(DeliveryMode.NON_PERSISTENT, received.getJMSDeliveryMode());
        assertEquals(7, received.getJMSPriority());
        assertEquals("correlation", received.getJMSCorrelationID());
        assertEquals("type", received.getJMSType());
        assertEquals(session.createTopic(name("replies")), received.getJMSReplyTo());
        assertEquals(message.getJMSMessageID(), received.getJMSMessageID());
        assertTrue(received.getJMSMessageID().startsWith("ID:"));
        assertTrue(before <= received.getJMSTimestamp() && received.getJMSTimestamp() <= after);
        assertEquals(received.getJMSTimestamp() + 60_000, received.getJMSExpiration());
        assertEquals(message.getJMSExpiration(), received.getJMSExpiration());
        assertFalse(received.getJMSRedelivered());
    }

    @Test
    @Checklist({"9.06", "10.13", "11.05"})
    void aMessageCanBeSentTwice() throws JMSException {
        TextMessage message = session.createTextMessage("first");
        producer.send(message);
        String firstId = message.getJMSMessageID();
        message.setText("second");
        producer.send(message);
        assertEquals("first", ((TextMessage) consumer.receive(COMES_MS)).getText());
        TextMessage second = (TextMessage) consumer.receive(COMES_MS);
        assertEquals("second", second.getText());
        assertNotEquals(firstId, second.getJMSMessageID());
    }

    @Test
    @Checklist({"9.11", "20.10"})
    void expiredMessagesAreNotSeen() throws JMSException {
        producer.send(session.createTextMessage("short-lived"), DeliveryMode.PERSISTENT, 4, 1);
        producer.send(session.createTextMessage("lasting"));
        // The first has a life of one millisecond, and the second send took a disk sync: by now it is over.
        assertEquals("lasting", ((TextMessage) consumer.receive(COMES_MS)).getText());
        assertNull(consumer.receive(ABSENT_MS));
    }

    @Test
    @Checklist({"9.13", "24.01"})
    void higherPriorityComesFirst() throws JMSException {
        consumer.close();
        for (int priority : new int[] {1, 9, 4, 0, 5}) {
            producer.send(session.createTextMessage("p" + priority), DeliveryMode.PERSISTENT, priority, 0);
        }
        consumer = session.createConsumer(queue);
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            order.add(((TextMessage) consumer.receive(COMES_MS)).getText());
        }
        assertEquals(List.of("p9", "p5", "p4", "p1", "p0"), order);
    }
}
