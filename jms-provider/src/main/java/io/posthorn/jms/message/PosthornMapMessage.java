package io.posthorn.jms.message;

import io.posthorn.message.BodyType;
import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.message.MessageHead;
import io.posthorn.message.TypedValue;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.MessageFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A message of named, typed values, in the order they were set. Names are case-sensitive. One thread at a time. */
public final class PosthornMapMessage extends PosthornMessage implements MapMessage {

    /** Null until a received body is asked for. */
    private Map<String, Object> values;

    /** Whether a map was put in, be it an empty one: an untouched message has no body. */
    private boolean present;

    /** A new message without values. */
    public PosthornMapMessage() {
        values = new LinkedHashMap<>();
    }

    PosthornMapMessage(EncodedMessage received, int deliveryCount) {
        super(received, deliveryCount);
        present = !received.bodyNull();
    }

    /**
     * Sets every entry, as {@link #setObject} does, and makes even an empty map a body that is not null.
     *
     * @throws MessageFormatException if a value is of no type for a map message; the entries before it are set
     */
    public void setAll(Map<String, ?> entries) throws JMSException {
        checkBodyWritable();
        present = true;
        for (Map.Entry<String, ?> entry : entries.entrySet()) {
            setObject(entry.getKey(), entry.getValue());
        }
    }

    @Override
    public boolean getBoolean(String name) throws JMSException {
        return Conversions.toBoolean(value(name));
    }

    @Override
    public byte getByte(String name) throws JMSException {
        return Conversions.toByte(value(name));
    }

    @Override
    public short getShort(String name) throws JMSException {
        return Conversions.toShort(value(name));
    }

    @Override
    public char getChar(String name) throws JMSException {
        return Conversions.toChar(value(name));
    }

    @Override
    public int getInt(String name) throws JMSException {
        return Conversions.toInt(value(name));
    }

    @Override
    public long getLong(String name) throws JMSException {
        return Conversions.toLong(value(name));
    }

    @Override
    public float getFloat(String name) throws JMSException {
        return Conversions.toFloat(value(name));
    }

    @Override
    public double getDouble(String name) throws JMSException {
        return Conversions.toDouble(value(name));
    }

    @Override
    public String getString(String name) throws JMSException {
        return Conversions.toText(value(name));
    }

    @Override
    public byte[] getBytes(String name) throws JMSException {
        return Conversions.toBytes(value(name));
    }

    @Override
    public Object getObject(String name) throws JMSException {
        return Conversions.copy(value(name));
    }

    /** The names at this moment; later changes do not disturb the enumeration. */
    @Override
    public Enumeration<String> getMapNames() throws JMSException {
        return Collections.enumeration(new ArrayList<>(values().keySet()));
    }

    @Override
    public boolean itemExists(String name) throws JMSException {
        return values().containsKey(name);
    }

    @Override
    public void setBoolean(String name, boolean value) throws JMSException {
        set(name, value);
    }

    @Override
    public void setByte(String name, byte value) throws JMSException {
        set(name, value);
    }

    @Override
    public void setShort(String name, short value) throws JMSException {
        set(name, value);
    }

    @Override
    public void setChar(String name, char value) throws JMSException {
        set(name, value);
    }

    @Override
    public void setInt(String name, int value) throws JMSException {
        set(name, value);
    }

    @Override
    public void setLong(String name, long value) throws JMSException {
        set(name, value);
    }

    @Override
    public void setFloat(String name, float value) throws JMSException {
        set(name, value);
    }

    @Override
    public void setDouble(String name, double value) throws JMSException {
        set(name, value);
    }

    @Override
    public void setString(String name, String value) throws JMSException {
        set(name, value);
    }

    @Override
    public void setBytes(String name, byte[] value) throws JMSException {
        set(name, Conversions.copy(value));
    }

    @Override
    public void setBytes(String name, byte[] value, int offset, int length) throws JMSException {
        checkName(name);
        checkBodyWritable();
        Objects.checkFromIndexSize(offset, length, value.length);
        set(name, Arrays.copyOfRange(value, offset, offset + length));
    }

    @Override
    public void setObject(String name, Object value) throws JMSException {
        checkName(name);
        if (!TypedValue.isSupported(value)) {
            throw new MessageFormatException(
                    "no type for a map message: " + value.getClass().getName() + " under '" + name + "'");
        }
        set(name, Conversions.copy(value));
    }

    @Override
    EncodedMessage encodeBody(MessageHead head) {
        head.bodyType(BodyType.MAP);
        head.bodyNull(!present);
        ByteWriter out = new ByteWriter(16 + 32 * values.size());
        out.varint(values.size());
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            out.string(entry.getKey());
            TypedValue.write(out, entry.getValue());
        }
        return EncodedMessage.encode(head, out.array(), 0, out.size());
    }

    @Override
    void dropBody() {
        values = new LinkedHashMap<>();
        present = false;
    }

    @Override
    boolean hasBody() {
        return present;
    }

    @Override
    boolean isBodyType(Class<?> type) {
        return type.isAssignableFrom(Map.class);
    }

    @Override
    Object bodyAs(Class<?> type) throws JMSException {
        if (!isBodyType(type)) {
            return null;
        }
        Map<String, Object> copy = new LinkedHashMap<>(values());
        copy.replaceAll((name, value) -> Conversions.copy(value));
        return copy;
    }

    private void set(String name, Object value) throws JMSException {
        checkName(name);
        checkBodyWritable();
        present = true;
        values.put(name, value);
    }

    private Object value(String name) throws JMSException {
        return values().get(name);
    }

    private Map<String, Object> values() throws JMSException {
        if (values == null) {
            values = decoded(receivedBody());
        }
        return values;
    }

    private static Map<String, Object> decoded(EncodedMessage body) throws JMSException {
        Map<String, Object> decoded = new LinkedHashMap<>();
        if (body.bodyLength() == 0) {
            return decoded;
        }
        try {
            ByteReader in = new ByteReader(body.bytes(), body.headLength(), body.bodyLength()).strictText();
            for (int left = in.count(); left > 0; left--) {
                decoded.put(in.string(), TypedValue.read(in));
            }
            return decoded;
        } catch (MalformedMessageException damaged) {
            throw FormatErrors.damaged(damaged);
        }
    }

    private static void checkName(String name) {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("a name in a map message must not be null or empty");
        }
    }
}
