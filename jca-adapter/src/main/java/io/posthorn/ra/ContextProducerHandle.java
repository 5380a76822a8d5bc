package io.posthorn.ra;

import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;

/** The producer that an application gets of a context: it ends with it, and sends nothing asynchronously (Jakarta Messaging 3.1, 12.2). */
final class ContextProducerHandle implements JMSProducer {

    private final ContextHandle context;
    private final JMSProducer physical;

    ContextProducerHandle(ContextHandle context, JMSProducer physical) {
        this.context = context;
        this.physical = physical;
    }

    private JMSProducer open() {
        context.checkOpen();
        return physical;
    }

    @Override
    public JMSProducer setAsync(CompletionListener listener) {
        context.checkOpen();
        throw Forbidden.unchecked("JMSProducer.setAsync");
    }

    @Override
    public CompletionListener getAsync() {
        context.checkOpen();
        return null;
    }

    // ---- sending

    @Override
    public JMSProducer send(Destination to, Message message) {
        open().send(to, message);
        return this;
    }

    @Override
    public JMSProducer send(Destination to, String body) {
        open().send(to, body);
        return this;
    }

    @Override
    public JMSProducer send(Destination to, Map<String, Object> body) {
        open().send(to, body);
        return this;
    }

    @Override
    public JMSProducer send(Destination to, byte[] body) {
        open().send(to, body);
        return this;
    }

    @Override
    public JMSProducer send(Destination to, Serializable body) {
        open().send(to, body);
        return this;
    }

    // ---- how it sends

    @Override
    public JMSProducer setDisableMessageID(boolean value) {
        open().setDisableMessageID(value);
        return this;
    }

    @Override
    public boolean getDisableMessageID() {
        return open().getDisableMessageID();
    }

    @Override
    public JMSProducer setDisableMessageTimestamp(boolean value) {
        open().setDisableMessageTimestamp(value);
        return this;
    }

    @Override
    public boolean getDisableMessageTimestamp() {
        return open().getDisableMessageTimestamp();
    }

    @Override
    public JMSProducer setDeliveryMode(int value) {
        open().setDeliveryMode(value);
        return this;
    }

    @Override
    public int getDeliveryMode() {
        return open().getDeliveryMode();
    }

    @Override
    public JMSProducer setPriority(int value) {
        open().setPriority(value);
        return this;
    }

    @Override
    public int getPriority() {
        return open().getPriority();
    }

    @Override
    public JMSProducer setTimeToLive(long timeMs) {
        open().setTimeToLive(timeMs);
        return this;
    }

    @Override
    public long getTimeToLive() {
        return open().getTimeToLive();
    }

    @Override
    public JMSProducer setDeliveryDelay(long timeMs) {
        open().setDeliveryDelay(timeMs);
        return this;
    }

    @Override
    public long getDeliveryDelay() {
        return open().getDeliveryDelay();
    }

    // ---- properties of messages

    @Override
    public JMSProducer setProperty(String name, boolean value) {
        open().setProperty(name, value);
        return this;
    }

    @Override
    public boolean getBooleanProperty(String name) {
        return open().getBooleanProperty(name);
    }

    @Override
    public JMSProducer setProperty(String name, byte value) {
        open().setProperty(name, value);
        return this;
    }

    @Override
    public byte getByteProperty(String name) {
        return open().getByteProperty(name);
    }

    @Override
    public JMSProducer setProperty(String name, short value) {
        open().setProperty(name, value);
        return this;
    }

    @Override
    public short getShortProperty(String name) {
        return open().getShortProperty(name);
    }

    @Override
    public JMSProducer setProperty(String name, int value) {
        open().setProperty(name, value);
        return this;
    }

    @Override
    public int getIntProperty(String name) {
        return open().getIntProperty(name);
    }

    @Override
    public JMSProducer setProperty(String name, long value) {
        open().setProperty(name, value);
        return this;
    }

    @Override
    public long getLongProperty(String name) {
        return open().getLongProperty(name);
    }

    @Override
    public JMSProducer setProperty(String name, float value) {
        open().setProperty(name, value);
        return this;
    }

    @Override
    public float getFloatProperty(String name) {
        return open().getFloatProperty(name);
    }

    @Override
    public JMSProducer setProperty(String name, double value) {
        open().setProperty(name, value);
        return this;
    }

    @Override
    public double getDoubleProperty(String name) {
        return open().getDoubleProperty(name);
    }

    @Override
    public JMSProducer setProperty(String name, String value) {
        open().setProperty(name, value);
        return this;
    }

    @Override
    public String getStringProperty(String name) {
        return open().getStringProperty(name);
    }

    @Override
    public JMSProducer setProperty(String name, Object value) {
        open().setProperty(name, value);
        return this;
    }

    @Override
    public Object getObjectProperty(String name) {
        return open().getObjectProperty(name);
    }

    @Override
    public JMSProducer clearProperties() {
        open().clearProperties();
        return this;
    }

    @Override
    public boolean propertyExists(String name) {
        return open().propertyExists(name);
    }

    @Override
    public Set<String> getPropertyNames() {
        return open().getPropertyNames();
    }

    // ---- headers of messages

    @Override
    public JMSProducer setJMSCorrelationID(String id) {
        open().setJMSCorrelationID(id);
        return this;
    }

    @Override
    public String getJMSCorrelationID() {
        return open().getJMSCorrelationID();
    }

    @Override
    public JMSProducer setJMSCorrelationIDAsBytes(byte[] id) {
        open().setJMSCorrelationIDAsBytes(id);
        return this;
    }

    @Override
    public byte[] getJMSCorrelationIDAsBytes() {
        return open().getJMSCorrelationIDAsBytes();
    }

    @Override
    public JMSProducer setJMSType(String type) {
        open().setJMSType(type);
        return this;
    }

    @Override
    public String getJMSType() {
        return open().getJMSType();
    }

    @Override
    public JMSProducer setJMSReplyTo(Destination replyTo) {
        open().setJMSReplyTo(replyTo);
        return this;
    }

    @Override
    public Destination getJMSReplyTo() {
        return open().getJMSReplyTo();
    }
}
