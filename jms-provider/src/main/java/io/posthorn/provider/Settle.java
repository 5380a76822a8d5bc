package io.posthorn.provider;

/** What becomes of a delivery. */
public enum Settle {
    /** Consumed. */
    ACCEPT,
    /** Back to its place; counted as handed over if it was. */
    RELEASE,
    /** To the dead-letter destination. */
    REJECT
}
