package io.posthorn.server.queue;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.message.MessageHead;
import io.posthorn.message.MessageId;
import io.posthorn.server.store.BranchOutcome;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.Placement;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/**
 * A heart among random clients, over a journal that forgets what was not committed when it crashes. Every step is drawn from one
 * seed. It keeps its own books and complains (as an AssertionError naming the invariant of ARCHITECTURE.md) when the heart
 * contradicts them.
 */
final class Simulation implements HeartOutput {

    /** What a test may break on purpose, to see that the books notice. */
    enum Fault {
        NONE("nothing"),
        FORGET_A_COMMITTED_ENTRY("I1"),
        SHOW_UNCOMMITTED("I2"),
        LET_OTHERS_PASS("I3"),
        DROP_A_SETTLEMENT("I4"),
        SPLIT_A_COMMIT("I1"),
        FORGET_A_PREPARED_BRANCH("I6"),
        FORGET_DEDUP("I9"),
        REPLAY_DIFFERS("I10"),
        SHARE_A_GROUP("I11"),
        PASS_A_HELD_MESSAGE("I11"),
        DROP_A_BODY("I1");

        /** The invariant that should be found broken. */
        final String invariant;

        Fault(String invariant) {
            this.invariant = invariant;
        }
    }

    private static final int ENTRY_BYTES = 10;
    /** One message in so many has its body elsewhere. */
    private static final int LARGE_EVERY = 5;

    private static final DestinationName[] QUEUES = {DestinationName.queue("q0"), DestinationName.queue("q1")};
    private static final DestinationName TOPIC = DestinationName.topic("t");
    private static final String[] DURABLE = {"d0", "d1"};
    private static final BranchVerbs.TransactionNumber NOBODY = new BranchVerbs.TransactionNumber(0, 0);

    /** One logical send: what was promised about it. */
    private static final class Sent {
        final long producer;
        final long number;
        final DestinationName to;
        final boolean persistent;
        final int group;
        final String messageGroup;
        final long priority;
        /** Position after which the answer may be given; MAX = not yet known. */
        long answerAt = Long.MAX_VALUE;

        boolean acknowledged;
        /** Transaction, or 0. */
        long tx;
        /** Branch, or null. */
        BranchId branch;

        Sent(
                long producer,
                long number,
                DestinationName to,
                boolean persistent,
                int group,
                String messageGroup,
                int priority) {
            this.messageGroup = messageGroup;
            this.producer = producer;
            this.number = number;
            this.to = to;
            this.persistent = persistent;
            this.group = group;
            this.priority = priority;
        }
    }

    private static final class Peer {
        ClientState state;
        long producer;
        long sequence;
        long number;
        long tx;
        int staged;
        List<Sent> inTx = new ArrayList<>();
        /** The branch that the transaction belongs to, or null. */
        Global branch;

        Sent lastSent;
        EncodedMessage lastMessage;
        long lastSequence;
        final Map<Integer, Mouth> mouths = new LinkedHashMap<>();
        int lastConsumer;
    }

    /** A branch of a global transaction, as its transaction manager knows it. */
    private static final class Global {
        final BranchId id;
        final List<Sent> sends = new ArrayList<>();
        final List<Got> consumed = new ArrayList<>();
        final Set<Peer> peers = new HashSet<>();
        long deadlineMs = Long.MAX_VALUE;
        int working;
        boolean failed;
        boolean prepared;
        /** Its preparation was answered, and its decision was not. */
        boolean promised;

        Global(BranchId id) {
            this.id = id;
        }
    }

    private record Got(long id, String place, Sent sent, DeliveryRef ref) {}

    /** A consumer's own view. */
    private static final class Mouth {
        ConsumerState state;
        String place;
        final LinkedHashMap<Long, Got> held = new LinkedHashMap<>();
        long handed;
        boolean draining;
    }

    /** Something that becomes true when the commit position passes. */
    private record Promise(long at, Runnable then) {}

    private final SplittableRandom random;
    private final Fault fault;
    private final HeartConfig config;
    private BrokerHeart heart;
    private final List<JournalEntry> journal = new ArrayList<>();
    private long end = 100;
    private long committed = 100;
    private long now = 1_000_000;
    private final List<Peer> peers = new ArrayList<>();
    private final Map<ConsumerState, Mouth> mouths = new HashMap<>();
    private List<Promise> promises = new ArrayList<>();
    private final List<ReadRequest> reads = new ArrayList<>();
    private final Map<String, Sent> sent = new HashMap<>();
    /** place + message: settled for good. */
    private final Set<String> settled = new HashSet<>();
    /** Position of the entry that made a message visible, by lane/offset. */
    private final Map<String, Long> placedAt = new HashMap<>();

    private final Map<String, EncodedMessage> bodies = new HashMap<>();
    private final Map<String, EncodedMessage> staged = new HashMap<>();
    private final Map<String, Long> newestFirst = new HashMap<>();
    private final Set<String> deliveredOnce = new HashSet<>();
    /** Transactions of which something was seen / whose commit was answered. */
    private final Map<String, List<Sent>> transactions = new HashMap<>();

    private final Map<BranchId, Global> globals = new LinkedHashMap<>();
    /** place + message: consumed in a branch that is not decided. */
    private final Set<String> heldInBranch = new HashSet<>();
    /** place + message: came back from a branch, so it counts as delivered before. */
    private final Set<String> cameBack = new HashSet<>();
    /** Decided, but perhaps not durably. */
    private final Set<Global> limbo = new LinkedHashSet<>();

