package io.posthorn.protocol.api;

/** What becomes of a delivery; the ordinal is the wire code. */
public enum Disposition {
    /** Consumed: it never comes again. */
    ACCEPT,
    /** Goes back to its place; its count stays as the hand-over marks left it. */
    RELEASE,
    /** The application cannot process it: it goes to the dead-letter destination. */
    REJECT
}
