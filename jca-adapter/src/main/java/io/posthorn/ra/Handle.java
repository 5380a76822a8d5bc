package io.posthorn.ra;

import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;

/** What an application holds of a managed connection: a connection or a context. */
interface Handle {

    /** Whether a session is open on it that takes no part in the container's transactions. */
    boolean hasPlainSession();

    /** Closes what was opened through it, without telling the container; further use throws IllegalStateException. Repeatable. */
    void end() throws JMSException;

    /**
     * Puts it on another managed connection (Jakarta Connectors 2.1, 6.5.3).
     *
     * @throws ResourceException if it cannot move, because it is of another API or has open sessions
     */
    void moveTo(PosthornManagedConnection owner, JmsLink link) throws ResourceException;
}
