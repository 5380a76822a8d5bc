package io.posthorn.server.queue;

/** The unsettled deliveries of one consumer by delivery id: ids are dense and mostly settled in order. */
final class DeliveryRing {

    private Delivery[] slots = new Delivery[16];
    /** Lowest id that may be unsettled. */
    private long first = 1;
    /** One above the highest id. */
    private long end = 1;

    private int count;

    /** Unsettled deliveries. */
    int count() {
        return count;
    }

    /** Lowest id that may be unsettled. */
    long first() {
        return first;
    }

    /** Highest id used; 0 for none. */
    long last() {
        return end - 1;
    }

    /** Adds a delivery under the next id. */
    long add(Delivery delivery) {
        long id = skip();
        slots[(int) id & slots.length - 1] = delivery;
        count++;
        return id;
    }

    /** Uses up the next id without a delivery. */
    long skip() {
        if (count == 0) {
            first = end;
        }
        if (end - first == slots.length) {
            grow();
        }
        return end++;
    }

    /** The unsettled delivery with this id, or null. */
    Delivery get(long id) {
        return id < first || id >= end ? null : slots[(int) id & slots.length - 1];
    }

    /** Takes it out; null when it is settled or was never there. */
    Delivery remove(long id) {
        Delivery removed = get(id);
        if (removed != null) {
            slots[(int) id & slots.length - 1] = null;
            count--;
            while (first < end && slots[(int) first & slots.length - 1] == null) {
                first++;
            }
        }
        return removed;
    }

    private void grow() {
        Delivery[] larger = new Delivery[slots.length * 2];
        for (long id = first; id < end; id++) {
            larger[(int) id & larger.length - 1] = slots[(int) id & slots.length - 1];
        }
        slots = larger;
    }
}
