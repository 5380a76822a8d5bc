package io.posthorn.server.simulation;

import java.util.HashMap;
import java.util.Map;

/**
 * I3 for consumers without a selector: none of them sees a newer message first. What a selecting one has seen first is no witness. A branch may be
 * decided after later ones, and a delayed message comes when it is due.
 */
final class SendOrder implements Rule {

    private final Promises promises;
    private final Map<String, Long> newest = new HashMap<>();

    SendOrder(Promises promises) {
        this.promises = promises;
    }

    /** Has to be asked before {@link Promises}, which then knows that it was delivered. */
    @Override
    public void delivered(Delivered delivery) {
        Sent one = delivery.sent();
        if (delivery.to().selector != null || one.dueMs > 0 || promises.wasDelivered(delivery.what())) {
            return;
        }
        String series = String.join(
                "|",
                delivery.to().place(),
                Long.toString(one.producer),
                one.to.toString(),
                Integer.toString(one.priority),
                Boolean.toString(one.persistent),
                String.valueOf(one.branch),
                one.group);
        long before = newest.getOrDefault(series, 0L);
        Invariant.I3.require(one.number > before, delivery.what() + " came after number " + before);
        newest.put(series, one.number);
    }
}
