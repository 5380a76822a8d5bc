package io.posthorn.samples;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TransactionRolledBackException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns orders into invoices: takes an order from the queue and publishes its invoice in the same transaction.
 *
 * <p>{@link #work} runs on a thread of its own until {@link #finish} was called (by any thread) and the queue is empty.
 *
 * <p>Why the invoices are exact, whatever happens to the server. The order leaves the queue and the invoice enters the
 * topic with one commit, so there is never one without the other:
 *
 * <ul>
 *   <li>The server dies before the commit reached its disk: the commit ends in {@link TransactionRolledBackException}.
 *       Neither has happened, the order is delivered again, to this worker or another.
 *   <li>The server dies after the commit reached its disk, but before it could answer: the provider asks the restarted
 *       server what became of the transaction, and {@code commit} returns as if nothing had been.
 *   <li>The server stays away so long that the provider gives up ({@link JMSException}): this worker does not know what
 *       became of the transaction, and need not. It keeps no figures of its own; either both have happened, or the order
 *       comes again. It connects anew and goes on.
 * </ul>
 */
final class OrderWorker {
    private static final long POLL_MS = 250;
    private static final long RECONNECT_PAUSE_MS = 1_000;

    /** Connection failures in a row, without one order done between them, after which a worker gives up. */
    private static final int FAILURES_IN_A_ROW_MAX = 5;

    private final Endpoints endpoints;
    private final Progress progress;
    private final CountDownLatch finishing = new CountDownLatch(1);
    private int failuresInARow;

    OrderWorker(Endpoints endpoints, Progress progress) {
        this.endpoints = endpoints;
        this.progress = progress;
    }

    /** Lets {@link #work} return once the queue is empty. */
    void finish() {
        finishing.countDown();
    }

    /**
     * Works orders off.
     *
     * @throws JMSException when {@value #FAILURES_IN_A_ROW_MAX} connections in a row have failed
     */
    void work() throws JMSException, InterruptedException {
        boolean done = false;
        while (!done) {
            try (Connection connection = endpoints.connectionFactory().createConnection();
                    Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
                connection.start();
                workUntilFinished(session);
                done = true;
            } catch (JMSException e) {
                if (done) {
                    // Only the orderly farewell failed; every order is committed.
                    return;
                }
                failuresInARow++;
                if (failuresInARow >= FAILURES_IN_A_ROW_MAX) {
                    throw e;
                }
                progress.reconnecting(e);
                // Only a pause: when the end is near, it is cut short.
                finishing.await(RECONNECT_PAUSE_MS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void workUntilFinished(Session session) throws JMSException {
        try (MessageConsumer orders = session.createConsumer(endpoints.orders());
                MessageProducer invoices = session.createProducer(endpoints.invoices())) {
            while (true) {
                // Read before the queue is asked: only an empty queue after the end was announced is the end.
                boolean last = finishing.getCount() == 0;
                Message message = orders.receive(POLL_MS);
                if (message != null) {
                    invoice(session, message, invoices);
                } else if (last) {
                    return;
                }
            }
        }
    }

    private void invoice(Session session, Message message, MessageProducer invoices) throws JMSException {
        try {
            Order order = MessageCodec.decodeOrder(message);
            invoices.send(MessageCodec.encodeInvoice(session, order));
            session.commit();
            failuresInARow = 0;
        } catch (TransactionRolledBackException e) {
            // Nothing has happened; the session has begun its next transaction and the order comes again.
            progress.workRolledBack();
        }
    }
}
