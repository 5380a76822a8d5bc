package io.posthorn.cluster.load;

import io.posthorn.cluster.history.Event.SendBegun;
import io.posthorn.cluster.history.Event.SendEnded;
import io.posthorn.cluster.history.Event.TransactionEnded;
import io.posthorn.cluster.history.Event.TransactionEnding;
import io.posthorn.cluster.history.History;
import io.posthorn.cluster.history.Outcome;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import jakarta.jms.TransactionRolledBackException;

/** Sends persistent messages to one destination, each by itself or three in a transaction, of which every fifth is rolled back. */
final class Sender extends Worker {

    private static final int TRANSACTION_SENDS = 3;
    private static final int ROLLBACK_EVERY = 5;

    private final Target target;
    private final boolean transacted;
    private int messages;
    private int transactions;

    Sender(String name, ConnectionFactory factory, History history, Target target, boolean transacted) {
        super(name, factory, history);
        this.target = target;
        this.transacted = transacted;
    }

    @Override
    int mode() {
        return transacted ? Session.SESSION_TRANSACTED : Session.AUTO_ACKNOWLEDGE;
    }

    @Override
    void work(Session session) throws JMSException {
        MessageProducer producer = session.createProducer(target.in(session));
        while (!isEnding()) {
            if (target.backlog().isLong()) {
                continue;
            }
            if (transacted) {
                transaction(session, producer);
            } else {
                send(session, producer, null);
                target.backlog().sent(1);
            }
        }
    }

    private void transaction(Session session, MessageProducer producer) throws JMSException {
        String transaction = session() + ":t" + ++transactions;
        boolean commit = transactions % ROLLBACK_EVERY != 0;
        for (int i = 0; i < TRANSACTION_SENDS; i++) {
            send(session, producer, transaction);
        }
        end(history, session, transaction, commit);
        target.backlog().sent(commit ? TRANSACTION_SENDS : 0);
    }

    private void send(Session session, MessageProducer producer, String transaction) throws JMSException {
        send(
                history,
                session,
                producer,
                new SendBegun(
                        session() + ":" + ++messages, session(), target.name(), Message.DEFAULT_PRIORITY, transaction));
    }

    /** Sends one message and records it; throws what the send has thrown. */
    static void send(History history, Session session, MessageProducer producer, SendBegun send) throws JMSException {
        history.add(send);
        Outcome outcome = Outcome.UNKNOWN;
        try {
            Message message = session.createTextMessage(send.message());
            message.setStringProperty(NAME, send.message());
            producer.send(message);
            outcome = Outcome.DONE;
        } catch (ResourceAllocationException refused) {
            // What is in doubt was sent, and may stay.
            outcome = refused.getErrorCode().equals("IN_DOUBT") ? Outcome.UNKNOWN : Outcome.REFUSED;
            throw refused;
        } finally {
            history.add(new SendEnded(send.message(), outcome));
        }
    }

    /** Ends a transaction and records it. One that the client reports as rolled back is no failure. */
    static void end(History history, Session session, String transaction, boolean commit) throws JMSException {
        history.add(new TransactionEnding(transaction, commit));
        // Nobody but this session can commit it.
        Outcome outcome = commit ? Outcome.UNKNOWN : Outcome.REFUSED;
        try {
            if (commit) {
                session.commit();
                outcome = Outcome.DONE;
            } else {
                session.rollback();
            }
        } catch (TransactionRolledBackException rolledBack) {
            outcome = Outcome.REFUSED;
        } finally {
            history.add(new TransactionEnded(transaction, outcome));
        }
    }
}
