package io.posthorn.server.simulation;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.queue.ClientState;
import io.posthorn.server.queue.ConsumerState;
import io.posthorn.server.queue.DeliveryRef;
import io.posthorn.server.queue.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Who is connected, and what each consumer has; deliveries pass the rules on their way. */
final class Clients implements SimulatedBroker.Receiver {

    private static final int COUNT = 4;

    private final SimulatedBroker broker;
    private final Promises promises;
    private final SplittableRandom random;
    private final boolean mayRefer;
    private final List<Peer> peers = new ArrayList<>();
    private final Map<ConsumerState, Mouth> mouths = new HashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private long lastConnection;
    int deliveries;
    int references;

    /** @param mayRefer whether some clients take references */
    Clients(SimulatedBroker broker, Promises promises, SplittableRandom random, boolean mayRefer) {
        this.mayRefer = mayRefer;
        this.broker = broker;
        this.promises = promises;
        this.random = random;
    }

    /** Asked in this order. */
    void watchedBy(List<Rule> all) {
        rules.addAll(all);
    }

    /** All that there are at the beginning, or after the broker has come back. */
    void connectAll() {
        for (int i = 0; i < COUNT; i++) {
            connect(null);
        }
    }

    /** @param lost whose place the new one takes, or null */
    Peer connect(Peer lost) {
        long id = ++lastConnection;
        Outcome<ClientState> outcome =
                broker.heart().connect(id, id * 31 + 7, null, lost == null ? 0 : lost.state.token(), broker.now());
        broker.append(outcome);
        Peer peer = new Peer(outcome.response(), id);
        if (takesReferences(id)) {
            peer.state.takeReferences();
        }
        peers.add(peer);
        return peer;
    }

    /** Most do, and are often among themselves. */
    private boolean takesReferences(long connectionId) {
        return mayRefer && connectionId % 7 != 0;
    }

    Peer any() {
        return peers.get(random.nextInt(peers.size()));
    }

    /** One of a client's consumers, or null. */
    Mouth anyMouth(Peer peer) {
        return peer.mouths.isEmpty()
                ? null
                : new ArrayList<>(peer.mouths.values()).get(random.nextInt(peer.mouths.size()));
    }

    void add(Peer peer, Mouth mouth) {
        peer.mouths.put(mouth.state.consumerId(), mouth);
        mouths.put(mouth.state, mouth);
    }

    /** Consumers of connected clients with messages from a place. */
    List<Mouth> mouthsAt(String place) {
        return peers.stream()
                .flatMap(peer -> peer.mouths.values().stream())
                .filter(mouth -> mouth.place().equals(place))
                .toList();
    }

    /** One is gone. What it sent in an open transaction never comes. */
    void remove(Peer peer) {
        peers.remove(peer);
        if (peer.tx > 0) {
            peer.inTransaction.forEach(one -> one.gone = true);
        }
    }

    void closeAll() {
        while (!peers.isEmpty()) {
            Peer peer = peers.get(0);
            broker.append(broker.heart().close(peer.state, broker.now()));
            remove(peer);
        }
    }

    /** The broker has crashed: nobody is connected any more. */
    void forgetAll() {
        while (!peers.isEmpty()) {
            remove(peers.get(0));
        }
        mouths.clear();
    }

    @Override
    public void deliver(ConsumerState to, long id, int count, long lane, long offset, EncodedMessage message) {
        deliveries++;
        Sent one = promises.find(Sent.name(message));
        Mouth mouth = mouths.get(to);
        references += message.isWhole() ? 0 : 1;
        Invariant.expect(
                message.isWhole() || takesReferences(to.client().connectionId()),
                "a reference for a client that takes none");
        Delivered delivery = new Delivered(mouth, one, id, count, lane, offset, message);
        rules.forEach(rule -> rule.delivered(delivery));
        mouth.held.put(id, new Got(id, mouth.place(), one, new DeliveryRef(lane, offset)));
    }

    @Override
    public void drained(ConsumerState consumer) {
        mouths.get(consumer).unansweredDrains--;
    }
}
