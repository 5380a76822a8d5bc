package io.posthorn.jms.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.MessageFormatException;
import jakarta.jms.StreamMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** Every cell of the table of 3.11.3, for map and stream messages. */
class ConversionMatrixTest {

    private static Map<String, ThrowingSupplier<?>> readers(MapMessage message, String name) {
        Map<String, ThrowingSupplier<?>> readers = new LinkedHashMap<>();
        readers.put("boolean", () -> message.getBoolean(name));
        readers.put("byte", () -> message.getByte(name));
        readers.put("short", () -> message.getShort(name));
        readers.put("char", () -> message.getChar(name));
        readers.put("int", () -> message.getInt(name));
        readers.put("long", () -> message.getLong(name));
        readers.put("float", () -> message.getFloat(name));
        readers.put("double", () -> message.getDouble(name));
        readers.put("String", () -> message.getString(name));
        return readers;
    }

    private static Map<String, ThrowingSupplier<?>> readers(StreamMessage message) {
        Map<String, ThrowingSupplier<?>> readers = new LinkedHashMap<>();
        readers.put("boolean", message::readBoolean);
        readers.put("byte", message::readByte);
        readers.put("short", message::readShort);
        readers.put("char", message::readChar);
        readers.put("int", message::readInt);
        readers.put("long", message::readLong);
        readers.put("float", message::readFloat);
        readers.put("double", message::readDouble);
        readers.put("String", message::readString);
        return readers;
    }

    @Test
    void maps() throws JMSException {
        PosthornMapMessage message = new PosthornMapMessage();
        int i = 0;
        for (Object stored : Matrix.ROWS.keySet()) {
            message.setObject("v" + i++, stored);
        }
        message.setString("text", "abc");
        message.setObject("nothing", null);
        message.setBytes("bytes", new byte[] {1, 2});
        for (PosthornMapMessage each : List.of(message, Sent.received(message))) {
            i = 0;
            for (Object stored : Matrix.ROWS.keySet()) {
                String name = "v" + i++;
                readers(each, name).forEach((type, reader) -> Matrix.check(stored, type, reader));
                assertThrows(MessageFormatException.class, () -> each.getBytes(name));
                assertEquals(stored, each.getObject(name));
            }
            readers(each, "text").forEach(Matrix::checkUnparsable);
            for (String name : new String[] {"nothing", "absent"}) {
                readers(each, name).forEach(Matrix::checkNull);
                assertNull(each.getBytes(name));
                assertNull(each.getObject(name));
            }
            readers(each, "bytes")
                    .forEach((type, reader) -> assertThrows(MessageFormatException.class, reader::get, type));
            assertArrayEquals(new byte[] {1, 2}, each.getBytes("bytes"));
            assertArrayEquals(new byte[] {1, 2}, (byte[]) each.getObject("bytes"));
        }
    }

    /** Each cell reads the second value of a stream, and then again as an object: a failed read has not moved. */
    @Test
    void streams() throws JMSException {
        for (Object stored : Matrix.ROWS.keySet()) {
            for (String type : readers(new PosthornStreamMessage()).keySet()) {
                StreamMessage message = stream(stored);
                Matrix.check(stored, type, readers(message).get(type));
                boolean failed = Matrix.ROWS.get(stored).get(type) == null;
                assertEquals(failed ? stored : "end", message.readObject(), stored + " as " + type);
            }
            StreamMessage message = stream(stored);
            assertThrows(MessageFormatException.class, () -> message.readBytes(new byte[1]));
            assertEquals(stored, message.readObject());
        }
    }

    @Test
    void streamsOfUnparsableTextNullAndBytes() throws JMSException {
        for (String type : readers(new PosthornStreamMessage()).keySet()) {
            StreamMessage text = stream("abc");
            Matrix.checkUnparsable(type, readers(text).get(type));
            boolean legal = type.equals("boolean") || type.equals("String");
            assertEquals(legal ? "end" : "abc", text.readObject(), type);

            StreamMessage nothing = stream(null);
            Matrix.checkNull(type, readers(nothing).get(type));
            assertEquals(legal ? "end" : null, nothing.readObject(), type);

            StreamMessage bytes = stream(new byte[] {1, 2});
            assertThrows(
                    MessageFormatException.class, () -> readers(bytes).get(type).get(), type);
            assertArrayEquals(new byte[] {1, 2}, (byte[]) bytes.readObject());
        }
    }

    private static StreamMessage stream(Object value) throws JMSException {
        PosthornStreamMessage message = new PosthornStreamMessage();
        message.writeString("start");
        message.writeObject(value);
        message.writeString("end");
        PosthornStreamMessage received = Sent.received(message);
        assertEquals("start", received.readString());
        return received;
    }
}
