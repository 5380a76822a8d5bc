package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.FormatLevel;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.Placement;
import io.posthorn.server.store.Settlement;
import java.util.ArrayList;
import java.util.List;

/**
 * Local transactions: sends are staged as they come, the commit gives them their places and settles the consumed
 * deliveries in one record.
 */
final class TransactionVerbs {

    private final HeartState state;
    private final SendVerbs sends;
    private final FanOut fanOut;
    private final DeliveryVerbs deliveries;

    TransactionVerbs(HeartState state, SendVerbs sends, FanOut fanOut, DeliveryVerbs deliveries) {
        this.state = state;
        this.sends = sends;
        this.fanOut = fanOut;
        this.deliveries = deliveries;
    }

    Outcome<Void> stage(
            ClientState client,
            long producerId,
            long sequence,
            long txSequence,
            EncodedMessage message,
            boolean mayWait,
            long now) {
        TransactionState.Key key = new TransactionState.Key(producerId, txSequence);
        TransactionState known = state.transactions.get(key);
        Refusal refusal = checkStage(client, known, key, message, mayWait, now);
        if (refusal != null) {
            return Outcome.refused(refusal);
        }
        TransactionState transaction = open(client, known, key);
        List<JournalRecord> records = new ArrayList<>(1);
        DestinationState destination = state.destinations.find(message.destination());
        if (destination == null) {
            state.destinations.plan(message.destination(), now, records);
        }
        int index = transaction.staged.size();
        if (message.persistent() && !message.destination().kind().isTemporary()) {
            records.add(new JournalRecord.Staged(producerId, txSequence, index, sequence, now, message));
        } else {
            state.bodies.hold(message);
            transaction.add(index, new TransactionState.Staged(message, now, 0, false));
            transaction.count(destination, message);
        }
        return new Outcome<>(records.isEmpty() ? List.of() : List.of(records), null, null, false);
    }

    private Refusal checkStage(
            ClientState client,
            TransactionState known,
            TransactionState.Key key,
            EncodedMessage message,
            boolean mayWait,
            long now) {
        if (known != null && known.owner != client) {
            return new Refusal(RefusalKind.TRANSACTION_ROLLED_BACK, "the transaction belongs to an earlier connection");
        }
        DestinationState destination = state.destinations.find(message.destination());
        if (destination == null) {
            Refusal refusal = sends.cannotCreate(message.destination());
            if (refusal != null) {
                return refusal;
            }
        } else if (destination.isClosed()) {
            return SendVerbs.closed(destination);
        }
        Refusal full = destination == null
                ? Limits.checkNew(state.destinations.defaults(), message)
                : sends.checkStaged(client, destination, message, mayWait);
        if (full != null && full.kind() == RefusalKind.MUST_WAIT) {
            return full;
        }
        HeartConfig config = state.config;
        String over = full == null ? null : full.text();
        if (over != null) {
            over += ",";
        } else if (known != null && known.staged.size() >= config.transaction().operationsMax()) {
            over = "the limit of " + config.transaction().operationsMax() + " operations";
        } else if ((known == null ? 0 : known.bytes) + message.size()
                > config.transaction().bytesMax()) {
            over = "the limit of " + config.transaction().bytesMax() + " bytes";
        } else if (!message.persistent() && !fanOut.hasRoom(message, 1, now)) {
            over = "nonPersistentBytes=" + config.memory().volatileBytesMax();
        }
        if (over == null) {
            return null;
        }
        TransactionState marked = open(client, known, key);
        marked.overLimit = over + " is reached in a transaction that sends to " + message.destination();
        return new Refusal(RefusalKind.RESOURCE_EXHAUSTED, marked.overLimit);
    }

    private TransactionState open(ClientState client, TransactionState known, TransactionState.Key key) {
        if (known != null) {
            return known;
        }
        TransactionState opened = new TransactionState(key);
        opened.owner = client;
        state.transactions.put(key, opened);
        return opened;
    }

