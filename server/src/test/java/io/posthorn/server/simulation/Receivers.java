package io.posthorn.server.simulation;

import io.posthorn.message.DestinationName;
import io.posthorn.server.queue.ConsumerMode;
import io.posthorn.server.queue.ConsumerOpening;
import io.posthorn.server.queue.DeliveryRef;
import io.posthorn.server.queue.HeartProbe;
import io.posthorn.server.queue.OpenedConsumer;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.queue.Settling;
import io.posthorn.server.queue.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What clients do as consumers. */
final class Receivers {

    static final List<String> SUBSCRIPTIONS = List.of("d0", "d1");
    private static final int CONSUMERS_MAX = 3;

    private final SimulatedBroker broker;
    private final Clients clients;
    private final Promises promises;
    private final Saboteur saboteur;
    private final SplittableRandom random;

    Receivers(SimulatedBroker broker, Clients clients, Promises promises, Saboteur saboteur, SplittableRandom random) {
        this.broker = broker;
        this.clients = clients;
        this.promises = promises;
        this.saboteur = saboteur;
        this.random = random;
    }

    void open(Peer peer) {
        if (peer.mouths.size() >= CONSUMERS_MAX) {
            return;
        }
        if (random.nextInt(5) < 3) {
            String selector = random.nextBoolean() ? "g = " + random.nextInt(3) : null;
            openQueue(peer, Senders.QUEUES.get(random.nextInt(Senders.QUEUES.size())), selector);
        } else {
            openSubscription(peer, SUBSCRIPTIONS.get(random.nextInt(SUBSCRIPTIONS.size())));
        }
    }

    Mouth openQueue(Peer peer, DestinationName queue, String selector) {
        return open(peer, ConsumerMode.QUEUE, queue, null, selector, List.of());
    }

    Mouth openSubscription(Peer peer, String name) {
        return open(peer, ConsumerMode.SHARED_DURABLE, Senders.TOPIC, name, null, List.of());
    }

    /** A consumer of a lost client opens again and says what its application had. */
    void reopen(Peer peer, Mouth old) {
        List<Got> seen =
                old.held.values().stream().filter(got -> got.id() <= old.handed).toList();
        open(peer, old.mode, old.from, old.subscription, old.selector, seen);
    }

    void credit(Peer peer) {
        Mouth mouth = clients.anyMouth(peer);
        if (mouth == null) {
            return;
        }
        long limit = HeartProbe.lastDelivery(mouth.state) + random.nextInt(8);
        if (random.nextInt(4) == 0) {
            mouth.unansweredDrains++;
            broker.heart().drain(peer.state, mouth.state.consumerId(), limit, mouth);
        } else {
            broker.heart().credit(peer.state, mouth.state.consumerId(), limit, 1 + random.nextInt(3000));
        }
    }

    void settleSome(Peer peer) {
        Mouth mouth = clients.anyMouth(peer);
        if (mouth == null || mouth.held.isEmpty()) {
            return;
        }
        boolean accept = random.nextInt(3) > 0;
        long from = mouth.held.keySet().iterator().next();
        long to = Math.min(from + random.nextInt(6), HeartProbe.lastDelivery(mouth.state));
        List<Got> touched = new ArrayList<>();
        for (long id = from; id <= to; id++) {
            Got got = mouth.held.remove(id);
            if (got != null) {
                touched.add(got);
            }
        }
        Settling how = accept ? Settling.ACCEPT : Settling.RELEASE;
        Outcome<Void> outcome = broker.heart()
                .acknowledge(peer.state, how, List.of(new Span(mouth.state.consumerId(), from, to)), broker.now());
        broker.append(accept ? saboteur.accepted(outcome, mouth, touched) : outcome);
        if (accept) {
            broker.promise(() -> promises.settled(touched));
        }
    }

    void handOver(Peer peer) {
        Mouth mouth = clients.anyMouth(peer);
        if (mouth != null) {
            mouth.handed = HeartProbe.lastDelivery(mouth.state);
            broker.append(broker.heart().handOver(peer.state, mouth.state.consumerId(), mouth.handed));
        }
    }

    void close(Peer peer) {
        Mouth mouth = clients.anyMouth(peer);
        if (mouth != null) {
            broker.append(broker.heart()
                    .closeConsumer(peer.state, mouth.state.consumerId(), mouth.handed, false, broker.now()));
            peer.mouths.remove(mouth.state.consumerId());
        }
    }

    /** Takes everything there is. */
    void drainAll(Peer peer, Mouth mouth) {
        for (int before = -1; before != clients.deliveries; ) {
            before = clients.deliveries;
            mouth.unansweredDrains++;
            int id = mouth.state.consumerId();
            broker.heart().drain(peer.state, id, HeartProbe.lastDelivery(mouth.state) + 1000, mouth);
            broker.dispatch();
            while (broker.answerRead(random)) {
                broker.dispatch();
            }
            Invariant.expect(mouth.unansweredDrains == 0, "a drain was not answered, or twice");
            long last = HeartProbe.lastDelivery(mouth.state);
            broker.append(broker.heart().handOver(peer.state, id, last));
            broker.append(broker.heart()
                    .acknowledge(peer.state, Settling.ACCEPT, List.of(new Span(id, 1, last)), broker.now()));
            mouth.held.clear();
            broker.sync();
        }
    }

    private Mouth open(
            Peer peer, ConsumerMode mode, DestinationName from, String name, String selector, List<Got> restated) {
        int id = ++peer.lastConsumer;
        List<DeliveryRef> refs = restated.stream().map(Got::ref).toList();
        Outcome<OpenedConsumer> outcome = broker.heart()
                .openConsumer(
                        peer.state, new ConsumerOpening(id, mode, from, name, selector, false, refs), broker.now());
        Invariant.expect(!outcome.isRefused(), "open refused: " + outcome.refusal());
        broker.append(outcome);
        Mouth mouth = new Mouth(outcome.response().consumer(), mode, from, name, selector);
        Set<Integer> refused = new HashSet<>();
        for (int index : outcome.response().refused()) {
            refused.add(index);
        }
        for (int i = 0; i < restated.size(); i++) {
            if (!refused.contains(i)) {
                Got got = restated.get(i);
                mouth.held.put(i + 1L, new Got(i + 1L, got.place(), got.sent(), got.ref()));
            }
        }
        mouth.handed = restated.size();
        clients.add(peer, mouth);
        return mouth;
    }
}
