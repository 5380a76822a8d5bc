/**
 * The broker's state machine among random clients, over stores that crash, lose, tear and fail, on a clock driven by hand; every step is drawn
 * from one seed. The parts: {@link io.posthorn.server.simulation.Simulation} draws the steps; clients ({@code Senders}, {@code Receivers}, {@code
 * TransactionManager}) carry them out; {@code SimulatedBroker} puts a heart on a {@code SimulatedStore}; the books ({@code DeliveryBook}, …)
 * know what was promised, and complain when an {@code Invariant} is broken.
 */
package io.posthorn.server.simulation;
