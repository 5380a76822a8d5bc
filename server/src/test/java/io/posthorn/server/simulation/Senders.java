package io.posthorn.server.simulation;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.message.MessageHead;
import io.posthorn.message.MessageId;
import io.posthorn.server.queue.DeliveryRef;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.queue.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What clients do as producers, singly and in transactions. */
final class Senders {

    static final List<DestinationName> QUEUES = List.of(DestinationName.queue("q0"), DestinationName.queue("q1"));
    static final DestinationName TOPIC = DestinationName.topic("t");

    /** One message in so many has its body elsewhere. */
    private static final int LARGE_EVERY = 5;

    private static final int DELAYED_ONE_IN = 12;
    private static final int DELAY_MAX_MS = 3_000;

    private final SimulatedBroker broker;
    private final Promises promises;
    private final TransactionManager branches;
    private final Saboteur saboteur;
    private final SplittableRandom random;
    /** Whether some of the messages belong to message groups. */
    private final boolean grouped;

    Senders(
            SimulatedBroker broker,
            Promises promises,
            TransactionManager branches,
            Saboteur saboteur,
            SplittableRandom random,
            boolean grouped) {
        this.broker = broker;
        this.promises = promises;
        this.branches = branches;
        this.saboteur = saboteur;
        this.random = random;
        this.grouped = grouped;
    }

    void send(Peer peer) {
        if (peer.tx == 0 && random.nextInt(3) == 0) {
            begin(peer);
        }
        boolean transacted = peer.tx > 0;
        Sent one = draw(peer);
        EncodedMessage message = encode(one);
        // Without dedup a repeated large one would be refused, because its upload has ended.
        boolean large = one.number % LARGE_EVERY == 0 && saboteur.fault() != Fault.FORGET_DEDUP;
        if (large) {
            message = withBodyElsewhere(peer, message);
            if (message == null) {
                return;
            }
        }
        if (transacted) {
            one.branch = peer.branch == null ? null : peer.branch.id;
            one.transaction = peer.branch == null ? peer.producer + "/" + peer.tx : peer.branch.id.toString();
        }
        promises.add(one);
        long sequence = one.persistent || transacted ? ++peer.sequence : 0;
        Outcome<Void> outcome =
                broker.heart().send(peer.state, peer.producer, sequence, peer.tx, message, broker.now());
        Invariant.expect(!outcome.isRefused(), "send refused: " + outcome.refusal());
        boolean stored = broker.append(outcome);
        if (large) {
            broker.append(broker.heart().endUpload(peer.state, one.number));
        }
        if (!stored) {
            one.gone = true;
        } else if (transacted) {
            peer.staged++;
            peer.inTransaction.add(one);
        } else {
            peer.lastSent = one;
            peer.lastMessage = message;
            peer.lastSequence = sequence;
            if (one.persistent) {
                broker.promise(() -> one.acknowledged = true);
            }
        }
    }

    /** The client never saw the answer and asks again. */
    void repeat(Peer peer) {
        Sent one = peer.lastSent;
        if (one == null || !one.persistent) {
            return;
        }
        saboteur.repeating(broker.heart(), peer.producer);
        if (broker.append(
                broker.heart().send(peer.state, peer.producer, peer.lastSequence, 0, peer.lastMessage, broker.now()))) {
            broker.promise(() -> one.acknowledged = true);
        }
    }

    /** Ends the transaction, if there is one, with some of what the client's consumers have. */
    void endTransaction(Peer peer) {
        if (peer.tx == 0) {
            return;
        }
        List<Got> consumed = consume(peer);
        List<Span> spans = new ArrayList<>();
        for (Mouth mouth : peer.mouths.values()) {
            for (Got got : consumed) {
                if (mouth.held.remove(got.id(), got)) {
                    spans.add(new Span(mouth.state.consumerId(), got.id(), got.id()));
                }
            }
        }
        if (peer.branch != null) {
            branches.end(peer, spans, consumed);
            return;
        }
        long tx = peer.tx;
        List<Sent> parts = peer.inTransaction;
        peer.tx = 0;
        if (random.nextInt(4) == 0) {
            broker.append(broker.heart().rollback(peer.state, peer.producer, tx, spans, broker.now()));
            parts.forEach(one -> one.gone = true);
            return;
        }
        Outcome<Void> outcome = broker.heart().commit(peer.state, peer.producer, tx, peer.staged, spans, broker.now());
        Invariant.expect(!outcome.isRefused(), "commit refused: " + outcome.refusal());
        broker.append(outcome);
        broker.promise(() -> {
            parts.forEach(one -> one.acknowledged |= one.persistent);
            promises.settled(consumed);
        });
    }

    private void begin(Peer peer) {
        peer.tx = peer.number + 1;
        peer.staged = 0;
        peer.inTransaction = new ArrayList<>();
        if (random.nextBoolean()) {
            branches.start(peer);
        }
    }

    private List<Got> consume(Peer peer) {
        List<Got> consumed = new ArrayList<>();
        for (Mouth mouth : peer.mouths.values()) {
            if (!mouth.held.isEmpty() && random.nextBoolean()) {
                int most = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : Integer.MAX_VALUE;
                mouth.held.values().stream().limit(most).forEach(consumed::add);
            }
        }
        return consumed;
    }

    private Sent draw(Peer peer) {
        DestinationName to = random.nextInt(3) == 0 ? TOPIC : QUEUES.get(random.nextInt(QUEUES.size()));
        boolean persistent = random.nextInt(4) > 0;
        int priority = random.nextInt(5) == 0 ? 7 : 4;
        int kind = random.nextInt(3);
        String group = grouped && random.nextInt(4) > 0 ? Groups.name(random.nextInt(Groups.COUNT)) : "";
        Sent one = new Sent(peer.producer, ++peer.number, to, persistent, kind, group, priority);
        if (group.isEmpty() && random.nextInt(DELAYED_ONE_IN) == 0) {
            one.dueMs = broker.now() + 1 + random.nextInt(DELAY_MAX_MS);
        }
        return one;
    }

    private EncodedMessage encode(Sent one) {
        MessageHead head = new MessageHead();
        head.destination(one.to);
        head.persistent(one.persistent);
        head.priority(one.priority);
        head.timestampMs(1);
        head.deliveryTimeMs(one.dueMs == 0 ? 1 : 1 + one.dueMs - broker.now());
        head.messageId(new MessageId(one.producer, one.number));
        head.properties().put("g", one.kind);
        if (!one.group.isEmpty()) {
            head.properties().put("JMSXGroupID", one.group);
        }
        return EncodedMessage.encode(head, new byte[random.nextInt(200)]);
    }

    /** Sends the body ahead; the message that refers to it, or null when there was no room. */
    private EncodedMessage withBodyElsewhere(Peer peer, EncodedMessage plain) {
        byte[] body = new byte[Math.max(1, plain.bodyLength())];
        Outcome<DeliveryRef> put = broker.heart().putChunk(peer.state, peer.number, body.length, 0, body, broker.now());
        Invariant.expect(!put.isRefused(), "chunk refused: " + put.refusal());
        if (!broker.append(put)) {
            broker.append(broker.heart().endUpload(peer.state, peer.number));
            return null;
        }
        DeliveryRef at = put.response();
        return plain.withLargeBody(new LargeBody(body.length, at.lane(), new long[] {at.offset(), at.offset()}));
    }
}
