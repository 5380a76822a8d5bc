package io.posthorn.provider;

import io.posthorn.message.EncodedMessage;

/**
 * A message on its way to the application.
 *
 * @param deliveryId 1, 2, 3… per consumer
 * @param deliveryCount how often it was handed to an application before
 * @param message not null
 */
public record Delivered(long deliveryId, int deliveryCount, EncodedMessage message) {}
