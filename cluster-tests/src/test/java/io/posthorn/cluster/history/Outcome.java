package io.posthorn.cluster.history;

/** How an operation ended for the one who began it. */
public enum Outcome {
    /** It was confirmed. */
    DONE,
    /** It certainly has no effect: it was refused, or rolled back. */
    REFUSED,
    /** Nobody can tell: the answer never came. */
    UNKNOWN
}
