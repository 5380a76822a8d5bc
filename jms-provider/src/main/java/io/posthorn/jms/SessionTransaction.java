package io.posthorn.jms;

import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.Provider;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.Settle;
import jakarta.jms.JMSException;
import jakarta.jms.TransactionRolledBackException;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequence of local transactions of a transacted session (Jakarta Messaging 3.1, 6.2.7): always one is current, and commit or
 * rollback starts the next.
 *
 * <p>Sends are not awaited one by one; one that failed makes commit roll back and throw. The application's thread or the
 * session's listener calls it.
 */
final class SessionTransaction {

    private final Provider provider;
    private final ProducerHandle producer;
    private final DeliveryGate gate;
    private final SessionConsumers consumers;
    private final HeldAcknowledgement held;
    private volatile Transaction current = new Transaction();

    SessionTransaction(
            Provider provider,
            ProducerHandle producer,
            DeliveryGate gate,
            SessionConsumers consumers,
            HeldAcknowledgement held) {
        this.provider = provider;
        this.producer = producer;
        this.gate = gate;
        this.consumers = consumers;
        this.held = held;
    }

    Transaction current() {
        return current;
    }

    /** @throws TransactionRolledBackException if it had to be rolled back instead */
    void commit() throws JMSException {
        Transaction ending = current;
        if (ending.failure() != null) {
            rollback();
            throw rolledBack(ending.failure());
        }
        List<DeliverySpan> consumed = new ArrayList<>();
        held.takeAll(consumed);
        if (!ending.touched() && consumed.isEmpty()) {
            return;
        }
        current = new Transaction();
        try {
            Waits.await(provider.commit(producer, consumed));
        } catch (JMSException failed) {
            throw commitFailed(ending, consumed, failed);
        }
    }

    /** Drops what was sent, gives back what was received, in its old place and before anything unread. */
    void rollback() throws JMSException {
        Transaction ending = current;
        List<DeliverySpan> consumed = new ArrayList<>();
        gate.turn.lock();
        try {
            held.takeAll(consumed);
            if (!ending.touched() && consumed.isEmpty()) {
                return;
            }
            current = new Transaction();
            restart(consumed);
        } finally {
            gate.turn.unlock();
        }
    }

    /** As the session ends: what is held by consumers goes back as they are closed, the rest here. */
    void end() {
        List<DeliverySpan> consumed = new ArrayList<>();
        held.takeAll(consumed);
        if (current.touched() || !consumed.isEmpty()) {
            Waits.awaitEnd(provider.rollback(producer, consumed));
        }
    }

    private JMSException commitFailed(Transaction ending, List<DeliverySpan> consumed, JMSException failed) {
        ProviderException.Kind kind =
                failed.getLinkedException() instanceof ProviderException known ? known.kind() : null;
        boolean unknown = kind == null
                || kind == ProviderException.Kind.TIMEOUT
                || kind == ProviderException.Kind.IN_DOUBT
                || kind == ProviderException.Kind.CONNECTION
                || kind == ProviderException.Kind.CLOSED;
        if (unknown) {
            return failed;
        }
        gate.turn.lock();
        try {
            // Rolled back by the broker already, or refused: a rollback of what is gone does nothing.
            restart(kind == ProviderException.Kind.TRANSACTION_ROLLED_BACK ? List.of() : consumed);
        } catch (JMSException again) {
            failed.addSuppressed(again);
        } finally {
            gate.turn.unlock();
        }
        if (ending.failure() != null) {
            return rolledBack(ending.failure());
        }
        return failed instanceof TransactionRolledBackException
                ? failed
                : rolledBack((ProviderException) failed.getLinkedException());
    }

    private void restart(List<DeliverySpan> consumed) throws JMSException {
        List<DeliverySpan> unread = new ArrayList<>();
        try {
            consumers.halt(unread);
            if (!unread.isEmpty()) {
                provider.acknowledge(Settle.RELEASE, unread, false);
            }
            Waits.await(provider.rollback(producer, consumed));
        } finally {
            consumers.resume();
        }
    }

    private static JMSException rolledBack(ProviderException cause) {
        return Failures.linked(
                new TransactionRolledBackException(
                        "the transaction was rolled back: " + cause.getMessage(),
                        cause.kind().name()),
                cause);
    }
}
