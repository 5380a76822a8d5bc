package io.posthorn.server.simulation;

/** I2: nothing is delivered before its commit position; and I1 for the bodies of large messages, which must be there. */
final class CommittedOnly implements Rule {

    private final SimulatedBroker broker;

    CommittedOnly(SimulatedBroker broker) {
        this.broker = broker;
    }

    @Override
    public void delivered(Delivered delivery) {
        if (delivery.isJournalled()) {
            long position = broker.placements().positionOf(delivery.lane(), delivery.offset());
            Invariant.I2.require(
                    position >= 0 && position < broker.committed(),
                    delivery.what() + " lies at " + position + ", committed is " + broker.committed());
        }
        Invariant.I1.require(
                broker.hasBody(delivery.message()), delivery.what() + " is delivered, and its body is gone");
    }
}
