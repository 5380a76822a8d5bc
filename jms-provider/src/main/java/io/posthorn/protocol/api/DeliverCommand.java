package io.posthorn.protocol.api;

import java.util.List;

/**
 * Broker to client, one-way (code DELIVER): messages for one consumer, in order of delivery id.
 *
 * @param deliveries not empty
 */
public record DeliverCommand(int consumerId, List<Delivery> deliveries) {}
