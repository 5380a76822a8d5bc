package io.posthorn.server.queue;

/** What becomes of a delivery. */
public enum Settling {
    /** Consumed: never again. */
    ACCEPT,
    /** Back to its place; its count stays as the hand-over marks left it. */
    RELEASE,
    /** To the dead-letter queue. */
    REJECT
}
