package io.posthorn.provider;

/** The provider's side of an open consumer. Opaque to the JMS classes. */
public interface ConsumerHandle {

    /** Number of the consumer in its connection. */
    int consumerId();

    /**
     * Whether others can get what it has not settled when its process dies. False for temporary queues, for unshared subscriptions that
     * are not durable, and for browsing: nothing about these is urgent.
     */
    default boolean outlivesConnection() {
        return true;
    }
}
