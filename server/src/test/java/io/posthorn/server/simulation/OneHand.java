package io.posthorn.server.simulation;

/** A journalled message is in flight to one consumer at a time; if it is not, it is stored twice (I9), or given twice. */
final class OneHand implements Rule {

    private final Clients clients;

    OneHand(Clients clients) {
        this.clients = clients;
    }

    @Override
    public void delivered(Delivered delivery) {
        if (!delivery.isJournalled()) {
            return;
        }
        for (Mouth other : clients.mouthsAt(delivery.to().place())) {
            for (Got got : other.held.values()) {
                Invariant.I9.require(
                        got.sent() != delivery.sent(), delivery.what() + " is in flight twice, or stored twice");
            }
        }
    }
}
