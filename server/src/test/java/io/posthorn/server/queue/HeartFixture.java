package io.posthorn.server.queue;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.BodyType;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessageHead;
import io.posthorn.message.MessagePlace;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.Placement;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A heart with a journal in memory, a commit position under control, recorded output and a hand clock. By default every verb is
 * committed and dispatched at once; {@link #holdCommits} stops that.
 */
final class HeartFixture implements HeartOutput {

    private static final int ENTRY_BYTES = 64;

    record Shown(long id, int count, DeliveryRef ref, EncodedMessage message) {
        String text() {
            return new String(message.body(), StandardCharsets.UTF_8);
        }
    }

    record Drained(Object token, long last, boolean endOfBrowse) {}

    final HeartConfig config;
    BrokerHeart heart;
    final List<JournalEntry> journal = new ArrayList<>();
    final Map<ConsumerState, List<Shown>> shown = new HashMap<>();
    final Map<ConsumerState, List<Drained>> drained = new HashMap<>();
    final List<String> closed = new ArrayList<>();
    final List<ReadRequest> reads = new ArrayList<>();
    SimulatedSpill spill = new SimulatedSpill();
    long now = 1_000_000;
    long end = 1000;
    long committed = 1000;
    boolean holdCommits;
    int answeredReads;
    /** Most messages that one read of schedules has found in the deep store. */
    int scheduledMost;

    private ScheduledRequest scheduledRead;
    private ExpiredRequest expiredRead;
    private long lastConnection;

    /** Whether bodies are left where they are, as far as the heart says that it does not need them. */
    boolean slaveIsRead;

    HeartFixture() {
        this(HeartConfig.defaults("b"));
    }

    HeartFixture(HeartConfig config) {
        this.config = config;
        heart = new BrokerHeart(config, this);
    }

    // ---- the broker's part ----

    /** Carries out what a verb wants written, and expects that it was not refused. */
    <R> R ok(Outcome<R> outcome) {
        assertNull(outcome.refusal(), () -> "refused: " + outcome.refusal());
        append(outcome);
        settle();
        return outcome.response();
    }

    /** Expects a refusal; carries out what comes with it. */
    RefusalKind refused(Outcome<?> outcome) {
        assertNotNull(outcome.refusal(), "was not refused");
        append(outcome);
        settle();
        return outcome.refusal().kind();
    }

    void append(Outcome<?> outcome) {
        for (List<JournalRecord> entry : outcome.entries()) {
            JournalEntry appended = new JournalEntry(end, 1, entry);
            end += ENTRY_BYTES;
            journal.add(appended);
            heart.replay(appended);
        }
    }

    /** Commits and dispatches until nothing happens any more. */
    void settle() {
        if (holdCommits) {
            append(heart.dispatch(now));
            return;
        }
        do {
            commit();
            append(heart.dispatch(now));
        } while (committed < end);
    }

    void commit() {
        committed = end;
        heart.committed(end);
    }

    void tick(long laterMs) {
        now += laterMs;
        append(heart.tick(now));
        settle();
        while (answerIndex()) {
            append(heart.tick(now));
            settle();
        }
    }

    /** Answers what was asked about times; false when nothing was. */
    private boolean answerIndex() {
        long checkpoint = heart.state().checkpoint;
        ScheduledRequest scheduled = scheduledRead;
        ExpiredRequest expired = expiredRead;
        scheduledRead = null;
        expiredRead = null;
        if (scheduled != null) {
            ScheduledResult result = SimulatedIndex.scheduled(journal, checkpoint, scheduled);
            scheduledMost = Math.max(scheduledMost, result.next().size());
            heart.scheduledRead(result, now);
        }
        if (expired != null) {
            append(heart.expiredRead(SimulatedIndex.expired(journal, checkpoint, expired), now));
        }
        return scheduled != null || expired != null;
    }

    /** Everything so far is in the deep store. */
    void checkpoint() {
        heart.checkpointed(committed);
    }

    /** Answers all open reads from the journal, and those that follow. */
    void answerReads() {
        while (!reads.isEmpty()) {
            ReadRequest request = reads.remove(0);
            answeredReads += request.offsets().length;
            EncodedMessage[] found = new EncodedMessage[request.offsets().length];
            long[] received = new long[found.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = stored(request.lane(), request.offsets()[i]);
                received[i] = found[i] == null ? 0 : now;
                if (slaveIsRead && request.headsWillDo() && found[i] != null) {
                    found[i] = headOf(found[i]);
                }
            }
            heart.readDone(new ReadResult(request, found, received));
            settle();
        }
    }

    private static EncodedMessage headOf(EncodedMessage whole) {
        byte[] head = Arrays.copyOf(whole.bytes(), whole.headLength());
        return EncodedMessage.wrapHead(head, new MessagePlace(1, 1, whole.size()));
    }

    /** Lets the disk for spilled messages answer everything, and what follows. */
    void answerSpill() {
        int answers = 0;
        while (spill.answer(heart)) {
            settle();
            assertTrue(++answers < 100_000, "bodies come from the disk and go there again for ever");
        }
    }

    /** A new heart from the committed part of the journal: what a crash and a restart leave. */
    void crash() {
        journal.removeIf(entry -> entry.position() >= committed);
        restart();
    }

    void restart() {
        restartAt(0);
    }

    /** As above; what waits for its time and is below this position is in the deep store only. */
    void restartAt(long checkpoint) {
        heart = new BrokerHeart(config, this);
        shown.clear();
        drained.clear();
        reads.clear();
        scheduledRead = null;
        expiredRead = null;
        spill = new SimulatedSpill();
        Map<Long, JournalRecord> deep = new HashMap<>();
        for (JournalEntry entry : journal) {
            if (entry.position() < checkpoint && entry.records().get(0) instanceof JournalRecord.Scheduled scheduled) {
                deep.put(scheduled.scheduleId(), scheduled);
                continue;
            }
            for (JournalRecord record : entry.records()) {
                JournalRecord waiting = record instanceof JournalRecord.Due due ? deep.remove(due.scheduleId()) : null;
                if (waiting != null) {
                    heart.replay(new JournalEntry(0, 1, List.of(waiting)));
                }
            }
            heart.replay(entry);
        }
        if (checkpoint > 0) {
            heart.checkpointed(checkpoint);
        }
        heart.committed(committed);
        end = committed;
        append(heart.recovered(now));
        settle();
    }

    private EncodedMessage stored(long lane, long offset) {
        Map<String, EncodedMessage> staged = new HashMap<>();
        Map<Long, EncodedMessage> scheduled = new HashMap<>();
        for (JournalEntry entry : journal) {
            for (JournalRecord record : entry.records()) {
                if (record instanceof JournalRecord.Published p && p.lane() == lane && p.offset() == offset) {
                    return p.message();
                } else if (record instanceof JournalRecord.Staged s) {
                    staged.put(s.producerId() + "/" + s.txSequence() + "/" + s.index(), s.message());
                } else if (record instanceof JournalRecord.Scheduled s) {
                    scheduled.put(s.scheduleId(), s.message());
                } else if (record instanceof JournalRecord.Postponed p) {
                    scheduled.put(p.scheduleId(), staged.get(p.producerId() + "/" + p.txSequence() + "/" + p.index()));
                } else if (record instanceof JournalRecord.Due due && due.lane() == lane && due.offset() == offset) {
                    return scheduled.get(due.scheduleId());
                } else if (record instanceof JournalRecord.Committed c) {
                    for (Placement placement : c.placements()) {
                        if (placement.lane() == lane && placement.offset() == offset) {
                            return staged.get(c.producerId() + "/" + c.txSequence() + "/" + placement.index());
                        }
                    }
                }
            }
        }
        return null;
    }

    @Override
    public void deliver(
            ConsumerState to, long deliveryId, int deliveryCount, long lane, long offset, EncodedMessage message) {
        shown.computeIfAbsent(to, key -> new ArrayList<>())
                .add(new Shown(deliveryId, deliveryCount, new DeliveryRef(lane, offset), message));
    }

    @Override
    public void drained(ConsumerState consumer, Object token, long lastDeliveryId, boolean endOfBrowse) {
        drained.computeIfAbsent(consumer, key -> new ArrayList<>())
                .add(new Drained(token, lastDeliveryId, endOfBrowse));
    }

    @Override
    public void consumerClosed(ConsumerState consumer, RefusalKind why, String text) {
        closed.add(text);
    }

    @Override
    public void read(ReadRequest request) {
        reads.add(request);
    }

    @Override
    public void readScheduled(ScheduledRequest request) {
        scheduledRead = request;
    }

    @Override
    public void readExpired(ExpiredRequest request) {
        expiredRead = request;
    }

    @Override
    public void spill(long id, EncodedMessage message) {
        spill.spill(id, message);
    }

    @Override
    public void readSpilled(long[] ids) {
        spill.read(ids);
    }

    @Override
    public void dropSpilled(long id) {
        spill.drop(id);
    }

    // ---- clients ----

    Client client() {
        return client(null, 0);
    }

    Client client(String clientId, long resumeToken) {
        long id = ++lastConnection;
        return new Client(ok(heart.connect(id, id * 1000, clientId, resumeToken, now)));
    }

    static Mail mail(String text) {
        return new Mail(text);
    }

    /** A message in the making. */
    static final class Mail {
        final MessageHead head = new MessageHead();
        final String text;

        Mail(String text) {
            this.text = text;
            head.bodyType(BodyType.TEXT);
            head.timestampMs(500);
            head.deliveryTimeMs(500);
        }

        Mail nonPersistent() {
            head.persistent(false);
            return this;
        }

        Mail priority(int priority) {
            head.priority(priority);
            return this;
        }

        Mail ttl(long ms) {
            head.expirationMs(head.timestampMs() + ms);
            return this;
        }

        Mail delay(long ms) {
            head.deliveryTimeMs(head.timestampMs() + ms);
            return this;
        }

        Mail with(String name, Object value) {
            head.properties().put(name, value);
            return this;
        }

        EncodedMessage to(DestinationName destination) {
            head.destination(destination);
            return EncodedMessage.encode(head, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** One connected client with one producer. */
    final class Client {
        final ClientState state;
        final long producerId;
        long sequence;
        long tx;
        int staged;
        int lastConsumer;

        Client(ClientState state) {
            this.state = state;
            this.producerId = state.connectionId() + 7000;
        }

        void send(DestinationName to, String... texts) {
            for (String text : texts) {
                send(to, mail(text));
            }
        }

        void send(DestinationName to, Mail mail) {
            ok(trySend(to, mail));
        }

        Outcome<Void> trySend(DestinationName to, Mail mail) {
            EncodedMessage message = mail.to(to);
            long number = message.persistent() || tx > 0 ? ++sequence : 0;
            if (tx > 0) {
                staged++;
            }
            return heart.send(state, producerId, number, tx, message, now);
        }

        void begin(long txSequence) {
            tx = txSequence;
            staged = 0;
        }

        void commit(Span... consumed) {
            ok(tryCommit(consumed));
        }

        Outcome<Void> tryCommit(Span... consumed) {
            long ending = tx;
            tx = 0;
            return heart.commit(state, producerId, ending, staged, List.of(consumed), now);
        }

        void rollback(Span... released) {
            long ending = tx;
            tx = 0;
            ok(heart.rollback(state, producerId, ending, List.of(released), now));
        }

        Reader queue(DestinationName queue) {
            return open(ConsumerMode.QUEUE, queue, null, null, false);
        }

        Reader selecting(DestinationName queue, String selector) {
            return open(ConsumerMode.QUEUE, queue, null, selector, false);
        }

        Reader topic(DestinationName topic) {
            return open(ConsumerMode.TOPIC, topic, null, null, false);
        }

        Reader durable(DestinationName topic, String name) {
            return open(ConsumerMode.DURABLE, topic, name, null, false);
        }

        Reader open(ConsumerMode mode, DestinationName from, String name, String selector, boolean noLocal) {
            return new Reader(ok(tryOpen(mode, from, name, selector, noLocal)).consumer());
        }

        Outcome<OpenedConsumer> tryOpen(
                ConsumerMode mode, DestinationName from, String name, String selector, boolean noLocal) {
            return heart.openConsumer(
                    state, new ConsumerOpening(++lastConsumer, mode, from, name, selector, noLocal, List.of()), now);
        }

        OpenedConsumer restate(ConsumerMode mode, DestinationName from, String name, DeliveryRef... refs) {
            return ok(heart.openConsumer(
                    state, new ConsumerOpening(++lastConsumer, mode, from, name, null, false, List.of(refs)), now));
        }

        void close() {
            ok(heart.close(state, now));
        }

        void lose() {
            ok(heart.lost(state, now));
        }
    }

    /** One consumer and what it got. */
    final class Reader {
        final ConsumerState state;

        Reader(ConsumerState state) {
            this.state = state;
        }

        Reader credit(long limit) {
            heart.credit(state.client(), state.consumerId(), limit, Integer.MAX_VALUE);
            settle();
            return this;
        }

        List<Shown> got() {
            return shown.getOrDefault(state, List.of());
        }

        /** Texts of all deliveries so far, a redelivered one with its count. */
        List<String> texts() {
            List<String> texts = new ArrayList<>();
            for (Shown one : got()) {
                texts.add(one.count == 0 ? one.text() : one.text() + "*" + one.count);
            }
            return texts;
        }

        Shown last() {
            return got().get(got().size() - 1);
        }

        Span span(long from, long to) {
            return new Span(state.consumerId(), from, to);
        }

        void handOver(long to) {
            ok(heart.handOver(state.client(), state.consumerId(), to));
        }

        void ack(long from, long to) {
            ok(heart.acknowledge(state.client(), Settling.ACCEPT, List.of(span(from, to)), now));
        }

        void release(long from, long to) {
            ok(heart.acknowledge(state.client(), Settling.RELEASE, List.of(span(from, to)), now));
        }

        void reject(long from, long to) {
            ok(heart.acknowledge(state.client(), Settling.REJECT, List.of(span(from, to)), now));
        }

        void close(long handedOverTo, boolean keep) {
            ok(heart.closeConsumer(state.client(), state.consumerId(), handedOverTo, keep, now));
        }

        /** Asks for what is there; returns the texts that came. */
        List<String> drain(int more) {
            int before = got().size();
            Object token = new Object();
            heart.drain(state.client(), state.consumerId(), state.inFlight.last() + more, token);
            settle();
            answerReads();
            answerSpill();
            List<Drained> answers = drained.getOrDefault(state, List.of());
            if (answers.isEmpty() || answers.get(answers.size() - 1).token != token) {
                throw new AssertionError("the drain of " + state + " was not answered");
            }
            return texts().subList(before, got().size());
        }
    }
}
