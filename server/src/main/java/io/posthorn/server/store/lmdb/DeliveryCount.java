package io.posthorn.server.store.lmdb;

/**
 * What is remembered of a message that was handed over and is still pending.
 *
 * @param count       hand-overs so far
 * @param notBeforeMs earliest redelivery, 0 = none
 */
record DeliveryCount(int count, long notBeforeMs) {

    static final DeliveryCount NONE = new DeliveryCount(0, 0);

    DeliveryCount handedOver() {
        return new DeliveryCount(count + 1, notBeforeMs);
    }

    DeliveryCount deferred(long untilMs) {
        return new DeliveryCount(count, untilMs);
    }
}
