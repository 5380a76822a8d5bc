package io.posthorn.ra;

import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import java.util.Enumeration;

/** The browser that an application gets: it ends with its session handle. */
final class BrowserHandle implements QueueBrowser {

    private final SessionHandle session;
    private final QueueBrowser physical;

    BrowserHandle(SessionHandle session, QueueBrowser physical) {
        this.session = session;
        this.physical = physical;
    }

    @Override
    public Queue getQueue() throws JMSException {
        return physical.getQueue();
    }

    @Override
    public String getMessageSelector() throws JMSException {
        return physical.getMessageSelector();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Enumeration getEnumeration() throws JMSException {
        return physical.getEnumeration();
    }

    @Override
    public void close() throws JMSException {
        session.children().close(physical);
    }
}
