package io.posthorn.jms;

import io.posthorn.provider.Delivered;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery thread of a session: calls the listeners of its consumers one at a time (Jakarta Messaging 3.1, 6.2.13).
 *
 * <p>Started with the first listener, ends with the session. What a listener throws is logged and left to the {@link
 * Acknowledgement}; it never ends the thread.
 */
final class ListenerDispatcher implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerDispatcher.class);

    /** After so many messages of one consumer the others get their turn. */
    private static final int BURST_MESSAGES = 64;

    private final DeliveryGate gate;
    private final Acknowledgement acknowledgement;
    private final InboundMessages inbound;

    ListenerDispatcher(DeliveryGate gate, Acknowledgement acknowledgement, InboundMessages inbound) {
        this.gate = gate;
        this.acknowledgement = acknowledgement;
        this.inbound = inbound;
    }

    @Override
    public void run() {
        ConsumerBuffer consumer = gate.nextReady();
        while (consumer != null) {
            burst(consumer);
            consumer = gate.nextReady();
        }
    }

    private void burst(ConsumerBuffer consumer) {
        gate.turn.lock();
        try {
            consumer.openWindow();
            for (int i = 0; i < BURST_MESSAGES; i++) {
                Delivered next = consumer.takeForListener();
                if (next == null) {
                    break;
                }
                consumer.grant();
                deliver(consumer, next);
            }
            acknowledgement.endOfBurst();
        } catch (RuntimeException broken) {
            // The provider refuses calls: the connection is being closed or lost, and others report that.
            LOG.debug("delivery interrupted", broken);
        } finally {
            consumer.leaveListener();
            gate.turn.unlock();
        }
    }

    private void deliver(ConsumerBuffer consumer, Delivered delivered) {
        Message message = inbound.open(consumer, delivered);
        if (message == null) {
            return;
        }
        MessageListener listener = consumer.current();
        long id = delivered.deliveryId();
        acknowledgement.beforeListener(consumer, id);
        boolean thrown = true;
        try {
            listener.onMessage(message);
            thrown = false;
        } catch (RuntimeException | Error fault) {
            LOG.warn("listener {} has thrown at message {}", listener, delivered.message(), fault);
        } finally {
            acknowledgement.afterListener(consumer, id, thrown);
        }
    }
}