    Outcome<Void> commit(
            ClientState client, long producerId, long txSequence, int staged, List<Span> consumed, long now) {
        ProducerState producer = state.producers.get(producerId);
        if (producer != null && producer.newestTx() == txSequence) {
            return Outcome.repeated();
        }
        TransactionState.Key key = new TransactionState.Key(producerId, txSequence);
        TransactionState transaction = state.transactions.get(key);
        Refusal refusal = checkCommit(client, producer, transaction, staged, consumed, txSequence);
        if (refusal != null) {
            return end(client, key, consumed, now, refusal);
        }
        Ledger ledger = new Ledger();
        for (Span span : consumed) {
            deliveries.accept(client, span, ledger);
        }
        List<Settlement> settlements = ledger.drainSettlements();
        Extras extras = new Extras();
        List<Placement> placements = transaction == null ? List.of() : place(client, transaction, extras, now);
        if (settlements.isEmpty() && (transaction == null || transaction.journalledCount == 0)) {
            state.endTransaction(key);
            state.producers.open(producerId).committedInMemory(txSequence, now);
            give(extras.copies, 0);
            return Outcome.done();
        }
        List<JournalRecord> entry = extras.entry(
                List.of(new JournalRecord.Committed(producerId, txSequence, now, placements, settlements)));
        if (!extras.copies.isEmpty()) {
            state.continuations.after(entry, position -> give(extras.copies, position));
        }
        return new Outcome<>(List.of(entry), null, null, false);
    }

    private Refusal checkCommit(
            ClientState client,
            ProducerState producer,
            TransactionState transaction,
            int staged,
            List<Span> consumed,
            long txSequence) {
        if (!client.isOpen()) {
            return rolledBack(client + " is closed");
        }
        if (producer != null && producer.newestTx() > txSequence) {
            return rolledBack("a newer transaction of this session is committed already");
        }
        if (transaction != null && transaction.owner != client) {
            return rolledBack("it belongs to an earlier connection");
        }
        if (transaction != null && transaction.overLimit != null) {
            return new Refusal(RefusalKind.RESOURCE_EXHAUSTED, "rolled back: " + transaction.overLimit);
        }
        int known = transaction == null ? 0 : transaction.staged.size();
        if (known != staged) {
            return rolledBack("of its " + staged + " sends the broker has " + known);
        }
        long operations = staged;
        for (Span span : consumed) {
            operations += span.to() - span.from() + 1;
            if (!deliveries.isInFlight(client, span)) {
                return rolledBack("deliveries " + span.from() + " to " + span.to() + " of consumer " + span.consumerId()
                        + " are no longer all in flight to it");
            }
        }
        int max = state.config.transaction().operationsMax();
        return operations <= max
                ? null
                : new Refusal(
                        RefusalKind.RESOURCE_EXHAUSTED,
                        "rolled back: " + operations + " operations are over the limit of " + max);
    }

    private static Refusal rolledBack(String why) {
        return new Refusal(RefusalKind.TRANSACTION_ROLLED_BACK, "the transaction is rolled back: " + why);
    }

    Outcome<Void> rollback(ClientState client, long producerId, long txSequence, List<Span> released, long now) {
        return end(client, new TransactionState.Key(producerId, txSequence), released, now, null);
    }

    /** What asked for something else is rolled back, and says so. */
    Outcome<Void> rollbackInstead(
            ClientState client, BranchVerbs.TransactionNumber number, List<Span> released, String why, long now) {
        TransactionState.Key key = new TransactionState.Key(number.producerId(), number.txSequence());
        return end(client, key, released, now, rolledBack(why));
    }

    /** Whether a transaction is committed; if not, it never will be. */
    Outcome<Boolean> outcome(long producerId, long txSequence) {
        ProducerState producer = state.producers.get(producerId);
        if (producer != null && producer.newestTx() == txSequence) {
            return new Outcome<>(List.of(), true, null, true);
        }
        List<JournalRecord> records = new ArrayList<>(1);
        abort(new TransactionState.Key(producerId, txSequence), records);
        return new Outcome<>(records.isEmpty() ? List.of() : List.of(records), false, null, false);
    }

    /** Rolls back whatever a client has open. */
    void abortAll(ClientState client, List<JournalRecord> records) {
        for (TransactionState transaction : new ArrayList<>(state.transactions.values())) {
            if (transaction.owner == client && !transaction.prepared) {
                abort(transaction.key, records);
            }
        }
    }

