package io.posthorn.jms;

/** Told which consumer of a session is being read, so that another one on the same destination does not hold messages back from it. */
@FunctionalInterface
interface ReceiveOrder {

    /** A receive() has found nothing in this buffer. With the session's turn. */
    void receives(ConsumerBuffer buffer);
}
