package io.posthorn.server.queue;

import io.posthorn.message.BranchId;
import io.posthorn.message.DestinationName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Everything the heart remembers: the tables its verbs work on. Journalled content is changed by {@link Replayer} only,
 * volatile content by the verbs.
 */
final class HeartState {

    final HeartConfig config;
    final HeartOutput output;
    /** Names that no destination may take. */
    final Predicate<DestinationName> reserved;

    /** Who refers to which large body. */
    final BodyTable bodies = new BodyTable();

    final HotMemory hot;
    final VolatileMemory memory;
    final SubscriptionTable subscriptions = new SubscriptionTable();
    final DestinationTable destinations;
    final ProducerTable producers = new ProducerTable();
    final Map<TransactionState.Key, TransactionState> transactions = new LinkedHashMap<>();
    /** Branches of global transactions, oldest first. */
    final Map<BranchId, BranchState> branches = new LinkedHashMap<>();
    /** What prepared branches have staged, which stays in memory until they are decided. */
    long preparedBytes;

    final Schedule schedule = new Schedule();
    final DeferredQueue deferred = new DeferredQueue();
    final Visibility visibility = new Visibility();
    final DirtyList dirty = new DirtyList();
    final Continuations continuations = new Continuations();
    final ClientTable clients = new ClientTable();

    /** Bodies below it are in the deep store. */
    long checkpoint;
    /** Dispatch rounds so far. */
    long round;

    HeartState(HeartConfig config, HeartOutput output, Predicate<DestinationName> reserved) {
        this.reserved = reserved;
        this.config = config;
        this.output = output;
        this.hot = new HotMemory(config.hotBytesMax());
        this.memory = new VolatileMemory(config.volatileBytesMax(), bodies);
        this.destinations = new DestinationTable(hot, bodies, subscriptions);
    }

    /** A transaction has ended, with what was staged in it; null if there was none. */
    TransactionState removeTransaction(TransactionState.Key key) {
        TransactionState transaction = transactions.remove(key);
        if (transaction != null) {
            for (TransactionState.Staged send : transaction.staged) {
                if (send != null) {
                    bodies.release(send.message());
                }
            }
        }
        return transaction;
    }
}
