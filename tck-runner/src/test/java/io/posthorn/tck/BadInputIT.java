package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.BodyType;
import io.posthorn.message.EncodedMessage;
import io.posthorn.provider.ProviderException;
import jakarta.jms.BytesMessage;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
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
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other clients may write, and what applications may try: a named exception, nothing lost, and the session goes on. */
class BadInputIT extends ServerTest {

    private Session session;
    private Queue queue;
    private MessageProducer producer;
    private RawSender raw;

    @BeforeEach
    void open() throws JMSException {
        session = connect().createSession();
        queue = session.createQueue(name("queue"));
        producer = session.createProducer(queue);
        raw = new RawSender(server);
    }

    @AfterEach
    void closeRaw() {
        raw.close();
    }

    /** A body that is not what its type says. */
    enum Broken {
        TEXT_NOT_UTF8(BodyType.TEXT, "61 ff 62"),
        TEXT_CUT_SHORT(BodyType.TEXT, "61 e4 b8"),
        MAP_COUNT_TOO_LARGE(BodyType.MAP, "05 01 61 00"),
        MAP_UNKNOWN_TAG(BodyType.MAP, "01 01 61 4d"),
        MAP_VALUE_CUT_SHORT(BodyType.MAP, "01 01 61 06 00 00"),
        MAP_NAME_NOT_UTF8(BodyType.MAP, "01 01 c3 00"),
        MAP_TEXT_NOT_UTF8(BodyType.MAP, "01 01 61 09 01 ff"),
        STREAM_UNKNOWN_TAG(BodyType.STREAM, "4d"),
        STREAM_VALUE_CUT_SHORT(BodyType.STREAM, "05 00 00"),
        STREAM_LENGTH_TOO_LARGE(BodyType.STREAM, "0a ff ff ff 7f 00"),
        STREAM_TEXT_NOT_UTF8(BodyType.STREAM, "09 02 c3 28"),
        OBJECT_NONE(BodyType.OBJECT, ""),
        OBJECT_GARBAGE(BodyType.OBJECT, "de ad be ef"),
        OBJECT_CUT_SHORT(BodyType.OBJECT, "ac ed 00 05 74 00 09 61");

        private final BodyType type;
        private final byte[] body;

        Broken(BodyType type, String hex) {
            this.type = type;
            this.body = HexFormat.of().parseHex(hex.replace(" ", ""));
        }

        EncodedMessage to(Queue queue) throws JMSException {
            return RawSender.message(queue.getQueueName(), type, body);
        }
    }

    private static List<Executable> readers(Message message) {
        if (message instanceof TextMessage text) {
            return List.of(text::getText, () -> text.getBody(String.class));
        }
        if (message instanceof MapMessage map) {
            return List.of(
                    () -> map.getObject("a"),
                    () -> map.getInt("a"),
                    map::getMapNames,
                    () -> map.itemExists("a"),
                    () -> map.getBody(Map.class));
        }
        if (message instanceof StreamMessage stream) {
            return List.of(
                    stream::readObject,
                    stream::readString,
                    stream::readInt,
                    () -> stream.readBytes(new byte[8]),
                    stream::readObject);
        }
        ObjectMessage object = assertInstanceOf(ObjectMessage.class, message);
        return List.of(object::getObject, () -> object.getBody(Object.class));
    }

    @ParameterizedTest
    @EnumSource
    @Checklist({"12.03", "22.06"})
    void aBrokenBodyIsAFormatErrorToWhoReadsIt(Broken broken) throws JMSException {
        MessageConsumer consumer = session.createConsumer(queue, "colour = 'red' OR after");
        assertNull(raw.send(broken.to(queue)));
        Message received = consumer.receive(COMES_MS);
        assertEquals("red", received.getStringProperty("colour"));
        for (Executable reader : readers(received)) {
            MessageFormatException refused = assertThrows(MessageFormatException.class, reader);
            assertNotNull(refused.getCause(), "a cause");
        }
        received.clearBody();
        producer.send(received);
        assertNotNull(consumer.receive(COMES_MS), "written anew it can be sent");
        producer.send(withProperty("after", true));
        assertTrue(consumer.receive(COMES_MS).getBooleanProperty("after"));
        assertNull(consumer.receiveNoWait());
    }

