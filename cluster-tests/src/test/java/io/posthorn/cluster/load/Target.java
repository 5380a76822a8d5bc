package io.posthorn.cluster.load;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** A queue or a topic by its name, and what waits there; no queue and topic of one load have the same name. */
record Target(String name, boolean topic, Backlog backlog) {

    static Target queue(String name) {
        return new Target(name, false, new Backlog());
    }

    static Target topic(String name) {
        return new Target(name, true, new Backlog());
    }

    Destination in(Session session) throws JMSException {
        return topic ? session.createTopic(name) : session.createQueue(name);
    }
}
