package io.posthorn.jms;

import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.Provider;
import io.posthorn.provider.Settle;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;

/**
 * CLIENT_ACKNOWLEDGE and transacted sessions: what the application has got is held until it acknowledges, commits, recovers or
 * rolls back, for all consumers of the session at once (Jakarta Messaging 3.1, 6.2.7 and 6.2.10). Or, as an extension, message by message: see
 * {@link PosthornSession#INDIVIDUAL_ACKNOWLEDGE}.
 */
final class HeldAcknowledgement implements Acknowledgement {

    private final Provider provider;
    private final DeliveryGate gate;
    private final SessionConsumers consumers;
    private final boolean acknowledgeable;

    // Consumers with something held, closed ones included. Under gate.lock.
    private final List<DeliverySource> holders = new ArrayList<>();

    /** @param acknowledgeable whether Message.acknowledge() counts: not so in a transacted session */
    HeldAcknowledgement(Provider provider, DeliveryGate gate, SessionConsumers consumers, boolean acknowledgeable) {
        this.provider = provider;
        this.gate = gate;
        this.consumers = consumers;
        this.acknowledgeable = acknowledgeable;
    }

    @Override
    public void received(DeliverySource from, long deliveryId) {
        provider.handOver(from.handle(), deliveryId);
        hold(from, deliveryId);
    }

    @Override
    public void beforeListener(DeliverySource from, long deliveryId) {
        provider.handOver(from.handle(), deliveryId);
        hold(from, deliveryId);
    }

    @Override
    public void afterListener(DeliverySource from, long deliveryId, boolean thrown) {
        // It stays held, thrown or not (8.7).
    }

    @Override
    public void endOfBurst() {
        // Nothing is put off.
    }

    @Override
    public void recover() throws JMSException {
        List<DeliverySpan> back = new ArrayList<>();
        gate.turn.lock();
        try {
            if (holdsNothing()) {
                return;
            }
            consumers.halt(back);
            takeAll(back);
            Waits.await(provider.acknowledge(Settle.RELEASE, back, true));
        } finally {
            consumers.resume();
            gate.turn.unlock();
        }
    }

    @Override
    public void acknowledge() throws JMSException {
        if (!acknowledgeable) {
            return;
        }
        List<DeliverySpan> spans = new ArrayList<>();
        takeAll(spans);
        if (!spans.isEmpty()) {
            Waits.await(provider.acknowledge(Settle.ACCEPT, spans, true));
        }
    }

    /** Acknowledges one delivery; without effect when it is not held any longer. Any thread. */
    void acknowledge(DeliverySource from, long deliveryId) throws JMSException {
        gate.lock.lock();
        try {
            if (!from.held().remove(deliveryId)) {
                return;
            }
            if (from.held().isEmpty()) {
                holders.remove(from);
            }
        } finally {
            gate.lock.unlock();
        }
        DeliverySpan one = new DeliverySpan(from.handle(), deliveryId, deliveryId);
        Waits.await(provider.acknowledge(Settle.ACCEPT, List.of(one), true));
    }

    /** In a transacted session the rollback does it. */
    @Override
    public void end() {
        List<DeliverySpan> back = new ArrayList<>();
        if (acknowledgeable) {
            takeAll(back);
        }
        if (!back.isEmpty()) {
            Waits.awaitEnd(provider.acknowledge(Settle.RELEASE, back, true));
        }
    }

    /** Moves all that is held to the list. */
    void takeAll(List<DeliverySpan> spans) {
        gate.lock.lock();
        try {
            for (DeliverySource holder : holders) {
                holder.held().moveTo(holder.handle(), spans);
            }
            holders.clear();
        } finally {
            gate.lock.unlock();
        }
    }

    private void hold(DeliverySource from, long deliveryId) {
        gate.lock.lock();
        try {
            if (from.held().isEmpty()) {
                holders.add(from);
            }
            from.held().add(deliveryId);
        } finally {
            gate.lock.unlock();
        }
    }

    private boolean holdsNothing() {
        gate.lock.lock();
        try {
            return holders.isEmpty();
        } finally {
            gate.lock.unlock();
        }
    }
}