    private int lastGlobal;
    int recoveredBranches;

    private long lastConnection;
    /** Whether some of the messages belong to message groups. */
    private final boolean withGroups;

    int deliveries;
    int groupedHolds;
    int recoveredHolds;
    int groupedDeliveries;
    int crashes;
    private boolean faultDone;
    private long hidden = -1;

    Simulation(long seed, Fault fault) {
        this.random = new SplittableRandom(seed);
        this.fault = fault;
        this.config = HeartConfig.defaults("b")
                .withMemory(random.nextBoolean() ? 1 << 20 : 3000, 1 << 20, 100_000)
                .withRedelivery(0, fault == Fault.NONE && random.nextInt(4) == 0 ? 1_500 : 0);
        this.withGroups = fault.invariant.equals("I11") || fault == Fault.NONE && random.nextBoolean();
        this.heart = new BrokerHeart(config, this);
    }

    void run(int steps) {
        for (int i = 0; i < 4; i++) {
            peers.add(connect(null));
        }
        for (int i = 0; i < steps; i++) {
            step();
            if (withGroups && i % 16 == 0) {
                checkWaiting();
            }
        }
        finish();
    }

    // ---- steps ----

    private void step() {
        Peer peer = peers.get(random.nextInt(peers.size()));
        switch (random.nextInt(25)) {
            case 0, 1, 2, 3, 4 -> send(peer);
            case 5 -> repeat(peer);
            case 6, 7, 8 -> endTransaction(peer);
            case 9 -> open(peer);
            case 10, 11 -> credit(peer);
            case 12, 13 -> settleSome(peer, random.nextInt(3) > 0);
            case 14 -> handOver(peer);
            case 15 -> closeConsumer(peer);
            case 16, 17 -> commitJournal();
            case 18 -> answerRead();
            case 19 -> leave(peer);
            case 20 -> later(random.nextInt(4000));
            case 21, 22, 23 -> decide();
            default -> {
                if (random.nextInt(12) == 0) {
                    crash();
                } else if (random.nextInt(4) == 0) {
                    heart.checkpointed(committed - random.nextInt(200));
                }
            }
        }
        if (fault == Fault.LET_OTHERS_PASS && random.nextInt(10) == 0) {
            hideOrShow();
        }
        if (fault == Fault.SHARE_A_GROUP && random.nextInt(5) == 0) {
            forgetHolders();
        }
        if (fault == Fault.DROP_A_BODY && random.nextInt(10) == 0) {
            dropBody();
        }
        if (fault == Fault.PASS_A_HELD_MESSAGE) {
            forgetBranches();
        }
        if (random.nextInt(3) > 0) {
            append(heart.dispatch(now));
        }
    }

    private Peer connect(Peer lost) {
        long id = ++lastConnection;
        long resume = lost == null ? 0 : lost.state.token();
        Outcome<ClientState> outcome = heart.connect(id, id * 31 + 7, null, resume, now);
        append(outcome);
        Peer peer = new Peer();
        peer.state = outcome.response();
        peer.producer = id;
        return peer;
    }

    private void send(Peer peer) {
        boolean transacted = peer.tx > 0 || random.nextInt(3) == 0;
        if (transacted && peer.tx == 0) {
            peer.tx = peer.number + 1;
            peer.staged = 0;
            peer.inTx = new ArrayList<>();
            if (random.nextBoolean()) {
                startBranch(peer);
            }
        }
        DestinationName to = random.nextInt(3) == 0 ? TOPIC : QUEUES[random.nextInt(QUEUES.length)];
        boolean persistent = random.nextInt(4) > 0;
        int priority = random.nextInt(5) == 0 ? 7 : 4;
        int group = random.nextInt(3);
        String messageGroup = withGroups && random.nextInt(4) > 0 ? "G" + random.nextInt(3) : "";
        Sent one = new Sent(peer.producer, ++peer.number, to, persistent, group, messageGroup, priority);
        one.tx = transacted ? peer.tx : 0;
        MessageHead head = new MessageHead();
        head.destination(to);
        head.persistent(persistent);
        head.priority(priority);
        head.timestampMs(1);
        head.deliveryTimeMs(1);
        head.messageId(new MessageId(one.producer, one.number));
        head.properties().put("g", group);
        if (!messageGroup.isEmpty()) {
            head.properties().put("JMSXGroupID", messageGroup);
        }
        EncodedMessage plain = EncodedMessage.encode(head, new byte[random.nextInt(200)]);
        // Without dedup a repeated large one would be refused, because its upload has ended.
        boolean large = one.number % LARGE_EVERY == 0 && fault != Fault.FORGET_DEDUP;
        EncodedMessage message = large ? large(peer, plain) : plain;
        sent.put(key(message), one);
        long sequence = persistent || transacted ? ++peer.sequence : 0;
        if (transacted) {
            peer.staged++;
            peer.inTx.add(one);
            one.branch = peer.branch == null ? null : peer.branch.id;
            String whole = peer.branch == null ? peer.producer + "/" + peer.tx : peer.branch.id.toString();
            transactions.computeIfAbsent(whole, key -> new ArrayList<>()).add(one);
        } else {
            peer.lastSent = one;
            peer.lastMessage = message;
            peer.lastSequence = sequence;
        }
        Outcome<Void> outcome = heart.send(peer.state, peer.producer, sequence, one.tx, message, now);
        expect(!outcome.isRefused(), "send refused: " + outcome.refusal());
        append(outcome);
        if (large) {
            append(heart.endUpload(peer.state, one.number));
        }
        if (!transacted && persistent) {
            promise(() -> one.acknowledged = true);
        }
    }

