package io.posthorn.cluster.history;

import io.posthorn.cluster.history.Event.MasterSeen;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** I7: commit positions never move back within an epoch. */
final class PositionsRise implements Invariant {

    private record Reign(String brokerName, long epoch) {}

    @Override
    public String name() {
        return "I7";
    }

    @Override
    public void check(Facts facts, Consumer<String> violation) {
        Map<Reign, Long> highest = new HashMap<>();
        for (int i = 0; i < facts.events().size(); i++) {
            if (facts.events().get(i) instanceof MasterSeen seen) {
                Long before = highest.put(new Reign(seen.brokerName(), seen.epoch()), seen.commitPosition());
                if (before != null && before > seen.commitPosition()) {
                    violation.accept("the commit position of " + seen.brokerName() + " in epoch " + seen.epoch()
                            + " went from " + before + " back to " + seen.commitPosition() + " at " + i);
                }
            }
        }
    }
}
