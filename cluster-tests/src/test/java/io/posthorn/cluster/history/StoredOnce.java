package io.posthorn.cluster.history;

import io.posthorn.cluster.history.Event.Received;
import io.posthorn.cluster.history.Facts.At;
import java.util.List;
import java.util.function.Consumer;

/**
 * I9: a repeated send is stored once. A message that comes a second time to a subscription is marked as redelivered; if it is not, it is a
 * second message. What a broker knew of deliveries goes with it, and is known again of those clients that come back to its successor
 * (they need not, and others are served without waiting for them): then the mark may be missing. So it may when the last words of a client were lost
 * on the way.
 */
final class StoredOnce implements Invariant {

    @Override
    public String name() {
        return "I9";
    }

    @Override
    public void check(Facts facts, Consumer<String> violation) {
        facts.receipts().forEach((delivery, receipts) -> {
            List<At<Received>> unmarked =
                    receipts.stream().filter(at -> !at.event().redelivered()).toList();
            for (int i = 1; i < unmarked.size(); i++) {
                int before = unmarked.get(i - 1).index();
                int again = unmarked.get(i).index();
                if (!facts.mayBeLost(before)
                        && !facts.mayBeForgotten(before, again)
                        && !facts.mayBeUnheard(unmarked.get(i - 1), unmarked.get(i))) {
                    violation.accept(delivery.message() + " came from " + delivery.subscription() + " at " + before
                            + " and, as if for the first time, at " + again);
                }
            }
        });
    }
}
