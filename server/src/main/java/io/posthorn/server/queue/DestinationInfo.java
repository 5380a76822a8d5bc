package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;

/**
 * A non-temporary destination, for registration.
 *
 * @param queues number of its MessageQueues
 */
public record DestinationInfo(DestinationName name, int queues) {}