    /** Sends the body ahead, and gives the message that refers to it. */
    private EncodedMessage large(Peer peer, EncodedMessage plain) {
        byte[] body = new byte[Math.max(1, plain.bodyLength())];
        Outcome<DeliveryRef> put = heart.putChunk(peer.state, peer.number, body.length, 0, body, now);
        expect(!put.isRefused(), "chunk refused: " + put.refusal());
        append(put);
        DeliveryRef at = put.response();
        return plain.withLargeBody(new LargeBody(body.length, at.lane(), new long[] {at.offset(), at.offset()}));
    }

    /** The client never saw the answer and asks again: I9. */
    private void repeat(Peer peer) {
        if (peer.lastSent == null || !peer.lastSent.persistent) {
            return;
        }
        if (fault == Fault.FORGET_DEDUP) {
            heart.state().producers.remove(peer.producer);
        }
        Outcome<Void> outcome = heart.send(peer.state, peer.producer, peer.lastSequence, 0, peer.lastMessage, now);
        Sent one = peer.lastSent;
        append(outcome);
        promise(() -> one.acknowledged = true);
    }

    private void endTransaction(Peer peer) {
        if (peer.tx == 0) {
            return;
        }
        List<Span> spans = new ArrayList<>();
        List<Got> consumed = new ArrayList<>();
        for (Mouth mouth : peer.mouths.values()) {
            if (!mouth.held.isEmpty() && random.nextBoolean()) {
                int most = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : Integer.MAX_VALUE;
                for (Got got : mouth.held.values().stream().limit(most).toList()) {
                    spans.add(new Span(mouth.state.consumerId(), got.id, got.id));
                    consumed.add(got);
                    mouth.held.remove(got.id);
                }
            }
        }
        if (peer.branch != null) {
            endBranch(peer, spans, consumed);
            return;
        }
        long tx = peer.tx;
        List<Sent> parts = peer.inTx;
        peer.tx = 0;
        if (random.nextInt(4) == 0) {
            Outcome<Void> outcome = heart.rollback(peer.state, peer.producer, tx, spans, now);
            append(outcome);
            parts.forEach(one -> one.answerAt = -1);
            return;
        }
        Outcome<Void> outcome = heart.commit(peer.state, peer.producer, tx, peer.staged, spans, now);
        expect(!outcome.isRefused(), "commit refused: " + outcome.refusal());
        append(outcome);
        promise(() -> {
            parts.forEach(one -> one.acknowledged |= one.persistent);
            consumed.forEach(this::markSettled);
        });
    }

    private void startBranch(Peer peer) {
        Global joined = globals.values().stream()
                .filter(each -> !each.failed && !each.prepared)
                .findFirst()
                .orElse(null);
        boolean join = joined != null && random.nextInt(3) == 0;
        Global global = join ? joined : new Global(new BranchId(7, new byte[] {1}, bytes(++lastGlobal)));
        long timeoutMs = join || random.nextInt(8) > 0 ? 0 : 5_000;
        if (timeoutMs > 0) {
            global.deadlineMs = now + timeoutMs;
        }
        BranchStart how = join ? BranchStart.JOIN : BranchStart.NEW;
        BranchAnswer answer =
                answered(heart.branches().start(peer.state, global.id, how, peer.producer, peer.tx, timeoutMs, now));
        expect(answer.code() == 0, "start refused: " + answer);
        globals.put(global.id, global);
        global.peers.add(peer);
        global.working++;
        peer.branch = global;
    }

    private static byte[] bytes(int number) {
        return new byte[] {(byte) (number >> 8), (byte) number};
    }

    private void endBranch(Peer peer, List<Span> spans, List<Got> consumed) {
        Global global = peer.branch;
        BranchEnd how = random.nextInt(10) == 0 ? BranchEnd.FAIL : BranchEnd.SUCCESS;
        BranchVerbs.TransactionNumber number = new BranchVerbs.TransactionNumber(peer.producer, peer.tx);
        peer.tx = 0;
        peer.branch = null;
        global.working--;
        global.sends.addAll(peer.inTx);
        BranchAnswer answer =
                answered(heart.branches().end(peer.state, global.id, how, number, peer.staged, spans, now));
        expect(answer.code() == 0 || global.failed, "end refused: " + answer);
        if (answer.code() == 0) {
            global.consumed.addAll(consumed);
            consumed.forEach(got -> heldInBranch.add(what(got)));
            groupedHolds += grouped(consumed);
        }
        if (answer.code() != 0 || how == BranchEnd.FAIL) {
            fail(global);
        }
    }

    /** What the transaction manager does with a branch that nobody works in. */
    private void decide() {
        List<Global> idle =
                globals.values().stream().filter(each -> each.working == 0).toList();
        if (idle.isEmpty()) {
            return;
        }
        Global global = idle.get(random.nextInt(idle.size()));
        int dice = random.nextInt(6);
        if (global.prepared) {
            if (random.nextInt(5) > 0) {
                // It takes its time, so that a crash may come between.
                return;
            }
            decidePrepared(global, dice > 1);
        } else if (dice == 0) {
            rolledBack(global, answered(heart.branches().rollback(global.id, false, now)));
        } else if (dice == 1) {
            BranchAnswer answer = answered(heart.branches().commit(global.id, true, false, NOBODY, now));
            if (answer.code() == 0) {
                committed(global);
            } else {
                refused(global, answer);
            }
        } else {
            prepare(global);
        }
    }

