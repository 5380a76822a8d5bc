package io.posthorn.server.simulation;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.server.queue.DeliveryRef;
import io.posthorn.server.queue.HeartProbe;
import java.util.List;

/**
 * I11: no undecided branch and nobody else has messages of the group, none of it waits for its next try, and no earlier ready one is passed.
 */
final class Groups implements Rule {

    static final int COUNT = 3;

    private final SimulatedBroker broker;
    private final Clients clients;
    private final TransactionManager branches;
    private final Promises promises;
    int deliveries;

    Groups(SimulatedBroker broker, Clients clients, TransactionManager branches, Promises promises) {
        this.broker = broker;
        this.clients = clients;
        this.branches = branches;
        this.promises = promises;
    }

    static String name(int number) {
        return "G" + number;
    }

    @Override
    public void delivered(Delivered delivery) {
        if (delivery.sent().group.isEmpty()) {
            return;
        }
        deliveries++;
        Mouth to = delivery.to();
        for (Got got : branches.held()) {
            requireOther(delivery, got, "which a branch holds");
        }
        for (Mouth other : clients.mouthsAt(to.place())) {
            if (other != to) {
                other.held.values().forEach(got -> requireOther(delivery, got, "which another consumer has"));
            }
        }
        for (long at : HeartProbe.deferred(to.state, delivery.sent().priority)) {
            Sent waiting = sent(broker.placements().message(delivery.lane(), at));
            Invariant.I11.require(
                    !waiting.group.equals(delivery.sent().group), delivery.what() + " has passed a deferred one");
        }
        for (HeartProbe.Waiting passed :
                HeartProbe.passed(broker.heart(), to.state, delivery.sent().priority, delivery.offset())) {
            EncodedMessage message = passed.inMemory() != null
                    ? passed.inMemory()
                    : broker.placements().message(delivery.lane(), passed.offset());
            Invariant.I11.require(
                    !sent(message).group.equals(delivery.sent().group) || !HeartProbe.matches(to.state, message),
                    delivery.what() + " has passed " + sent(message) + " of its group");
        }
    }

    /** No group is held up by messages that nobody has to wait for. */
    void checkWaiting(List<DestinationName> queues) {
        for (DestinationName queue : queues) {
            for (int i = 0; i < COUNT; i++) {
                int waits = HeartProbe.groupWaitsFor(broker.heart(), queue, name(i));
                Invariant.I11.require(
                        waits <= 0 || waits <= reasons(queue, name(i)),
                        name(i) + " of " + queue + " waits for nothing");
            }
        }
    }

    private long reasons(DestinationName queue, String group) {
        long held = branches.held().stream()
                .filter(got ->
                        got.place().equals(queue.name()) && got.sent().group.equals(group))
                .count();
        long deferred = 0;
        for (DeliveryRef ref : HeartProbe.deferred(broker.heart(), queue)) {
            deferred += sent(broker.placements().message(ref.lane(), ref.offset()))
                            .group
                            .equals(group)
                    ? 1
                    : 0;
        }
        return held + deferred;
    }

    private static void requireOther(Delivered delivery, Got got, String why) {
        Invariant.I11.require(
                !got.place().equals(delivery.to().place()) || !got.sent().group.equals(delivery.sent().group),
                delivery.what() + " is in the group of " + got.sent() + ", " + why);
    }

    private Sent sent(EncodedMessage message) {
        return promises.find(Sent.name(message));
    }
}
