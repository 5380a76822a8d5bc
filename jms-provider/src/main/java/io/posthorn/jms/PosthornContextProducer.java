package io.posthorn.jms;

import static io.posthorn.jms.JmsCall.get;
import static io.posthorn.jms.JmsCall.perform;

import io.posthorn.jms.message.PosthornBytesMessage;
import io.posthorn.jms.message.PosthornMapMessage;
import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.jms.message.PosthornObjectMessage;
import io.posthorn.jms.message.PosthornTextMessage;
import io.posthorn.jms.message.RuntimeTwins;
import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import java.io.Serializable;
import java.util.Enumeration;
import java.util.Map;
import java.util.Set;

/**
 * A producer of the simplified API (Jakarta Messaging 3.1, 7.10): settings, headers and properties that each send puts on the message. One
 * thread at a time. Ends with its context.
 *
 * <p>Headers and properties are kept in a message of their own, so that they are checked and converted as on any message.
 */
final class PosthornContextProducer implements JMSProducer {

    private final PosthornProducer producer;
    private final PosthornMessage extras = new PosthornMessage();
    private boolean correlationIsBytes;
    private boolean hasExtras;
    private CompletionListener async;

    PosthornContextProducer(PosthornProducer producer) {
        this.producer = producer;
    }

    // ---- sending

    @Override
    public JMSProducer send(Destination destination, Message message) {
        try {
            if (hasExtras && message != null) {
                producer.getDestination();
                addExtras(message);
            }
            if (async == null) {
                producer.send(destination, message);
            } else {
                producer.send(destination, message, async);
            }
            return this;
        } catch (JMSException checked) {
            throw RuntimeTwins.unchecked(checked);
        }
    }

    @Override
    public JMSProducer send(Destination destination, String body) {
        return send(destination, new PosthornTextMessage(body));
    }

    @Override
    public JMSProducer send(Destination destination, Map<String, Object> body) {
        checkOpen();
        PosthornMapMessage message = new PosthornMapMessage();
        if (body != null) {
            perform(() -> message.setAll(body));
        }
        return send(destination, message);
    }

    @Override
    public JMSProducer send(Destination destination, byte[] body) {
        PosthornBytesMessage message = new PosthornBytesMessage(producer.spool());
        if (body != null) {
            perform(() -> message.writeBytes(body));
        }
        return send(destination, message);
    }

    @Override
    public JMSProducer send(Destination destination, Serializable body) {
        checkOpen();
        return send(destination, get(() -> new PosthornObjectMessage(body)));
    }

    private void addExtras(Message message) throws JMSException {
        Enumeration<String> names = extras.getPropertyNames();
        while (names.hasMoreElements()) {
            String name = names.nextElement();
            message.setObjectProperty(name, extras.getObjectProperty(name));
        }
        if (correlationIsBytes) {
            message.setJMSCorrelationIDAsBytes(extras.getJMSCorrelationIDAsBytes());
        } else if (extras.getJMSCorrelationID() != null) {
            message.setJMSCorrelationID(extras.getJMSCorrelationID());
        }
        if (extras.getJMSType() != null) {
            message.setJMSType(extras.getJMSType());
        }
        if (extras.getJMSReplyTo() != null) {
            message.setJMSReplyTo(extras.getJMSReplyTo());
        }
    }

    // ---- settings

    @Override
    public JMSProducer setDisableMessageID(boolean value) {
        perform(() -> producer.setDisableMessageID(value));
        return this;
    }

    @Override
    public boolean getDisableMessageID() {
        return get(producer::getDisableMessageID);
    }

    @Override
    public JMSProducer setDisableMessageTimestamp(boolean value) {
        perform(() -> producer.setDisableMessageTimestamp(value));
        return this;
    }

    @Override
    public boolean getDisableMessageTimestamp() {
        return get(producer::getDisableMessageTimestamp);
    }

    @Override
    public JMSProducer setDeliveryMode(int value) {
        perform(() -> producer.setDeliveryMode(value));
        return this;
    }

    @Override
    public int getDeliveryMode() {
        return get(producer::getDeliveryMode);
    }

    @Override
    public JMSProducer setPriority(int value) {
        perform(() -> producer.setPriority(value));
        return this;
    }

    @Override
    public int getPriority() {
        return get(producer::getPriority);
    }

    @Override
    public JMSProducer setTimeToLive(long value) {
        perform(() -> producer.setTimeToLive(value));
        return this;
    }

