package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.ReadRequest;

/** What the heart has to say to the world. Called on the heart's thread, inside its methods; must not call back. */
public interface HeartOutput {

    /**
     * A message is in flight to a consumer (or shown to a browsing one).
     *
     * @param deliveryId 1, 2, 3… per consumer, without gaps after the restated ones
     * @param deliveryCount how often it was handed to an application before
     * @param lane   packed {@link io.posthorn.server.store.LaneId}
     * @param offset offset in the lane; negative for a message that is not journalled for this subscription
     */
    void deliver(ConsumerState to, long deliveryId, int deliveryCount, long lane, long offset, EncodedMessage message);

    /**
     * Answers {@link BrokerHeart#drain}: everything there was has been delivered before this call.
     *
     * @param token what was given with the drain
     * @param lastDeliveryId credit beyond it is void
     * @param endOfBrowse for a browsing consumer, whether everything has been shown
     */
    void drained(ConsumerState consumer, Object token, long lastDeliveryId, boolean endOfBrowse);

    /** The heart has closed a consumer by itself; its client should be told. */
    void consumerClosed(ConsumerState consumer, RefusalKind why, String text);

    /** Messages are needed that are not in memory; the answer is {@link BrokerHeart#readDone}. */
    void read(ReadRequest request);
}
