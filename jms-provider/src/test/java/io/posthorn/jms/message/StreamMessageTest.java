package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.message.BodyType;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.StreamMessage;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class StreamMessageTest {

    private static PosthornStreamMessage full() throws JMSException {
        PosthornStreamMessage message = new PosthornStreamMessage();
        message.writeBoolean(true);
        message.writeByte((byte) -1);
        message.writeShort((short) -2);
        message.writeChar('ü');
        message.writeInt(-3);
        message.writeLong(-4);
        message.writeFloat(1.5f);
        message.writeDouble(2.5);
        message.writeString("text");
        message.writeBytes(new byte[] {1, 2, 3});
        message.writeBytes(new byte[] {4, 5, 6, 7}, 1, 2);
        message.writeObject(null);
        return message;
    }

    private static final Object[] FULL = {
        true, (byte) -1, (short) -2, 'ü', -3, -4L, 1.5f, 2.5, "text", new byte[] {1, 2, 3}, new byte[] {5, 6}, null
    };

    private static void assertFull(StreamMessage message) throws JMSException {
        for (Object expected : FULL) {
            Object value = message.readObject();
            if (expected instanceof byte[] bytes) {
                assertArrayEquals(bytes, (byte[]) value);
            } else {
                assertEquals(expected, value);
            }
        }
        assertThrows(MessageEOFException.class, message::readObject);
    }

    private static List<Executable> reads(StreamMessage message) {
        return List.of(
                message::readBoolean,
                message::readByte,
                message::readShort,
                message::readChar,
                message::readInt,
                message::readLong,
                message::readFloat,
                message::readDouble,
                message::readString,
                message::readObject,
                () -> message.readBytes(new byte[1]));
    }

    private static List<Executable> writes(StreamMessage message) {
        return List.of(
                () -> message.writeBoolean(true),
                () -> message.writeByte((byte) 1),
                () -> message.writeShort((short) 1),
                () -> message.writeChar('1'),
                () -> message.writeInt(1),
                () -> message.writeLong(1),
                () -> message.writeFloat(1),
                () -> message.writeDouble(1),
                () -> message.writeString("1"),
                () -> message.writeBytes(new byte[1]),
                () -> message.writeBytes(new byte[1], 0, 1),
                () -> message.writeObject(1));
    }

    @Test
    void everythingWrittenIsReadAndResetBeginsAgain() throws JMSException {
        PosthornStreamMessage message = full();
        PosthornStreamMessage received = Sent.received(message);
        assertFull(received);
        received.reset();
        assertFull(received);
        message.reset();
        assertFull(message);
        PosthornStreamMessage objects = new PosthornStreamMessage();
        for (Object value : FULL) {
            objects.writeObject(value);
        }
        assertFull(Sent.received(objects));
        assertFull(Sent.received(received));
    }

    @Test
    void modes() throws JMSException {
        PosthornStreamMessage message = full();
        for (Executable read : reads(message)) {
            assertThrows(MessageNotReadableException.class, read);
        }
        PosthornStreamMessage received = Sent.received(message);
        message.reset();
        for (PosthornStreamMessage each : List.of(message, received)) {
            for (Executable write : writes(each)) {
                assertThrows(MessageNotWriteableException.class, write);
            }
            each.clearBody();
            for (Executable read : reads(each)) {
                assertThrows(MessageNotReadableException.class, read);
            }
            each.writeInt(1);
            each.reset();
            assertEquals(1, each.readInt());
            for (Executable read : reads(each)) {
                assertThrows(MessageEOFException.class, read);
            }
        }
        PosthornStreamMessage empty = Sent.received(new PosthornStreamMessage());
        assertThrows(MessageEOFException.class, empty::readInt);
    }

    @Test
    void readBytesInPieces() throws JMSException {
        PosthornStreamMessage message = new PosthornStreamMessage();
        message.writeBytes(new byte[] {1, 2, 3, 4, 5});
        message.writeBytes(new byte[] {6, 7});
        message.writeBytes(new byte[0]);
        message.writeBytes(null);
        message.writeString("end");
        PosthornStreamMessage received = Sent.received(message);
        byte[] two = new byte[2];
        assertEquals(2, received.readBytes(two));
        for (Executable read : List.<Executable>of(received::readObject, received::readInt, received::readString)) {
            assertThrows(MessageFormatException.class, read, "the field is not finished");
        }
        assertEquals(2, received.readBytes(two));
        assertArrayEquals(new byte[] {3, 4}, two);
        assertEquals(1, received.readBytes(two));
        assertEquals(5, two[0]);
        assertEquals(2, received.readBytes(two));
        assertEquals(-1, received.readBytes(two), "a multiple of the buffer needs one more call");
        assertEquals(0, received.readBytes(two));
        assertEquals(-1, received.readBytes(two), "null");
        assertThrows(MessageFormatException.class, () -> received.readBytes(two));
        assertEquals("end", received.readString());
        assertThrows(MessageEOFException.class, () -> received.readBytes(two));
    }

    @Test
    void aFieldReadToItsEndNeedNotBeAskedAgain() throws JMSException {
        PosthornStreamMessage message = new PosthornStreamMessage();
        message.writeBytes(new byte[] {1, 2});
        message.writeInt(3);
        PosthornStreamMessage received = Sent.received(message);
        assertEquals(2, received.readBytes(new byte[2]));
        assertEquals(3, received.readInt());
        received.reset();
        assertEquals(1, received.readBytes(new byte[1]));
        received.reset();
        assertEquals(2, received.readBytes(new byte[5]), "reset forgets the unfinished field");
        assertEquals(3, received.readInt());
    }

    @Test
    void valuesAreCopied() throws JMSException {
        byte[] bytes = {1};
        PosthornStreamMessage message = new PosthornStreamMessage();
        message.writeBytes(bytes);
        message.writeObject(bytes);
        bytes[0] = 9;
        message.reset();
        byte[] read = (byte[]) message.readObject();
        assertEquals(1, read[0]);
        read[0] = 8;
        assertEquals(1, ((byte[]) message.readObject())[0]);
        message.reset();
        assertEquals(1, ((byte[]) message.readObject())[0]);
    }

    @Test
    void wrongTypesAndRanges() {
        PosthornStreamMessage message = new PosthornStreamMessage();
        for (Object wrong : new Object[] {new Date(), List.of(), new int[1], new Object()}) {
            assertThrows(MessageFormatException.class, () -> message.writeObject(wrong));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> message.writeBytes(new byte[2], 1, 2));
        assertThrows(NullPointerException.class, () -> message.writeBytes(null, 0, 0));
        message.reset();
        assertThrows(NullPointerException.class, () -> message.readBytes(null));
        assertThrows(MessageEOFException.class, message::readObject);
    }

    @Test
    void theSenderGoesOnWritingAfterASend() throws JMSException {
        PosthornStreamMessage message = new PosthornStreamMessage();
        message.writeInt(1);
        EncodedMessage first = Sent.send(message);
        message.writeInt(2);
        PosthornStreamMessage second = Sent.received(message);
        PosthornStreamMessage received = Sent.receive(first, 0);
        assertEquals(1, received.readInt());
        assertThrows(MessageEOFException.class, received::readInt);
        assertEquals(1, second.readInt());
        assertEquals(2, second.readInt());
        message.resetForCompletion();
        assertEquals(1, message.readInt());
    }

    @Test
    void aStreamIsNeverABody() throws JMSException {
        for (PosthornStreamMessage each : List.of(new PosthornStreamMessage(), full(), Sent.received(full()))) {
            for (Class<?> type : List.of(Object.class, List.class, byte[].class, String.class)) {
                assertThrows(MessageFormatException.class, () -> each.getBody(type));
                assertEquals(false, each.isBodyAssignableTo(type));
            }
        }
    }

    @Test
    void damagedBytesAreAFormatError() throws JMSException {
        MessageHead head = new MessageHead();
        head.destination(new PosthornQueue("q").name());
        head.bodyType(BodyType.STREAM);
        PosthornStreamMessage received = Sent.receive(EncodedMessage.encode(head, new byte[] {5, 0, 0}), 0);
        MessageFormatException damaged = assertThrows(MessageFormatException.class, received::readInt);
        assertTrue(damaged.getMessage().contains("damaged"), damaged.getMessage());
        assertEquals(damaged.getCause(), damaged.getLinkedException());
        PosthornStreamMessage unknown = Sent.receive(EncodedMessage.encode(head, new byte[] {77}), 0);
        assertThrows(MessageFormatException.class, unknown::readObject);
        assertNull(unknown.getJMSType());
    }
}