    private void prepare(Global global) {
        BranchAnswer answer = answered(heart.branches().prepare(global.id, false, now));
        if (answer.code() == 0) {
            global.prepared = true;
            promise(() -> global.promised = true);
        } else if (answer.code() == XAResource.XA_RDONLY) {
            globals.remove(global.id);
        } else {
            refused(global, answer);
        }
    }

    private void refused(Global global, BranchAnswer answer) {
        boolean rolledBack = answer.code() >= XAException.XA_RBBASE && answer.code() <= XAException.XA_RBEND;
        expect(global.failed && (rolledBack || answer.code() == XAException.XAER_NOTA), "refused: " + answer);
        globals.remove(global.id);
    }

    private void decidePrepared(Global global, boolean commit) {
        boolean alone = random.nextInt(6) == 0;
        BranchAnswer answer;
        if (alone) {
            answer = answered(heart.branches().decideAlone(global.id, commit, now));
        } else if (commit) {
            answer = answered(heart.branches().commit(global.id, false, false, NOBODY, now));
        } else {
            answer = answered(heart.branches().rollback(global.id, false, now));
        }
        expect(answer.code() == 0, "I6: " + global.id + " cannot be decided: " + answer);
        if (commit) {
            committed(global);
        } else {
            rolledBack(global, answer);
        }
        if (alone) {
            int told =
                    heart.branches().rollback(global.id, false, now).response().code();
            expect(told == (commit ? XAException.XA_HEURCOM : XAException.XA_HEURRB), "told " + told);
            expect(answered(heart.branches().forget(global.id, false, now)).code() == 0, "not forgotten");
        }
    }

    private void committed(Global global) {
        globals.remove(global.id);
        limbo.add(global);
        promise(() -> {
            global.promised = false;
            limbo.remove(global);
            global.sends.forEach(one -> one.acknowledged |= one.persistent);
            global.consumed.forEach(got -> {
                heldInBranch.remove(what(got));
                markSettled(got);
            });
        });
    }

    private void rolledBack(Global global, BranchAnswer answer) {
        expect(answer.code() == 0 || global.failed, "rollback refused: " + answer);
        fail(global);
        globals.remove(global.id);
        limbo.add(global);
        promise(() -> {
            global.promised = false;
            limbo.remove(global);
        });
    }

    /** Its sends never come, what it consumed is free. */
    private void fail(Global global) {
        global.failed = true;
        for (Got got : global.consumed) {
            if (heldInBranch.remove(what(got)) && got.ref.offset() >= 0) {
                cameBack.add(what(got));
            }
        }
        global.sends.forEach(one -> one.answerAt = -1);
    }

    /** After a crash: what was prepared is there, what was not is gone. */
    private void reconcile() {
        Set<BranchId> listed = new HashSet<>();
        for (BranchInfo info : heart.branches().recover().response()) {
            if (info.decidedAlone() == BranchOutcome.FINISHED) {
                listed.add(info.branch());
            } else {
                answered(heart.branches().forget(info.branch(), false, now));
            }
        }
        Set<Global> known = new LinkedHashSet<>(globals.values());
        known.addAll(limbo);
        globals.clear();
        limbo.clear();
        heldInBranch.clear();
        for (Global global : known) {
            global.working = 0;
            global.peers.clear();
            if (!listed.remove(global.id)) {
                expect(!global.promised, "I6: the prepared branch " + global.id + " is gone");
                fail(global);
                continue;
            }
            recoveredBranches++;
            global.prepared = true;
            global.promised = true;
            global.failed = false;
            global.sends.forEach(one -> one.answerAt = Long.MAX_VALUE);
            global.consumed.removeIf(got -> got.ref.offset() < 0);
            global.consumed.forEach(got -> heldInBranch.add(what(got)));
            recoveredHolds += grouped(global.consumed);
            globals.put(global.id, global);
        }
        cameBack.clear();
        expect(listed.isEmpty(), "I6: nobody has prepared " + listed);
    }

    private static int grouped(List<Got> all) {
        return (int)
                all.stream().filter(got -> !got.sent.messageGroup.isEmpty()).count();
    }

    private static String what(Got got) {
        return got.place + "|" + got.sent.producer + "-" + got.sent.number;
    }

    private BranchAnswer answered(Outcome<BranchAnswer> outcome) {
        append(outcome);
        return outcome.response();
    }

    private void open(Peer peer) {
        if (peer.mouths.size() >= 3) {
            return;
        }
        int what = random.nextInt(5);
        ConsumerMode mode = what < 3 ? ConsumerMode.QUEUE : ConsumerMode.SHARED_DURABLE;
        DestinationName from = what < 3 ? QUEUES[random.nextInt(2)] : TOPIC;
        String name = what < 3 ? null : DURABLE[random.nextInt(2)];
        String selector = mode == ConsumerMode.QUEUE && random.nextBoolean() ? "g = " + random.nextInt(3) : null;
        open(peer, mode, from, name, selector, List.of());
    }

