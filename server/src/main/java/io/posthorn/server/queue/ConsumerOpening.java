package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import java.util.List;

/**
 * The wish for a consumer.
 *
 * @param consumerId positive, unique within the client
 * @param subscriptionName for DURABLE, SHARED and SHARED_DURABLE, else null
 * @param selector  selector text; null, empty or blank = none
 * @param noLocal   TOPIC and DURABLE only; ignored elsewhere
 * @param restated  deliveries of an earlier incarnation that the application still holds; they become delivery ids 1, 2, 3…; not null
 */
public record ConsumerOpening(
        int consumerId,
        ConsumerMode mode,
        DestinationName destination,
        String subscriptionName,
        String selector,
        boolean noLocal,
        List<DeliveryRef> restated) {}
