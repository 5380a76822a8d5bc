package io.posthorn.cluster.load;

import io.posthorn.cluster.history.Event.Mode;
import io.posthorn.cluster.history.Event.Received;
import io.posthorn.cluster.history.Event.SendBegun;
import io.posthorn.cluster.history.Event.Settled;
import io.posthorn.cluster.history.History;
import io.posthorn.cluster.history.Outcome;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.Topic;

/**
 * Takes what comes to a queue, or to a shared durable subscription of a topic, and settles it in its way. Once it is told to end it goes on
 * until nothing has come for a while.
 */
final class Receiver extends Worker {

    private static final long POLL_MS = 200;

    /** Longer than a lost session keeps what it had, so that nothing is overlooked. */
    private static final long QUIET_MS = 4 * Load.RESUME_TIMEOUT_MS;

    private final Target target;
    private final Mode mode;

    /** Where a transaction forwards each message to, or null. */
    private final Target forward;

    private int transactions;
    private int forwarded;

    Receiver(String name, ConnectionFactory factory, History history, Target target, Mode mode, Target forward) {
        super(name, factory, history);
        this.target = target;
        this.mode = mode;
        this.forward = forward;
    }

    /** The subscription that takes a target's messages. */
    static String subscription(Target target) {
        return target.topic() ? "sub-" + target.name() : target.name();
    }

    @Override
    int mode() {
        return switch (mode) {
            case AUTO -> Session.AUTO_ACKNOWLEDGE;
            case CLIENT -> Session.CLIENT_ACKNOWLEDGE;
            case TRANSACTED -> Session.SESSION_TRANSACTED;
        };
    }

    @Override
    void work(Session session) throws JMSException {
        MessageProducer producer = forward == null ? null : session.createProducer(forward.in(session));
        try (MessageConsumer consumer = consumer(session)) {
            while (true) {
                boolean last = isEnding();
                Message message = consumer.receive(last ? QUIET_MS : POLL_MS);
                if (message != null) {
                    handle(session, producer, message);
                } else if (last) {
                    return;
                }
                while (!isEnding() && forward != null && forward.backlog().isLong()) {
                    // Who receives there is behind.
                }
            }
        }
    }

    private MessageConsumer consumer(Session session) throws JMSException {
        return target.topic()
                ? session.createSharedDurableConsumer((Topic) target.in(session), subscription(target))
                : session.createConsumer(target.in(session));
    }

    private void handle(Session session, MessageProducer producer, Message message) throws JMSException {
        String name = message.getStringProperty(NAME);
        String subscription = subscription(target);
        String transaction = mode == Mode.TRANSACTED ? session() + ":t" + ++transactions : null;
        history.add(new Received(session(), subscription, name, message.getJMSRedelivered(), mode, transaction));
        if (!message.getJMSRedelivered()) {
            target.backlog().received();
        }
        if (mode == Mode.CLIENT) {
            acknowledge(message, subscription, name);
        } else if (mode == Mode.TRANSACTED) {
            if (producer != null) {
                forward.backlog().sent(1);
                Sender.send(
                        history,
                        session,
                        producer,
                        new SendBegun(
                                session() + ":" + ++forwarded,
                                session(),
                                forward.name(),
                                Message.DEFAULT_PRIORITY,
                                transaction));
            }
            Sender.end(history, session, transaction, true);
        }
    }

    private void acknowledge(Message message, String subscription, String name) throws JMSException {
        Outcome outcome = Outcome.UNKNOWN;
        try {
            message.acknowledge();
            outcome = Outcome.DONE;
        } finally {
            history.add(new Settled(subscription, name, outcome));
        }
    }
}
