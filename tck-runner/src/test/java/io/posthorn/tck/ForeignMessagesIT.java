package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages and destinations of other providers: every send takes the first, and refuses the second. */
class ForeignMessagesIT extends ServerTest {

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

    private <M extends Message> M roundTrip(M foreign, Class<M> type) throws JMSException {
        producer.send(foreign);
        return assertInstanceOf(type, consumer.receive(COMES_MS));
    }

    /** Waits for one callback. */
    private static final class Callback implements CompletionListener {

        private final CompletableFuture<Message> message = new CompletableFuture<>();

        @Override
        public void onCompletion(Message sent) {
            message.complete(sent);
        }

        @Override
        public void onException(Message refused, Exception exception) {
            message.completeExceptionally(exception);
        }

        Message await() throws Exception {
            return message.get(COMES_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** The ways to send. */
    enum Way {
        PRODUCER {
            @Override
            void send(Session session, Destination to, Message message) throws JMSException {
                session.createProducer(to).send(message);
            }
        },
        PRODUCER_WITH_SETTINGS {
            @Override
            void send(Session session, Destination to, Message message) throws JMSException {
                session.createProducer(to).send(message, DeliveryMode.NON_PERSISTENT, 5, 0);
            }
        },
        ANONYMOUS_PRODUCER {
            @Override
            void send(Session session, Destination to, Message message) throws JMSException {
                session.createProducer(null).send(to, message);
            }
        },
        ANONYMOUS_PRODUCER_WITH_SETTINGS {
            @Override
            void send(Session session, Destination to, Message message) throws JMSException {
                session.createProducer(null).send(to, message, DeliveryMode.NON_PERSISTENT, 5, 0);
            }
        },
        ASYNCHRONOUS {
            @Override
            void send(Session session, Destination to, Message message) throws Exception {
                Callback callback = new Callback();
                session.createProducer(to).send(message, callback);
                assertSame(message, callback.await());
            }
        },
        ASYNCHRONOUS_ANONYMOUS_WITH_SETTINGS {
            @Override
            void send(Session session, Destination to, Message message) throws Exception {
                Callback callback = new Callback();
                session.createProducer(null).send(to, message, DeliveryMode.PERSISTENT, 5, 0, callback);
                assertSame(message, callback.await());
            }
        };

        abstract void send(Session session, Destination to, Message message) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    @Checklist("15.01")
    void everySendTakesThem(Way way) throws Exception {
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer subscriber = session.createConsumer(topic);
        way.send(session, queue, Foreign.text("to a queue"));
        way.send(session, topic, Foreign.text("to a topic"));
        assertEquals("to a queue", ((TextMessage) consumer.receive(COMES_MS)).getText());
        assertEquals("to a topic", ((TextMessage) subscriber.receive(COMES_MS)).getText());
    }

    @Test
    @Checklist({"15.01", "15.06"})
    void theSimplifiedApiTakesThemToo() throws Exception {
        try (JMSContext context = factory().createContext()) {
            Message plain = Foreign.plain();
            context.createProducer().send(queue, plain);
            Message decorated = Foreign.text("decorated");
            context.createProducer()
                    .setProperty("colour", "red")
                    .setJMSType("t")
                    .send(queue, decorated);
            Callback callback = new Callback();
            Message async = Foreign.text("asynchronous");
            context.createProducer().setAsync(callback).send(queue, async);
            assertSame(async, callback.await());
            Message first = consumer.receive(COMES_MS);
            assertEquals(Foreign.of(plain).headers.get("JMSMessageID"), first.getJMSMessageID());
            Message second = consumer.receive(COMES_MS);
            assertEquals("red", second.getStringProperty("colour"));
            assertEquals("t", second.getJMSType());
            Message third = consumer.receive(COMES_MS);
            assertEquals(Foreign.of(async).headers.get("JMSMessageID"), third.getJMSMessageID());
        }
    }

    @Test
    @Checklist({"15.02", "15.03"})
    void headersAndPropertiesOfTheClientAreCopied() throws JMSException {
        TextMessage foreign = Foreign.text("text");
        Foreign.of(foreign).headers.put("JMSCorrelationID", "correlation");
        Foreign.of(foreign).headers.put("JMSType", "type");
        Foreign.of(foreign).headers.put("JMSReplyTo", queue);
        Map<String, Object> properties = Foreign.of(foreign).properties;
        for (Object value : List.of(true, (byte) 1, (short) 2, 3, 4L, 5.5f, 6.5, "text")) {
            properties.put("p" + properties.size(), value);
        }
        properties.put("nothing", null);
        TextMessage received = roundTrip(foreign, TextMessage.class);
        assertEquals("text", received.getText());
        assertEquals("correlation", received.getJMSCorrelationID());
        assertEquals("type", received.getJMSType());
        assertEquals(queue, received.getJMSReplyTo());
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            assertTrue(received.propertyExists(property.getKey()), property.getKey());
            assertEquals(property.getValue(), received.getObjectProperty(property.getKey()));
        }
        Enumeration<?> all = received.getPropertyNames();
        List<Object> names = new ArrayList<>(Collections.list(all));
        names.removeAll(properties.keySet());
        assertEquals(List.of("JMSXDeliveryCount"), names);
    }

    @Test
    @Checklist({"15.02", "15.05"})
    void bodiesAreCopiedByTheirInterface() throws JMSException {
        assertNull(roundTrip(Foreign.text(null), TextMessage.class).getText());
        assertEquals(
                new Date(5),
                roundTrip(Foreign.object(new Date(5)), ObjectMessage.class).getObject());
        MapMessage map = roundTrip(Foreign.map(Map.of("a", 1, "b", "two")), MapMessage.class);
        assertEquals(Map.of("a", 1, "b", "two"), map.getBody(Map.class));
        assertEquals("", roundTrip(Foreign.text(""), TextMessage.class).getText());
        Message plain = roundTrip(Foreign.plain(), Message.class);
        assertTrue(!(plain instanceof TextMessage) && plain.isBodyAssignableTo(Object.class));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 200_000})
    @Checklist({"15.04", "15.05"})
    void bytesAreResetAndReadToTheirEnd(int length) throws JMSException {
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++) {
            body[i] = (byte) (i * 31);
        }
        BytesMessage received = roundTrip(Foreign.bytes(body), BytesMessage.class);
        assertEquals(length, received.getBodyLength());
        if (length > 0) {
            assertArrayEquals(body, received.getBody(byte[].class));
        }
    }

