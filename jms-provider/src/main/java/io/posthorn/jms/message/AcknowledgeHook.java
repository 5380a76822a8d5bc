package io.posthorn.jms.message;

import jakarta.jms.JMSException;

/** What a received message's acknowledge() does; set by the session that delivers it, called on the caller's thread. */
@FunctionalInterface
public interface AcknowledgeHook {

    /** @throws JMSException if the session is closed or the broker refuses */
    void acknowledge() throws JMSException;
}
