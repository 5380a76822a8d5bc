package io.posthorn.jms.message;

import io.posthorn.message.BodyType;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;

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

    @Override
    public String getText() {
        if (!decoded) {
            EncodedMessage body = receivedBody();
            text = body.bodyNull()
                    ? null
                    : new String(body.bytes(), body.headLength(), body.bodyLength(), StandardCharsets.UTF_8);
            decoded = true;
        }
        return text;
    }

    @Override
    EncodedMessage encodeBody(MessageHead head) {
        head.bodyType(BodyType.TEXT);
        head.bodyNull(text == null);
        return EncodedMessage.encode(head, text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void dropBody() {
        text = null;
        decoded = true;
    }

    @Override
    boolean hasBody() {
        return getText() != null;
    }

    @Override
    boolean isBodyType(Class<?> type) {
        return type.isAssignableFrom(String.class);
    }

    @Override
    Object bodyAs(Class<?> type) {
        return isBodyType(type) ? getText() : null;
    }
}