    @Test
    @Checklist({"15.04", "15.05"})
    void streamsAreResetAndReadToTheirEnd() throws JMSException {
        StreamMessage foreign = Foreign.stream(1, "two", null, new byte[] {4});
        for (int round = 0; round < 2; round++) {
            StreamMessage received = roundTrip(foreign, StreamMessage.class);
            assertEquals(1, received.readObject());
            assertEquals("two", received.readObject());
            assertNull(received.readObject());
            assertArrayEquals(new byte[] {4}, (byte[]) received.readObject());
            assertThrows(MessageEOFException.class, received::readObject);
        }
    }

    @Test
    @Checklist("15.06")
    void whatTheSendSetIsWrittenBack() throws JMSException {
        TextMessage foreign = Foreign.text("text");
        producer.setDeliveryDelay(1);
        producer.send(foreign, DeliveryMode.NON_PERSISTENT, 7, 60_000);
        Message received = consumer.receive(COMES_MS);
        Map<String, Object> headers = Foreign.of(foreign).headers;
        assertEquals(received.getJMSDestination(), headers.get("JMSDestination"));
        assertEquals(DeliveryMode.NON_PERSISTENT, headers.get("JMSDeliveryMode"));
        assertEquals(7, headers.get("JMSPriority"));
        assertEquals(received.getJMSMessageID(), headers.get("JMSMessageID"));
        assertEquals(received.getJMSTimestamp(), headers.get("JMSTimestamp"));
        assertEquals(received.getJMSTimestamp() + 60_000, headers.get("JMSExpiration"));
        assertEquals(received.getJMSTimestamp() + 1, headers.get("JMSDeliveryTime"));
        assertEquals(7, headers.size(), () -> "no others: " + headers);
    }

