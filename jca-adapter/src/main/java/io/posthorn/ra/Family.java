package io.posthorn.ra;

import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.Queue;
import jakarta.jms.Topic;

/** Which of the three families of the classic API a handle belongs to, and what those for one kind of destination refuse (6.1, 6.2). */
enum Family {
    ANY,
    QUEUE,
    TOPIC;

    /** @throws IllegalStateException if the method is one of the other family */
    void refuseFor(Family other, String method) throws IllegalStateException {
        if (this == other) {
            throw new IllegalStateException(method + " does not belong to the API for "
                    + (this == QUEUE ? "queues" : "topics") + ", which this connection was made with");
        }
    }

    /** @throws InvalidDestinationException if it is of the other kind; what is no destination at all is for the client to refuse */
    <D extends Destination> D checked(D destination) throws InvalidDestinationException {
        boolean wrong = this == QUEUE && destination instanceof Topic && !(destination instanceof Queue)
                || this == TOPIC && destination instanceof Queue && !(destination instanceof Topic);
        if (wrong) {
            throw new InvalidDestinationException(
                    "a connection for " + (this == QUEUE ? "queues" : "topics") + " cannot use " + destination);
        }
        return destination;
    }
}
