package io.posthorn.server.queue;

/**
 * Answer to {@link BrokerHeart#openConsumer}.
 *
 * @param refused indexes, from 0, into the restated deliveries that are settled or were given to somebody else
 * @param settled those of them that are settled
 */
public record OpenedConsumer(ConsumerState consumer, int[] refused, int[] settled) {}
