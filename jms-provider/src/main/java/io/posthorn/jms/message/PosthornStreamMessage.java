package io.posthorn.jms.message;

import io.posthorn.message.BodyType;
import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.message.MessageHead;
import io.posthorn.message.TypedValue;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.StreamMessage;
import java.util.Arrays;
import java.util.Objects;

/**
 * A message of typed values in sequence: write-only when new or cleared, read-only after {@link #reset()} or when
 * received. One thread at a time. A failed read leaves the position where it was, so the value can be read as another
 * type (3.11.3).
 */
public final class PosthornStreamMessage extends PosthornMessage implements StreamMessage {

    private static final byte[] NOTHING = {};
    private static final int INITIAL_CAPACITY = 128;
    private static final int NO_FIELD = -1;

    private ByteWriter out;
    private ByteReader in;

    /** The byte[] that readBytes has begun, and how far it got; NO_FIELD when none is. */
    private byte[] field = NOTHING;

    private int fieldAt = NO_FIELD;

    /** A new, write-only message. */
    public PosthornStreamMessage() {}

    PosthornStreamMessage(EncodedMessage received, int deliveryCount) {
        super(received, deliveryCount);
        in = new ByteReader(received.bytes(), received.headLength(), received.bodyLength()).strictText();
    }

    @Override
    public void reset() {
        makeBodyReadOnly();
        endField();
        EncodedMessage received = receivedBody();
        if (received != null) {
            in.position(received.headLength());
        } else {
            in = out == null ? new ByteReader(NOTHING) : new ByteReader(out.array(), 0, out.size());
        }
    }

    @Override
    public void resetForCompletion() {
        reset();
    }

    // ---- reading ----

    /** A row of the conversion table. */
    private interface Conversion<T> {
        T apply(Object value) throws MessageFormatException;
    }

    @Override
    public boolean readBoolean() throws JMSException {
        return read(Conversions::toBoolean);
    }

    @Override
    public byte readByte() throws JMSException {
        return read(Conversions::toByte);
    }

    @Override
    public short readShort() throws JMSException {
        return read(Conversions::toShort);
    }

    @Override
    public char readChar() throws JMSException {
        return read(Conversions::toChar);
    }

    @Override
    public int readInt() throws JMSException {
        return read(Conversions::toInt);
    }

    @Override
    public long readLong() throws JMSException {
        return read(Conversions::toLong);
    }

    @Override
    public float readFloat() throws JMSException {
        return read(Conversions::toFloat);
    }

    @Override
    public double readDouble() throws JMSException {
        return read(Conversions::toDouble);
    }

    @Override
    public String readString() throws JMSException {
        return read(Conversions::toText);
    }

    @Override
    public Object readObject() throws JMSException {
        return read(value -> value);
    }

    @Override
    public int readBytes(byte[] into) throws JMSException {
        checkReadable();
        Objects.requireNonNull(into, "into");
        if (fieldAt == NO_FIELD) {
            byte[] value = read(Conversions::toBytes);
            if (value == null) {
                return -1;
            }
            if (value.length == 0) {
                return 0;
            }
            field = value;
            fieldAt = 0;
        } else if (fieldAt == field.length) {
            endField();
            return -1;
        }
        int count = Math.min(into.length, field.length - fieldAt);
        System.arraycopy(field, fieldAt, into, 0, count);
        fieldAt += count;
        if (count < into.length) {
            endField();
        }
        return count;
    }

    private <T> T read(Conversion<T> conversion) throws JMSException {
        checkReadable();
        if (fieldAt != NO_FIELD) {
            if (fieldAt < field.length) {
                throw new MessageFormatException(
                        "a byte[] is being read; readBytes has " + (field.length - fieldAt) + " bytes of it left");
            }
            endField();
        }
        if (in.remaining() == 0) {
            throw new MessageEOFException("the end of the stream is reached");
        }
        int start = in.position();
        boolean done = false;
        try {
            T value = conversion.apply(TypedValue.read(in));
            done = true;
            return value;
        } catch (MalformedMessageException damaged) {
            throw FormatErrors.damaged(damaged);
        } finally {
            if (!done) {
                in.position(start);
            }
        }
    }

    // ---- writing ----

    @Override
    public void writeBoolean(boolean value) throws JMSException {
        write(value);
    }

    @Override
    public void writeByte(byte value) throws JMSException {
        write(value);
    }

    @Override
    public void writeShort(short value) throws JMSException {
        write(value);
    }

    @Override
    public void writeChar(char value) throws JMSException {
        write(value);
    }

    @Override
    public void writeInt(int value) throws JMSException {
        write(value);
    }

    @Override
    public void writeLong(long value) throws JMSException {
        write(value);
    }

    @Override
    public void writeFloat(float value) throws JMSException {
        write(value);
    }

    @Override
    public void writeDouble(double value) throws JMSException {
        write(value);
    }

    @Override
    public void writeString(String value) throws JMSException {
        write(value);
    }

    /** Null is written as a null value. */
    @Override
    public void writeBytes(byte[] value) throws JMSException {
        write(value);
    }

    @Override
    public void writeBytes(byte[] value, int offset, int length) throws JMSException {
        checkBodyWritable();
        Objects.checkFromIndexSize(offset, length, value.length);
        write(Arrays.copyOfRange(value, offset, offset + length));
    }

    @Override
    public void writeObject(Object value) throws JMSException {
        checkBodyWritable();
        if (!TypedValue.isSupported(value)) {
            throw new MessageFormatException(
                    "no type for a stream message: " + value.getClass().getName());
        }
        write(value);
    }

    private void write(Object value) throws JMSException {
        checkBodyWritable();
        if (out == null) {
            out = new ByteWriter(INITIAL_CAPACITY);
        }
        TypedValue.write(out, value);
    }

    // ---- for PosthornMessage ----

    @Override
    EncodedMessage encodeBody(MessageHead head) {
        head.bodyType(BodyType.STREAM);
        head.bodyNull(out == null);
        return out == null
                ? EncodedMessage.encode(head, NOTHING)
                : EncodedMessage.encode(head, out.array(), 0, out.size());
    }

    @Override
    void dropBody() {
        out = null;
        in = null;
        endField();
    }

    /** A stream is never had as a whole (11.08), so it always counts as a body of the wrong type. */
    @Override
    boolean hasBody() {
        return true;
    }

    @Override
    boolean isBodyType(Class<?> type) {
        return false;
    }

    private void endField() {
        field = NOTHING;
        fieldAt = NO_FIELD;
    }

    private void checkReadable() throws JMSException {
        if (!bodyReadOnly()) {
            throw new MessageNotReadableException("the body is write-only; reset() makes it readable");
        }
    }
}
