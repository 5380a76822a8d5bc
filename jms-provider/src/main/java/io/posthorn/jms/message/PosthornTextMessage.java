package io.posthorn.jms.message;

import io.posthorn.message.BodyType;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.message.MessageHead;
import io.posthorn.message.Utf8;
import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.TextMessage;

/** A message whose body is text or null; UTF-8 on the wire, without any limit of its own. One thread at a time. */
public final class PosthornTextMessage extends PosthornMessage implements TextMessage {

    private String text;
    private boolean decoded;

    /** A new message with null text. */
    public PosthornTextMessage() {
        decoded = true;
    }

    /** A new message with this text, or null. */
    public PosthornTextMessage(String text) {
        this.text = text;
        this.decoded = true;
    }

    PosthornTextMessage(EncodedMessage received, int deliveryCount) {
        super(received, deliveryCount);
    }

    @Override
    public void setText(String value) throws JMSException {
        checkBodyWritable();
        text = value;
    }

    /** @throws MessageFormatException if it was received and its bytes are not UTF-8 */
    @Override
    public String getText() throws JMSException {
        if (!decoded) {
            text = received(receivedBody());
            decoded = true;
        }
        return text;
    }

    private static String received(EncodedMessage body) throws JMSException {
        if (body.bodyNull()) {
            return null;
        }
        try {
            return Utf8.decode(body.bytes(), body.headLength(), body.bodyLength());
        } catch (MalformedMessageException damaged) {
            throw FormatErrors.damaged(damaged);
        }
    }

    @Override
    EncodedMessage encodeBody(MessageHead head) {
        head.bodyType(BodyType.TEXT);
        head.bodyNull(text == null);
        return EncodedMessage.encode(head, text == null ? new byte[0] : Utf8.encode(text));
    }

    @Override
    void dropBody() {
        text = null;
        decoded = true;
    }

    @Override
    boolean hasBody() throws JMSException {
        return getText() != null;
    }

    @Override
    boolean isBodyType(Class<?> type) {
        return type.isAssignableFrom(String.class);
    }

    @Override
    Object bodyAs(Class<?> type) throws JMSException {
        return isBodyType(type) ? getText() : null;
    }
}
