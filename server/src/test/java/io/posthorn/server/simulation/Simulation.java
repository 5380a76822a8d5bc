package io.posthorn.server.simulation;

import io.posthorn.message.DestinationName;
import io.posthorn.server.queue.HeartConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random clients of a broker that crashes, on one seed: draws the steps, and in the end takes out everything that was promised. Ends with an
 * AssertionError that names the {@link Invariant} when one is broken.
 */
final class Simulation implements AutoCloseable {

    private static final long LONG_MS = 60_000;
    private static final int GROUPS_CHECKED_EVERY = 16;

    /** How long a broker goes on after its disk has failed, in steps. */
    private static final int FAILING_STEPS = 12;

    /** Makes the store of a broker. */
    interface StoreMaker {
        SimulatedStore make(SplittableRandom random, HandClock clock);
    }

    private final SplittableRandom random;
    private final HandClock clock = new HandClock();
    private final Saboteur saboteur;
    private final boolean grouped;
    private final SimulatedBroker broker;
    private final Promises promises;
    private final TransactionManager branches;
    private final Clients clients;
    private final Groups groups;
    private final Senders senders;
    private final Receivers receivers;
    private final List<Rule> rules;
    private int failingSteps;

    Simulation(long seed, Fault fault, StoreMaker stores) {
        this.random = new SplittableRandom(seed);
        this.saboteur = new Saboteur(fault, Senders.QUEUES.get(0), random.split());
        this.grouped = fault.invariant == Invariant.I11 || fault == Fault.NONE && random.nextBoolean();
        HeartConfig config = HeartConfig.defaults("b")
                .withMemory(random.nextBoolean() ? 1 << 20 : 3000, 1 << 20, 100_000)
                .withRedelivery(0, fault == Fault.NONE && random.nextInt(4) == 0 ? 1_500 : 0);
        this.broker = new SimulatedBroker(config, stores.make(random.split(), clock), clock, saboteur);
        this.promises = new Promises(Senders.TOPIC, clock);
        this.branches = new TransactionManager(broker, promises, random);
        this.clients = new Clients(broker, promises, random, fault == Fault.NONE);
        this.groups = new Groups(broker, clients, branches, promises);
        this.senders = new Senders(broker, promises, branches, saboteur, random, grouped);
        this.receivers = new Receivers(broker, clients, promises, saboteur, random);
        this.rules = List.of(
                new CommittedOnly(broker),
                new SendOrder(promises),
                promises,
                new WholeTransactions(promises, broker),
                branches,
                groups,
                new OneHand(clients));
        clients.watchedBy(rules);
        broker.deliverTo(clients);
    }

    /** What has happened, to see that a simulation does what it is meant to. */
    record Tally(
            long deliveries,
            long crashes,
            long recoveredBranches,
            long groupedDeliveries,
            long groupedHolds,
            long recoveredHolds,
            long refusals,
            long references) {

        static final Tally NOTHING = new Tally(0, 0, 0, 0, 0, 0, 0, 0);

        Tally plus(Tally other) {
            return new Tally(
                    deliveries + other.deliveries,
                    crashes + other.crashes,
                    recoveredBranches + other.recoveredBranches,
                    groupedDeliveries + other.groupedDeliveries,
                    groupedHolds + other.groupedHolds,
                    recoveredHolds + other.recoveredHolds,
                    refusals + other.refusals,
                    references + other.references);
        }
    }

    /** Runs so many steps, and ends. */
    Tally run(int steps) {
        clients.connectAll();
        for (int i = 0; i < steps; i++) {
            step();
            if (grouped && i % GROUPS_CHECKED_EVERY == 0) {
                groups.checkWaiting(Senders.QUEUES);
            }
        }
        finish();
        return new Tally(
                clients.deliveries,
                broker.crashes,
                branches.recovered,
                groups.deliveries,
                branches.groupedHolds,
                branches.recoveredHolds,
                broker.refusals,
                clients.references);
    }

    private void step() {
        Peer peer = clients.any();
        switch (random.nextInt(25)) {
            case 0, 1, 2, 3, 4 -> senders.send(peer);
            case 5 -> senders.repeat(peer);
            case 6, 7, 8 -> senders.endTransaction(peer);
            case 9 -> receivers.open(peer);
            case 10, 11 -> receivers.credit(peer);
            case 12, 13 -> receivers.settleSome(peer);
            case 14 -> receivers.handOver(peer);
            case 15 -> receivers.close(peer);
            case 16, 17 -> broker.sync();
            case 18 -> broker.answerRead(random);
            case 19 -> leave(peer);
            case 20 -> timePasses();
            case 21, 22, 23 -> branches.decide();
            default -> hardware();
        }
        if (broker.isFailing() && ++failingSteps > FAILING_STEPS) {
            crash();
        }
        saboteur.step(broker);
        if (random.nextInt(3) > 0) {
            broker.dispatch();
        }
    }

    /** What happens to the machine under the broker. */
    private void hardware() {
        if (random.nextInt(12) == 0) {
            crash();
        } else if (random.nextInt(4) == 0) {
            broker.checkpoint();
        } else if (random.nextInt(20) == 0) {
            broker.fail();
        } else if (broker.isFull() || random.nextInt(20) == 0) {
            broker.full(!broker.isFull());
        }
    }

    /** A client ends, in order or not; when not, it may come back at once and restate what it was handed. */
    private void leave(Peer peer) {
        if (random.nextInt(3) > 0) {
            return;
        }
        boolean orderly = random.nextBoolean();
        broker.append(
                orderly
                        ? broker.heart().close(peer.state, clock.wallMs())
                        : broker.heart().lost(peer.state, clock.wallMs()));
        clients.remove(peer);
        branches.left(peer);
        Peer next = clients.connect(orderly ? null : peer);
        if (!orderly) {
            new ArrayList<>(peer.mouths.values()).forEach(old -> receivers.reopen(next, old));
        }
    }

    private void timePasses() {
        if (random.nextInt(8) == 0) {
            clock.setBack(random.nextInt(4000));
        }
        later(random.nextInt(4000));
    }

    private void later(long ms) {
        clock.pass(ms);
        broker.tick();
        branches.timePassed();
    }

    private void crash() {
        failingSteps = 0;
        broker.crash();
        clients.forgetAll();
        branches.reconcile();
        clients.connectAll();
    }

    /** In the end everything that was promised has to come out. */
    private void finish() {
        broker.full(false);
        if (broker.isFailing()) {
            crash();
        }
        clients.closeAll();
        later(LONG_MS);
        broker.sync();
        crash();
        branches.decideAll();
        // What has come back may have to wait for its next try.
        later(LONG_MS);
        broker.syncAll();
        Peer last = clients.any();
        for (DestinationName queue : Senders.QUEUES) {
            receivers.drainAll(last, receivers.openQueue(last, queue, null));
        }
        for (String name : Receivers.SUBSCRIPTIONS) {
            receivers.drainAll(last, receivers.openSubscription(last, name));
        }
        String left = broker.heart().journalledState();
        Invariant.expect(!left.contains("pending"), "messages are stuck: " + left);
        rules.forEach(Rule::finished);
    }

    @Override
    public void close() {
        broker.close();
    }
}