    @Test
    @Checklist("15.07")
    void whatTheyThrowReachesTheSender() throws JMSException {
        JMSException own = new MessageFormatException("no text today");
        TextMessage text = Foreign.failing(TextMessage.class, "getText", own);
        assertSame(own, assertThrows(JMSException.class, () -> producer.send(text)));
        assertSame(own, assertThrows(JMSException.class, () -> producer.send(text, new Callback())));
        try (JMSContext context = factory().createContext()) {
            JMSProducer sender = context.createProducer();
            MessageFormatRuntimeException twin =
                    assertThrows(MessageFormatRuntimeException.class, () -> sender.send(queue, text));
            assertSame(own, twin.getCause());
        }
        JMSException other = new JMSException("out of order");
        for (Message message : List.of(
                Foreign.failing(BytesMessage.class, "getBodyLength", other),
                Foreign.failing(StreamMessage.class, "readObject", other),
                Foreign.failing(StreamMessage.class, "reset", other),
                Foreign.failing(MapMessage.class, "getMapNames", other),
                Foreign.failing(ObjectMessage.class, "getObject", other),
                Foreign.failing(Message.class, "getPropertyNames", other),
                Foreign.failing(Message.class, "getJMSType", other))) {
            assertSame(other, assertThrows(JMSException.class, () -> producer.send(message)));
        }
        IllegalStateException unchecked = new IllegalStateException("unchecked");
        Message failing = Foreign.failing(Message.class, "getJMSCorrelationID", unchecked);
        assertSame(unchecked, assertThrows(IllegalStateException.class, () -> producer.send(failing)));
        assertNull(consumer.receiveNoWait());
        producer.send(session.createTextMessage("still usable"));
        assertEquals("still usable", ((TextMessage) consumer.receive(COMES_MS)).getText());
    }

    @Test
    @Checklist("15.08")
    void whatNoMessageCanCarryIsAFormatError() throws JMSException {
        for (Message message : List.of(
                Foreign.map(Map.of("v", BigInteger.ONE)),
                Foreign.stream(1, new Date()),
                withProperty("p", BigInteger.ONE))) {
            assertThrows(MessageFormatException.class, () -> producer.send(message));
            assertThrows(MessageFormatException.class, () -> producer.send(message, new Callback()));
        }
        assertThrows(MessageFormatException.class, () -> producer.send((Message) null));
        assertThrows(MessageFormatException.class, () -> producer.send((Message) null, new Callback()));
        try (JMSContext context = factory().createContext()) {
            JMSProducer sender = context.createProducer();
            assertThrows(MessageFormatRuntimeException.class, () -> sender.send(queue, (Message) null));
            assertThrows(MessageFormatRuntimeException.class, () -> sender.send(queue, Foreign.stream(new Date())));
        }
        assertNull(consumer.receiveNoWait());
    }

    private static Message withProperty(String name, Object value) {
        Message message = Foreign.plain();
        Foreign.of(message).properties.put(name, value);
        return message;
    }

    /** A queue of another provider. */
    private static final class ForeignQueue implements Queue {

        @Override
        public String getQueueName() {
            return "elsewhere";
        }
    }

    @Test
    @Checklist("15.09")
    void theirDestinationsAreRefusedAsTargetsAndDroppedAsReplyTo() throws JMSException {
        Queue elsewhere = new ForeignQueue();
        MessageProducer anonymous = session.createProducer(null);
        Message message = session.createMessage();
        assertThrows(InvalidDestinationException.class, () -> session.createProducer(elsewhere));
        assertThrows(InvalidDestinationException.class, () -> session.createConsumer(elsewhere));
        assertThrows(InvalidDestinationException.class, () -> session.createBrowser(elsewhere));
        assertThrows(InvalidDestinationException.class, () -> anonymous.send(elsewhere, message));
        assertThrows(InvalidDestinationException.class, () -> anonymous.send(elsewhere, message, new Callback()));
        try (JMSContext context = factory().createContext()) {
            JMSProducer sender = context.createProducer();
            assertThrows(InvalidDestinationRuntimeException.class, () -> sender.send(elsewhere, "text"));
            assertThrows(InvalidDestinationRuntimeException.class, () -> context.createConsumer(elsewhere));
        }
        TextMessage foreign = Foreign.text("with a reply-to of theirs");
        Foreign.of(foreign).headers.put("JMSReplyTo", elsewhere);
        assertNull(roundTrip(foreign, TextMessage.class).getJMSReplyTo());
    }
}