    private Message withProperty(String name, boolean value) throws JMSException {
        Message message = session.createMessage();
        message.setBooleanProperty(name, value);
        return message;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "STREAM.*")
    @Checklist("22.06")
    void receiveBodyLeavesABrokenBodyWhereItIs(Broken broken) throws JMSException {
        assertNull(raw.send(broken.to(queue)));
        try (JMSContext context = factory().createContext()) {
            JMSConsumer consumer = context.createConsumer(queue);
            Class<?> type = switch (broken.type) {
                case TEXT -> String.class;
                case MAP -> Map.class;
                default -> Serializable.class;
            };
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThrows(MessageFormatRuntimeException.class, () -> consumer.receiveBody(type, COMES_MS));
            }
            Message still = consumer.receive(COMES_MS);
            assertEquals("red", still.getStringProperty("colour"));
            assertFalse(still.getJMSRedelivered());
            assertNull(consumer.receiveNoWait());
        }
    }

    @Test
    @Checklist("22.06")
    void aListenerAndABrowserGoOnBehindABrokenBody() throws Exception {
        List<Broken> all = List.of(Broken.values());
        for (Broken broken : all) {
            assertNull(raw.send(broken.to(queue)));
        }
        producer.send(session.createTextMessage("good"));
        Enumeration<?> browsed = session.createBrowser(queue).getEnumeration();
        assertEquals(all.size() + 1, Collections.list(browsed).size());
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch heard = new CountDownLatch(all.size() + 1);
        session.createConsumer(queue).setMessageListener(message -> {
            try {
                readers(message).get(0).execute();
                seen.add("read");
            } catch (MessageFormatException expected) {
                seen.add("refused");
            } catch (Throwable other) {
                seen.add(other.toString());
            }
            heard.countDown();
        });
        assertTrue(heard.await(COMES_MS, TimeUnit.MILLISECONDS));
        List<String> expected = new ArrayList<>(Collections.nCopies(all.size(), "refused"));
        expected.add("read");
        assertEquals(expected, seen);
    }

    @Test
    void aStreamIsReadUpToItsDamage() throws JMSException {
        byte[] body = HexFormat.of().parseHex("090261620500");
        assertNull(raw.send(RawSender.message(queue.getQueueName(), BodyType.STREAM, body)));
        StreamMessage stream = (StreamMessage) session.createConsumer(queue).receive(COMES_MS);
        for (int round = 0; round < 2; round++) {
            assertEquals("ab", stream.readString());
            assertThrows(MessageFormatException.class, stream::readInt);
            assertThrows(MessageFormatException.class, stream::readObject);
            stream.reset();
        }
    }

    @Test
    void bytesAreNeverBroken() throws JMSException {
        byte[] body = {(byte) 0xff, 0, 9};
        assertNull(raw.send(RawSender.message(queue.getQueueName(), BodyType.BYTES, body)));
        BytesMessage received = (BytesMessage) session.createConsumer(queue).receive(COMES_MS);
        assertThrows(MessageEOFException.class, received::readUTF);
        assertEquals(3, received.getBodyLength());
    }

    @Test
    void aBrokenHeadIsRefusedByTheBroker() throws JMSException {
        EncodedMessage good = RawSender.message(queue.getQueueName(), BodyType.NONE, new byte[0]);
        // The value of the last property: text with a length, its tag before it.
        int tagAt = good.headLength() - "red".length() - 2;
        assertEquals(9, good.bytes()[tagAt]);
        for (int tag : new int[] {77, 6, 10}) {
            byte[] bytes = good.bytes().clone();
            bytes[tagAt] = (byte) tag;
            bytes[tagAt + 1] = 100;
            ProviderException refused = raw.send(EncodedMessage.wrap(bytes));
            assertNotNull(refused, "taken");
            assertEquals(ProviderException.Kind.INVALID_MESSAGE, refused.kind());
        }
        assertNull(raw.send(good), "the connection goes on");
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals("red", consumer.receive(COMES_MS).getStringProperty("colour"));
        assertNull(consumer.receiveNoWait());
    }

    @Test
    void anOversizedMessageIsRefusedAndTheSessionGoesOn() throws JMSException {
        MessageConsumer consumer = session.createConsumer(queue);
        BytesMessage huge = session.createBytesMessage();
        // More than maxMessageSize, 100 MiB.
        for (int mebibytes = 0; mebibytes < 101; mebibytes++) {
            huge.writeBytes(new byte[1 << 20]);
        }
        JMSException refused = assertThrows(JMSException.class, () -> producer.send(huge));
        assertTrue(refused.getMessage().contains("bytes"), refused.toString());
        Message heavy = session.createMessage();
        heavy.setStringProperty("p", "x".repeat(17 << 20));
        assertThrows(JMSException.class, () -> producer.send(heavy));
        producer.send(session.createTextMessage("goes on"));
        assertEquals("goes on", ((TextMessage) consumer.receive(COMES_MS)).getText());
        assertNull(consumer.receiveNoWait());
        TextMessage large = session.createTextMessage("y".repeat(3 << 20));
        producer.send(large);
        assertEquals(
                3 << 20, ((TextMessage) consumer.receive(COMES_MS)).getText().length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "NOT ", "-", "a = 1 OR "})
    @Checklist("16.02")
    void endlessSelectorsAreRefused(String part) throws JMSException {
        for (int count : new int[] {250, 20_000}) {
            String selector = part.repeat(count) + (part.endsWith("OR ") && count < 1_000 ? "(" : "a");
            assertThrows(InvalidSelectorException.class, () -> session.createConsumer(queue, selector), part);
        }
        assertNull(session.createConsumer(queue, "a = 1").receiveNoWait());
    }

    @Test
    void textOfAForeignClientIsTakenAsItIs() throws JMSException {
        byte[] body = "\u4E16 \uD83C\uDFBA \uFFFD".getBytes(StandardCharsets.UTF_8);
        assertNull(raw.send(RawSender.message(queue.getQueueName(), BodyType.TEXT, body)));
        TextMessage received = (TextMessage) session.createConsumer(queue).receive(COMES_MS);
        assertEquals("\u4E16 \uD83C\uDFBA \uFFFD", received.getText());
    }
}
