package io.posthorn.server.store;

/**
 * What was read from below memory since a store was opened.
 *
 * @param bodyBytesRead bytes of bodies that were read here
 * @param bodyBytesLeft bytes of bodies that were left where they are, for their readers to fetch from a Slave
 */
public record ReadCounts(long bodyBytesRead, long bodyBytesLeft) {

    /** Nothing yet. */
    public static final ReadCounts NONE = new ReadCounts(0, 0);
}
