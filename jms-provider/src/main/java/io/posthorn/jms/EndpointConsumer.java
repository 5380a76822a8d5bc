package io.posthorn.jms;

import io.posthorn.message.DestinationName;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.Provider;
import io.posthorn.provider.Settle;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import java.util.ArrayList;
import java.util.List;

/**
 * A consumer as a resource adapter drives it for a message endpoint: messages come ahead, as for a listener, and when some have come a worker
 * fetches them one after the other. Between {@link #next} and {@link #take} the container may begin a transaction, so that what is taken
 * belongs to the session's branch from the start; nobody has to wait in a transaction for a message.
 *
 * <p>One worker at a time, in this order: {@link #enter}, any number of (next, take, {@link #settled}), {@link #leave}. In a branch the
 * transaction manager decides about a message; outside one it is acknowledged, or comes back, by settled. While a message is out, closing the
 * session waits for leave, and the session's other methods are free.
 *
 * <p>Not meant for applications; separate from {@link PosthornConsumer} for that reason.
 */
public final class EndpointConsumer {

    private final ConsumerBuffer buffer;
    private final DeliveryGate gate;
    private final Provider provider;
    private final Acknowledgement acknowledgement;
    private final InboundMessages inbound;

    /** The delivery that is out, 0 for none. The worker's. */
    private long current;

    /** What was deferred last, to be known again. The worker's. */
    private Delivered deferred;

    EndpointConsumer(
            ConsumerBuffer buffer,
            DeliveryGate gate,
            Provider provider,
            Acknowledgement acknowledgement,
            InboundMessages inbound,
            Runnable arrived) {
        this.buffer = buffer;
        this.gate = gate;
        this.provider = provider;
        this.acknowledgement = acknowledgement;
        this.inbound = inbound;
        // Never called: it stands for the workers, which take messages as listeners do.
        buffer.onArrival(arrived, message -> {});
    }

    /**
     * Takes a consumer over from receive() and listeners.
     *
     * @param consumer an open one of a session of Posthorn, used by nobody else
     * @param arrived called, on any thread and with locks held, when a worker should look: it must only note that. Also called when there turns out
     *     to be nothing; not called again before the next enter
     * @throws IllegalStateException if the consumer has a listener, or is not Posthorn's
     */
    public static EndpointConsumer of(MessageConsumer consumer, Runnable arrived) throws JMSException {
        if (!(consumer instanceof PosthornConsumer ours)) {
            throw new IllegalStateException("not a consumer of Posthorn: " + consumer);
        }
        if (ours.getMessageListener() != null) {
            throw new IllegalStateException("the consumer has a message listener");
        }
        return ours.session().forEndpoint(ours.buffer(), arrived);
    }

    /** @throws InvalidSelectorException if no consumer could be made with this selector; null and blank ones select everything */
    public static void checkSelector(String text) throws InvalidSelectorException {
        Selectors.checked(text);
    }

    /** A worker begins. */
    public void enter() {
        buffer.enterWorker();
    }

    /**
     * Which try the next message would be, 1 for the first; lets more messages come.
     *
     * @return 0 if none is there: also while the connection is stopped or lost
     */
    public int next() {
        gate.turn.lock();
        try {
            buffer.openWindow();
            Delivered next = buffer.peek();
            return next == null ? 0 : next.deliveryCount() + 1;
        } finally {
            gate.turn.unlock();
        }
    }

    /** Whether the next message is the one that was deferred last. */
    public boolean isDeferred() {
        gate.turn.lock();
        try {
            return deferred != null && deferred == buffer.peek();
        } finally {
            gate.turn.unlock();
        }
    }

    /**
     * The next message shall wait for its next try, whose time the caller knows. It stays here, unread; what lies behind goes back, and nothing
     * else comes meanwhile.
     */
    public void defer() {
        List<DeliverySpan> back = new ArrayList<>(1);
        gate.turn.lock();
        try {
            deferred = buffer.peek();
            buffer.stopFlow().join();
            buffer.voidBehindFirst(back);
            if (!back.isEmpty()) {
                provider.acknowledge(Settle.RELEASE, back, false);
            }
        } finally {
            gate.turn.unlock();
        }
    }

    /**
     * Puts the next message where dead letters lie, instead of taking it. Outside branches. When that fails the message comes again.
     *
     * @param queue where to; null for the dead letter queue of its destination
     * @param reason why, for the property JMS_PH_DeadLetterReason; of effect with a queue of its own
     * @throws JMSException if the broker refuses, or does not answer
     */
    public void discard(String queue, String reason) throws JMSException {
        DestinationName to = queue == null ? null : DestinationName.queue(queue);
        gate.turn.lock();
        try {
            Delivered next = buffer.takeForListener();
            if (next == null) {
                return;
            }
            buffer.grant();
            long id = next.deliveryId();
            DeliverySpan one = new DeliverySpan(buffer.handle(), id, id);
            if (to == null) {
                Waits.await(provider.acknowledge(Settle.REJECT, List.of(one), true));
            } else {
                DeadLetterMove.run(provider, next, one, to, reason);
            }
        } finally {
            gate.turn.unlock();
        }
    }

    /**
     * The next message; it counts as handed over and, in a branch, belongs to it. To be followed by {@link #settled}.
     *
     * @return null if there is none any more: it has expired, or the connection was stopped or lost
     */
    public Message take() {
        gate.turn.lock();
        try {
            while (true) {
                Delivered delivered = buffer.takeForListener();
                if (delivered == null) {
                    return null;
                }
                buffer.grant();
                Message message = inbound.open(buffer, delivered);
                if (message != null) {
                    current = delivered.deliveryId();
                    acknowledgement.beforeListener(buffer, current);
                    return message;
                }
            }
        } finally {
            gate.turn.unlock();
        }
    }

    /**
     * The endpoint is through with the message that was taken last; without effect if there was none. It was taken in a branch: nothing happens.
     * Otherwise it is acknowledged as the session's mode says, or comes back.
     *
     * @param failed whether it comes back
     */
    public void settled(boolean failed) {
        if (current == 0) {
            return;
        }
        gate.turn.lock();
        try {
            long id = current;
            current = 0;
            acknowledgement.afterListener(buffer, id, failed);
        } finally {
            gate.turn.unlock();
        }
    }

    /** The worker ends; if there is more, {@code arrived} is called. */
    public void leave() {
        gate.turn.lock();
        try {
            acknowledgement.endOfBurst();
        } finally {
            gate.turn.unlock();
            buffer.leaveWorker();
        }
    }
}
