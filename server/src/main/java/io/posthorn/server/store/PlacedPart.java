package io.posthorn.server.store;

/**
 * A broker group that holds a part of a destination.
 *
 * @param group brokerName; not null
 * @param sinceMs since when it is in this state, ms since 1970
 */
public record PlacedPart(String group, State state, long sinceMs) {

    /** JOINING → ACTIVE → LEAVING; the order is the code in the journal. */
    public enum State {
        /** Read and written. */
        ACTIVE,
        /** Read already, but not yet written: consumers have to find it first. */
        JOINING,
        /** Read until it is empty, and not written any more. */
        LEAVING
    }
}
