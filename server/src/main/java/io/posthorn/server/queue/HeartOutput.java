package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ScheduledRequest;

/** What the heart has to say to the world. Called on the heart's thread, inside its methods; must not call back. */
public interface HeartOutput {

    /**
     * A message is in flight to a consumer (or shown to a browsing one).
     *
     * @param deliveryId 1, 2, 3… per consumer, without gaps after the restated ones
     * @param deliveryCount how often it was handed to an application before
     * @param lane   packed {@link io.posthorn.server.store.LaneId}
     * @param offset offset in the lane; negative for a message that is not journalled for this subscription
     * @param message whole, or its head if the consumer's client takes references
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

    /** Messages that wait for their time are wanted; the answer is {@link BrokerHeart#scheduledRead}. One at a time. */
    void readScheduled(ScheduledRequest request);

    /** Messages that have expired are wanted; the answer is {@link BrokerHeart#expiredRead}. One at a time. */
    void readExpired(ExpiredRequest request);

    /**
     * A message that is not journalled should lie on disk instead of in memory; answered by {@link BrokerHeart#spilled} or {@link
     * BrokerHeart#spillRefused}.
     *
     * @param id number of the message, rising
     */
    void spill(long id, EncodedMessage message);

    /** Messages that were spilled are wanted in memory; answered by {@link BrokerHeart#spillRead}. */
    void readSpilled(long[] ids);

    /** A message that was, or is about to be, spilled is not needed any more. */
    void dropSpilled(long id);
}
