package io.posthorn.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The header fields and properties of one message, mutable. The JMS message classes hold one of these; the broker gets
 * it from {@link EncodedMessage#head()}. One thread at a time. Every reference is null until set, times are 0.
 */
public final class MessageHead {

    private DestinationName destination;
    private DestinationName replyTo;
    private MessageId messageId;
    private String correlationId;
    private byte[] correlationBytes;
    private String type;
    private boolean persistent = true;
    private int priority = 4;
    private long timestampMs;
    private boolean timestampHidden;
    private long expirationMs;
    private long deliveryTimeMs;
    private BodyType bodyType = BodyType.NONE;
    private boolean bodyNull;
    private final Map<String, Object> properties = new LinkedHashMap<>();

    public DestinationName destination() {
        return destination;
    }

    public void destination(DestinationName value) {
        destination = value;
    }

    public DestinationName replyTo() {
        return replyTo;
    }

    public void replyTo(DestinationName value) {
        replyTo = value;
    }

    public MessageId messageId() {
        return messageId;
    }

    public void messageId(MessageId value) {
        messageId = value;
    }

    /** JMSCorrelationID as text; null when it is absent or was set as bytes. */
    public String correlationId() {
        return correlationId;
    }

    public void correlationId(String value) {
        correlationId = value;
        correlationBytes = null;
    }

    /** JMSCorrelationID as bytes; null when it is absent or was set as text. */
    public byte[] correlationBytes() {
        return correlationBytes;
    }

    public void correlationBytes(byte[] value) {
        correlationBytes = value;
        correlationId = null;
    }

    /** JMSCorrelationID as text, also when it was set as bytes that are UTF-8; null otherwise. */
    public String correlationText() {
        if (correlationBytes == null) {
            return correlationId;
        }
        String text = new String(correlationBytes, StandardCharsets.UTF_8);
        return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), correlationBytes) ? text : null;
    }

    public String type() {
        return type;
    }

    public void type(String value) {
        type = value;
    }

    public boolean persistent() {
        return persistent;
    }

    public void persistent(boolean value) {
        persistent = value;
    }

    /** 0 to 9. */
    public int priority() {
        return priority;
    }

    public void priority(int value) {
        priority = value;
    }

    /** When send was called, by the sender's clock, in ms since 1970; 0 = not set. */
    public long timestampMs() {
        return timestampMs;
    }

    public void timestampMs(long value) {
        timestampMs = value;
    }

    /** Whether the sender left the timestamp out; then it serves for reckoning, and applications see 0. */
    public boolean timestampHidden() {
        return timestampHidden;
    }

    public void timestampHidden(boolean value) {
        timestampHidden = value;
    }

    /** When the message expires, by the sender's clock, in ms since 1970; 0 = never. */
    public long expirationMs() {
        return expirationMs;
    }

    public void expirationMs(long value) {
        expirationMs = value;
    }

    /** The earliest delivery, by the sender's clock, in ms since 1970. */
    public long deliveryTimeMs() {
        return deliveryTimeMs;
    }

    public void deliveryTimeMs(long value) {
        deliveryTimeMs = value;
    }

    public BodyType bodyType() {
        return bodyType;
    }

    public void bodyType(BodyType value) {
        bodyType = value;
    }

    /** Whether the body is null, which for text differs from empty. */
    public boolean bodyNull() {
        return bodyNull;
    }

    public void bodyNull(boolean value) {
        bodyNull = value;
    }

    /** The live map of properties, in the order they were set: String → wrapper, String or null. */
    public Map<String, Object> properties() {
        return properties;
    }

    /** A copy that shares nothing mutable with this one. */
    public MessageHead copy() {
        MessageHead copy = new MessageHead();
        copy.destination = destination;
        copy.replyTo = replyTo;
        copy.messageId = messageId;
        copy.correlationId = correlationId;
        copy.correlationBytes = correlationBytes == null ? null : correlationBytes.clone();
        copy.type = type;
        copy.persistent = persistent;
        copy.priority = priority;
        copy.timestampMs = timestampMs;
        copy.timestampHidden = timestampHidden;
        copy.expirationMs = expirationMs;
        copy.deliveryTimeMs = deliveryTimeMs;
        copy.bodyType = bodyType;
        copy.bodyNull = bodyNull;
        copy.properties.putAll(properties);
        return copy;
    }
}
