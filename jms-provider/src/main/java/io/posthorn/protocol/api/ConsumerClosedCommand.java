package io.posthorn.protocol.api;

/**
 * Broker to client, one-way (code CONSUMER_CLOSED): the broker has closed this consumer.
 *
 * @param errorCode why, a code of {@link io.posthorn.protocol.ErrorCode}
 * @param text      for people; not null
 */
public record ConsumerClosedCommand(int consumerId, int errorCode, String text) {}
