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
 * <p>A received body is read where it lies, without a copy. A failed read leaves the position where it was. A large body lies in a
 * temporary file ({@link Spool}) instead of in the heap.
 */
public final class PosthornBytesMessage extends PosthornMessage implements BytesMessage {

    private static final byte[] NOTHING = {};
    private static final int INITIAL_CAPACITY = 128;

    /** What is read of a file, or written to it, at a time; more than the longest text that readUTF may meet. */
    private static final int WINDOW_BYTES = 128 << 10;

    private final Spool spool;

    /** What was written, or the last of it, when the rest is in the file; null before the first write and in a received message. */
    private ByteWriter out;

    /** The body, when it is too large for the heap; null otherwise. */
    private SpoolFile file;

    /** Where in the file that ends which is in the array. */
    private long windowEnd;

    /** Where reading takes place, and the array under it; null while write-only. */
    private ByteReader in;

    private byte[] readArray;

    /** Whether anything was written, be it of no length: an untouched message has no body. */
    private boolean present;

    /** A new, write-only message without a body. */
    public PosthornBytesMessage() {
        this(Spool.STANDARD);
    }

    /** The same, with a place for a large body. */
    public PosthornBytesMessage(Spool spool) {
        this.spool = spool;
    }

    PosthornBytesMessage(EncodedMessage received, int deliveryCount, SpoolFile body) {
        super(received, deliveryCount);
        spool = Spool.STANDARD;
        present = true;
        file = body;
        readFile();
    }

    PosthornBytesMessage(EncodedMessage received, int deliveryCount) {
        super(received, deliveryCount);
        spool = Spool.STANDARD;
        present = !received.bodyNull();
        readArray = received.bytes();
        in = new ByteReader(readArray, received.headLength(), received.bodyLength());
    }

    @Override
    public void reset() throws JMSException {
        makeBodyReadOnly();
        EncodedMessage received = receivedBody();
        if (file != null) {
            flush();
            readFile();
        } else if (received != null) {
            in.position(received.headLength());
        } else {
            readArray = out == null ? NOTHING : out.array();
            in = new ByteReader(readArray, 0, out == null ? 0 : out.size());
        }
    }

    @Override
    public void resetForCompletion() throws JMSException {
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
        int length = reader.u16();
        reader.position(reader.position() - 2);
        reader = next(2 + length);
        // The position moves only when the text makes sense.
        String text = ModifiedUtf8.read(readArray, reader.position() + 2, length);
        reader.skip(2 + length);
        return text;
    }

    @Override
    public int readBytes(byte[] into) throws JMSException {
        return readBytes(into, into.length);
    }

    @Override
    public int readBytes(byte[] into, int length) throws JMSException {
        checkReadable();
        Objects.checkFromIndexSize(0, length, into.length);
        int done = 0;
        do {
            fill(1);
            int count = Math.min(length - done, in.remaining());
            System.arraycopy(readArray, in.position(), into, done, count);
            in.skip(count);
            done += count;
        } while (done < length && in.remaining() == 0 && hasMore());
        return done == 0 && in.remaining() == 0 ? -1 : done;
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
        if (written() + length > spool.thresholdBytes()) {
            writeSpooled(value, offset, length);
            return;
        }
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
    EncodedMessage encodeBody(MessageHead head) throws JMSException {
        head.bodyType(BodyType.BYTES);
        head.bodyNull(!present);
        if (file != null) {
            flush();
        }
        return out == null || file != null
                ? EncodedMessage.encode(head, NOTHING)
                : EncodedMessage.encode(head, out.array(), 0, out.size());
    }

    @Override
    public BodySource spooledBody() {
        return file;
    }

    @Override
    void dropBody() {
        if (file != null) {
            file.close();
            file = null;
        }
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
    Object bodyAs(Class<?> type) throws JMSException {
        if (!isBodyType(type)) {
            return null;
        }
        reset();
        byte[] body = new byte[Math.toIntExact(bodyLength())];
        readBytes(body);
        reset();
        return body;
    }

    private long bodyLength() {
        EncodedMessage received = receivedBody();
        return file == null && received != null ? received.bodyLength() : written();
    }

    private long written() {
        return (file == null ? 0 : file.length()) + (out == null ? 0 : out.size());
    }

    // ---- a body in a file ----

    /** A piece that makes the body too large for the heap, or comes after that. */
    private void writeSpooled(byte[] value, int offset, int length) throws JMSException {
        ByteWriter buffer = writer();
        if (file == null || buffer.size() + length > WINDOW_BYTES) {
            flush();
            file.append(value, offset, length);
        } else {
            buffer.raw(value, offset, length);
        }
    }

    /** Everything written so far goes to the file. */
    private void flush() throws JMSException {
        if (file == null) {
            file = spool.create();
        }
        if (out != null && out.size() > 0) {
            file.append(out.array(), 0, out.size());
            out = out.array().length > 4 * WINDOW_BYTES ? new ByteWriter(INITIAL_CAPACITY) : out.truncate(0);
        }
    }

    private void readFile() {
        readArray = NOTHING;
        in = new ByteReader(readArray);
        windowEnd = 0;
    }

    private boolean hasMore() {
        return file != null && windowEnd < file.length();
    }

    /** Has so many bytes ready to be read, or as many as there are. */
    private void fill(int length) throws JMSException {
        if (in.remaining() >= length || !hasMore()) {
            return;
        }
        long from = windowEnd - in.remaining();
        int count = (int) Math.min(WINDOW_BYTES, file.length() - from);
        if (readArray.length < count) {
            readArray = new byte[count];
        }
        in = new ByteReader(readArray, 0, 0);
        windowEnd = from;
        file.read(from, readArray, count);
        in = new ByteReader(readArray, 0, count);
        windowEnd = from + count;
    }

    private ByteWriter writer() throws JMSException {
        checkBodyWritable();
        if (out == null) {
            out = new ByteWriter(INITIAL_CAPACITY);
        } else if (out.size() >= (file == null ? spool.thresholdBytes() : WINDOW_BYTES)) {
            flush();
        }
        present = true;
        return out;
    }

    private ByteReader next(int length) throws JMSException {
        checkReadable();
        fill(length);
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
