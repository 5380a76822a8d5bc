package io.posthorn.server.queue;

/** What happens when a non-durable subscription of a topic has as many messages as it may ({@code slowConsumerPolicy}). */
public enum SlowConsumerPolicy {
    /** Its oldest non-persistent messages are dropped; when there are none, it is disconnected. */
    DROP_OLDEST,
    /** Its consumers are closed, with an error that says why. */
    DISCONNECT,
    /** Publishers wait, for a bounded time. */
    BLOCK
}
