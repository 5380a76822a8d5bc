package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.TopicNames;
import io.posthorn.server.cluster.OwnHeart;
import io.posthorn.server.cluster.RefusedException;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.queue.BrokerHeart;
import io.posthorn.server.queue.CreationPolicy;
import io.posthorn.server.queue.HeartConfig;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.replication.MasterState;
import io.posthorn.server.store.CommitListener;
import io.posthorn.server.store.EntryRefusedException;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.SpillSpace;
import io.posthorn.server.store.Store;
import io.posthorn.server.store.StoreException;
import io.posthorn.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the heart to the store: runs verbs as events of the {@link Sequencer}, appends the records they return, replays them,
 * and holds answers back until they are durable.
 *
 * <p>Its methods say on which thread they run; everything unmarked is inside the sequencer.
 */
final class BrokerCore implements CommitListener, OwnHeart {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerCore.class);

    /** So many answers that nobody waits for are not left to wait for the next sync. */
    private static final int PATIENT_MAX = 32;

    /** How often answers are looked at that wait for replicas for long. */
    private static final long GIVE_UP_LOOK_MS = 500;

    private static final String BROKEN =
            "the broker has stopped serving after an internal error, of which its log says more; restart it";

    private static final String SUSPENDED =
            "the broker was stopped for a while, and finds out whether it is the Master still";

    private final Store store;
    private final Clock clock;
    private final MasterState master;
    private final ScheduledExecutorService home;
    private final Runnable destinationsChanged;
    private final BrokerHeart heart;
    private final OrderedSends sends = new OrderedSends(this);
    private final DeliveryOutput output;
    private final Sequencer sequencer;
    private final FlushChoice flushChoice = new FlushChoice();
    private final FlushGathering gathering = new FlushGathering();
    private final DispatchRelief relief;
    private final HeldAnswers held = new HeldAnswers(32, 2);
    private final HeldAnswers slowed = new HeldAnswers(32, 2);
    private final HeldAnswers heldAcknowledgements = new HeldAnswers(64, 5);
    private final ParkedAnswers parked = new ParkedAnswers(heldAcknowledgements);
    private final OwnSteps ownSteps = new OwnSteps();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong checkpointed = new AtomicLong();

    /** False until the state is there; nothing may touch the heart before. */
    private boolean recovered;

    private long epoch;
    private long seenCommit;
    private long seenCheckpoint;
    /** Something is sealed that the thread of the batch may sync itself; taken outside the sequencer. */
    private final AtomicBoolean sealed = new AtomicBoolean();

    private final List<FrameConnection> paused = new ArrayList<>();
    private volatile boolean overloaded;

    /** Whether the verb under way is one whose answer nobody waits for. */
    private boolean patiently;
    /** The thread that is syncing outside the sequencer, and goes on with it by itself. */
    private volatile Thread flushingHere;

    private boolean appended;
    private boolean urgent;
    private boolean gatheringTimed;
    private int seenDestinations;
    private volatile String fencedBecause;
    private ScheduledFuture<?> timer;
    private long timerAtMs = Long.MAX_VALUE;

    /**
     * @param creation whether destinations may come into being here
     * @param home executor that works off the sequencer after commits and for timers; an event loop, so that answers leave
     *     from the thread that writes them
     * @param destinationsChanged told after destinations came or went; must not block
     */
    BrokerCore(
            Store store,
            HeartConfig config,
            CreationPolicy creation,
            Clock clock,
            MasterState master,
            ScheduledExecutorService home,
            Runnable destinationsChanged) {
        this.store = store;
        this.master = master;
        this.clock = clock;
        this.home = home;
        this.destinationsChanged = destinationsChanged;
        this.output =
                new DeliveryOutput(new Reads(), store.spillSpace(config.memory().spillBytesMax(), new SpillAnswers()));
        this.heart = new BrokerHeart(config, output, BrokerCore::isReserved, creation);
        this.sequencer = new Sequencer(this::endBatch, this::afterBatch, home, this::broken);
        this.relief = new DispatchRelief(sequencer, clock);
        store.listener(this);
    }

    /**
     * Rebuilds the state from the store; called once, before anything else, on the starting thread. It holds the sequencer meanwhile,
     * because the store already reports its progress on other threads.
     */
    void recover() {
        RuntimeException[] failure = new RuntimeException[1];
        sequencer.run(() -> {
            try {
                recoverState();
            } catch (RuntimeException failed) {
                failure[0] = failed;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    private void recoverState() {
        epoch = store.recover(heart::replay);
        committed.accumulateAndGet(store.commitPosition(), Math::max);
        recovered = true;
        takeStoreEvents();
        heart.formatLevel(master.formatLevel());
        apply(heart.recovered(clock.wallMs()));
        seenDestinations = heart.destinationsVersion();
        destinationsChanged.run();
    }

    /** Names that RocketMQ's own parts use; they cannot be registered as a destination's topic. */
    private static boolean isReserved(DestinationName name) {
        return name.kind() == DestinationKind.TOPIC && TopicNames.isSystemTopic(name.name());
    }

    BrokerHeart heart() {
        return heart;
    }

    /** Epoch of this reign; any thread, after {@link #recover}. */
    @Override
    public long epoch() {
        return epoch;
    }

    /** Sends, and what must not pass them. */
    OrderedSends sends() {
        return sends;
    }

    long nowMs() {
        return clock.wallMs();
    }

    /** For what is to be looked at later; must not be blocked. */
    ScheduledExecutorService timers() {
        return home;
    }

    Sequencer sequencer() {
        return sequencer;
    }

    /**
     * Carries out a verb for the client of a connection, and answers when what it did is durable. Event loop; the work is done
     * at the end of the read batch.
     */
    <R> void submit(FrameConnection from, Frame request, Verb<R> verb, Answer<R> answer) {
        ClientSession session = ClientSession.of(from);
        sequencer.post(() -> execute(session, request, verb, answer));
    }

    /**
     * As {@link #submit}, for a request whose answer nobody waits for: it does not start a disk sync of its own, so that it does
     * not stand in the way of the next send, whose sync it shares.
     */
    <R> void submitPatiently(FrameConnection from, Frame request, Verb<R> verb, Answer<R> answer) {
        ClientSession session = ClientSession.of(from);
        sequencer.post(() -> {
            boolean urgentBefore = urgent;
            patiently = true;
            try {
                execute(session, request, verb, answer);
            } finally {
                patiently = false;
                urgent = urgentBefore;
            }
        });
    }

    /** As {@link #submit}, for a verb that is answered by what it sets off. */
    void submitUnanswered(FrameConnection from, Frame request, UnansweredVerb verb) {
        ClientSession session = ClientSession.of(from);
        sequencer.post(() -> {
            if (admitted(session, request) && !verb.on(heart, session.client(), clock.wallMs())) {
                Acceptor.refuse(from, request, ErrorCode.ILLEGAL_STATE, "there is no such consumer on this connection");
            }
        });
    }

    /**
     * Reads something from the store for a client.
     *
     * @param where what to read, asked in the sequencer; null when there is nothing
     * @param done  gets the result, on a thread of the store, or null in the sequencer
     */
    void readForClient(
            FrameConnection from, Frame request, Function<BrokerHeart, ReadRequest> where, Consumer<ReadResult> done) {
        ClientSession session = ClientSession.of(from);
        sequencer.post(() -> {
            if (!admitted(session, request)) {
                return;
            }
            ReadRequest read = where.apply(heart);
            if (read == null) {
                done.accept(null);
            } else {
                store.read(read, done);
            }
        });
    }

    /** Whether a request may go on; refused otherwise. */
    boolean admitted(ClientSession session, Frame request) {
        if (fencedBecause != null) {
            Acceptor.refuse(session.connection(), request, ErrorCode.FENCED, fencedBecause);
            return false;
        }
        if (isSuspended()) {
            Acceptor.refuse(session.connection(), request, ErrorCode.FENCED, SUSPENDED);
            return false;
        }
        if (session.client() == null) {
            if (!session.ended()) {
                Acceptor.refuse(session.connection(), request, ErrorCode.AUTHENTICATION_FAILED, "log in first");
            }
            return false;
        }
        return true;
    }

    /** Whether this Master has paused, so that another may have taken its place. */
    private boolean isSuspended() {
        return master.tenure().isWatched() && !master.tenure().holds(clock.monotonicNs());
    }

    /** Carries out a verb and answers it. */
    <R> void execute(ClientSession session, Frame request, Verb<R> verb, Answer<R> answer) {
        if (admitted(session, request)) {
            Outcome<R> outcome = verb.on(heart, session.client(), clock.wallMs());
            conclude(session.connection(), request, outcome, answer);
        }
    }

    /** As {@link #conclude}, for a message that lives in memory: the answer goes out with others, late when it crowds the memory. */
    void concludeInMemory(FrameConnection to, Frame request, EncodedMessage message, Outcome<Void> outcome, long now) {
        flushChoice.sentInMemory(now);
        if (outcome.refusal() == null && outcome.entries().isEmpty()) {
            (heart.isCrowded(message) ? slowed : held).hold(to, request, now);
        } else {
            conclude(to, request, outcome, Answer.empty());
        }
    }

    /** Applies an outcome and answers the request it belongs to. */
    <R> void conclude(FrameConnection to, Frame request, Outcome<R> outcome, Answer<R> answer) {
        EntryRefusedException refused = apply(outcome);
        if (outcome.refusal() != null) {
            Acceptor.refuse(
                    to,
                    request,
                    Refusals.code(outcome.refusal().kind()),
                    outcome.refusal().text());
            return;
        }
        if (refused != null) {
            Acceptor.refuse(to, request, Refusals.code(refused), refused.getMessage());
            return;
        }
        if (fencedBecause != null) {
            Acceptor.refuse(to, request, ErrorCode.FENCED, fencedBecause);
            return;
        }
        if (request.isOneWay()) {
            return;
        }
        ByteBuf body = answer.body(outcome.response(), to);
        long end = store.endPosition();
        if (seenCommit >= end || outcome.entries().isEmpty() && !outcome.awaitCommit()) {
            if (!patiently) {
                // A client that closes something first waits for what it has sent.
                heldAcknowledgements.releaseAll();
                hurryPatientOnes();
            }
            to.respond(request, body);
        } else {
            long now = clock.wallMs();
            parked.park(end, !patiently, to, request, body, now);
            if (!patiently) {
                urgent = true;
                flushChoice.waits(to, now);
                relief.waits(to);
                gathering.waits(ClientSession.of(to), clock.monotonicNs());
            }
        }
    }

    /** Starts the sync that acknowledgements in passing have been waiting for: now somebody waits for them. */
    private void hurryPatientOnes() {
        if (parked.unawaited() > 0) {
            appended = true;
            urgent = true;
        }
    }

    @Override
    public <R> CompletableFuture<R> carryOut(OwnHeart.Step<R> step) {
        CompletableFuture<R> done = new CompletableFuture<>();
        sequencer.run(() -> {
            if (fencedBecause != null || isSuspended()) {
                String why = fencedBecause == null ? SUSPENDED : fencedBecause;
                done.completeExceptionally(new RefusedException(ErrorCode.FENCED, why));
                return;
            }
            Outcome<R> outcome = step.on(heart, clock.wallMs());
            EntryRefusedException notTaken = apply(outcome);
            long end = store.endPosition();
            if (outcome.refusal() != null) {
                done.completeExceptionally(new RefusedException(
                        Refusals.code(outcome.refusal().kind()),
                        outcome.refusal().text()));
            } else if (notTaken != null) {
                done.completeExceptionally(new RefusedException(Refusals.code(notTaken), notTaken.getMessage()));
            } else if (seenCommit >= end || outcome.entries().isEmpty() && !outcome.awaitCommit()) {
                done.complete(outcome.response());
            } else {
                urgent = true;
                ownSteps.await(end, done, outcome.response());
            }
        });
        return done;
    }

    /** Changes whenever the directory knows something new, also with a restart. */
    long locationsVersion() {
        return (epoch << 24) + heart.directory().version() & Long.MAX_VALUE;
    }

    /** The connection of a session is gone; unless it had closed in order, its client is lost for now. */
    void lost(ClientSession session) {
        sends.drop(session);
        if (session.client() != null) {
            apply(heart.lost(session.client(), session.connection().isHeardOut(), clock.wallMs()));
        }
        session.end();
    }

    /**
     * Appends and replays the records of an outcome.
     *
     * @return why a message was not taken, in which case nothing has happened; null otherwise
     */
    private EntryRefusedException apply(Outcome<?> outcome) {
        for (List<JournalRecord> entry : outcome.entries()) {
            if (fencedBecause != null) {
                return null;
            }
            long position;
            try {
                position = store.append(entry);
            } catch (EntryRefusedException refused) {
                heart.discard(entry, clock.wallMs());
                return refused;
            } catch (StoreException failed) {
                fence(failed);
                return null;
            }
            appended = true;
            urgent |= !(entry.size() == 1 && entry.get(0) instanceof JournalRecord.HandedOver);
            heart.replay(new JournalEntry(position, epoch, entry));
        }
        return null;
    }

    /** After each batch: start the disk first, then use the time it takes for dispatching. */
    private void endBatch() {
        if (!recovered || isSuspended()) {
            return;
        }
        takeStoreEvents();
        long now = clock.wallMs();
        sends.retry(now);
        flushStore();
        resumeReading();
        if (fencedBecause == null && !relief.isPutOff()) {
            if (heart.nextTickMs() <= now) {
                apply(heart.tick(now));
            }
            apply(heart.dispatch(now));
            // Dispatching makes room as well, when it finds expired messages.
            if (sends.retry(now)) {
                apply(heart.dispatch(now));
            }
            output.flush();
            flushStore();
            held.release(false, now);
            slowed.release(heart.isMemoryTight(), now);
            heldAcknowledgements.release(false, now);
            giveUpOnReplicas(now);
            schedule(now);
        }
        if (heart.destinationsVersion() != seenDestinations) {
            seenDestinations = heart.destinationsVersion();
            destinationsChanged.run();
        }
    }

    /** What too few copies have for too long is answered as being in doubt. */
    private void giveUpOnReplicas(long now) {
        if (master.needsReplicas() && parked.oldestMs() <= now - master.patienceMs()) {
            String doubt = master.doubt();
            if (doubt != null) {
                parked.giveUp(now - master.patienceMs(), doubt);
            }
        }
    }

    private void takeStoreEvents() {
        long commit = committed.get();
        if (commit > seenCommit) {
            seenCommit = commit;
            heart.committed(commit);
            FrameConnection answered = parked.release(commit, clock.wallMs());
            if (answered != null && Thread.currentThread() == flushingHere) {
                relief.answered(answered.eventLoop());
            }
            ownSteps.release(commit);
        }
        long checkpoint = checkpointed.get();
        if (checkpoint > seenCheckpoint) {
            seenCheckpoint = checkpoint;
            heart.checkpointed(checkpoint);
        }
    }

    private void flushStore() {
        if (!appended || fencedBecause != null) {
            return;
        }
        if (urgent && gathering.waitsForMore(clock.monotonicNs())) {
            endGatheringInTime();
            return;
        }
        boolean now = urgent || parked.unawaited() >= PATIENT_MAX;
        if (now) {
            gathering.flushed();
        }
        appended = false;
        urgent = false;
        if (now && flushChoice.mayFlushHere(parked.awaited(), clock.wallMs())) {
            store.seal();
            sealed.set(true);
        } else {
            store.flush(now);
        }
    }

    /** Sees to it that the batch goes to the disk even when nobody comes. */
    private void endGatheringInTime() {
        if (!gatheringTimed) {
            gatheringTimed = true;
            home.schedule(
                    () -> sequencer.run(() -> gatheringTimed = false),
                    gathering.leftNs(clock.monotonicNs()),
                    TimeUnit.NANOSECONDS);
        }
    }

    /** Stops reading from a connection while too much waits for the disk; the event loop of that connection. */
    void pauseWhileOverloaded(FrameConnection connection) {
        if (overloaded) {
            connection.pauseReading(true);
            sequencer.run(() -> paused.add(connection));
        }
    }

    private void resumeReading() {
        overloaded = store.overloaded();
        if (!overloaded && !paused.isEmpty()) {
            paused.forEach(connection -> connection.pauseReading(false));
            paused.clear();
        }
    }

    /** Outside the sequencer, on the thread that gave the role back: the sync that was left to it, and what follows. */
    private void afterBatch() {
        // What is drained afterwards may be somebody else's lone request, and is sealed as well.
        while (sealed.getAndSet(false)) {
            flushingHere = Thread.currentThread();
            try {
                relief.syncing();
                store.flushSealed();
                sequencer.drainOnly();
            } finally {
                flushingHere = null;
            }
        }
    }

    private void schedule(long now) {
        long next = Math.min(Math.min(heart.nextTickMs(), nextAnswersMs(now)), sends.nextMs(now));
        if (next == timerAtMs) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        timerAtMs = next;
        if (next != Long.MAX_VALUE) {
            timer = home.schedule(
                    () -> sequencer.run(this::timerFired), Math.max(1, next - now), TimeUnit.MILLISECONDS);
        }
    }

    private long nextAnswersMs(long now) {
        long parkedMs = master.needsReplicas() && parked.oldestMs() != Long.MAX_VALUE
                ? Math.max(now + GIVE_UP_LOOK_MS, parked.oldestMs() + master.patienceMs())
                : Long.MAX_VALUE;
        long sends = Math.min(held.nextMs(false), slowed.nextMs(heart.isMemoryTight()));
        return Math.min(parkedMs, Math.min(sends, heldAcknowledgements.nextMs(false)));
    }

    /** Forgets the timer, so that the end of this batch sets the next one even if it is due at the same time. */
    private void timerFired() {
        timer = null;
        timerAtMs = Long.MAX_VALUE;
    }

    private void wake(Runnable event) {
        sequencer.post(event);
        home.execute(sequencer::drain);
    }

    private void fence(StoreException cause) {
        if (fencedBecause == null) {
            String why = "the broker has stopped serving after a storage failure: " + cause.getMessage();
            LOG.error("{}; restart it when the cause is mended", why, cause);
            stopServing(why);
        }
    }

    /** Ends the threads of its own; any thread, after the last request. */
    void close() {
        relief.close();
    }

    /** From now on every request is answered with FENCED, and nothing is delivered. Sequencer. */
    void stopServing(String why) {
        if (fencedBecause == null) {
            fencedBecause = why;
            failAll(why);
        }
    }

    private void failAll(String why) {
        parked.fail(why);
        sends.fail(why);
        ownSteps.fail(why);
    }

    /** An error has left something half done, on which nothing may be built. May come again for the same one. */
    private void broken(Error cause) {
        if (fencedBecause == null) {
            fencedBecause = BROKEN;
        }
        failAll(fencedBecause);
        LOG.error("{}", BROKEN, cause);
    }

    /** Why nobody is served any more, or null; any thread. */
    String fencedBecause() {
        return fencedBecause;
    }

    // ---- Events of the store, on its threads. The positions only rise, so the newest says it all. ----

    @Override
    public void committed(long position) {
        committed.accumulateAndGet(position, Math::max);
        if (Thread.currentThread() != flushingHere) {
            home.execute(sequencer::drain);
        }
    }

    @Override
    public void failed(StoreException cause) {
        wake(() -> fence(cause));
    }

    @Override
    public void checkpointed(long position) {
        checkpointed.accumulateAndGet(position, Math::max);
        home.execute(sequencer::drain);
    }

    private void readDone(ReadResult result) {
        if (result.isFailed()) {
            heart.readFailed(result.request(), clock.wallMs());
        } else {
            heart.readDone(result);
        }
    }

    /** Reads for the heart. */
    private final class Reads implements DeliveryOutput.Reads {

        @Override
        public void read(ReadRequest request) {
            store.read(request, result -> wake(() -> readDone(result)));
        }

        @Override
        public void readScheduled(ScheduledRequest request) {
            store.readScheduled(request, result -> wake(() -> heart.scheduledRead(result, clock.wallMs())));
        }

        @Override
        public void readExpired(ExpiredRequest request) {
            store.readExpired(request, result -> wake(() -> apply(heart.expiredRead(result, clock.wallMs()))));
        }
    }

    /** Brings the answers of the spill into the sequencer. */
    private final class SpillAnswers implements SpillSpace.Listener {

        @Override
        public void spilled(long[] ids) {
            wake(() -> heart.spilled(ids));
        }

        @Override
        public void spillRefused(long[] ids, String why) {
            wake(() -> heart.spillRefused(ids, why));
        }

        @Override
        public void spillRead(long[] ids, EncodedMessage[] messages) {
            wake(() -> heart.spillRead(ids, messages));
        }
    }
}
