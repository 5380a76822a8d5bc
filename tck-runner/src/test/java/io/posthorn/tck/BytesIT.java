package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes: modes, ends, arrays, modified UTF-8, and the state after a send. */
class BytesIT extends ServerTest {

    private Session session;
    private MessageProducer producer;
    private MessageConsumer consumer;

    @BeforeEach
    void open() throws JMSException {
        session = connect().createSession();
        producer = session.createProducer(session.createQueue(name("queue")));
        consumer = session.createConsumer(session.createQueue(name("queue")));
    }

    private BytesMessage roundTrip(BytesMessage message) throws JMSException {
        producer.send(message);
        return assertInstanceOf(BytesMessage.class, consumer.receive(COMES_MS));
    }

    private BytesMessage received(int... bytes) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        for (int b : bytes) {
            message.writeByte((byte) b);
        }
        return roundTrip(message);
    }

    private static List<Executable> readers(BytesMessage message) {
        return List.of(
                message::readBoolean,
                message::readByte,
                message::readUnsignedByte,
                message::readShort,
                message::readUnsignedShort,
                message::readChar,
                message::readInt,
                message::readLong,
                message::readFloat,
                message::readDouble,
                message::readUTF);
    }

    private static List<Executable> writers(BytesMessage message) {
        return List.of(
                () -> message.writeBoolean(true),
                () -> message.writeByte((byte) 1),
                () -> message.writeShort((short) 1),
                () -> message.writeChar('c'),
                () -> message.writeInt(1),
                () -> message.writeLong(1),
                () -> message.writeFloat(1),
                () -> message.writeDouble(1),
                () -> message.writeUTF("v"),
                () -> message.writeBytes(new byte[1]),
                () -> message.writeBytes(new byte[1], 0, 1),
                () -> message.writeObject(1));
    }

    @Test
    @Checklist({"14.01", "14.02"})
    void aNewMessageIsWrittenAndAReceivedOneRead() throws JMSException {
        BytesMessage sent = session.createBytesMessage();
        for (Executable reader : readers(sent)) {
            assertThrows(MessageNotReadableException.class, reader);
        }
        assertThrows(MessageNotReadableException.class, () -> sent.readBytes(new byte[1]));
        assertThrows(MessageNotReadableException.class, () -> sent.readBytes(new byte[1], 1));
        assertThrows(MessageNotReadableException.class, sent::getBodyLength);
        sent.writeInt(7);
        BytesMessage received = roundTrip(sent);
        for (Executable writer : writers(received)) {
            assertThrows(MessageNotWriteableException.class, writer);
        }
        assertEquals(7, received.readInt());
        received.clearBody();
        assertThrows(MessageNotReadableException.class, received::readInt);
        assertThrows(MessageNotReadableException.class, received::getBodyLength);
        received.writeInt(8);
        assertEquals(8, roundTrip(received).readInt());
    }

    @Test
    @Checklist({"14.01", "14.09"})
    void theEndIsReportedAndAHalfValueStaysReadable() throws JMSException {
        BytesMessage empty = received();
        for (Executable reader : readers(empty)) {
            assertThrows(MessageEOFException.class, reader);
        }
        // A length of 5 for a text, and one byte too few.
        BytesMessage half = received(0, 5, 'a', 'b', 'c');
        half.readByte();
        assertThrows(MessageEOFException.class, half::readDouble);
        assertThrows(MessageEOFException.class, half::readLong);
        half.reset();
        assertThrows(MessageEOFException.class, half::readUTF);
        assertEquals(5, half.readShort());
        assertThrows(MessageEOFException.class, half::readInt);
        assertEquals('a', half.readByte());
        assertEquals(('b' << 8) + 'c', half.readUnsignedShort());
        assertThrows(MessageEOFException.class, half::readByte);
    }

    @Test
    @Checklist("14.02")
    void theLengthDoesNotDependOnThePosition() throws JMSException {
        BytesMessage message = received(1, 2, 3);
        assertEquals(3, message.getBodyLength());
        message.readShort();
        assertEquals(3, message.getBodyLength());
        message.readByte();
        assertEquals(3, message.getBodyLength());
        message.reset();
        assertEquals(1, message.readByte());
        BytesMessage own = session.createBytesMessage();
        own.writeUTF("four");
        own.reset();
        assertEquals(6, own.getBodyLength());
        assertEquals(0, received().getBodyLength());
    }

    @Test
    @Checklist("14.03")
    void arraysAreFilledToTheEnd() throws JMSException {
        BytesMessage message = received(1, 2, 3, 4, 5);
        byte[] two = new byte[2];
        assertEquals(2, message.readBytes(two));
        assertArrayEquals(new byte[] {1, 2}, two);
        assertEquals(1, message.readBytes(two, 1));
        assertArrayEquals(new byte[] {3, 2}, two);
        assertEquals(2, message.readBytes(new byte[9]));
        assertEquals(-1, message.readBytes(two));
        assertEquals(-1, message.readBytes(two, 1));
        assertEquals(-1, received().readBytes(two));
    }

    @Test
    @Checklist("14.04")
    void lengthsOutOfBoundsReadNothing() throws JMSException {
        BytesMessage message = received(1, 2, 3);
        assertThrows(IndexOutOfBoundsException.class, () -> message.readBytes(new byte[2], -1));
        assertThrows(IndexOutOfBoundsException.class, () -> message.readBytes(new byte[2], 3));
        assertEquals(0, message.readBytes(new byte[2], 0));
        assertEquals(1, message.readByte());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "\u0000", "\u007F\u0080\u07FF\u0800\uFFFF", "\uD83C\uDFBA", "\uDFBA alone"})
    @Checklist("14.05")
    void textTravelsInModifiedUtf8(String text) throws Exception {
        BytesMessage message = session.createBytesMessage();
        message.writeUTF(text);
        BytesMessage received = roundTrip(message);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        new DataOutputStream(expected).writeUTF(text);
        assertArrayEquals(expected.toByteArray(), received.getBody(byte[].class));
        assertEquals(text, received.readUTF());
    }

    @Test
    @Checklist({"14.05", "14.09"})
    void textThatIsMalformedIsRefusedAndStaysThere() throws JMSException {
        for (int[] body : new int[][] {{0, 1, 0xff}, {0, 2, 0xc3, 0x28}, {0, 2, 0xe4, 0xb8}, {0, 1, 0x80}}) {
            BytesMessage message = received(body);
            assertThrows(MessageFormatException.class, message::readUTF);
            assertEquals(body[1], message.readShort());
            assertEquals(body[2], message.readUnsignedByte());
        }
        BytesMessage message = session.createBytesMessage();
        message.writeByte((byte) 1);
        assertThrows(MessageFormatException.class, () -> message.writeUTF("x".repeat(65_536)));
        BytesMessage received = roundTrip(message);
        assertEquals(1, received.getBodyLength());
    }

    @Test
    @Checklist("14.06")
    void objectsAreWrittenAsTheirTypes() throws JMSException {
        BytesMessage message = session.createBytesMessage();
        for (Object value : new Object[] {true, (byte) 1, (short) 2, 'c', 4, 5L, 6.5f, 7.5, "text", new byte[] {8}}) {
            message.writeObject(value);
        }
        for (Object value : new Object[] {BigDecimal.ONE, new Object(), new int[1], List.of()}) {
            assertThrows(MessageFormatException.class, () -> message.writeObject(value));
        }
        assertThrows(NullPointerException.class, () -> message.writeObject(null));
        BytesMessage received = roundTrip(message);
        assertEquals(true, received.readBoolean());
        assertEquals(1, received.readByte());
        assertEquals(2, received.readShort());
        assertEquals('c', received.readChar());
        assertEquals(4, received.readInt());
        assertEquals(5, received.readLong());
        assertEquals(6.5f, received.readFloat());
        assertEquals(7.5, received.readDouble());
        assertEquals("text", received.readUTF());
        assertEquals(8, received.readByte());
        assertThrows(MessageEOFException.class, received::readByte);
    }

    @Test
    @Checklist({"14.08", "14.01"})
    void afterASynchronousSendTheMessageIsStillWritten() throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeByte((byte) 1);
        assertEquals(1, roundTrip(message).getBodyLength());
        assertThrows(MessageNotReadableException.class, message::readByte);
        message.writeByte((byte) 2);
        assertArrayEquals(new byte[] {1, 2}, roundTrip(message).getBody(byte[].class));
        try (JMSContext context = factory().createContext()) {
            BytesMessage other = context.createBytesMessage();
            other.writeByte((byte) 1);
            context.createProducer().send(context.createQueue(name("queue")), other);
            other.writeByte((byte) 2);
            assertEquals(1, ((BytesMessage) consumer.receive(COMES_MS)).getBodyLength());
        }
    }

    /** Completes with what the callback was given. */
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

    @Test
    @Checklist("14.08")
    void afterAnAsynchronousSendBytesAndStreamsAreReset() throws Exception {
        BytesMessage bytes = session.createBytesMessage();
        bytes.writeInt(7);
        Callback ofBytes = new Callback();
        producer.send(bytes, ofBytes);
        assertSame(bytes, ofBytes.await());
        assertEquals(7, bytes.readInt());
        assertThrows(MessageNotWriteableException.class, () -> bytes.writeInt(8));
        StreamMessage stream = session.createStreamMessage();
        stream.writeString("seven");
        Callback ofStream = new Callback();
        producer.send(stream, ofStream);
        assertSame(stream, ofStream.await());
        assertEquals("seven", stream.readString());
        assertThrows(MessageNotWriteableException.class, () -> stream.writeInt(8));
        assertEquals(7, ((BytesMessage) consumer.receive(COMES_MS)).readInt());
        assertEquals("seven", ((StreamMessage) consumer.receive(COMES_MS)).readString());
        assertNull(consumer.receiveNoWait());
    }
}