    private Mouth open(
            Peer peer, ConsumerMode mode, DestinationName from, String name, String selector, List<Got> restated) {
        int id = ++peer.lastConsumer;
        List<DeliveryRef> refs = restated.stream().map(Got::ref).toList();
        Outcome<OpenedConsumer> outcome =
                heart.openConsumer(peer.state, new ConsumerOpening(id, mode, from, name, selector, false, refs), now);
        expect(!outcome.isRefused(), "open refused: " + outcome.refusal());
        append(outcome);
        Mouth mouth = new Mouth();
        mouth.state = outcome.response().consumer();
        mouth.place = name == null ? from.name() : name;
        Set<Integer> refused = new HashSet<>();
        for (int index : outcome.response().refused()) {
            refused.add(index);
        }
        for (int i = 0; i < restated.size(); i++) {
            if (!refused.contains(i)) {
                Got got = restated.get(i);
                mouth.held.put(i + 1L, new Got(i + 1L, got.place, got.sent, got.ref));
            }
        }
        mouth.handed = restated.size();
        peer.mouths.put(id, mouth);
        mouths.put(mouth.state, mouth);
        return mouth;
    }

    private void credit(Peer peer) {
        Mouth mouth = any(peer);
        if (mouth == null) {
            return;
        }
        long limit = mouth.state.inFlight.last() + random.nextInt(8);
        if (random.nextInt(4) == 0) {
            mouth.draining = true;
            heart.drain(peer.state, mouth.state.consumerId(), limit, mouth);
        } else {
            heart.credit(peer.state, mouth.state.consumerId(), limit, 1 + random.nextInt(3000));
        }
    }

    private void settleSome(Peer peer, boolean accept) {
        Mouth mouth = any(peer);
        if (mouth == null || mouth.held.isEmpty()) {
            return;
        }
        long from = mouth.held.keySet().iterator().next();
        long to = from + random.nextInt(6);
        List<Got> touched = new ArrayList<>();
        for (long id = from; id <= to; id++) {
            Got got = mouth.held.remove(id);
            if (got != null) {
                touched.add(got);
            }
        }
        to = Math.min(to, mouth.state.inFlight.last());
        Settling how = accept ? Settling.ACCEPT : Settling.RELEASE;
        Outcome<Void> outcome =
                heart.acknowledge(peer.state, how, List.of(new Span(mouth.state.consumerId(), from, to)), now);
        if (fault == Fault.DROP_A_SETTLEMENT && accept && !outcome.entries().isEmpty() && !faultDone) {
            faultDone = true;
            outcome = Outcome.done();
            for (Got got : touched) {
                if (got.ref.offset() >= 0) {
                    int p = io.posthorn.server.store.LaneId.priority(got.ref.lane());
                    mouth.state.subscription.levels[p].giveBack(got.ref.offset());
                }
            }
        }
        append(outcome);
        if (accept) {
            promise(() -> touched.forEach(this::markSettled));
        }
    }

    private void handOver(Peer peer) {
        Mouth mouth = any(peer);
        if (mouth != null) {
            mouth.handed = mouth.state.inFlight.last();
            append(heart.handOver(peer.state, mouth.state.consumerId(), mouth.handed));
        }
    }

    private void closeConsumer(Peer peer) {
        Mouth mouth = any(peer);
        if (mouth != null) {
            append(heart.closeConsumer(peer.state, mouth.state.consumerId(), mouth.handed, false, now));
            mouth.held.clear();
            peer.mouths.remove(mouth.state.consumerId());
        }
    }

    /** A client ends, in order or not; when not, it may come back at once and restate what it was handed. */
    private void leave(Peer peer) {
        if (random.nextInt(3) > 0) {
            return;
        }
        boolean orderly = random.nextBoolean();
        append(orderly ? heart.close(peer.state, now) : heart.lost(peer.state, now));
        peer.inTx.stream().filter(one -> peer.tx > 0).forEach(one -> one.answerAt = -1);
        peers.remove(peer);
        if (peer.branch != null) {
            peer.branch.working--;
        }
        for (Global global : globals.values()) {
            if (!global.prepared && global.peers.contains(peer)) {
                fail(global);
            }
        }
        Peer next = connect(orderly ? null : peer);
        peers.add(next);
        if (!orderly) {
            for (Mouth old : peer.mouths.values()) {
                List<Got> held = old.held.values().stream()
                        .filter(got -> got.id <= old.handed)
                        .toList();
                ConsumerState was = old.state;
                open(
                        next,
                        was.mode,
                        was.subscription.destination.name,
                        was.subscription.name,
                        was.filter.isAll() ? null : was.filter.text(),
                        held);
            }
        }
    }

    private void later(long ms) {
        now += ms;
        append(heart.tick(now));
        for (Global global : globals.values()) {
            if (!global.prepared && global.deadlineMs <= now) {
                fail(global);
            }
        }
    }

    private void crash() {
        crashes++;
        String before = null;
        if (committed == end) {
            before = heart.journalledState();
        }
        journal.removeIf(entry -> entry.position() >= committed);
        if (fault == Fault.FORGET_A_COMMITTED_ENTRY && !journal.isEmpty()) {
            for (int i = journal.size() - 1; i >= 0; i--) {
                if (journal.get(i).records().get(0) instanceof JournalRecord.Published) {
                    journal.remove(i);
                    break;
                }
            }
        }
        if (fault == Fault.SPLIT_A_COMMIT) {
            splitCommits();
        }
        if (fault == Fault.FORGET_A_PREPARED_BRANCH) {
            forgetPrepared();
        }
        end = committed;
        promises.clear();
        reads.clear();
        mouths.clear();
        heart = new BrokerHeart(config, this);
        journal.forEach(heart::replay);
        heart.committed(committed);
        if (fault == Fault.REPLAY_DIFFERS) {
            heart.state().producers.open(99).stored(5, now);
        }
        // For the faults that other books have to notice, this one is closed.
        boolean blind = fault == Fault.FORGET_A_COMMITTED_ENTRY
                || fault == Fault.SPLIT_A_COMMIT
                || fault == Fault.FORGET_A_PREPARED_BRANCH;
        expect(
                blind || before == null || before.equals(heart.journalledState()),
                "I10: the state after replay differs:\n" + before + "after:\n" + heart.journalledState());
        append(heart.recovered(now));
        reconcile();
        peers.clear();
        for (int i = 0; i < 4; i++) {
            peers.add(connect(null));
        }
    }

