package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import java.util.Map;

/**
 * What operators see of a destination.
 *
 * @param attributes what was set for it
 * @param settings what holds for it, the defaults included
 * @param messages what it has, see {@link Usage}
 * @param bytes of these messages
 * @param consumers open ones, without browsers
 * @param subscriptions of a topic, durable or not; 1 for a queue
 * @param dropped messages that slow non-durable subscribers have missed; of those that are there now
 */
public record DestinationReport(
        DestinationName name,
        Map<String, String> attributes,
        Map<String, String> settings,
        long messages,
        long bytes,
        int consumers,
        int subscriptions,
        long dropped) {}
