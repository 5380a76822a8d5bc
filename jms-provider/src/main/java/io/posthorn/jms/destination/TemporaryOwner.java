package io.posthorn.jms.destination;

import io.posthorn.message.DestinationName;
import jakarta.jms.JMSException;

/** The connection that created a temporary destination. Called by whichever application thread calls delete(). */
public interface TemporaryOwner {

    /** @throws JMSException if it still has consumers, or the broker cannot be reached */
    void delete(DestinationName name) throws JMSException;
}
