package io.posthorn.server.queue;

/** What a consumer reads from. */
public enum ConsumerMode {
    /** The messages of a queue. */
    QUEUE,
    /** An own, unnamed, non-durable subscription. */
    TOPIC,
    /** An unshared durable subscription: client id and name. */
    DURABLE,
    /** A shared non-durable subscription. */
    SHARED,
    /** A shared durable subscription. */
    SHARED_DURABLE,
    /** A look at a queue that takes nothing. */
    BROWSE
}
