package io.posthorn.protocol.api;

import io.posthorn.message.DestinationName;
import java.util.List;

/**
 * Opens a consumer (code OPEN_CONSUMER), creating its subscription when there is none. No credit is implied.
 *
 * @param consumerId number chosen by the client, unique within its connection; positive
 * @param mode       not null
 * @param destination queue or topic; not null
 * @param subscriptionName for DURABLE, SHARED and SHARED_DURABLE; null otherwise
 * @param selector   selector text, or null
 * @param noLocal    leave out what this connection, or its client id, publishes
 * @param restated   deliveries of an earlier incarnation of this consumer that the application still holds; the broker
 *                   takes them in flight again, in the order given, as delivery ids 1, 2, 3…; not null
 */
public record OpenConsumerRequest(
        int consumerId,
        ConsumerMode mode,
        DestinationName destination,
        String subscriptionName,
        String selector,
        boolean noLocal,
        List<MessageRef> restated) {}
