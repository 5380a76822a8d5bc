package io.posthorn.jms.message;

import io.posthorn.jms.destination.PosthornDestination;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.ObjectMessage;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.util.Enumeration;

/**
 * Messages of other providers, which every send must take (Jakarta Messaging 3.1, 3.12). They are read through the plain
 * getters only; whatever those throw reaches the sender.
 */
public final class ForeignMessages {

    private static final int BUFFER_MAX_BYTES = 64 * 1024;

    private ForeignMessages() {}

    /**
     * The message itself if it is one of ours, otherwise a copy.
     *
     * @throws MessageFormatException if it is null
     * @throws JMSException           whatever the foreign message throws
     */
    public static PosthornMessage ours(Message message) throws JMSException {
        return ours(message, Spool.STANDARD);
    }

    /** The same, with a place for large bodies. */
    public static PosthornMessage ours(Message message, Spool spool) throws JMSException {
        return message instanceof PosthornMessage ours ? ours : copy(message, spool);
    }

    /**
     * A new message of ours with the client's header fields (correlation id, type, and reply-to if it is a destination of
     * ours), properties and body of another one.
     *
     * @throws MessageFormatException if it is null, or holds what no message of ours can hold
     * @throws JMSException           whatever the foreign message throws
     */
    public static PosthornMessage copy(Message foreign) throws JMSException {
        return copy(foreign, Spool.STANDARD);
    }

    private static PosthornMessage copy(Message foreign, Spool spool) throws JMSException {
        if (foreign == null) {
            throw new MessageFormatException("a message is required, not null");
        }
        PosthornMessage copy = withBody(foreign, spool);
        copy.setJMSCorrelationID(foreign.getJMSCorrelationID());
        copy.setJMSType(foreign.getJMSType());
        if (foreign.getJMSReplyTo() instanceof PosthornDestination replyTo) {
            copy.setJMSReplyTo(replyTo);
        }
        Enumeration<?> names = foreign.getPropertyNames();
        while (names != null && names.hasMoreElements()) {
            String name = (String) names.nextElement();
            // Some providers list header fields here; those are copied above or set by the send.
            if (name != null && !PropertyNames.isKeptByJms(name)) {
                copy.setObjectProperty(name, foreign.getObjectProperty(name));
            }
        }
        return copy;
    }

    /**
     * Tells the application's message what the send of its copy set (3.4.11).
     *
     * @param sent the copy, after {@link PosthornMessage#encodeForSend}
     */
    public static void writeBack(PosthornMessage sent, Message foreign) throws JMSException {
        foreign.setJMSDestination(sent.getJMSDestination());
        foreign.setJMSDeliveryMode(sent.getJMSDeliveryMode());
        foreign.setJMSExpiration(sent.getJMSExpiration());
        foreign.setJMSDeliveryTime(sent.getJMSDeliveryTime());
        foreign.setJMSPriority(sent.getJMSPriority());
        foreign.setJMSMessageID(sent.getJMSMessageID());
        foreign.setJMSTimestamp(sent.getJMSTimestamp());
    }

    private static PosthornMessage withBody(Message foreign, Spool spool) throws JMSException {
        if (foreign instanceof TextMessage text) {
            return new PosthornTextMessage(text.getText());
        }
        if (foreign instanceof BytesMessage bytes) {
            return bytes(bytes, spool);
        }
        if (foreign instanceof MapMessage map) {
            return map(map);
        }
        if (foreign instanceof StreamMessage stream) {
            return stream(stream);
        }
        if (foreign instanceof ObjectMessage object) {
            return new PosthornObjectMessage(object.getObject());
        }
        return new PosthornMessage();
    }

    private static PosthornMessage bytes(BytesMessage foreign, Spool spool) throws JMSException {
        PosthornBytesMessage copy = new PosthornBytesMessage(spool);
        foreign.reset();
        long length = foreign.getBodyLength();
        byte[] buffer = new byte[(int) Math.max(1, Math.min(length, BUFFER_MAX_BYTES))];
        for (long left = length; left > 0; ) {
            int count = foreign.readBytes(buffer);
            if (count <= 0) {
                break;
            }
            copy.writeBytes(buffer, 0, count);
            left -= count;
        }
        return copy;
    }

    private static PosthornMessage map(MapMessage foreign) throws JMSException {
        PosthornMapMessage copy = new PosthornMapMessage();
        Enumeration<?> names = foreign.getMapNames();
        while (names != null && names.hasMoreElements()) {
            String name = (String) names.nextElement();
            copy.setObject(name, foreign.getObject(name));
        }
        return copy;
    }

    private static PosthornMessage stream(StreamMessage foreign) throws JMSException {
        PosthornStreamMessage copy = new PosthornStreamMessage();
        foreign.reset();
        try {
            while (true) {
                copy.writeObject(foreign.readObject());
            }
        } catch (MessageEOFException end) {
            return copy;
        }
    }
}
