package io.posthorn.jms.message;

import io.posthorn.message.BodyType;
import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import java.util.Objects;

/**
 * A message of bytes: write-only when new or cleared, read-only after {@link #reset()} or when received. Big-endian, as
 * {@link java.io.DataOutput}. One thread at a time.
 *
 * <p>A received body is read where it lies, without a copy. A failed read leaves the position where it was.
 */
public final class PosthornBytesMessage extends PosthornMessage implements BytesMessage {

    private static final byte[] NOTHING = {};
    private static final int INITIAL_CAPACITY = 128;

    /** What was written; null before the first write and in a received message. */
    private ByteWriter out;

    /** Where reading takes place, and the array under it; null while write-only. */
    private ByteReader in;

    private byte[] readArray;

    /** Whether anything was written, be it of no length: an untouched message has no body. */
    private boolean present;

    /** A new, write-only message without a body. */
    public PosthornBytesMessage() {}

    PosthornBytesMessage(EncodedMessage received, int deliveryCount) {
        super(received, deliveryCount);
        present = !received.bodyNull();
        readArray = received.bytes();
        in = new ByteReader(readArray, received.headLength(), received.bodyLength());
    }

    @Override
    public void reset() {
        makeBodyReadOnly();
        EncodedMessage received = receivedBody();
        if (received != null) {
            in.position(received.headLength());
        } else {
            readArray = out == null ? NOTHING : out.array();
            in = new ByteReader(readArray, 0, out == null ? 0 : out.size());
        }
    }

    @Override
    public void resetForCompletion() {
        reset();
    }

    @Override
    public long getBodyLength() throws JMSException {
        checkReadable();
        return bodyLength();
    }

    // ---- reading ----

    @Override
    public boolean readBoolean() throws JMSException {
        return next(1).u8() != 0;
    }

    @Override
    public byte readByte() throws JMSException {
        return (byte) next(1).u8();
    }

    @Override
    public int readUnsignedByte() throws JMSException {
        return next(1).u8();
    }

    @Override
    public short readShort() throws JMSException {
        return (short) next(2).u16();
    }

    @Override
    public int readUnsignedShort() throws JMSException {
        return next(2).u16();
    }

    @Override
    public char readChar() throws JMSException {
        return (char) next(2).u16();
    }

    @Override
    public int readInt() throws JMSException {
        return next(4).i32();
    }

    @Override
    public long readLong() throws JMSException {
        return next(8).i64();
    }

    @Override
    public float readFloat() throws JMSException {
        return Float.intBitsToFloat(next(4).i32());
    }

    @Override
    public double readDouble() throws JMSException {
        return Double.longBitsToDouble(next(8).i64());
    }

    @Override
    public String readUTF() throws JMSException {
        ByteReader reader = next(2);
        int start = reader.position();
        int length = reader.u16();
        if (reader.remaining() < length) {
            reader.position(start);
            throw endReached();
        }
        try {
            String text = ModifiedUtf8.read(readArray, start + 2, length);
            reader.skip(length);
            return text;
        } catch (MessageFormatException malformed) {
            reader.position(start);
            throw malformed;
        }
    }

    @Override
    public int readBytes(byte[] into) throws JMSException {
        return readBytes(into, into.length);
    }

    @Override
    public int readBytes(byte[] into, int length) throws JMSException {
        checkReadable();
        Objects.checkFromIndexSize(0, length, into.length);
        int count = Math.min(length, in.remaining());
        if (count == 0 && in.remaining() == 0) {
            return -1;
        }
        System.arraycopy(readArray, in.position(), into, 0, count);
        in.skip(count);
        return count;
    }

    // ---- writing ----

    @Override
    public void writeBoolean(boolean value) throws JMSException {
        writer().u8(value ? 1 : 0);
    }

    @Override
    public void writeByte(byte value) throws JMSException {
        writer().u8(value);
    }

    @Override
    public void writeShort(short value) throws JMSException {
        writer().u16(value);
    }