    /** Settles a chunk although a message may refer to it. */
    private void dropBody() {
        DestinationState queue = heart.state().destinations.find(LargeBody.CHUNKS);
        if (queue == null) {
            return;
        }
        Level level = queue.queueSubscription().level(4);
        long at = level.pending.next(0, Long.MAX_VALUE, null);
        if (at >= 0) {
            Ledger ledger = new Ledger();
            ledger.settle(level, at);
            ledger.finish(new ArrayList<>());
            append(ledger.outcome(null));
        }
    }

    private void forgetPrepared() {
        Set<BranchId> ended = new HashSet<>();
        for (int i = journal.size() - 1; i >= 0; i--) {
            for (JournalRecord record : journal.get(i).records()) {
                if (record instanceof JournalRecord.BranchEnded e) {
                    ended.add(e.branch());
                } else if (record instanceof JournalRecord.Prepared p && !ended.contains(p.branch())) {
                    journal.remove(i);
                    return;
                }
            }
        }
    }

    private void splitCommits() {
        for (int i = 0; i < journal.size(); i++) {
            if (journal.get(i).records().size() == 1
                    && journal.get(i).records().get(0) instanceof JournalRecord.Committed c
                    && c.placements().size() > 1) {
                List<Placement> first = c.placements().subList(0, 1);
                journal.set(
                        i,
                        new JournalEntry(
                                journal.get(i).position(),
                                1,
                                List.of(new JournalRecord.Committed(
                                        c.producerId(), c.txSequence(), c.timeMs(), first, c.settlements()))));
            }
        }
    }

    /** In the end everything that was promised has to come out. */
    private void finish() {
        while (!peers.isEmpty()) {
            append(heart.close(peers.remove(0).state, now));
        }
        later(60_000);
        commitJournal();
        crash();
        for (Global global : List.copyOf(globals.values())) {
            decidePrepared(global, random.nextBoolean());
        }
        // What has come back may have to wait for its next try.
        later(60_000);
        while (committed < end) {
            commitJournal();
        }
        Peer last = peers.get(0);
        for (DestinationName queue : QUEUES) {
            drainAll(last, open(last, ConsumerMode.QUEUE, queue, null, null, List.of()));
        }
        for (String name : DURABLE) {
            drainAll(last, open(last, ConsumerMode.SHARED_DURABLE, TOPIC, name, null, List.of()));
        }
        for (Sent one : sent.values()) {
            if (one.acknowledged && one.to != TOPIC) {
                expect(
                        deliveredOnce.contains(one.to.name() + "|" + one.producer + "-" + one.number),
                        "I1: " + one.producer + "-" + one.number + " to " + one.to + " was promised and is gone");
            }
        }
        for (List<Sent> parts : transactions.values()) {
            long seen = parts.stream()
                    .filter(one -> one.persistent && one.to != TOPIC)
                    .filter(this::isSeen)
                    .count();
            long all = parts.stream()
                    .filter(one -> one.persistent && one.to != TOPIC)
                    .count();
            expect(seen == 0 || seen == all, "I5: " + seen + " of " + all + " messages of a transaction were seen");
        }
        expect(!heart.journalledState().contains("pending"), "messages are stuck: " + heart.journalledState());
    }

    private void drainAll(Peer peer, Mouth mouth) {
        for (int before = -1; before != deliveries; ) {
            before = deliveries;
            mouth.draining = true;
            heart.drain(peer.state, mouth.state.consumerId(), mouth.state.inFlight.last() + 1000, mouth);
            append(heart.dispatch(now));
            while (!reads.isEmpty()) {
                answerRead();
                append(heart.dispatch(now));
            }
            expect(!mouth.draining, "a drain was not answered");
            append(heart.handOver(peer.state, mouth.state.consumerId(), mouth.state.inFlight.last()));
            append(heart.acknowledge(
                    peer.state,
                    Settling.ACCEPT,
                    List.of(new Span(mouth.state.consumerId(), 1, mouth.state.inFlight.last())),
                    now));
            mouth.held.clear();
            commitJournal();
        }
    }

    // ---- the broker's part ----

    private void append(Outcome<?> outcome) {
        for (List<JournalRecord> entry : outcome.entries()) {
            JournalEntry appended = new JournalEntry(end, 1, entry);
            note(appended);
            journal.add(appended);
            end += ENTRY_BYTES;
            heart.replay(appended);
        }
        if (fault == Fault.SHOW_UNCOMMITTED && random.nextInt(20) == 0) {
            heart.committed(end);
        }
    }

    private void promise(Runnable then) {
        promises.add(new Promise(end, then));
        keepPromises();
    }

    private void commitJournal() {
        committed = end - (random.nextBoolean() ? 0 : Math.min(end - committed, random.nextInt(4) * ENTRY_BYTES));
        heart.committed(committed);
        keepPromises();
    }