    @Override
    public long getTimeToLive() {
        return get(producer::getTimeToLive);
    }

    @Override
    public JMSProducer setDeliveryDelay(long value) {
        perform(() -> producer.setDeliveryDelay(value));
        return this;
    }

    @Override
    public long getDeliveryDelay() {
        return get(producer::getDeliveryDelay);
    }

    @Override
    public JMSProducer setAsync(CompletionListener listener) {
        checkOpen();
        async = listener;
        return this;
    }

    @Override
    public CompletionListener getAsync() {
        checkOpen();
        return async;
    }

    // ---- properties

    @Override
    public JMSProducer setProperty(String name, boolean value) {
        return property(() -> extras.setBooleanProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, byte value) {
        return property(() -> extras.setByteProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, short value) {
        return property(() -> extras.setShortProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, int value) {
        return property(() -> extras.setIntProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, long value) {
        return property(() -> extras.setLongProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, float value) {
        return property(() -> extras.setFloatProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, double value) {
        return property(() -> extras.setDoubleProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, String value) {
        return property(() -> extras.setStringProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, Object value) {
        return property(() -> extras.setObjectProperty(name, value));
    }

    @Override
    public JMSProducer clearProperties() {
        checkOpen();
        extras.clearProperties();
        return this;
    }

    @Override
    public boolean propertyExists(String name) {
        checkOpen();
        return extras.propertyExists(name);
    }

    @Override
    public boolean getBooleanProperty(String name) {
        checkOpen();
        return get(() -> extras.getBooleanProperty(name));
    }

    @Override
    public byte getByteProperty(String name) {
        checkOpen();
        return get(() -> extras.getByteProperty(name));
    }

    @Override
    public short getShortProperty(String name) {
        checkOpen();
        return get(() -> extras.getShortProperty(name));
    }

    @Override
    public int getIntProperty(String name) {
        checkOpen();
        return get(() -> extras.getIntProperty(name));
    }

    @Override
    public long getLongProperty(String name) {
        checkOpen();
        return get(() -> extras.getLongProperty(name));
    }

    @Override
    public float getFloatProperty(String name) {
        checkOpen();
        return get(() -> extras.getFloatProperty(name));
    }

    @Override
    public double getDoubleProperty(String name) {
        checkOpen();
        return get(() -> extras.getDoubleProperty(name));
    }

    @Override
    public String getStringProperty(String name) {
        checkOpen();
        return get(() -> extras.getStringProperty(name));
    }

    @Override
    public Object getObjectProperty(String name) {
        checkOpen();
        return extras.getObjectProperty(name);
    }

    /** A view: it follows later changes and cannot be changed itself. */
    @Override
    public Set<String> getPropertyNames() {
        checkOpen();
        return extras.propertyNameView();
    }

    // ---- headers

    @Override
    public JMSProducer setJMSCorrelationIDAsBytes(byte[] correlationId) {
        checkOpen();
        extras.setJMSCorrelationIDAsBytes(correlationId);
        correlationIsBytes = correlationId != null;
        hasExtras = true;
        return this;
    }

    @Override
    public byte[] getJMSCorrelationIDAsBytes() {
        checkOpen();
        return extras.getJMSCorrelationIDAsBytes();
    }

    @Override
    public JMSProducer setJMSCorrelationID(String correlationId) {
        checkOpen();
        extras.setJMSCorrelationID(correlationId);
        correlationIsBytes = false;
        hasExtras = true;
        return this;
    }

    @Override
    public String getJMSCorrelationID() {
        checkOpen();
        return extras.getJMSCorrelationID();
    }

    @Override
    public JMSProducer setJMSType(String type) {
        checkOpen();
        extras.setJMSType(type);
        hasExtras = true;
        return this;
    }

    @Override
    public String getJMSType() {
        checkOpen();
        return extras.getJMSType();
    }

    @Override
    public JMSProducer setJMSReplyTo(Destination replyTo) {
        return property(() -> extras.setJMSReplyTo(replyTo));
    }

    @Override
    public Destination getJMSReplyTo() {
        checkOpen();
        return extras.getJMSReplyTo();
    }

    private JMSProducer property(JmsCall.Action setter) {
        checkOpen();
        perform(setter);
        hasExtras = true;
        return this;
    }

    private void checkOpen() {
        get(producer::getDestination);
    }
}