    @Override
    public void writeChar(char value) throws JMSException {
        writer().u16(value);
    }

    @Override
    public void writeInt(int value) throws JMSException {
        writer().i32(value);
    }

    @Override
    public void writeLong(long value) throws JMSException {
        writer().i64(value);
    }

    @Override
    public void writeFloat(float value) throws JMSException {
        writer().i32(Float.floatToIntBits(value));
    }

    @Override
    public void writeDouble(double value) throws JMSException {
        writer().i64(Double.doubleToLongBits(value));
    }

    @Override
    public void writeUTF(String value) throws JMSException {
        checkBodyWritable();
        Objects.requireNonNull(value, "value");
        ModifiedUtf8.write(writer(), value);
    }

    @Override
    public void writeBytes(byte[] value) throws JMSException {
        writeBytes(value, 0, value.length);
    }

    @Override
    public void writeBytes(byte[] value, int offset, int length) throws JMSException {
        checkBodyWritable();
        Objects.checkFromIndexSize(offset, length, value.length);
        if (out == null) {
            // The first array is usually the whole body, so it sets the capacity.
            out = new ByteWriter(length);
        }
        writer().raw(value, offset, length);
    }

    /** @throws NullPointerException if it is null, which bytes cannot carry */
    @Override
    public void writeObject(Object value) throws JMSException {
        checkBodyWritable();
        Objects.requireNonNull(value, "value");
        if (value instanceof byte[] v) {
            writeBytes(v);
        } else if (value instanceof String v) {
            writeUTF(v);
        } else if (value instanceof Integer v) {
            writeInt(v);
        } else if (value instanceof Long v) {
            writeLong(v);
        } else if (value instanceof Boolean v) {
            writeBoolean(v);
        } else if (value instanceof Double v) {
            writeDouble(v);
        } else if (value instanceof Float v) {
            writeFloat(v);
        } else if (value instanceof Short v) {
            writeShort(v);
        } else if (value instanceof Byte v) {
            writeByte(v);
        } else if (value instanceof Character v) {
            writeChar(v);
        } else {
            throw new MessageFormatException(
                    "no type for a bytes message: " + value.getClass().getName());
        }
    }

    // ---- for PosthornMessage ----

    @Override
    EncodedMessage encodeBody(MessageHead head) {
        head.bodyType(BodyType.BYTES);
        head.bodyNull(!present);
        return out == null
                ? EncodedMessage.encode(head, NOTHING)
                : EncodedMessage.encode(head, out.array(), 0, out.size());
    }

    @Override
    void dropBody() {
        out = null;
        in = null;
        readArray = null;
        present = false;
    }

    @Override
    boolean hasBody() {
        return present;
    }

    @Override
    boolean isBodyType(Class<?> type) {
        return type.isAssignableFrom(byte[].class);
    }

    /** Resets before and after, as getBody has to. */
    @Override
    Object bodyAs(Class<?> type) {
        if (!isBodyType(type)) {
            return null;
        }
        reset();
        byte[] body = in.raw(in.remaining());
        reset();
        return body;
    }

    private int bodyLength() {
        EncodedMessage received = receivedBody();
        if (received != null) {
            return received.bodyLength();
        }
        return out == null ? 0 : out.size();
    }

    private ByteWriter writer() throws JMSException {
        checkBodyWritable();
        if (out == null) {
            out = new ByteWriter(INITIAL_CAPACITY);
        }
        present = true;
        return out;
    }

    private ByteReader next(int length) throws JMSException {
        checkReadable();
        if (in.remaining() < length) {
            throw endReached();
        }
        return in;
    }

    private void checkReadable() throws JMSException {
        if (!bodyReadOnly()) {
            throw new MessageNotReadableException("the body is write-only; reset() makes it readable");
        }
    }

    private static MessageEOFException endReached() {
        return new MessageEOFException("the end of the bytes is reached");
    }
}
