package io.posthorn.server.queue;

/** What happens to a send when its destination is full ({@code whenFull}). */
public enum WhenFull {
    /** It is refused at once. */
    REJECT,
    /** It waits for room, for a bounded time. */
    BLOCK
}
