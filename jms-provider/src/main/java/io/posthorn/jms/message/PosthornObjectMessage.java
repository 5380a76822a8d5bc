package io.posthorn.jms.message;

import io.posthorn.message.BodyType;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.ObjectMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/**
 * A message whose body is one serialized Java object or null. It is serialized when it is set, so later changes of the
 * object are not sent, and deserialized at every get, each time a new copy. One thread at a time.
 */
public final class PosthornObjectMessage extends PosthornMessage implements ObjectMessage {

    private static final byte[] NOTHING = {};

    /** What was set here; null for a null object, and while the body is a received one. */
    private byte[] serialized;

    private final ObjectFilter receivedFilter;

    /** A new message with a null object. */
    public PosthornObjectMessage() {
        receivedFilter = ObjectFilter.STANDARD;
    }

    /** @throws MessageFormatException if the object cannot be serialized */
    public PosthornObjectMessage(Serializable object) throws MessageFormatException {
        this();
        serialized = serialize(object);
    }

    PosthornObjectMessage(EncodedMessage received, int deliveryCount, ObjectFilter filter) {
        super(received, deliveryCount);
        receivedFilter = filter;
    }

    /** @throws MessageFormatException if the object cannot be serialized; the body stays as it was */
    @Override
    public void setObject(Serializable object) throws JMSException {
        checkBodyWritable();
        serialized = serialize(object);
    }

    /** @throws MessageFormatException if a class is not allowed or not found, or the bytes are no object */
    @Override
    public Serializable getObject() throws JMSException {
        EncodedMessage body = receivedBody();
        if (body != null) {
            return body.bodyNull()
                    ? null
                    : ObjectReader.read(body.bytes(), body.headLength(), body.bodyLength(), receivedFilter);
        }
        // What the application put in here itself needs no permission to come out again.
        return serialized == null ? null : ObjectReader.read(serialized, 0, serialized.length, ObjectFilter.EVERYTHING);
    }

    @Override
    EncodedMessage encodeBody(MessageHead head) {
        head.bodyType(BodyType.OBJECT);
        head.bodyNull(serialized == null);
        return EncodedMessage.encode(head, serialized == null ? NOTHING : serialized);
    }

    @Override
    void dropBody() {
        serialized = null;
    }

    @Override
    boolean hasBody() {
        EncodedMessage body = receivedBody();
        return body != null ? !body.bodyNull() : serialized != null;
    }

    @Override
    boolean isBodyType(Class<?> type) throws JMSException {
        return type.isInstance(getObject());
    }

    @Override
    Object bodyAs(Class<?> type) throws JMSException {
        Serializable object = getObject();
        return type.isInstance(object) ? object : null;
    }

    private static byte[] serialize(Serializable object) throws MessageFormatException {
        if (object == null) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (IOException | RuntimeException wrong) {
            throw FormatErrors.of("a " + object.getClass().getName() + " cannot be serialized: " + wrong, wrong);
        } catch (StackOverflowError tooDeep) {
            throw FormatErrors.of(
                    "a " + object.getClass().getName() + " is nested too deep to be serialized",
                    new IOException(tooDeep));
        }
        return bytes.toByteArray();
    }
}
