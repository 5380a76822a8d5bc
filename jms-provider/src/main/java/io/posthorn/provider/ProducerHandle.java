package io.posthorn.provider;

/** The provider's side of a session that sends. Opaque to the JMS classes. */
public interface ProducerHandle {

    /** Random id, also the first half of the ids of its messages. */
    long producerId();

    /** The next number for a message id: 1, 2, 3…; any thread. Not the dedup sequence, which the provider keeps itself. */
    long nextMessageNumber();
}
