package io.posthorn.server.simulation;

import io.posthorn.server.queue.DeliveryRef;

/**
 * A delivery, as the consumer that has it knows it.
 *
 * @param place the queue or subscription it came from
 */
record Got(long id, String place, Sent sent, DeliveryRef ref) {

    /** Which message, and for whom. */
    String what() {
        return sent.at(place);
    }

    boolean isJournalled() {
        return ref.offset() >= 0;
    }
}
