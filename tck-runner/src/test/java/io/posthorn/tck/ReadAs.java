package io.posthorn.tck;

import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.StreamMessage;
import java.util.Arrays;

/** The ten ways to read a value of a map or stream message. */
enum ReadAs {
    BOOLEAN,
    BYTE,
    SHORT,
    CHAR,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    STRING,
    BYTES;

    Object of(MapMessage map, String name) throws JMSException {
        return switch (this) {
            case BOOLEAN -> (Object) map.getBoolean(name);
            case BYTE -> (Object) map.getByte(name);
            case SHORT -> (Object) map.getShort(name);
            case CHAR -> (Object) map.getChar(name);
            case INT -> (Object) map.getInt(name);
            case LONG -> (Object) map.getLong(name);
            case FLOAT -> (Object) map.getFloat(name);
            case DOUBLE -> (Object) map.getDouble(name);
            case STRING -> map.getString(name);
            case BYTES -> map.getBytes(name);
        };
    }

    Object of(StreamMessage stream) throws JMSException {
        return switch (this) {
            case BOOLEAN -> (Object) stream.readBoolean();
            case BYTE -> (Object) stream.readByte();
            case SHORT -> (Object) stream.readShort();
            case CHAR -> (Object) stream.readChar();
            case INT -> (Object) stream.readInt();
            case LONG -> (Object) stream.readLong();
            case FLOAT -> (Object) stream.readFloat();
            case DOUBLE -> (Object) stream.readDouble();
            case STRING -> stream.readString();
            case BYTES -> bytes(stream);
        };
    }

    private static Object bytes(StreamMessage stream) throws JMSException {
        byte[] buffer = new byte[16];
        int count = stream.readBytes(buffer);
        return count < 0 ? null : Arrays.copyOf(buffer, count);
    }
}
