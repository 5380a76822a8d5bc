package io.posthorn.cluster.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Verifies the invariants I1 to I9 over a history. I10, that replay gives the state before the crash, cannot be seen from outside; the
 * simulation of the heart checks it. After a promotion that allowed loss, what ended after the last moment at which the Slave had
 * everything is allowed to be lost, or to come again; everything else is not.
 */
public final class Checker {

    private static final List<Invariant> INVARIANTS = List.of(
            new NothingLost(),
            new NothingEarly(),
            new OrderKept(),
            new SettledOnce(),
            new WholeTransactions(),
            new PreparedListed(),
            new PositionsRise(),
            new OneMaster(),
            new StoredOnce());

    private Checker() {}

    /** Every violation, by the order of the invariants; empty if there is none. */
    public static List<Violation> check(List<Event> events) {
        Facts facts = new Facts(events);
        List<Violation> violations = new ArrayList<>();
        for (Invariant invariant : INVARIANTS) {
            invariant.check(facts, text -> violations.add(new Violation(invariant.name(), text)));
        }
        return violations;
    }
}
