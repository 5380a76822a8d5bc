package io.posthorn.jms;

import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.Enumeration;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One walk over a queue: fetches pages of {@value #PAGE_MESSAGES} messages when the application asks for the next one. The application's
 * thread reads, the I/O thread fills.
 *
 * <p>Ends early, with a line in the log, when the connection is lost meanwhile: what is there would have to be shown again.
 */
final class BrowseEnumeration implements Enumeration<Message>, DeliveryListener {

    private static final Logger LOG = LoggerFactory.getLogger(BrowseEnumeration.class);
    private static final int PAGE_MESSAGES = 128;

    private final Provider provider;
    private final InboundMessages inbound;
    private final int pageMaxBytes;
    private final Consumer<BrowseEnumeration> onClose;
    private final ConcurrentLinkedQueue<Delivered> page = new ConcurrentLinkedQueue<>();
    private ConsumerHandle handle;
    private Message next;
    private volatile long lastDelivered;
    private volatile boolean ended;
    private boolean closed;

    BrowseEnumeration(
            Provider provider, InboundMessages inbound, int pageMaxBytes, Consumer<BrowseEnumeration> onClose) {
        this.provider = provider;
        this.inbound = inbound;
        this.pageMaxBytes = pageMaxBytes;
        this.onClose = onClose;
    }

    /** @throws JMSException if the queue cannot be browsed */
    void open(ConsumerSpec spec) throws JMSException {
        handle = Waits.await(provider.openConsumer(spec, this));
    }

    @Override
    public boolean hasMoreElements() {
        while (next == null) {
            Delivered delivered = page.poll();
            if (delivered != null) {
                next = inbound.isExpired(delivered.message()) ? null : inbound.peek(delivered);
            } else if (ended) {
                close();
                return false;
            } else {
                fetch();
            }
        }
        return true;
    }

    @Override
    public Message nextElement() {
        if (!hasMoreElements()) {
            throw new NoSuchElementException("no more messages to browse");
        }
        Message result = next;
        next = null;
        return result;
    }

    private void fetch() {
        long before = lastDelivered;
        if (before > 0) {
            // Browsed messages are not settled; the mark makes room in the byte window.
            provider.handOver(handle, before);
        }
        try {
            provider.credit(handle, before + PAGE_MESSAGES, pageMaxBytes);
            boolean atEnd = Waits.await(provider.drain(handle, before + PAGE_MESSAGES));
            if (atEnd || lastDelivered == before) {
                ended = true;
            }
        } catch (JMSException failed) {
            LOG.warn("browsing ended early: {}", failed.getMessage());
            ended = true;
        }
    }

    /** Any thread; also after the end. */
    void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        ended = true;
        onClose.accept(this);
        if (handle != null) {
            Waits.awaitEnd(provider.closeConsumer(handle, lastDelivered, false));
        }
    }

    @Override
    public void delivered(Delivered delivered) {
        lastDelivered = delivered.deliveryId();
        page.add(delivered);
    }

    @Override
    public void endOfBatch() {
        // The reader waits for the answer to its drain.
    }

    @Override
    public long interrupted() {
        if (!ended) {
            LOG.warn("browsing ended early: the connection was interrupted");
        }
        ended = true;
        return lastDelivered;
    }

    @Override
    public void resumed() {
        // It stays ended.
    }

    @Override
    public void closed(ProviderException reason) {
        ended = true;
        synchronized (this) {
            closed = true;
        }
        onClose.accept(this);
    }
}