    private void keepPromises() {
        List<Promise> open = new ArrayList<>();
        for (Promise promise : promises) {
            if (promise.at <= committed) {
                promise.then.run();
            } else {
                open.add(promise);
            }
        }
        promises = open;
    }

    private void answerRead() {
        if (reads.isEmpty()) {
            return;
        }
        ReadRequest request = reads.remove(random.nextInt(reads.size()));
        EncodedMessage[] found = new EncodedMessage[request.offsets().length];
        for (int i = 0; i < found.length; i++) {
            found[i] = bodies.get(request.lane() + "@" + request.offsets()[i]);
        }
        heart.readDone(new ReadResult(request, found, new long[found.length]));
    }

    /** Keeps the store's own index of bodies. */
    private void note(JournalEntry entry) {
        for (JournalRecord record : entry.records()) {
            if (record instanceof JournalRecord.Published p) {
                bodies.put(p.lane() + "@" + p.offset(), p.message());
                placedAt.put(p.lane() + "@" + p.offset(), entry.position());
            } else if (record instanceof JournalRecord.Staged s) {
                staged.put(s.producerId() + "/" + s.txSequence() + "/" + s.index(), s.message());
            } else if (record instanceof JournalRecord.Committed c) {
                for (Placement p : c.placements()) {
                    bodies.put(
                            p.lane() + "@" + p.offset(),
                            staged.get(c.producerId() + "/" + c.txSequence() + "/" + p.index()));
                    placedAt.put(p.lane() + "@" + p.offset(), entry.position());
                }
            }
        }
    }

    @Override
    public void deliver(
            ConsumerState to, long deliveryId, int deliveryCount, long lane, long offset, EncodedMessage message) {
        Mouth mouth = mouths.get(to);
        Sent one = sent.get(key(message));
        String what = mouth.place + "|" + one.producer + "-" + one.number;
        deliveries++;
        if (offset >= 0) {
            expect(placedAt.get(lane + "@" + offset) < committed, "I2: " + what + " was delivered uncommitted");
        }
        if (message.isLarge()) {
            LargeBody body = message.largeBody();
            expect(
                    heart.locateChunk(body.lane(), body.firstOffset()) != null,
                    "I1: " + what + " is delivered and its body is gone");
        }
        expect(one.answerAt != -1 || !one.persistent, "I5: " + what + " belongs to a transaction that was rolled back");
        expect(!settled.contains(what), "I4: " + what + " was settled and is delivered again");
        expect(to.filter.isAll() || to.filter.text().equals("g = " + one.group), what + " does not match its selector");
        expect(offset < 0 || !heldInBranch.contains(what), "I6: " + what + " is held by a branch and is delivered");
        expect(offset < 0 || !cameBack.remove(what) || deliveryCount > 0, what + " came back uncounted");
        if (!one.messageGroup.isEmpty()) {
            groupedDeliveries++;
            checkGroup(mouth, one, what, lane, offset);
        }
        boolean first = deliveredOnce.add(what);
        if (first && to.filter.isAll()) {
            checkOrder(mouth, one, what);
        }
        if (offset >= 0) {
            for (Mouth other : mouths.values()) {
                if (other.place.equals(mouth.place)) {
                    for (Got got : other.held.values()) {
                        expect(got.sent != one || !isLive(other), what + " is in flight twice, or stored twice (I9)");
                    }
                }
            }
        }
        mouth.held.put(deliveryId, new Got(deliveryId, mouth.place, one, new DeliveryRef(lane, offset)));
    }

    /** I3 for consumers without a selector: they may not see a newer one first. A branch may be decided after later ones. */
    private void checkOrder(Mouth mouth, Sent one, String what) {
        String series = mouth.place + "|" + one.producer + "|" + one.to + "|" + one.priority + "|" + one.persistent
                + "|" + one.branch + "|" + one.messageGroup;
        long before = newestFirst.getOrDefault(series, 0L);
        // A message first seen by a selecting consumer is no witness; among the others numbers rise.
        expect(one.number > before, "I3: " + what + " came after number " + before);
        newestFirst.put(series, one.number);
    }

    /** I11: no undecided branch and nobody else has messages of the group, none waits for its next try, and no earlier ready one is passed. */
    private void checkGroup(Mouth mouth, Sent one, String what, long lane, long offset) {
        for (Global global : globals.values()) {
            for (Got got : global.failed ? List.<Got>of() : global.consumed) {
                expect(
                        !got.place.equals(mouth.place) || !got.sent.messageGroup.equals(one.messageGroup),
                        "I11: " + what + " is in a group of which " + global.id + " holds " + got.sent.number);
            }
        }
        for (Mouth other : mouths.values()) {
            if (other != mouth && other.place.equals(mouth.place) && isLive(other)) {
                for (Got got : other.held.values()) {
                    expect(
                            !got.sent.messageGroup.equals(one.messageGroup),
                            "I11: " + what + " is in a group of which another consumer has " + got.sent.number);
                }
            }
        }
        Level level = mouth.state.subscription.levels[(int) one.priority];
        for (long at : level.counts.rows().sortedKeys()) {
            if (level.counts.isDeferred(at)) {
                Sent waiting = sent.get(key(bodies.get(lane + "@" + at)));
                expect(!waiting.messageGroup.equals(one.messageGroup), "I11: " + what + " has passed a deferred one");
            }
        }
        long end = offset < 0 ? keyBefore(level, -offset) : offset;
        for (long at = level.pending.next(0, Math.min(end, level.lane.visibleOffset()), level.taken);
                at >= 0;
                at = level.pending.next(at + 1, Math.min(end, level.lane.visibleOffset()), level.taken)) {
            checkPassed(mouth, one, what, bodies.get(lane + "@" + at));
        }
        for (VolatileMessage waiting : level.waiting.values()) {
            boolean before = offset < 0 ? waiting.id < -offset : waiting.key <= offset;
            if (before && heart.state().visibility.isCommitted(waiting.visibleAt)) {
                checkPassed(mouth, one, what, waiting.body.message);
            }
        }
    }

