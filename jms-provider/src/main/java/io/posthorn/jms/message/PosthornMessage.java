package io.posthorn.jms.message;

import io.posthorn.jms.destination.PosthornDestination;
import io.posthorn.message.BodyType;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.message.MessageId;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotWriteableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A message without a body, and what all six message types share: properties (Jakarta Messaging 3.1, 3.5), the read-only
 * state of a received message (3.10), and the way to and from {@link EncodedMessage}. One thread at a time.
 *
 * <p>The sender's object stays writable after a send, because sending takes a snapshot. A received one is decoded part by
 * part as it is asked for; the encoded form is never changed, so redelivery starts from the original again (3.10).
 */
public sealed class PosthornMessage extends HeaderedMessage
        permits PosthornTextMessage,
                PosthornBytesMessage,
                PosthornMapMessage,
                PosthornStreamMessage,
                PosthornObjectMessage {

    private static final byte[] NOTHING = {};
    private static final int NOT_RECEIVED = -1;

    /** Where the body lies while it is still the received one; null otherwise. */
    private EncodedMessage receivedBody;

    private int deliveryCount = NOT_RECEIVED;
    private boolean propertiesReadOnly;
    private boolean bodyReadOnly;
    private AcknowledgeHook acknowledgeHook;

    /** A new message. */
    public PosthornMessage() {}

    /** A received message whose body the type's class reads from {@link #receivedBody()}. */
    PosthornMessage(EncodedMessage received, int deliveryCount) {
        super(received, deliveryCount > 0);
        this.receivedBody = received;
        this.deliveryCount = deliveryCount;
        this.propertiesReadOnly = true;
        this.bodyReadOnly = true;
    }

    /** As {@link #decode(EncodedMessage, int, ObjectFilter)} with the standard filter. */
    public static PosthornMessage decode(EncodedMessage message, int deliveryCount) {
        return decode(message, deliveryCount, ObjectFilter.STANDARD);
    }

    /**
     * A received message of the type its sender made it.
     *
     * @param deliveryCount how often it was handed to an application before, from 0
     * @param filter        which classes an ObjectMessage may contain
     */
    public static PosthornMessage decode(EncodedMessage message, int deliveryCount, ObjectFilter filter) {
        return switch (message.bodyType()) {
            case NONE -> new PosthornMessage(message, deliveryCount);
            case TEXT -> new PosthornTextMessage(message, deliveryCount);
            case BYTES -> new PosthornBytesMessage(message, deliveryCount);
            case OBJECT -> new PosthornObjectMessage(message, deliveryCount, filter);
            case MAP -> new PosthornMapMessage(message, deliveryCount);
            case STREAM -> new PosthornStreamMessage(message, deliveryCount);
        };
    }

    /**
     * Sets the seven header fields that a send sets (3.4.11) and takes a snapshot. JMSRedelivered and JMSXDeliveryCount
     * are not part of it. All times are in ms since 1970.
     *
     * @param idOrNull null when the sender disabled message ids
     * @throws JMSException if the body cannot be encoded
     */
    public final EncodedMessage encodeForSend(
            PosthornDestination destination,
            int deliveryMode,
            int priority,
            long timestampMs,
            long expirationMs,
            long deliveryTimeMs,
            MessageId idOrNull)
            throws JMSException {
        MessageHead head = head();
        setProviderHeaders(destination, idOrNull);
        head.persistent(deliveryMode == DeliveryMode.PERSISTENT);
        head.priority(priority);
        head.timestampMs(timestampMs);
        head.expirationMs(expirationMs);
        head.deliveryTimeMs(deliveryTimeMs);
        return encode();
    }

    /** Whether applications shall see 0 as the timestamp of the next {@link #encodeForSend}: setDisableMessageTimestamp (3.4.4). */
    public final void hideTimestamp(boolean hidden) {
        head().timestampHidden(hidden);
    }

    /**
     * A snapshot of the message as it is.
     *
     * @throws IllegalStateException if it has no destination of ours yet
     */
    public final EncodedMessage encode() throws JMSException {
        MessageHead head = head();
        if (head.destination() == null) {
            throw new IllegalStateException("a message without JMSDestination cannot be encoded");
        }
        EncodedMessage body = receivedBody;
        if (body == null) {
            return encodeBody(head);
        }
        head.bodyType(body.bodyType());
        head.bodyNull(body.bodyNull());
        return EncodedMessage.encode(head, body.bytes(), body.headLength(), body.bodyLength());
    }

    /**
     * A received bytes message whose body lies in a file.
     *
     * @param message its head; an empty body
     * @param deliveryCount as in {@link #decode}
     * @param body the message's from now on
     */
    public static PosthornMessage decodeSpooled(EncodedMessage message, int deliveryCount, SpoolFile body) {
        return new PosthornBytesMessage(message, deliveryCount, body);
    }

    /** The body when it lies in a file; then {@link #encode} leaves it out. Null otherwise. */
    public BodySource spooledBody() {
        return null;
    }

    /** What acknowledge() calls from now on; null for nothing. */
    public final void onAcknowledge(AcknowledgeHook hook) {
        acknowledgeHook = hook;
    }

    @Override
    public final void acknowledge() throws JMSException {
        if (acknowledgeHook != null) {
            acknowledgeHook.acknowledge();
        }
    }

    /** Brings a message into the state in which a CompletionListener gets it: bytes and streams are reset (7.3.6). */
    public void resetForCompletion() throws JMSException {}

    // ---- body: overridden by every type that has one ----

    /** Sets body type and null flag, and encodes head and body. */
    EncodedMessage encodeBody(MessageHead head) throws JMSException {
        head.bodyType(BodyType.NONE);
        head.bodyNull(true);
        return EncodedMessage.encode(head, NOTHING);
    }

    /** Forgets the body. */
    void dropBody() {}

    /** Whether there is a body at all; without one, getBody answers null to every class. */
    boolean hasBody() throws JMSException {
        return false;
    }

    /** Whether the body, which is there, can be had as this class. */
    boolean isBodyType(Class<?> type) throws JMSException {
        return true;
    }

    /** The body, which is there, for the application to keep; null if it cannot be had as this class. */
    Object bodyAs(Class<?> type) throws JMSException {
        return null;
    }

    final EncodedMessage receivedBody() {
        return receivedBody;
    }

    final boolean bodyReadOnly() {
        return bodyReadOnly;
    }

    /** Makes the body readable and no longer writable; for bytes and streams, whose reset() does that. */
    final void makeBodyReadOnly() {
        bodyReadOnly = true;
    }

    final void checkBodyWritable() throws MessageNotWriteableException {
        if (bodyReadOnly) {
            throw new MessageNotWriteableException("the body is read-only; clearBody() makes it writable");
        }
    }

    @Override
    public final void clearBody() {
        receivedBody = null;
        bodyReadOnly = false;
        dropBody();
    }

    @Override
    public final <T> T getBody(Class<T> type) throws JMSException {
        if (!hasBody()) {
            return null;
        }
        Object body = bodyAs(type);
        if (body == null) {
            throw new MessageFormatException(
                    "the body of a " + getClass().getSimpleName() + " cannot be had as " + type.getName());
        }
        return type.cast(body);
    }

    @Override
    @SuppressWarnings("rawtypes") // the signature of the interface
    public final boolean isBodyAssignableTo(Class type) {
        try {
            return isAssignable(type);
        } catch (JMSException unreadable) {
            return false;
        }
    }

    private boolean isAssignable(Class<?> type) throws JMSException {
        return !hasBody() || isBodyType(type);
    }

    // ---- properties ----

    @Override
    public final void clearProperties() {
        head().properties().clear();
        propertiesReadOnly = false;
        deliveryCount = NOT_RECEIVED;
    }

    @Override
    public final boolean propertyExists(String name) {
        return isDeliveryCount(name) || currentProperties().containsKey(name);
    }

    @Override
    public final boolean getBooleanProperty(String name) throws JMSException {
        return Conversions.toBoolean(getObjectProperty(name));
    }

    @Override
    public final byte getByteProperty(String name) throws JMSException {
        return Conversions.toByte(getObjectProperty(name));
    }

    @Override
    public final short getShortProperty(String name) throws JMSException {
        return Conversions.toShort(getObjectProperty(name));
    }

    @Override
    public final int getIntProperty(String name) throws JMSException {
        return Conversions.toInt(getObjectProperty(name));
    }

    @Override
    public final long getLongProperty(String name) throws JMSException {
        return Conversions.toLong(getObjectProperty(name));
    }

    @Override
    public final float getFloatProperty(String name) throws JMSException {
        return Conversions.toFloat(getObjectProperty(name));
    }

    @Override
    public final double getDoubleProperty(String name) throws JMSException {
        return Conversions.toDouble(getObjectProperty(name));
    }

    @Override
    public final String getStringProperty(String name) throws JMSException {
        return Conversions.toText(getObjectProperty(name));
    }

    @Override
    public final Object getObjectProperty(String name) {
        return isDeliveryCount(name)
                ? (Integer) (deliveryCount + 1)
                : currentProperties().get(name);
    }

    /** The names at this moment; later changes do not disturb the enumeration. */
    @Override
    public final Enumeration<String> getPropertyNames() {
        Map<String, Object> properties = currentProperties();
        List<String> names = new ArrayList<>(properties.size() + 1);
        names.addAll(properties.keySet());
        if (deliveryCount != NOT_RECEIVED && !properties.containsKey(PropertyNames.DELIVERY_COUNT)) {
            names.add(PropertyNames.DELIVERY_COUNT);
        }
        return Collections.enumeration(names);
    }

    /** The names of the properties that were set, unmodifiable, following later changes; without JMSXDeliveryCount. */
    public final Set<String> propertyNameView() {
        return Collections.unmodifiableSet(head().properties().keySet());
    }

    @Override
    public final void setBooleanProperty(String name, boolean value) throws JMSException {
        setProperty(name, value);
    }

    @Override
    public final void setByteProperty(String name, byte value) throws JMSException {
        setProperty(name, value);
    }

    @Override
    public final void setShortProperty(String name, short value) throws JMSException {
        setProperty(name, value);
    }

    @Override
    public final void setIntProperty(String name, int value) throws JMSException {
        setProperty(name, value);
    }

    @Override
    public final void setLongProperty(String name, long value) throws JMSException {
        setProperty(name, value);
    }

    @Override
    public final void setFloatProperty(String name, float value) throws JMSException {
        setProperty(name, value);
    }

    @Override
    public final void setDoubleProperty(String name, double value) throws JMSException {
        setProperty(name, value);
    }

    @Override
    public final void setStringProperty(String name, String value) throws JMSException {
        setProperty(name, value);
    }

    @Override
    public final void setObjectProperty(String name, Object value) throws JMSException {
        boolean legal = value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof Float
                || value instanceof Short
                || value instanceof Byte;
        if (!legal) {
            PropertyNames.check(name);
            throw new MessageFormatException(
                    "no type for a property: " + value.getClass().getName());
        }
        setProperty(name, value);
    }

    private void setProperty(String name, Object value) throws JMSException {
        PropertyNames.check(name);
        if (propertiesReadOnly) {
            throw new MessageNotWriteableException("properties are read-only; clearProperties() makes them writable");
        }
        // Only a receiver sees it, and there the provider counts; code that copies all properties may still try.
        if (!name.equals(PropertyNames.DELIVERY_COUNT)) {
            head().properties().put(name, value);
        }
    }

    private boolean isDeliveryCount(String name) {
        return deliveryCount != NOT_RECEIVED && PropertyNames.DELIVERY_COUNT.equals(name);
    }

    /** Type, id and destination; never the content. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + getJMSMessageID() + " to " + getJMSDestination() + "]";
    }
}
