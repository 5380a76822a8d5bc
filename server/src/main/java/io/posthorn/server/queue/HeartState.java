package io.posthorn.server.queue;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.JournalRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Everything the heart remembers: the tables its verbs work on. Journalled content is changed by {@link Replayer} only,
 * volatile content by the verbs.
 */
final class HeartState {

    private static final long SOON_BYTES_MIN = 1 << 20;

    final HeartConfig config;
    final HeartOutput output;
    /** Names that no destination may take. */
    final Predicate<DestinationName> reserved;
    /** Whether destinations may come into being here. */
    final CreationPolicy creation;
    /** What it knows of other broker groups. */
    final ClusterState cluster = new ClusterState();

    /** Who refers to which large body. */
    final BodyTable bodies = new BodyTable();

    final HotMemory hot;
    final VolatileMemory memory;
    final VolatileSpill spill;
    final SubscriptionTable subscriptions = new SubscriptionTable();
    final DestinationTable destinations;
    final ProducerTable producers = new ProducerTable();
    final Map<TransactionState.Key, TransactionState> transactions = new LinkedHashMap<>();
    /** Branches of global transactions, oldest first. */
    final Map<BranchId, BranchState> branches = new LinkedHashMap<>();
    /** What prepared branches have staged, which stays in memory until they are decided. */
    long preparedBytes;

    final Schedule schedule;
    final DeferredQueue deferred = new DeferredQueue();
    final Patience patience = new Patience();
    final Visibility visibility = new Visibility();
    final RoomCounter room = new RoomCounter();
    /** Non-durable subscriptions that have fallen too far behind; to be disconnected before the next dispatch. */
    final List<SubscriptionState> tooSlow = new ArrayList<>(0);

    final DirtyList dirty = new DirtyList();
    final Continuations continuations = new Continuations();
    final ClientTable clients = new ClientTable();

    /** Which records may be written; see {@link FormatLevel}. */
    int formatLevel = FormatLevel.NEWEST;

    /** Bodies below it are in the deep store. */
    long checkpoint;
    /** Dispatch rounds so far. */
    long round;

    /** An entry that a verb returned is not appended: what it would have created must be created by the next one. */
    void discard(List<JournalRecord> entry) {
        for (JournalRecord record : entry) {
            if (record instanceof JournalRecord.DestinationCreated created) {
                destinations.forgetPlanned(created.name());
            } else if (record instanceof JournalRecord.SubscriptionCreated created) {
                subscriptions.forgetPlanned(created.subscriptionId());
            }
        }
        continuations.discard(entry);
    }

    /** A transaction is over: what it had staged does not count as staged any more. */
    TransactionState endTransaction(TransactionState.Key key) {
        TransactionState ended = transactions.remove(key);
        if (ended != null) {
            ended.uncount();
            for (TransactionState.Staged send : ended.staged) {
                if (send != null) {
                    bodies.release(send.message());
                }
            }
        }
        return ended;
    }

    HeartState(HeartConfig config, HeartOutput output, Predicate<DestinationName> reserved, CreationPolicy creation) {
        this.reserved = reserved;
        this.creation = creation;
        this.config = config;
        this.output = output;
        this.schedule = new Schedule(Math.max(SOON_BYTES_MIN, config.memory().hotBytesMax() / 8));
        this.hot = new HotMemory(config.memory().hotBytesMax());
        this.spill = new VolatileSpill(output, dirty, config.memory().spillBytesMax());
        this.memory = new VolatileMemory(config.memory().volatileBytesMax(), bodies, spill);
        this.destinations = new DestinationTable(
                new DestinationState.Resources(hot, bodies, room, config.destinations()), subscriptions);
    }
}
