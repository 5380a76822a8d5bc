package io.posthorn.jms;

import jakarta.jms.JMSException;

/**
 * What a session does about messages that reach the application: one implementation per kind of acknowledge mode. Called with the
 * session's turn; may wait for back-pressure of the provider.
 */
interface Acknowledgement {

    /** receive() is about to return this delivery. */
    void received(DeliverySource from, long deliveryId);

    /** A listener is about to get this delivery. */
    void beforeListener(DeliverySource from, long deliveryId);

    /** The listener has returned, or thrown. */
    void afterListener(DeliverySource from, long deliveryId, boolean thrown);

    /** The delivery thread turns to something else. */
    void endOfBurst();

    /** Session.recover() outside transactions: starts again with the oldest message that is not acknowledged. */
    void recover() throws JMSException;

    /** Message.acknowledge() and JMSContext.acknowledge(); any thread. */
    void acknowledge() throws JMSException;

    /** The session ends; its consumers are closed. What the application has not acknowledged goes back. */
    void end();
}
