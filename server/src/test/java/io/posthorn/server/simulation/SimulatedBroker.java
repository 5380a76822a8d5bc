package io.posthorn.server.simulation;

import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.server.queue.BrokerHeart;
import io.posthorn.server.queue.ConsumerState;
import io.posthorn.server.queue.HeartConfig;
import io.posthorn.server.queue.HeartOutput;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.queue.RefusalKind;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.ScheduledRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A heart on a store, as the broker's core puts them together: appends what verbs return, keeps answers until they are committed, and starts again
 * from what the store has kept. I10 is checked here.
 */
final class SimulatedBroker implements HeartOutput, AutoCloseable {

    /** Who gets what the heart gives out. */
    interface Receiver {

        void deliver(ConsumerState to, long id, int count, long lane, long offset, EncodedMessage message);

        void drained(ConsumerState consumer);
    }

    /** Something that becomes true when the commit position passes. */
    private record Promise(long at, Runnable then) {}

    private final HeartConfig config;
    private final SimulatedStore store;
    private final HandClock clock;
    private final Saboteur saboteur;
    private Receiver receiver;
    private final Placements placements = new Placements();
    private final List<ReadRequest> reads = new ArrayList<>();
    private ScheduledRequest scheduledRead;
    private ExpiredRequest expiredRead;
    private List<Promise> promises = new ArrayList<>();
    private BrokerHeart heart;
    private boolean full;
    private boolean failing;
    int crashes;
    int refusals;

    SimulatedBroker(HeartConfig config, SimulatedStore store, HandClock clock, Saboteur saboteur) {
        this.config = config;
        this.store = store;
        this.clock = clock;
        this.saboteur = saboteur;
        start();
    }

    /** Has to be set before anybody consumes. */
    void deliverTo(Receiver value) {
        receiver = value;
    }

    BrokerHeart heart() {
        return heart;
    }

    Placements placements() {
        return placements;
    }

    long now() {
        return clock.wallMs();
    }

    long committed() {
        return store.committed();
    }

    /** Whether nothing becomes durable any more. */
    boolean isFailing() {
        return failing;
    }

    /** Whether the disk has no room for messages. */
    void full(boolean value) {
        full = value;
    }

    boolean isFull() {
        return full;
    }

    /**
     * Carries an outcome out.
     *
     * @return false if there was no room for a message: then nothing of it, or of what follows it, has happened
     */
    boolean append(Outcome<?> outcome) {
        for (List<JournalRecord> entry : outcome.entries()) {
            if (full && bearsNewMessage(entry)) {
                heart.discard(entry, clock.wallMs());
                refusals++;
                return false;
            }
            JournalEntry appended = store.append(entry);
            placements.note(appended);
            heart.replay(appended);
        }
        saboteur.appended(heart, store.end());
        return true;
    }

    /** What holds once everything appended so far is committed. */
    void promise(Runnable then) {
        promises.add(new Promise(store.end(), then));
        keepPromises(store.committed());
    }

    void dispatch() {
        append(heart.dispatch(clock.wallMs()));
    }

    /** Does what is due, with all that the store knows of it. */
    void tick() {
        append(heart.tick(clock.wallMs()));
        while (answerIndex()) {
            append(heart.tick(clock.wallMs()));
        }
    }

    private boolean answerIndex() {
        ScheduledRequest scheduled = scheduledRead;
        ExpiredRequest expired = expiredRead;
        scheduledRead = null;
        expiredRead = null;
        if (scheduled != null) {
            heart.scheduledRead(store.readScheduled(scheduled), clock.wallMs());
        }
        if (expired != null) {
            append(heart.expiredRead(store.readExpired(expired), clock.wallMs()));
        }
        return scheduled != null || expired != null;
    }

    void sync() {
        store.sync();
        heart.committed(store.committed());
        keepPromises(store.committed());
    }

    /** Commits everything. */
    void syncAll() {
        while (store.committed() < store.end()) {
            sync();
        }
    }

    void checkpoint() {
        heart.checkpointed(store.checkpoint());
    }

    void fail() {
        failing = true;
        store.fail();
    }

    /** A reader thread answers one of the reads. */
    boolean answerRead(SplittableRandom random) {
        if (reads.isEmpty()) {
            return false;
        }
        heart.readDone(store.read(reads.remove(random.nextInt(reads.size()))));
        return true;
    }

    boolean hasBody(EncodedMessage message) {
        if (!message.isLarge()) {
            return true;
        }
        LargeBody body = message.largeBody();
        return heart.locateChunk(body.lane(), body.firstOffset()) != null;
    }

    /** Dies and comes back. Promises that were not kept by then, and do not hold by what is left, are void. */
    void crash() {
        crashes++;
        String before = heart.journalledState();
        long end = store.end();
        long left = store.crash();
        keepPromises(left);
        promises.clear();
        reads.clear();
        scheduledRead = null;
        expiredRead = null;
        failing = false;
        full = false;
        placements.cut(left);
        start();
        Invariant.I10.require(
                left < end || saboteur.fault().changesReplay() || before.equals(heart.journalledState()),
                "the state after replay differs:\n" + before + "after:\n" + heart.journalledState());
        append(heart.recovered(clock.wallMs()));
    }

    private void start() {
        List<JournalEntry> entries = saboteur.recovered(store.recover(), placements);
        heart = new BrokerHeart(config, this);
        for (JournalEntry entry : entries) {
            placements.note(entry);
            heart.replay(entry);
        }
        saboteur.replayed(heart, clock.wallMs());
        heart.formatLevel(store.formatLevel());
        heart.committed(store.committed());
    }

    private void keepPromises(long committed) {
        List<Promise> open = new ArrayList<>();
        List<Promise> all = promises;
        promises = new ArrayList<>();
        for (Promise promise : all) {
            if (promise.at <= committed) {
                promise.then.run();
            } else {
                open.add(promise);
            }
        }
        promises.addAll(open);
    }

    private static boolean bearsNewMessage(List<JournalRecord> entry) {
        return entry.stream().anyMatch(record -> RecordCodec.messageOf(record) != null);
    }

    @Override
    public void deliver(
            ConsumerState to, long deliveryId, int deliveryCount, long lane, long offset, EncodedMessage message) {
        receiver.deliver(to, deliveryId, deliveryCount, lane, offset, message);
    }

    @Override
    public void drained(ConsumerState consumer, Object token, long lastDeliveryId, boolean endOfBrowse) {
        receiver.drained(consumer);
    }

    @Override
    public void consumerClosed(ConsumerState consumer, RefusalKind why, String text) {
        throw new AssertionError("the heart closed " + consumer);
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
        // There is no other disk here: it stays in memory.
    }

    @Override
    public void readSpilled(long[] ids) {
        throw new AssertionError("nothing was spilled");
    }

    @Override
    public void dropSpilled(long id) {
        // It never got there.
    }

    @Override
    public void close() {
        store.close();
    }
}
