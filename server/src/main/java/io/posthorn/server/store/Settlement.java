package io.posthorn.server.store;

/**
 * Messages of one lane that one subscription is done with.
 *
 * @param subscriptionId whose
 * @param lane packed {@link LaneId}
 * @param ranges pairs (from, to), both included, ascending, not overlapping
 * @param frees whether nobody else waits for these messages, so that they leave the store: always for a queue, and for a
 *     topic when this was the last subscription
 */
public record Settlement(int subscriptionId, long lane, long[] ranges, boolean frees) {}
