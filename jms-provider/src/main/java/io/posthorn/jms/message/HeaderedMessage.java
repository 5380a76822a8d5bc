package io.posthorn.jms.message;

import io.posthorn.jms.destination.PosthornDestination;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.message.MessageId;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The header fields of a message (Jakarta Messaging 3.1, 3.4). They are never read-only. Those of a received message are
 * read from its encoded form until the first change, so an application that looks only at the body pays for nothing else.
 */
public abstract sealed class HeaderedMessage implements Message permits PosthornMessage {

    private final EncodedMessage received;
    private MessageHead head;
    private Destination destination;
    private Destination replyTo;
    /** A message id that is not of our making; kept for the getter, never sent. */
    private String otherMessageId;

    private boolean redelivered;

    /** A new message. */
    HeaderedMessage() {
        received = null;
        head = new MessageHead();
    }

    /** A received message. */
    HeaderedMessage(EncodedMessage received, boolean redelivered) {
        this.received = received;
        this.redelivered = redelivered;
    }

    /** The head for changes and for the fields that have no place of their own in the encoded form. */
    final MessageHead head() {
        if (head == null) {
            head = received.head();
        }
        return head;
    }

    /** The properties as they are now, for reading only. */
    final Map<String, Object> currentProperties() {
        return head == null ? received.properties() : head.properties();
    }

    final void setProviderHeaders(PosthornDestination to, MessageId idOrNull) {
        destination = to;
        otherMessageId = null;
        head().destination(to.name());
        head().messageId(idOrNull);
    }

    @Override
    public final String getJMSMessageID() {
        if (otherMessageId != null) {
            return otherMessageId;
        }
        MessageId id = head == null ? received.messageId() : head.messageId();
        return id == null ? null : id.toString();
    }

    @Override
    public final void setJMSMessageID(String id) {
        MessageId ours = MessageId.parse(id);
        head().messageId(ours);
        otherMessageId = ours == null ? id : null;
    }

    @Override
    public final long getJMSTimestamp() {
        if (head == null) {
            return received.timestampHidden() ? 0 : received.timestampMs();
        }
        return head.timestampHidden() ? 0 : head.timestampMs();
    }

    @Override
    public final void setJMSTimestamp(long timestampMs) {
        head().timestampMs(timestampMs);
        head().timestampHidden(false);
    }

    /** A copy; the UTF-8 of the text when it was set as text. */
    @Override
    public final byte[] getJMSCorrelationIDAsBytes() {
        byte[] bytes = head().correlationBytes();
        if (bytes != null) {
            return bytes.clone();
        }
        String text = head().correlationId();
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public final void setJMSCorrelationIDAsBytes(byte[] correlationId) {
        head().correlationBytes(correlationId == null ? null : correlationId.clone());
    }

    /** The text; when it was set as bytes, their text if they are UTF-8, otherwise null. */
    @Override
    public final String getJMSCorrelationID() {
        return head().correlationText();
    }

    @Override
    public final void setJMSCorrelationID(String correlationId) {
        head().correlationId(correlationId);
    }

    @Override
    public final Destination getJMSReplyTo() {
        if (replyTo == null) {
            replyTo = destinationOf(head().replyTo());
        }
        return replyTo;
    }

    /** @throws jakarta.jms.InvalidDestinationException if it is a destination of another provider */
    @Override
    public final void setJMSReplyTo(Destination value) throws JMSException {
        head().replyTo(value == null ? null : PosthornDestination.from(value).name());
        replyTo = value;
    }

    @Override
    public final Destination getJMSDestination() {
        if (destination == null) {
            destination = destinationOf(head == null ? received.destination() : head.destination());
        }
        return destination;
    }

    /** Takes any destination, since it is overwritten at send; one of another provider is kept for the getter only. */
    @Override
    public final void setJMSDestination(Destination value) {
        head().destination(value instanceof PosthornDestination ours ? ours.name() : null);
        destination = value;
    }

    @Override
    public final int getJMSDeliveryMode() {
        boolean persistent = head == null ? received.persistent() : head.persistent();
        return persistent ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT;
    }

    /** @throws JMSException if it is neither PERSISTENT nor NON_PERSISTENT */
    @Override
    public final void setJMSDeliveryMode(int deliveryMode) throws JMSException {
        if (deliveryMode != DeliveryMode.PERSISTENT && deliveryMode != DeliveryMode.NON_PERSISTENT) {
            throw new JMSException("no delivery mode: " + deliveryMode + "; 1 is NON_PERSISTENT, 2 is PERSISTENT");
        }
        head().persistent(deliveryMode == DeliveryMode.PERSISTENT);
    }

    @Override
    public final boolean getJMSRedelivered() {
        return redelivered;
    }

    @Override
    public final void setJMSRedelivered(boolean value) {
        redelivered = value;
    }

    @Override
    public final String getJMSType() {
        return head().type();
    }

    @Override
    public final void setJMSType(String type) {
        head().type(type);
    }

    @Override
    public final long getJMSExpiration() {
        return head == null ? received.expirationMs() : head.expirationMs();
    }

    @Override
    public final void setJMSExpiration(long expirationMs) {
        head().expirationMs(expirationMs);
    }

    @Override
    public final long getJMSDeliveryTime() {
        return head == null ? received.deliveryTimeMs() : head.deliveryTimeMs();
    }

    @Override
    public final void setJMSDeliveryTime(long deliveryTimeMs) {
        head().deliveryTimeMs(deliveryTimeMs);
    }

    @Override
    public final int getJMSPriority() {
        return head == null ? received.priority() : head.priority();
    }

    /** @throws JMSException if it is not 0 to 9 */
    @Override
    public final void setJMSPriority(int priority) throws JMSException {
        if (priority < 0 || priority > 9) {
            throw new JMSException("no priority: " + priority + "; it goes from 0 to 9");
        }
        head().priority(priority);
    }

    private static Destination destinationOf(DestinationName name) {
        return name == null ? null : PosthornDestination.of(name);
    }
}