    /** No group is held up by messages that nobody has to wait for. */
    private void checkWaiting() {
        for (DestinationName queue : QUEUES) {
            DestinationState destination = heart.state().destinations.find(queue);
            GroupTable groups = destination == null ? null : destination.queueSubscription().groups;
            for (int i = 0; groups != null && i < 3; i++) {
                MessageGroup group = groups.find("G" + i);
                int most = group == null ? 0 : waiting(destination.queueSubscription(), queue.name(), group.id);
                expect(group == null || group.deferred <= most, "I11: G" + i + " of " + queue + " waits for nothing");
            }
        }
    }

    private int waiting(SubscriptionState subscription, String place, String group) {
        int found = 0;
        for (Global global : globals.values()) {
            for (Got got : global.failed ? List.<Got>of() : global.consumed) {
                found += got.place.equals(place) && got.sent.messageGroup.equals(group) ? 1 : 0;
            }
        }
        for (Level level : subscription.levels) {
            for (long at : level == null ? new long[0] : level.counts.rows().sortedKeys()) {
                EncodedMessage body = bodies.get(level.lane.id + "@" + at);
                found += level.counts.isDeferred(at)
                                && sent.get(key(body)).messageGroup.equals(group)
                        ? 1
                        : 0;
            }
        }
        return found;
    }

    /** Up to where journalled messages come before one of memory. */
    private long keyBefore(Level level, long id) {
        for (Mouth mouth : mouths.values()) {
            for (long d = mouth.state.inFlight.first(); d <= mouth.state.inFlight.last(); d++) {
                Delivery delivery = mouth.state.inFlight.get(d);
                if (delivery != null && !delivery.isJournalled() && delivery.inMemory.id == id) {
                    return delivery.inMemory.key;
                }
            }
        }
        throw new AssertionError("message of memory " + id + " is not in flight in " + level.subscription.text());
    }

    private void checkPassed(Mouth mouth, Sent one, String what, EncodedMessage passed) {
        Sent earlier = sent.get(key(passed));
        boolean other = !earlier.messageGroup.equals(one.messageGroup) || !mouth.state.filter.matches(passed);
        expect(other, "I11: " + what + " has passed " + earlier.producer + "-" + earlier.number + " of its group");
    }

    /** Lets the heart believe that nobody has messages of any group. */
    private void forgetHolders() {
        DestinationState queue = heart.state().destinations.find(QUEUES[0]);
        if (queue == null || queue.queueSubscription().groups == null) {
            return;
        }
        for (int i = 0; i < 3; i++) {
            MessageGroup group = queue.queueSubscription().groups.find("G" + i);
            if (group != null) {
                group.inHand = 0;
                group.ownersHand = 0;
            }
        }
    }

    /** Lets the heart believe that no branch has messages of any group. */
    private void forgetBranches() {
        DestinationState queue = heart.state().destinations.find(QUEUES[0]);
        for (int i = 0; i < 3 && queue != null && queue.queueSubscription().groups != null; i++) {
            MessageGroup group = queue.queueSubscription().groups.find("G" + i);
            if (group != null) {
                group.deferred = 0;
            }
        }
    }

    /** Hides a ready message for a while. */
    private void hideOrShow() {
        DestinationState queue = heart.state().destinations.find(QUEUES[0]);
        if (queue == null) {
            return;
        }
        Level level = queue.queueSubscription().level(4);
        if (hidden >= 0) {
            level.giveBack(hidden);
            hidden = -1;
        } else {
            hidden = level.pending.next(0, level.lane.visibleOffset(), level.taken);
            if (hidden >= 0) {
                level.taken.set(hidden);
            }
        }
    }

    private boolean isLive(Mouth mouth) {
        for (Peer peer : peers) {
            if (peer.mouths.containsValue(mouth)) {
                return true;
            }
        }
        return false;
    }

    private boolean isSeen(Sent one) {
        return deliveredOnce.contains(one.to.name() + "|" + one.producer + "-" + one.number);
    }

    private void markSettled(Got got) {
        settled.add(got.place + "|" + got.sent.producer + "-" + got.sent.number);
    }

    @Override
    public void drained(ConsumerState consumer, Object token, long lastDeliveryId, boolean endOfBrowse) {
        ((Mouth) token).draining = false;
    }

    @Override
    public void consumerClosed(ConsumerState consumer, RefusalKind why, String text) {
        throw new AssertionError("the heart closed " + consumer);
    }

    @Override
    public void read(ReadRequest request) {
        reads.add(request);
    }

    private Mouth any(Peer peer) {
        if (peer.mouths.isEmpty()) {
            return null;
        }
        List<Mouth> all = new ArrayList<>(peer.mouths.values());
        return all.get(random.nextInt(all.size()));
    }

    private static String key(EncodedMessage message) {
        return message.messageId().toString();
    }

    private static void expect(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
