package io.posthorn.server.simulation;

/** Watches deliveries, and complains when one breaks an invariant. */
interface Rule {

    /** Called while it is on its way, before the consumer has it. */
    void delivered(Delivered delivery);

    /** When everything that is left has come out. */
    default void finished() {}
}
