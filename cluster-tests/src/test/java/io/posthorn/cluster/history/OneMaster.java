package io.posthorn.cluster.history;

import io.posthorn.cluster.history.Event.MasterSeen;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** I8: one Master per epoch and brokerName. */
final class OneMaster implements Invariant {

    private record Reign(String brokerName, long epoch) {}

    @Override
    public String name() {
        return "I8";
    }

    @Override
    public void check(Facts facts, Consumer<String> violation) {
        Map<Reign, String> masters = new HashMap<>();
        for (int i = 0; i < facts.events().size(); i++) {
            if (facts.events().get(i) instanceof MasterSeen seen) {
                String first = masters.putIfAbsent(new Reign(seen.brokerName(), seen.epoch()), seen.address());
                if (first != null && !first.equals(seen.address())) {
                    violation.accept("in epoch " + seen.epoch() + " of " + seen.brokerName() + " " + first
                            + " was the Master, and " + seen.address() + " too at " + i);
                }
            }
        }
    }
}
