package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.message.BodyType;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text of any kind, and objects: when they are serialized, who may read them, and what happens when nobody can. */
class TextAndObjectIT extends ServerTest {

    /** Serializable in name only. */
    private static final class Unfit implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("unused") // it is what makes the object unfit
        private final transient Object harmless = new Object();

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.writeObject(new Object());
        }
    }

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

    private ObjectMessage receiveObject() throws JMSException {
        return assertInstanceOf(ObjectMessage.class, consumer.receive(COMES_MS));
    }

    private JMSContext trusting(String allowed) {
        PosthornConnectionFactory factory = new PosthornConnectionFactory(server.url());
        factory.setObjectMessageAllowList(allowed);
        return factory.createContext();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u0000", "\uD83C\uDFBA", "\uFFFD", "\uFFFF\u0800\u07FF\u0080\u007F", "z\u0308"})
    @Checklist("12.01")
    void textOfAnyKindArrivesAsItWas(String text) throws JMSException {
        producer.send(session.createTextMessage(text));
        assertEquals(text, ((TextMessage) consumer.receive(COMES_MS)).getText());
    }

    @Test
    @Checklist("12.01")
    void textIsNotLimitedToWhatWriteUtfTakes() throws JMSException {
        String text = "\u4E16".repeat(100_000);
        producer.send(session.createTextMessage(text));
        assertEquals(text, ((TextMessage) consumer.receive(COMES_MS)).getText());
    }

    @Test
    @Checklist({"12.01", "11.01"})
    void halfASurrogatePairArrivesAsItWasSent() throws JMSException {
        String text = "half \uD83C, other half \uDFBA, both \uD83C\uDFBA?";
        TextMessage sent = session.createTextMessage(text);
        sent.setStringProperty("text", text);
        sent.setJMSType(text);
        producer.send(sent);
        TextMessage received = (TextMessage) consumer.receive(COMES_MS);
        assertEquals(text, received.getText());
        assertEquals(text, received.getStringProperty("text"));
        assertEquals(text, received.getJMSType());
        MapMessage map = session.createMapMessage();
        map.setString(text, text);
        producer.send(map);
        assertEquals(text, ((MapMessage) consumer.receive(COMES_MS)).getString(text));
        StreamMessage stream = session.createStreamMessage();
        stream.writeString(text);
        producer.send(stream);
        assertEquals(text, ((StreamMessage) consumer.receive(COMES_MS)).readString());
    }

    @Test
    @Checklist("12.02")
    void anObjectIsSerializedWhenItIsSet() throws JMSException {
        ArrayList<String> list = new ArrayList<>(List.of("at first"));
        ObjectMessage set = session.createObjectMessage();
        set.setObject(list);
        ObjectMessage created = session.createObjectMessage(list);
        list.add("later");
        producer.send(set);
        producer.send(created);
        assertEquals(List.of("at first"), receiveObject().getObject());
        assertEquals(List.of("at first"), receiveObject().getObject());
        assertEquals(List.of("at first"), set.getObject());
    }

    @Test
    @Checklist("12.02")
    void whatCannotBeSerializedIsRefusedAtOnce() throws JMSException {
        ObjectMessage message = session.createObjectMessage("before");
        assertThrows(MessageFormatException.class, () -> message.setObject(new Unfit()));
        assertThrows(MessageFormatException.class, () -> session.createObjectMessage(new Unfit()));
        assertEquals("before", message.getObject());
        try (JMSContext context = factory().createContext()) {
            JMSProducer sender = context.createProducer();
            assertThrows(MessageFormatRuntimeException.class, () -> context.createObjectMessage(new Unfit()));
            assertThrows(MessageFormatRuntimeException.class, () -> sender.send(queue, new Unfit()));
        }
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist("12.03")
    void aClassThatIsNotAllowedIsNamedTogetherWithTheOption() throws JMSException {
        producer.send(session.createObjectMessage(new Parcel("Ulm", 250)));
        ObjectMessage received = receiveObject();
        MessageFormatException refused = assertThrows(MessageFormatException.class, received::getObject);
        assertTrue(refused.getMessage().contains(Parcel.class.getName()), refused.getMessage());
        assertTrue(refused.getMessage().contains("objectMessageAllowList"), refused.getMessage());
        assertThrows(MessageFormatException.class, () -> received.getBody(Parcel.class));
        assertFalse(received.isBodyAssignableTo(Parcel.class));
    }

    @Test
    @Checklist("12.03")
    void aRefusedObjectStaysInTheQueueForWhoMayReadIt() throws JMSException {
        consumer.close();
        producer.send(session.createObjectMessage(new Parcel("Ulm", 250)));
        try (JMSContext strict = factory().createContext()) {
            JMSConsumer receiver = strict.createConsumer(queue);
            assertThrows(MessageFormatRuntimeException.class, () -> receiver.receiveBody(Serializable.class, COMES_MS));
        }
        try (JMSContext allowed = trusting("java.awt.*, " + Parcel.class.getName())) {
            JMSConsumer receiver = allowed.createConsumer(queue);
            assertEquals(new Parcel("Ulm", 250), receiver.receiveBody(Parcel.class, COMES_MS));
            assertNull(receiver.receiveNoWait());
        }
    }

    @Test
    @Checklist("12.03")
    void anElementThatIsNotAllowedIsFoundInsideWhatIs() throws JMSException {
        producer.send(session.createObjectMessage(new ArrayList<>(List.of(new Date(0), new Parcel("Ulm", 250)))));
        MessageFormatException refused = assertThrows(MessageFormatException.class, receiveObject()::getObject);
        assertTrue(refused.getMessage().contains(Parcel.class.getName()), refused.getMessage());
        producer.send(session.createObjectMessage(new ArrayList<>(List.of(new Date(0), 1, "text", new int[2]))));
        assertEquals(4, ((List<?>) receiveObject().getObject()).size());
    }

    @Test
    @Checklist("12.03")
    void aClassThatIsNotThereIsAFormatError() throws Exception {
        String known = Parcel.class.getName();
        String unknown = known.substring(0, known.length() - 1) + "x";
        byte[] body = new String(serialized(new Parcel("Ulm", 250)), StandardCharsets.ISO_8859_1)
                .replace(known, unknown)
                .getBytes(StandardCharsets.ISO_8859_1);
        try (RawSender raw = new RawSender(server);
                JMSContext context = trusting("*")) {
            assertNull(raw.send(RawSender.message(queue.getQueueName(), BodyType.OBJECT, body)));
            consumer.close();
            ObjectMessage received =
                    (ObjectMessage) context.createConsumer(queue).receive(COMES_MS);
            MessageFormatException failed = assertThrows(MessageFormatException.class, received::getObject);
            assertInstanceOf(ClassNotFoundException.class, failed.getCause());
            assertSame(failed.getCause(), failed.getLinkedException());
            assertTrue(failed.getMessage().contains(unknown), failed.getMessage());
        }
    }

    private static byte[] serialized(Serializable object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    @Test
    @Checklist("12.03")
    void classesComeFromTheContextClassLoader() throws Exception {
        consumer.close();
        producer.send(session.createObjectMessage(new Parcel("Ulm", 250)));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (OwnParcels loader = new OwnParcels();
                JMSContext context = trusting(Parcel.class.getName())) {
            ObjectMessage received =
                    (ObjectMessage) context.createConsumer(queue).receive(COMES_MS);
            Thread.currentThread().setContextClassLoader(loader);
            Object parcel = received.getObject();
            assertSame(loader, parcel.getClass().getClassLoader());
            assertEquals(new Parcel("Ulm", 250).toString(), parcel.toString());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** Defines the class for itself, as an application server does. */
    private static final class OwnParcels extends URLClassLoader {

        OwnParcels() {
            super(new URL[] {Parcel.class.getProtectionDomain().getCodeSource().getLocation()});
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Parcel.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known == null ? findClass(name) : known;
            }
        }
    }

    @Test
    @Checklist("12.04")
    void everyGetGivesACopyOfItsOwn() throws JMSException {
        ObjectMessage sent = session.createObjectMessage(new ArrayList<>(List.of("a")));
        producer.send(sent);
        ObjectMessage received = receiveObject();
        for (ObjectMessage message : List.of(sent, received)) {
            List<?> first = (List<?>) message.getObject();
            first.clear();
            Object second = message.getObject();
            assertNotSame(first, second);
            assertNotEquals(first, second);
            assertEquals(List.of("a"), second);
            assertEquals(List.of("a"), message.getBody(List.class));
        }
    }
}
