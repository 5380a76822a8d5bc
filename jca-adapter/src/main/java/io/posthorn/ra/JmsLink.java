package io.posthorn.ra;

import jakarta.jms.ConnectionMetaData;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;

/**
 * A physical JMS connection below a managed connection, of one of the two APIs. Called under the rules of its managed connection: by the
 * container, or by the one thread that uses a handle. All methods may throw the JMS exceptions of either API.
 *
 * <p>It has at most one transacted session, made when a transaction first needs it and kept until {@link #reset()}, so that sessions opened in
 * one transaction can be used in the next (Jakarta Messaging 3.1, 12.3).
 */
interface JmsLink {

    /** A new handle on it for an application. */
    Handle newHandle(PosthornManagedConnection owner, boolean managed);

    ConnectionMetaData metaData() throws JMSException;

    /** Who hears of failures; called once. */
    void onFailure(ExceptionListener listener) throws JMSException;

    /** Ends the transaction with success; does nothing when no session took part. */
    void commit() throws JMSException;

    /** Drops what the transacted session has done; does nothing when there is none. */
    void rollback() throws JMSException;

    /** Closes the transacted session and stops delivery: as good as new. */
    void reset() throws JMSException;

    /** Ends the connection with all its sessions. */
    void close() throws JMSException;
}
