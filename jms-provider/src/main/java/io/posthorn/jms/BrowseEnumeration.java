package io.posthorn.jms;

import io.posthorn.message.DestinationName;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.provider.CommittedPage;
import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.ConsumerSpec;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliveryListener;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.selector.Selector;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.Enumeration;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One walk over a queue: fetches pages of {@value #PAGE_MESSAGES} messages when the application asks for the next one. The application's
 * thread reads, the I/O thread fills.
 *
 * <p>Ends early, with a line in the log, when the connection is lost meanwhile: what is there would have to be shown again. One that begins while there
 * is no Master reads from a Slave, if that may be read; see {@link PosthornBrowser}.
 */
final class BrowseEnumeration implements Enumeration<Message>, DeliveryListener {

    private static final Logger LOG = LoggerFactory.getLogger(BrowseEnumeration.class);
    private static final int PAGE_MESSAGES = 128;
    private static final long LOOK_MS = 500;

    private final Provider provider;
    private final InboundMessages inbound;
    private final int pageMaxBytes;
    private final Consumer<BrowseEnumeration> onClose;
    private final ConcurrentLinkedQueue<Delivered> page = new ConcurrentLinkedQueue<>();
    private ConsumerHandle handle;
    /** The last page from a Slave, while it reads from one; else null. */
    private volatile CommittedPage committed;
    /** What a Slave does not select for it. */
    private Selector selector;

    private DestinationName queue;
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
        queue = spec.destination();
        selector = Selector.parseOptional(spec.selector());
        if (nextCommitted(CommittedPage.NONE)) {
            return;
        }
        CompletableFuture<ConsumerHandle> opening = provider.openConsumer(spec, this);
        while (!Waits.isDoneWithin(opening, LOOK_MS)) {
            // Perhaps the Master was lost this very moment: then the request waits for the next one.
            if (nextCommitted(CommittedPage.NONE)) {
                opening.thenAccept(late -> provider.closeConsumer(late, 0, false));
                return;
            }
        }
        handle = Waits.await(opening);
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

    /** Adds a page from a Slave; false when no Slave can be read, or this is to be the first page and there is a Master. */
    private boolean nextCommitted(CommittedPage after) {
        CommittedPage got;
        try {
            got = Waits.await(provider.browseCommitted(queue, after, PAGE_MESSAGES, pageMaxBytes));
        } catch (JMSException refused) {
            LOG.debug("{} is not browsed at a Slave: {}", queue, refused.getMessage());
            return false;
        }
        for (Delivered one : got.messages()) {
            // A large body has to be fetched from the Master.
            if (!one.message().isLarge() && isSelected(one)) {
                page.add(one);
            }
        }
        if (committed == null) {
            LOG.info("{} is browsed at a Slave, for there is no Master now", queue);
        }
        committed = got;
        ended = got.end();
        return true;
    }

    private boolean isSelected(Delivered one) {
        try {
            return selector == null || selector.matches(one.message()::selectorValue);
        } catch (MalformedMessageException unreadable) {
            return false;
        }
    }

    private void fetch() {
        if (committed != null) {
            if (!nextCommitted(committed)) {
                LOG.warn("browsing ended early: the Slave has become the Master, or does not answer");
                ended = true;
            }
            return;
        }
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
        if (committed != null) {
            return lastDelivered;
        }
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
        if (committed != null) {
            return;
        }
        ended = true;
        synchronized (this) {
            closed = true;
        }
        onClose.accept(this);
    }
}