    private Outcome<Void> end(
            ClientState client, TransactionState.Key key, List<Span> spans, long now, Refusal refusal) {
        Ledger ledger = new Ledger();
        List<JournalRecord> records = new ArrayList<>(1);
        if (client.isOpen()) {
            for (Span span : spans) {
                deliveries.release(client, span, ledger, records, now);
            }
        }
        TransactionState transaction = state.transactions.get(key);
        if (transaction != null && transaction.owner == client) {
            abort(key, records);
        }
        ledger.finish(records);
        return refusal == null ? ledger.outcome(null) : ledger.refused(refusal.kind(), refusal.text());
    }

    /** Drops what was staged under a key; nothing happens to what belongs to a prepared branch. */
    void abort(TransactionState.Key key, List<JournalRecord> records) {
        TransactionState transaction = state.transactions.get(key);
        if (transaction == null || transaction.prepared) {
            return;
        }
        if (transaction.journalledCount == 0) {
            state.endTransaction(key);
        } else {
            records.add(new JournalRecord.Aborted(key.producerId(), key.txSequence()));
        }
    }

    /** Copies for one subscription in memory, and where they go among its journalled messages. */
    record Copies(VolatileBody body, SubscriptionState to, long key, long dueMs) {}

    /** What a commit brings with it. */
    static final class Extras {
        final List<Copies> copies = new ArrayList<>(0);

        /** Records about messages that have to wait for their time. */
        private final List<JournalRecord> postponed = new ArrayList<>(0);

        /** The same at the first format level, where such a message gets its place at once. */
        private final List<JournalRecord> deferred = new ArrayList<>(0);

        /** An entry with these records, in order. */
        List<JournalRecord> entry(List<JournalRecord> commit) {
            List<JournalRecord> entry = new ArrayList<>(postponed.size() + commit.size() + deferred.size());
            entry.addAll(postponed);
            entry.addAll(commit);
            entry.addAll(deferred);
            return entry;
        }
    }

    /** Gives staged messages their places; the records that say so must be replayed next. */
    List<Placement> place(ClientState client, TransactionState transaction, Extras extras, long now) {
        List<Placement> placements = new ArrayList<>(transaction.journalledCount);
        for (int index = 0; index < transaction.staged.size(); index++) {
            TransactionState.Staged send = transaction.staged.get(index);
            if (send == null) {
                // It lived in memory only, and the broker was restarted after its branch was prepared.
                continue;
            }
            EncodedMessage message = send.message();
            DestinationState destination = state.destinations.find(message.destination());
            if (destination == null) {
                // A temporary destination that was deleted meanwhile: its messages vanish with it.
                continue;
            }
            long dueMs = Expiry.dueMs(message, send.receivedMs());
            LaneState lane = destination.lane(message.priority());
            int[] recipients = send.journalled() ? destination.recipients(message, client) : new int[0];
            for (SubscriptionState to : destination.volatileRecipients(message, client, send.journalled())) {
                extras.copies.add(new Copies(
                        new VolatileBody(message, send.receivedMs()),
                        to,
                        to.isJournalled() ? lane.upcomingOffset() : 0,
                        dueMs));
            }
            if (recipients.length == 0) {
                continue;
            }
            // The clock may have been set back since: what has no delay is due at once.
            boolean waits = dueMs > send.receivedMs() && dueMs > now;
            if (waits && state.formatLevel > FormatLevel.FIRST) {
                TransactionState.Key key = transaction.key;
                extras.postponed.add(new JournalRecord.Postponed(
                        key.producerId(), key.txSequence(), index, state.schedule.takeId(), dueMs, recipients));
                continue;
            }
            long offset = lane.allocate();
            placements.add(new Placement(index, lane.id, offset, recipients));
            if (waits) {
                for (int id : recipients) {
                    extras.deferred.add(new JournalRecord.Deferred(id, lane.id, offset, dueMs));
                }
            }
        }
        return placements;
    }

    void give(List<Copies> copies, long position) {
        for (Copies copy : copies) {
            if (copy.dueMs > copy.body.receivedMs) {
                sends.schedule(copy.body, List.of(copy.to), copy.dueMs, position);
            } else {
                fanOut.give(copy.body, copy.to, copy.key, position);
            }
        }
    }
}
