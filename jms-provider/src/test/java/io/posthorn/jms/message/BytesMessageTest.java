package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.EncodedMessage;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.MessageNotWriteableException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BytesMessageTest {

    private static PosthornBytesMessage full() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        message.writeBoolean(true);
        message.writeByte((byte) -1);
        message.writeShort((short) -2);
        message.writeChar('ü');
        message.writeInt(-3);
        message.writeLong(-4);
        message.writeFloat(1.5f);
        message.writeDouble(2.5);
        message.writeUTF("a\u0000ü€\uD83D\uDE00");
        message.writeBytes(new byte[] {1, 2, 3});
        message.writeBytes(new byte[] {4, 5, 6, 7}, 1, 2);
        return message;
    }

    private static void assertFull(BytesMessage message) throws JMSException {
        assertTrue(message.readBoolean());
        assertEquals(-1, message.readByte());
        assertEquals(-2, message.readShort());
        assertEquals('ü', message.readChar());
        assertEquals(-3, message.readInt());
        assertEquals(-4, message.readLong());
        assertEquals(1.5f, message.readFloat());
        assertEquals(2.5, message.readDouble());
        assertEquals("a\u0000ü€\uD83D\uDE00", message.readUTF());
        byte[] rest = new byte[5];
        assertEquals(5, message.readBytes(rest));
        assertArrayEquals(new byte[] {1, 2, 3, 5, 6}, rest);
        assertEquals(-1, message.readBytes(rest));
    }

    private static List<Executable> reads(BytesMessage message) {
        return List.of(
                message::getBodyLength,
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
                message::readUTF,
                () -> message.readBytes(new byte[1]),
                () -> message.readBytes(new byte[1], 1));
    }

    private static List<Executable> writes(BytesMessage message) {
        return List.of(
                () -> message.writeBoolean(true),
                () -> message.writeByte((byte) 1),
                () -> message.writeShort((short) 1),
                () -> message.writeChar('1'),
                () -> message.writeInt(1),
                () -> message.writeLong(1),
                () -> message.writeFloat(1),
                () -> message.writeDouble(1),
                () -> message.writeUTF("1"),
                () -> message.writeBytes(new byte[1]),
                () -> message.writeBytes(new byte[1], 0, 1),
                () -> message.writeObject(1));
    }

    @Test
    void everythingWrittenIsRead() throws JMSException {
        PosthornBytesMessage message = full();
        PosthornBytesMessage received = Sent.received(message);
        assertFull(received);
        received.reset();
        assertFull(received);
        message.reset();
        assertFull(message);
    }

    @Test
    void theBytesAreThoseOfDataOutput() throws Exception {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(expected)) {
            out.writeBoolean(true);
            out.writeByte(-1);
            out.writeShort(-2);
            out.writeChar('ü');
            out.writeInt(-3);
            out.writeLong(-4);
            out.writeFloat(1.5f);
            out.writeDouble(2.5);
            out.writeUTF("a\u0000ü€\uD83D\uDE00");
            out.write(new byte[] {1, 2, 3, 5, 6});
        }
        assertArrayEquals(expected.toByteArray(), Sent.send(full()).body());
    }

    @Test
    void aNewMessageIsWriteOnlyAndAResetOrReceivedOneReadOnly() throws JMSException {
        PosthornBytesMessage message = full();
        for (Executable read : reads(message)) {
            assertThrows(MessageNotReadableException.class, read);
        }
        message.reset();
        PosthornBytesMessage received = Sent.received(message);
        for (PosthornBytesMessage each : List.of(message, received)) {
            for (Executable write : writes(each)) {
                assertThrows(MessageNotWriteableException.class, write);
            }
            assertFull(each);
            each.clearBody();
            for (Executable read : reads(each)) {
                assertThrows(MessageNotReadableException.class, read);
            }
            for (Executable write : writes(each)) {
                runs(write);
            }
            each.reset();
            assertEquals(1 + 1 + 2 + 2 + 4 + 8 + 4 + 8 + 3 + 1 + 1 + 4, each.getBodyLength());
        }
    }

    private static void runs(Executable code) {
        try {
            code.execute();
        } catch (Throwable wrong) {
            throw new AssertionError(wrong);
        }
    }

    @Test
    void bodyLengthDoesNotDependOnThePosition() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        message.reset();
        assertEquals(0, message.getBodyLength());
        message.clearBody();
        message.writeLong(1);
        message.reset();
        message.readInt();
        assertEquals(8, message.getBodyLength());
        PosthornBytesMessage received = Sent.received(message);
        received.readShort();
        assertEquals(8, received.getBodyLength());
    }

    @Test
    void endsAreReportedAndDoNotMove() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        message.writeByte((byte) 0);
        PosthornBytesMessage received = Sent.received(message);
        List<Executable> tooLong = List.of(
                received::readShort,
                received::readUnsignedShort,
                received::readChar,
                received::readInt,
                received::readLong,
                received::readFloat,
                received::readDouble,
                received::readUTF);
        for (Executable read : tooLong) {
            assertThrows(MessageEOFException.class, read);
        }
        assertEquals(0, received.readByte());
        for (Executable read :
                List.<Executable>of(received::readByte, received::readBoolean, received::readUnsignedByte)) {
            assertThrows(MessageEOFException.class, read);
        }
    }

    @Test
    void readBytesIntoBuffers() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        message.writeBytes(new byte[] {1, 2, 3, 4, 5});
        PosthornBytesMessage received = Sent.received(message);
        byte[] buffer = new byte[3];
        assertEquals(3, received.readBytes(buffer));
        assertArrayEquals(new byte[] {1, 2, 3}, buffer);
        assertThrows(IndexOutOfBoundsException.class, () -> received.readBytes(buffer, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> received.readBytes(buffer, 4));
        assertEquals(0, received.readBytes(buffer, 0));
        assertEquals(1, received.readBytes(buffer, 1));
        assertEquals(4, buffer[0]);
        assertEquals(1, received.readBytes(buffer));
        assertEquals(5, buffer[0]);
        assertEquals(-1, received.readBytes(buffer));
        assertEquals(-1, received.readBytes(buffer, 2));
    }

    @Test
    void unsignedReads() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        message.writeByte((byte) 0xfe);
        message.writeShort((short) 0xfffd);
        PosthornBytesMessage received = Sent.received(message);
        assertEquals(0xfe, received.readUnsignedByte());
        assertEquals(0xfffd, received.readUnsignedShort());
    }

    @Test
    void malformedTextIsAFormatErrorAndDoesNotMove() throws JMSException {
        byte[][] wrong = {
            {(byte) 0x80}, {(byte) 0xc3}, {(byte) 0xc3, 'a'}, {(byte) 0xe2, (byte) 0x82}, {(byte) 0xf0, 1, 2, 3}
        };
        for (byte[] bytes : wrong) {
            PosthornBytesMessage message = new PosthornBytesMessage();
            message.writeShort((short) bytes.length);
            message.writeBytes(bytes);
            PosthornBytesMessage received = Sent.received(message);
            assertThrows(MessageFormatException.class, received::readUTF, Arrays.toString(bytes));
            assertEquals(bytes.length, received.readShort());
        }
        PosthornBytesMessage cut = new PosthornBytesMessage();
        cut.writeShort((short) 5);
        cut.writeByte((byte) 'a');
        PosthornBytesMessage received = Sent.received(cut);
        assertThrows(MessageEOFException.class, received::readUTF);
        assertEquals(5, received.readShort());
    }

    @Test
    void utfHasALimitOf65535Bytes() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        String longest = "x".repeat(65_535);
        message.writeUTF(longest);
        assertThrows(MessageFormatException.class, () -> message.writeUTF(longest + "x"));
        assertThrows(MessageFormatException.class, () -> message.writeUTF("ü".repeat(32_768)));
        PosthornBytesMessage received = Sent.received(message);
        assertEquals(65_537, received.getBodyLength());
        assertEquals(longest, received.readUTF());
    }

    @Test
    void writeObjectTakesTheTypesOfTheOtherWrites() throws JMSException, IOException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        Object[] values = {
            true, (byte) -1, (short) -2, 'ü', -3, -4L, 1.5f, 2.5, "a\u0000ü€\uD83D\uDE00", new byte[] {1, 2, 3, 5, 6}
        };
        for (Object value : values) {
            message.writeObject(value);
        }
        assertFull(Sent.received(message));
        for (Object wrong : new Object[] {new Date(), List.of(), new int[1], new Object()}) {
            assertThrows(MessageFormatException.class, () -> message.writeObject(wrong));
        }
    }

    @Test
    void nullsAreNullPointers() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        assertThrows(NullPointerException.class, () -> message.writeObject(null));
        assertThrows(NullPointerException.class, () -> message.writeUTF(null));
        assertThrows(NullPointerException.class, () -> message.writeBytes(null));
        assertThrows(NullPointerException.class, () -> message.writeBytes(null, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> message.writeBytes(new byte[2], 1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> message.writeBytes(new byte[2], -1, 2));
        message.reset();
        assertThrows(NullPointerException.class, () -> message.readBytes(null));
    }

    @Test
    void theSenderGoesOnWritingAfterASend() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        byte[] source = {1, 2};
        message.writeBytes(source);
        source[0] = 9;
        EncodedMessage first = Sent.send(message);
        message.writeByte((byte) 3);
        EncodedMessage second = Sent.send(message);
        assertArrayEquals(new byte[] {1, 2}, first.body());
        assertArrayEquals(new byte[] {1, 2, 3}, second.body());
        assertThrows(MessageNotReadableException.class, message::readByte);
        message.resetForCompletion();
        assertEquals(1, message.readByte());
        assertArrayEquals(new byte[] {1, 2, 3}, Sent.send(message).body());
    }

    @Test
    void aReceivedMessageCanBeSentAgainAsItIsAndAfterClearBody() throws JMSException {
        PosthornBytesMessage received = Sent.received(full());
        received.readInt();
        assertFull(Sent.received(received));
        assertEquals(full().getClass(), received.getClass());
        received.clearBody();
        received.writeInt(5);
        PosthornBytesMessage again = Sent.received(received);
        assertEquals(4, again.getBodyLength());
        assertEquals(5, again.readInt());
    }

    @Test
    void getBodyResetsAndCopies() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        message.writeBytes(new byte[] {1, 2, 3});
        assertThrows(MessageFormatException.class, () -> message.getBody(String.class), "not MessageNotReadable");
        message.writeByte((byte) 4);
        PosthornBytesMessage received = Sent.received(message);
        for (PosthornBytesMessage each : List.of(message, received)) {
            byte[] body = each.getBody(byte[].class);
            assertArrayEquals(new byte[] {1, 2, 3, 4}, body);
            assertEquals(1, each.readByte());
            assertArrayEquals(body, (byte[]) each.getBody(Object.class));
            body[0] = 9;
            assertEquals(1, each.readByte(), "reset after use, and a copy");
        }
    }

    @Test
    void nothingWrittenIsNoBodyAndNoBytesWrittenIsAnEmptyOne() throws JMSException {
        PosthornBytesMessage untouched = new PosthornBytesMessage();
        assertNull(untouched.getBody(String.class));
        assertNull(Sent.received(untouched).getBody(byte[].class));
        assertTrue(Sent.received(untouched).isBodyAssignableTo(String.class));
        PosthornBytesMessage empty = new PosthornBytesMessage();
        empty.writeBytes(new byte[0]);
        PosthornBytesMessage received = Sent.received(empty);
        assertEquals(0, received.getBody(byte[].class).length);
        assertFalse(received.isBodyAssignableTo(String.class));
        assertEquals(-1, received.readBytes(new byte[1]));
    }
}
