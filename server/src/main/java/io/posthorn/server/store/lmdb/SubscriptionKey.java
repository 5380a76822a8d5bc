package io.posthorn.server.store.lmdb;

/**
 * A pending block or a delivery of a subscription, in the order of its key.
 *
 * @param number block number or offset
 */
record SubscriptionKey(int subscriptionId, long lane, long number) implements Comparable<SubscriptionKey> {

    /** The least key of a subscription. */
    static SubscriptionKey first(int subscriptionId) {
        return new SubscriptionKey(subscriptionId, 0, 0);
    }

    @Override
    public int compareTo(SubscriptionKey other) {
        int order = Integer.compare(subscriptionId, other.subscriptionId);
        if (order == 0) {
            order = Long.compare(lane, other.lane);
        }
        return order == 0 ? Long.compare(number, other.number) : order;
    }
}
