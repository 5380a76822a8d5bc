package io.posthorn.provider;

/** The provider's side of an open consumer. Opaque to the JMS classes. */
public interface ConsumerHandle {

    /** Number of the consumer in its connection. */
    int consumerId();
}
