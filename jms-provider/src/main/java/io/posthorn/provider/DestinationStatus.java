package io.posthorn.provider;

import io.posthorn.message.DestinationName;
import java.util.Map;

/**
 * What an operator sees of a destination.
 *
 * @param own settings that were made for it
 * @param effective what holds, the broker's defaults included
 * @param messages kept for its queue or its durable subscriptions
 * @param bytes of these messages
 * @param consumers open ones
 * @param subscriptions of a topic; 1 for a queue
 * @param dropped messages that slow non-durable subscribers, which are there now, have missed
 */
public record DestinationStatus(
        DestinationName name,
        Map<String, String> own,
        Map<String, String> effective,
        long messages,
        long bytes,
        int consumers,
        int subscriptions,
        long dropped) {}
