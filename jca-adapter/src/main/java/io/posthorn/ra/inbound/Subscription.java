package io.posthorn.ra.inbound;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.Topic;

/**
 * What the consumers of an activation read.
 *
 * @param kind not null
 * @param name of the subscription; null for QUEUE and UNSHARED
 * @param selector null for everything
 */
record Subscription(Kind kind, Destination destination, String name, String selector) {

    /** A queue, and the four kinds of subscriptions to a topic. */
    enum Kind {
        QUEUE,
        UNSHARED,
        DURABLE,
        SHARED,
        SHARED_DURABLE
    }

    /** @throws JMSException as the session does */
    MessageConsumer consumer(Session session) throws JMSException {
        return switch (kind) {
            case QUEUE, UNSHARED -> session.createConsumer(destination, selector);
            case DURABLE -> session.createDurableConsumer((Topic) destination, name, selector, false);
            case SHARED -> session.createSharedConsumer((Topic) destination, name, selector);
            case SHARED_DURABLE -> session.createSharedDurableConsumer((Topic) destination, name, selector);
        };
    }

    @Override
    public String toString() {
        return destination + (name == null ? "" : ", subscription " + name);
    }
}
