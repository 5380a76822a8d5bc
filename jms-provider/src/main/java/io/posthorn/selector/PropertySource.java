package io.posthorn.selector;

/**
 * What a selector asks about a message: one value per identifier. Called by the thread that calls
 * {@link Selector#matches}, once or several times per identifier, so it should be cheap.
 */
@FunctionalInterface
public interface PropertySource {

    /**
     * The value of a property or of one of the six header fields a selector may name (JMSDeliveryMode as
     * {@code "PERSISTENT"} or {@code "NON_PERSISTENT"}, JMSPriority, JMSMessageID, JMSTimestamp, JMSCorrelationID,
     * JMSType).
     *
     * @param identifier case-sensitive, not null
     * @return a Boolean, Byte, Short, Integer, Long, Float, Double or String; null when it is absent or null. Values of
     *     any other type match nothing.
     */
    Object value(String identifier);
}
