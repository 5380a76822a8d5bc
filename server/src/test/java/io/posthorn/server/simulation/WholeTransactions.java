package io.posthorn.server.simulation;

/** I5 at every moment: when a message of a transaction is seen, the others have got their places by the same entry. */
final class WholeTransactions implements Rule {

    private final Promises promises;
    private final SimulatedBroker broker;

    WholeTransactions(Promises promises, SimulatedBroker broker) {
        this.promises = promises;
        this.broker = broker;
    }

    @Override
    public void delivered(Delivered delivery) {
        Sent one = delivery.sent();
        if (one.transaction == null || !isKept(one)) {
            return;
        }
        long position = broker.placements().positionOf(one);
        for (Sent other : promises.transaction(one.transaction)) {
            if (isKept(other)) {
                Invariant.I5.require(
                        broker.placements().positionOf(other) == position,
                        delivery.what() + " is visible by the entry at " + position + ", " + other + " by that at "
                                + broker.placements().positionOf(other));
            }
        }
    }

    private boolean isKept(Sent one) {
        return one.persistent && promises.isForQueue(one) && !one.gone;
    }
}
