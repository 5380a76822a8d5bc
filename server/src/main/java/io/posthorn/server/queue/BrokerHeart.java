package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.ScheduledResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The broker's state machine: destinations, subscriptions, deliveries, transactions. Deterministic and single-threaded: one
 * thread (the sequencer) calls everything, and says what time it is.
 *
 * <p>State has two parts. The <em>journalled</em> part changes in {@link #replay} only: a verb returns the records of its change,
 * the caller appends each entry and replays it at once, before it calls anything else here. The <em>volatile</em>
 * part (who is connected, what is in flight, messages of memory) is changed by the verbs directly, and is empty after a
 * restart. A verb that refuses has changed nothing, unless {@link Outcome} says otherwise.
 *
 * <p>Times are ms since 1970 by the broker's clock.
 */
public final class BrokerHeart {

    private final DeadLetters deadLetters;
    private final HeartState state;
    private final Replayer replayer;
    private final SendVerbs sends;
    private final DeliveryVerbs deliveries;
    private final ConsumerVerbs consumers;
    private final Subscriptions subscriptions;
    private final TransactionVerbs transactions;
    private final BranchVerbs branches;
    private final ClientVerbs clients;
    private final BodyVerbs bodies;
    private final Dispatcher dispatcher;
    private final ColdReader reader;
    private final Timers timers;
    private final DestinationVerbs destinationVerbs;
    private final DirectoryVerbs directory;
    private final CoordinationVerbs coordination;

    /**
     * An empty heart.
     *
     * @param output told about deliveries, drains and reads; must not call back
     */
    public BrokerHeart(HeartConfig config, HeartOutput output) {
        this(config, output, name -> false, CreationPolicy.ALONE);
    }

    /**
     * As above.
     *
     * @param reserved names that no destination may take; pure
     * @param creation whether destinations may come into being here at their first use
     */
    public BrokerHeart(
            HeartConfig config, HeartOutput output, Predicate<DestinationName> reserved, CreationPolicy creation) {
        state = new HeartState(config, output, reserved, creation);
        FanOut fanOut = new FanOut(state);
        subscriptions = new Subscriptions(state, fanOut);
        replayer = new Replayer(state, subscriptions);
        sends = new SendVerbs(state, fanOut);
        bodies = new BodyVerbs(state, sends);
        deadLetters = new DeadLetters(state, fanOut, sends);
        deliveries = new DeliveryVerbs(state, fanOut, deadLetters);
        Restating restating = new Restating(state, deliveries, subscriptions);
        consumers = new ConsumerVerbs(state, sends, subscriptions, deliveries, restating);
        transactions = new TransactionVerbs(state, sends, fanOut, deliveries);
        branches = new BranchVerbs(state, deliveries, transactions);
        clients = new ClientVerbs(state, consumers, transactions, branches, restating, subscriptions, bodies);
        reader = new ColdReader(state, deadLetters);
        Finder finder = new Finder(state, fanOut, deadLetters, reader);
        dispatcher = new Dispatcher(state, finder, new Browser(state, reader), reader);
        destinationVerbs = new DestinationVerbs(state);
        directory = new DirectoryVerbs(state, destinationVerbs);
        coordination = new CoordinationVerbs(state, transactions, branches);
        timers = new Timers(state, fanOut, clients, branches);
    }

    // ---- Journalled state ----

    /**
     * Applies an entry: at recovery, on a Slave, and live right after it was appended.
     *
     * @param entry its list of records must be the very one that the verb returned
     */
    public void replay(JournalEntry entry) {
        replayer.replay(entry);
    }

    /** An entry that a verb returned could not be appended for want of room, or of copies: it has not happened. */
    public void discard(List<JournalRecord> entry, long now) {
        state.discard(entry);
        state.patience.refused(now);
    }

    /** Which records may be written; known before {@link #recovered}, and raised by a replayed record. */
    public void formatLevel(int level) {
        state.formatLevel = level;
    }

    /** Ends recovery or makes a Slave the Master: transactions that nobody can commit any more are rolled back. */
    public Outcome<Void> recovered(long now) {
        List<JournalRecord> records = new ArrayList<>(1);
        transactions.abortAll(null, records);
        // What had waited long enough before may be in the hands of a client, which restates it.
        state.deferred.release(now, state.dirty);
        deadLetters.excuseAll();
        Ledger ledger = new Ledger();
        ledger.finish(records);
        return withBodies(ledger.outcome(null), bodies::dropOrphans);
    }

    /** Whether messages in memory have filled three quarters of their room. */
    public boolean isMemoryTight() {
        return state.memory.isTight();
    }

    /**
     * Whether who sends more messages like this one should be held back: memory is tight, and its destination has more than a fair
     * share of it. A queue that is read as fast as it is filled does not pay for one that nobody reads.
     */
    public boolean isCrowded(EncodedMessage message) {
        if (!state.memory.isTight()) {
            return false;
        }
        DestinationState destination = state.destinations.find(message.destination());
        return destination != null && destination.isHeavy(state.memory);
    }

    /** The journalled state in one canonical text, equal for equal states; long. For tests and tools. */
    public String journalledState() {
        return JournalledState.text(state);
    }

    // ---- Clients ----

    /**
     * A client has logged in.
     *
     * @param token  random number by which a later connection may take over from this one
     * @param clientId JMS client identifier, or null
     * @param resumeToken token of an earlier connection, or 0; see {@link ClientState#resumed}
     * @return refused with INVALID_CLIENT_ID when another client has or reserves the identifier, or it is blank
     */
    public Outcome<ClientState> connect(long connectionId, long token, String clientId, long resumeToken, long now) {
        return clients.connect(connectionId, token, clientId, resumeToken, now);
    }

    /** Claims a client identifier after the login. Refused with INVALID_CLIENT_ID, or ILLEGAL_STATE if it has one. */
    public Outcome<Void> claimClientId(ClientState client, String clientId, long now) {
        return clients.claimClientId(client, clientId);
    }

    /** Orderly end: deliveries, transactions, client id and temporary destinations are released at once. */
    public Outcome<Void> close(ClientState client, long now) {
        return clients.close(client, now);
    }

    /** The connection broke, who knows what the client has said last. As the longer form. */
    public Outcome<Void> lost(ClientState client, long now) {
        return lost(client, false, now);
    }

    /**
     * The connection broke: open transactions are rolled back, everything else stays reserved for a while.
     *
     * @param heardOut whether everything the client has said is known, so that what it has not marked was not seen
     */
    public Outcome<Void> lost(ClientState client, boolean heardOut, long now) {
        return clients.lost(client, heardOut, now);
    }

    /** A new temporary destination named {@code brokerName/uniquePart}. */
    public Outcome<DestinationName> createTemporary(ClientState client, boolean queue, String uniquePart) {
        return clients.createTemporary(client, queue, uniquePart);
    }

    /** A client has had this temporary destination before the broker's restart: it is there again, without messages. */
    public Outcome<Void> restateTemporary(ClientState client, DestinationName name) {
        return clients.restateTemporary(client, name);
    }

    /** Refused with DESTINATION_IN_USE while it has consumers, INVALID_DESTINATION if this client has no such. */
    public Outcome<Void> deleteTemporary(ClientState client, DestinationName name) {
        return clients.deleteTemporary(client, name);
    }

    // ---- Sending ----

    /**
     * Sends, or stages in a transaction, one message to the destination in its head.
     *
     * @param producerId who sends
     * @param sequence its number there; a number that was carried out before is answered as then; 0 = never repeated
     * @param txSequence the producer's transaction, 0 for none
     */
    public Outcome<Void> send(
            ClientState client, long producerId, long sequence, long txSequence, EncodedMessage message, long now) {
        return send(client, producerId, sequence, txSequence, message, false, now);
    }

    /**
     * As above.
     *
     * @param mayWait whether a full destination whose senders are to wait answers MUST_WAIT, instead of a refusal that says that there was
     *     no room in time
     */
    public Outcome<Void> send(
            ClientState client,
            long producerId,
            long sequence,
            long txSequence,
            EncodedMessage message,
            boolean mayWait,
            long now) {
        if (!client.isOpen()) {
            return Outcome.refused(RefusalKind.ILLEGAL_STATE, client + " is closed");
        }
        if (state.producers.isDone(producerId, sequence)) {
            return Outcome.repeated();
        }
        Refusal refusal = sends.check(message);
        if (refusal == null && message.isLarge()) {
            refusal = bodies.check(client, message);
        }
        if (refusal != null) {
            return Outcome.refused(refusal);
        }
        return txSequence == 0
                ? sends.send(client, producerId, sequence, message, mayWait, now)
                : transactions.stage(client, producerId, sequence, txSequence, message, mayWait, now);
    }

    /**
     * Commits a transaction. Repeating a commit that succeeded succeeds.
     *
     * @param staged how many sends were staged under it
     * @param consumed deliveries it settles; all of them must be in flight to this client
     * @return refused with TRANSACTION_ROLLED_BACK or RESOURCE_EXHAUSTED: then it is rolled back and the deliveries are released
     */
    public Outcome<Void> commit(
            ClientState client, long producerId, long txSequence, int staged, List<Span> consumed, long now) {
        return transactions.commit(client, producerId, txSequence, staged, consumed, now);
    }

    /** Rolls a transaction back and releases its deliveries. */
    public Outcome<Void> rollback(ClientState client, long producerId, long txSequence, List<Span> released, long now) {
        return transactions.rollback(client, producerId, txSequence, released, now);
    }

    /** Whether a producer's newest transaction is committed; a no holds for ever. */
    public Outcome<Boolean> outcome(long producerId, long txSequence) {
        return transactions.outcome(producerId, txSequence);
    }

    /** Branches of global transactions. */
    public BranchVerbs branches() {
        return branches;
    }

    /** Transactions over several broker groups. */
    public CoordinationVerbs coordination() {
        return coordination;
    }

    /** Where destinations lie in the cluster; asked at the directory only. */
    public DirectoryVerbs directory() {
        return directory;
    }

    /** A producer ended in order: what was remembered against repetitions goes. */
    public Outcome<Void> closeProducer(ClientState client, long producerId) {
        ProducerState producer = state.producers.get(producerId);
        if (producer == null) {
            return Outcome.done();
        }
        if (!producer.journalled) {
            state.producers.remove(producerId);
            return Outcome.done();
        }
        return new Outcome<>(List.of(List.of(new JournalRecord.ProducerClosed(producerId))), null, null, false);
    }

    // ---- Large bodies ----

    /**
     * Puts the next chunk of a large body there, before the message that refers to it is sent.
     *
     * @param uploadId number of the upload, the client's own
     * @param index 0, 1, 2…; a chunk that was put there before is answered as then
     * @return where it lies; refused with BODY_LOST when the chunk before is not there, as after a restart
     */
    public Outcome<DeliveryRef> putChunk(
            ClientState client, long uploadId, long bodyLength, int index, byte[] bytes, long now) {
        return bodies.put(client, uploadId, bodyLength, index, bytes, now);
    }

    /** The client is done with an upload: what is not part of a message goes. An unknown one is no error. */
    public Outcome<Void> endUpload(ClientState client, long uploadId) {
        return bodies.end(client, uploadId);
    }

    /** Where a chunk is to be read; null when it is not there. */
    public ReadRequest locateChunk(long lane, long offset) {
        return bodies.locate(lane, offset);
    }

    // ---- Consuming ----

    /** Opens a consumer without credit, creating its subscription and destination if need be and allowed. */
    public Outcome<OpenedConsumer> openConsumer(ClientState client, ConsumerOpening opening, long now) {
        return consumers.open(client, opening, now);
    }

    /**
     * Closes a consumer; an unknown one is no error.
     *
     * @param handedOverTo highest delivery id the application got
     * @param keepUnsettled whether the session will still settle what was handed over; otherwise that goes back too
     */
    public Outcome<Void> closeConsumer(
            ClientState client, int consumerId, long handedOverTo, boolean keepUnsettled, long now) {
        return consumers.close(client, consumerId, handedOverTo, keepUnsettled, now);
    }

    /**
     * Sets how far a consumer may be given messages; takes effect in the next dispatch.
     *
     * @param limit highest delivery id
     * @param windowMaxBytes pause while this much is delivered and not handed over; one message is always possible
     */
    public void credit(ClientState client, int consumerId, long limit, int windowMaxBytes) {
        ConsumerState consumer = client.consumers.get(consumerId);
        if (consumer != null && !consumer.closed) {
            consumer.limit = limit;
            consumer.windowMaxBytes = windowMaxBytes;
            state.dirty.mark(consumer.subscription);
        }
    }

    /**
     * Sets the credit once, and takes it back when there is nothing more; answered by {@link HeartOutput#drained} in a dispatch.
     *
     * @return false when there is no such consumer; then no answer follows
     */
    public boolean drain(ClientState client, int consumerId, long limit, Object token) {
        ConsumerState consumer = client.consumers.get(consumerId);
        if (consumer == null || consumer.closed) {
            return false;
        }
        consumer.limit = limit;
        consumer.beginDrain(token);
        state.dirty.mark(consumer.subscription);
        return true;
    }

    /** The application is about to get all deliveries up to this one: their counts rise. */
    public Outcome<Void> handOver(ClientState client, int consumerId, long deliveryIdTo) {
        return deliveries.handOver(client, consumerId, deliveryIdTo);
    }

    /**
     * As {@link #handOver}, and the application is done with others of the same consumer: they are consumed. An {@link #acknowledge} of
     * them follows.
     */
    public Outcome<Void> progress(ClientState client, Span accepted, long deliveryIdTo) {
        return deliveries.progress(client, accepted, deliveryIdTo);
    }

    /**
     * Settles deliveries. What is settled already is ignored.
     *
     * @return refused with DELIVERY_LOST when some were given to somebody else; the others are settled all the same
     */
    public Outcome<Void> acknowledge(ClientState client, Settling how, List<Span> spans, long now) {
        return deliveries.acknowledge(client, how, spans, now);
    }

    /** Deletes a durable subscription of this client's identifier, or of none. */
    public Outcome<Void> unsubscribe(ClientState client, String name, long now) {
        return subscriptions.unsubscribe(client, name);
    }

    // ---- Events ----

    /** Entries that start below this position are durable: what they publish may be delivered. */
    public void committed(long position) {
        state.visibility.committed(position, state.dirty);
    }

    /** Bodies below this position are to be read from the deep store. */
    public void checkpointed(long position) {
        state.checkpoint = Math.max(state.checkpoint, position);
        state.schedule.checkpointed(state.checkpoint);
        timers.checkpointed();
        for (DestinationState destination : state.destinations.all()) {
            for (int priority = 0; priority < 10; priority++) {
                LaneState lane = destination.laneIfAny(priority);
                if (lane != null) {
                    lane.checkpointed(state.checkpoint);
                }
            }
        }
    }

    /** Answer to {@link HeartOutput#read}; a dispatch should follow. */
    public void readDone(ReadResult result) {
        reader.readDone(result);
    }

    /** Another answer to it: the store could not be read. It is asked again a little later. */
    public void readFailed(ReadRequest request, long now) {
        reader.readFailed(request, now);
    }

    /** Answer to {@link HeartOutput#readScheduled}; a tick should follow when one is due. */
    public void scheduledRead(ScheduledResult result, long now) {
        state.schedule.readDone(result, now);
    }

    /** Answer to {@link HeartOutput#readExpired}: the messages leave. */
    public Outcome<Void> expiredRead(ExpiredResult result, long now) {
        return timers.expired(result, now);
    }

    /** Answer to {@link HeartOutput#spill}: these are on disk. */
    public void spilled(long[] ids) {
        state.spill.written(ids, state.memory);
    }

    /** The other answer: these stay in memory. */
    public void spillRefused(long[] ids, String why) {
        state.spill.refused(ids, why);
    }

    /** Answer to {@link HeartOutput#readSpilled}; a dispatch should follow. */
    public void spillRead(long[] ids, EncodedMessage[] messages) {
        state.spill.readDone(ids, messages, state.memory, state.round);
    }

    /** Delivers all that can be delivered and answers drains. Its entries settle expired and dead messages. */
    public Outcome<Void> dispatch(long now) {
        if (!state.tooSlow.isEmpty()) {
            subscriptions.disconnectSlow();
        }
        Outcome<Void> outcome = dispatcher.dispatch(now);
        return state.bodies.hasUnheld() ? withBodies(outcome, bodies::sweep) : outcome;
    }

    private static Outcome<Void> withBodies(Outcome<Void> outcome, Consumer<List<List<JournalRecord>>> more) {
        List<List<JournalRecord>> entries = new ArrayList<>(outcome.entries());
        more.accept(entries);
        return new Outcome<>(entries, null, null, outcome.awaitCommit());
    }

    /** Does what is due; a dispatch should follow. */
    public Outcome<Void> tick(long now) {
        reader.retry(now);
        return timers.tick(now);
    }

    /** When {@link #tick} is wanted next, in ms since 1970; never {@link Long#MAX_VALUE}, as there is housekeeping. */
    public long nextTickMs() {
        return Math.min(timers.nextMs(), reader.nextMs());
    }

    // ---- Room ----

    /** Rises whenever a destination may have got room for senders that wait. */
    public long roomCount() {
        return state.room.count();
    }

    /** How long a sender waits for room at a destination, in ms. */
    public long blockTimeoutMs(DestinationName name) {
        DestinationState destination = state.destinations.find(name);
        return (destination == null ? state.destinations.defaults() : destination.settings()).blockTimeoutMs();
    }

    /** The operators' view of destinations. */
    public DestinationVerbs destinationVerbs() {
        return destinationVerbs;
    }

    // ---- For registration ----

    /** All destinations but temporary ones. */
    public List<DestinationInfo> destinations() {
        return state.destinations.infos();
    }

    /** Rises whenever {@link #destinations} changes. */
    public int destinationsVersion() {
        return state.destinations.version();
    }

    /** For tests of this package. */
    HeartState state() {
        return state;
    }
}
