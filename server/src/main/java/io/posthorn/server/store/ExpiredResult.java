package io.posthorn.server.store;

/**
 * What an {@link ExpiredRequest} found: three arrays of one length.
 *
 * @param timesMs when each expires
 * @param more    whether there may be others behind the last of these
 */
public record ExpiredResult(long[] timesMs, long[] lanes, long[] offsets, boolean more) {}
