package io.posthorn.jms;

import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.Provider;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import java.util.Enumeration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A look at the messages of a queue that takes none (Jakarta Messaging 3.1, 4.1.6). Each enumeration starts anew, works on a stopped
 * connection too, and is a snapshot: it ends with what was there at its start. One thread at a time.
 *
 * <p>While a connection has lost its Master, an enumeration that begins shows what the Slave with brokerId 1 has, if that is up and may be read
 * ({@code slaveReadEnable} of the broker, {@code slaveRead} of the client). That is what the Master had committed, as far as the Slave was told:
 *
 * <ul>
 *   <li>The last messages before the Master was lost may be missing, and messages that were consumed in the last moment may still be there.
 *   <li>Messages in the hands of consumers are shown, for only the Master knew of them; so are those in prepared branches.
 *   <li>Non-persistent messages, and temporary queues, are not there; messages with bodies of more than 1 MiB are left out.
 *   <li>A queue that lies on several broker groups is not shown.
 * </ul>
 *
 * <p>When the Master is there again it goes on at the Slave to its end. It ends early, with a line in the log, when that Slave becomes the Master or
 * is lost.
 */
public final class PosthornBrowser implements QueueBrowser {

    private final SessionWork session;
    private final Provider provider;
    private final InboundMessages inbound;
    private final Queue queue;
    private final ConsumerSpec spec;
    private final int pageMaxBytes;
    private final Set<BrowseEnumeration> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    PosthornBrowser(
            SessionWork session,
            Provider provider,
            InboundMessages inbound,
            Queue queue,
            ConsumerSpec spec,
            int pageMaxBytes) {
        this.session = session;
        this.provider = provider;
        this.inbound = inbound;
        this.queue = queue;
        this.spec = spec;
        this.pageMaxBytes = pageMaxBytes;
    }

    /** Checks with the broker that the queue may be browsed. */
    void verify() throws JMSException {
        BrowseEnumeration probe = new BrowseEnumeration(provider, inbound, pageMaxBytes, open::remove);
        probe.open(spec);
        probe.close();
    }

    @Override
    public Queue getQueue() throws JMSException {
        checkOpen();
        return queue;
    }

    @Override
    public String getMessageSelector() throws JMSException {
        checkOpen();
        return spec.selector();
    }

    @Override
    public Enumeration<Message> getEnumeration() throws JMSException {
        checkOpen();
        BrowseEnumeration next = new BrowseEnumeration(provider, inbound, pageMaxBytes, open::remove);
        open.add(next);
        try {
            next.open(spec);
        } catch (JMSException refused) {
            open.remove(next);
            throw refused;
        }
        return next;
    }

    @Override
    public void close() {
        if (!closed) {
            session.forget(this);
            sessionClosed();
        }
    }

    /** Ends all enumerations. */
    void sessionClosed() {
        closed = true;
        for (BrowseEnumeration enumeration : open) {
            enumeration.close();
        }
    }

    private void checkOpen() throws IllegalStateException {
        if (closed) {
            throw new IllegalStateException("the browser is closed");
        }
    }
}
