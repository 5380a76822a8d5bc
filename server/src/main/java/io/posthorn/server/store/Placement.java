package io.posthorn.server.store;

/**
 * Where a commit puts one staged message.
 *
 * @param index  the message's index in its transaction, from 0
 * @param lane   packed {@link LaneId}
 * @param offset its offset in the lane
 * @param recipients ids of the durable subscriptions that get it; for a queue the queue's own subscription; not empty
 */
public record Placement(int index, long lane, long offset, int[] recipients) {}
