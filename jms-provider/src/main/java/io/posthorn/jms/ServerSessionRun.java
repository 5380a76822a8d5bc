package io.posthorn.jms;

import io.posthorn.provider.ConsumerHandle;
import io.posthorn.provider.Delivered;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.Provider;
import io.posthorn.provider.Settle;
import jakarta.jms.IllegalStateException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session as an application server uses it (Jakarta Messaging 3.1, 11.2): connection consumers load messages into it, and {@link #run()}, on a
 * thread of the application server, gives them to the session's own listener, one after the other.
 *
 * <p>While the connection is stopped a run waits. What is loaded and not run when the session closes goes back to the broker, and so does what
 * lies behind a message that an automatically acknowledging session's listener has failed at.
 */
final class ServerSessionRun {

    private static final Logger LOG = LoggerFactory.getLogger(ServerSessionRun.class);

    private final DeliveryGate gate;
    private final Provider provider;
    private final SessionConsumers consumers;
    private final Acknowledgement acknowledgement;
    private final InboundMessages inbound;

    // Under gate.lock.
    private final Map<ConsumerHandle, LoadedMessages> sources = new LinkedHashMap<>(2);
    private boolean ended;
    private volatile MessageListener listener;

    ServerSessionRun(
            DeliveryGate gate,
            Provider provider,
            SessionConsumers consumers,
            Acknowledgement acknowledgement,
            InboundMessages inbound) {
        this.gate = gate;
        this.provider = provider;
        this.consumers = consumers;
        this.acknowledgement = acknowledgement;
        this.inbound = inbound;
    }

    MessageListener listener() {
        return listener;
    }

    void listener(MessageListener value) {
        listener = value;
    }

    /** @throws IllegalStateException if the session has a listener of its own, which excludes every other way to get messages (11.2.6) */
    void refuseOtherReceipt() throws IllegalStateException {
        if (listener != null) {
            throw new IllegalStateException(
                    "the session has a message listener of its own, so it cannot receive otherwise");
        }
    }

    /** Puts messages where the next run finds them; false, and nothing has happened, when the session has ended. Any thread. */
    boolean load(ConsumerHandle from, List<Delivered> messages) {
        gate.lock.lock();
        try {
            if (ended) {
                return false;
            }
            sources.computeIfAbsent(from, handle -> new LoadedMessages(handle, gate))
                    .add(messages);
            return true;
        } finally {
            gate.lock.unlock();
        }
    }

    /** Runs everything that is loaded. Without a listener it goes back to the broker. */
    void run() {
        boolean more = gate.awaitRunning();
        while (more) {
            more = runOne() && gate.awaitRunning();
        }
        gate.turn.lock();
        try {
            acknowledgement.endOfBurst();
        } finally {
            gate.turn.unlock();
        }
    }

    /** The session ends: what was not run goes back. With the turn. */
    void end() {
        gate.lock.lock();
        try {
            ended = true;
        } finally {
            gate.lock.unlock();
        }
        giveBackRest();
    }

    /** A connection consumer could not start the session: what it has loaded goes back. */
    void giveBackRest() {
        List<LoadedMessages> all;
        gate.lock.lock();
        try {
            all = new ArrayList<>(sources.values());
        } finally {
            gate.lock.unlock();
        }
        List<DeliverySpan> back = new ArrayList<>();
        for (LoadedMessages source : all) {
            source.takeBack(back);
        }
        if (!back.isEmpty()) {
            provider.acknowledge(Settle.RELEASE, back, false);
        }
    }

    /** One message; the turn is free between two, so that stop and close get in. Returns whether there was one. */
    private boolean runOne() {
        gate.turn.lock();
        try {
            LoadedMessages source = null;
            Delivered next = null;
            gate.lock.lock();
            try {
                if (!gate.running()) {
                    return true;
                }
                Iterator<LoadedMessages> each = sources.values().iterator();
                while (next == null && each.hasNext()) {
                    source = each.next();
                    next = source.poll();
                    if (next == null) {
                        // Connection consumers come and go; the next load makes a new one.
                        each.remove();
                    }
                }
            } finally {
                gate.lock.unlock();
            }
            if (next != null) {
                deliver(source, next);
            }
            return next != null;
        } finally {
            gate.turn.unlock();
        }
    }

    private void deliver(LoadedMessages source, Delivered delivered) {
        MessageListener current = listener;
        long id = delivered.deliveryId();
        if (current == null) {
            LOG.warn(
                    "message {} goes back: the session that was to run it has no message listener",
                    delivered.message());
            provider.acknowledge(Settle.RELEASE, List.of(new DeliverySpan(source.handle(), id, id)), false);
            return;
        }
        Message message = inbound.open(source, delivered);
        if (message == null) {
            return;
        }
        consumers.deliveryThread(Thread.currentThread());
        acknowledgement.beforeListener(source, id);
        boolean thrown = true;
        try {
            current.onMessage(message);
            thrown = false;
        } catch (RuntimeException | Error fault) {
            LOG.warn("listener {} has thrown at message {}", current, delivered.message(), fault);
        } finally {
            acknowledgement.afterListener(source, id, thrown);
            consumers.deliveryThread(null);
        }
    }
}
