package io.posthorn.samples;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TransactionRolledBackException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Adds up the invoices: a durable subscriber of the invoice topic that books them in batches, one transaction each.
 *
 * <p>{@link #subscribe} comes before the first invoice is published. {@link #book} runs on a thread of its own until
 * {@link #finish} was called (by any thread) and no invoice is left.
 *
 * <p>Why the totals are exact. An invoice is entered in the book after the commit that took it from the subscription has
 * returned, and at no other place:
 *
 * <ul>
 *   <li>The server dies before the commit is on its disk: {@link TransactionRolledBackException}. The batch is forgotten
 *       here and delivered again. Nothing is counted twice, because it had not been counted.
 *   <li>The server dies after the commit is on its disk, but before it could answer: the provider asks the restarted server
 *       for the outcome and {@code commit} returns. The batch is counted and is not delivered again.
 *   <li>The server stays away so long that the provider gives up, and {@code commit} ends in another {@link JMSException}:
 *       the batch's fate is unknown. To count or to forget it would be a guess, so the run ends with that error.
 *   <li>While the server is away, nobody is subscribed over a connection; the subscription is durable, the restarted server
 *       still has it, with every invoice that was not committed.
 * </ul>
 *
 * The ledger does not skip an order id that it has seen: doubled invoices shall be found, not hidden. The book itself is in
 * memory, as long as this process lives; one that must survive it would be written in the same (XA) transaction.
 */
final class InvoiceLedger implements AutoCloseable {
    private static final String CLIENT_ID = "invoice-ledger";
    private static final String SUBSCRIPTION = "all-invoices";
    private static final long POLL_MS = 250;
    private static final int BATCH_MAX = 20;

    private final Connection connection;
    private final Session session;
    private final MessageConsumer consumer;
    private final Progress progress;
    private final LedgerBook book = new LedgerBook();
    private final Map<CompletableFuture<Void>, Integer> milestones = new ConcurrentHashMap<>();
    private volatile boolean finishing;

    private InvoiceLedger(Connection connection, Session session, MessageConsumer consumer, Progress progress) {
        this.connection = connection;
        this.session = session;
        this.consumer = consumer;
        this.progress = progress;
    }

    /** Creates the durable subscription: from now on no invoice is missed. */
    static InvoiceLedger subscribe(Endpoints endpoints, Progress progress) throws JMSException {
        Connection connection = endpoints.connectionFactory().createConnection();
        try {
            connection.setClientID(CLIENT_ID);
            Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
            MessageConsumer consumer = session.createDurableConsumer(endpoints.invoices(), SUBSCRIPTION);
            return new InvoiceLedger(connection, session, consumer, progress);
        } catch (JMSException e) {
            connection.close();
            throw e;
        }
    }

    /** Completes when invoices for so many different orders are booked. */
    CompletableFuture<Void> booked(int orderCount) {
        CompletableFuture<Void> milestone = new CompletableFuture<>();
        milestones.put(milestone, orderCount);
        passMilestones();
        return milestone;
    }

    LedgerBook ledgerBook() {
        return book;
    }

    /** Lets {@link #book} return once no invoice is left. */
    void finish() {
        finishing = true;
    }

    /** Books invoices, and gives the subscription up at the end. */
    void book() throws JMSException {
        connection.start();
        while (true) {
            // Read before the subscription is asked: only silence after the end was announced is the end.
            boolean last = finishing;
            List<Invoice> batch = receiveBatch();
            if (!batch.isEmpty()) {
                bookBatch(batch);
            } else if (last) {
                break;
            }
        }
        consumer.close();
        session.unsubscribe(SUBSCRIPTION);
    }

    /** Waits for one invoice, then takes what else is there. */
    private List<Invoice> receiveBatch() throws JMSException {
        List<Invoice> batch = new ArrayList<>(BATCH_MAX);
        Message message = consumer.receive(POLL_MS);
        while (message != null) {
            batch.add(MessageCodec.decodeInvoice(message));
            message = batch.size() < BATCH_MAX ? consumer.receiveNoWait() : null;
        }
        return batch;
    }

    private void bookBatch(List<Invoice> batch) throws JMSException {
        try {
            session.commit();
        } catch (TransactionRolledBackException e) {
            // Forgotten here; the same invoices come again.
            progress.bookingRolledBack();
            return;
        }
        book.enter(batch);
        progress.booked(book.orderCount());
        passMilestones();
    }

    private void passMilestones() {
        int count = book.orderCount();
        milestones.forEach((milestone, orderCount) -> {
            if (count >= orderCount) {
                milestones.remove(milestone);
                milestone.complete(null);
            }
        });
    }

    @Override
    public void close() throws JMSException {
        connection.close();
    }
}
