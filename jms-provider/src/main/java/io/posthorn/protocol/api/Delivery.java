package io.posthorn.protocol.api;

import io.posthorn.message.EncodedMessage;

/**
 * One message on its way to a consumer.
 *
 * @param deliveryId 1, 2, 3… per consumer
 * @param deliveryCount how often the message was handed to an application before: 0 at the first delivery
 * @param ref        where it lies
 * @param message    not null
 */
public record Delivery(long deliveryId, int deliveryCount, MessageRef ref, EncodedMessage message) {}
