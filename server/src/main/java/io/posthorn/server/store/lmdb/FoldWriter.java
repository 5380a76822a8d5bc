package io.posthorn.server.store.lmdb;

import io.posthorn.message.ByteWriter;
import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.Expiry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.ClusterRecord;
import io.posthorn.server.store.JournalRecord.LargeRow;
import io.posthorn.server.store.JournalRecord.Scheduled;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.RecordCodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/**
 * Writes one {@link FoldState} into LMDB. First the deletions that may take many transactions, then everything else with the position
 * reached in one. One thread.
 */
final class FoldWriter {

    private static final byte[] NOTHING = {};

    private final Env<ByteBuffer> env;
    private final Tables tables;
    private final Values values;
    private final int transactionRows;
    private final Key key = new Key();
    private final Key below = new Key();
    private final Key index = new Key();
    private final ByteWriter scratch = new ByteWriter(256);

    FoldWriter(Env<ByteBuffer> env, Tables tables, Values values, int transactionRows) {
        this.env = env;
        this.tables = tables;
        this.values = values;
        this.transactionRows = transactionRows;
    }

    /** After this, a snapshot is the state at {@code reached}. */
    void write(FoldState state, Meta reached) {
        deleteAhead(state);
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
            deleteOwners(txn, state);
            dropSizes(txn, state);
            putMessages(txn, state);
            putWaiting(txn, state);
            putCounters(txn, state);
            put(txn, tables.meta, key.meta(), reached.encode());
            txn.commit();
        }
    }

    private void deleteAhead(FoldState state) {
        try (Deletes deletes = new Deletes(env, transactionRows)) {
            for (FoldState.MessageRange range : state.freed()) {
                messages(deletes, range.lane(), range.from(), range.lane(), range.to() + 1);
            }
            for (int id : state.deletedDestinations()) {
                messages(deletes, LaneId.of(id, 0, 0), 0, LaneId.of(id + 1, 0, 0), 0);
            }
            for (FoldState.DeliveryRange range : state.forgottenDeliveries()) {
                deletes.range(
                        tables.delivery,
                        key.ofSubscription(range.subscriptionId(), range.lane(), range.from()),
                        below.ofSubscription(range.subscriptionId(), range.lane(), range.to() + 1));
            }
            for (int id : state.deletedSubscriptions()) {
                deletes.range(tables.delivery, key.id(id), below.id(id + 1));
            }
            deletes.commit();
        }
    }

    private void messages(Deletes deletes, long lane, long from, long laneBelow, long offsetBelow) {
        deletes.range(
                tables.head, key.message(lane, from), below.message(laneBelow, offsetBelow), (txn, head, value) -> {
                    long expiresMs = Rows.expiresMs(value);
                    if (expiresMs != Long.MAX_VALUE) {
                        tables.expiry.delete(txn, index.expiry(expiresMs, head.getLong(0), head.getLong(8)));
                    }
                });
        deletes.range(tables.body, key.message(lane, from), below.message(laneBelow, offsetBelow));
        deletes.range(tables.large, key.message(lane, from), below.message(laneBelow, offsetBelow));
    }

    private void deleteOwners(Txn<ByteBuffer> txn, FoldState state) {
        for (int id : state.deletedSubscriptions()) {
            Deletes.range(txn, tables.pending, key.id(id), below.id(id + 1));
        }
        for (int id : state.deletedDestinations()) {
            Deletes.range(txn, tables.lane, key.number(LaneId.of(id, 0, 0)), below.number(LaneId.of(id + 1, 0, 0)));
            Deletes.range(
                    txn, tables.size, key.message(LaneId.of(id, 0, 0), 0), below.message(LaneId.of(id + 1, 0, 0), 0));
        }
        putOwners(txn, tables.destination, state.destinations());
        putOwners(txn, tables.subscription, state.subscriptions());
    }

    private void putOwners(Txn<ByteBuffer> txn, Dbi<ByteBuffer> table, Map<Integer, JournalRecord> owners) {
        owners.forEach((id, record) -> {
            if (record == null) {
                table.delete(txn, key.id(id));
            } else {
                put(txn, table, key.id(id), encoded(record));
            }
        });
    }

    /** Of blocks in which nothing is left. Messages that come now write their rows behind this. */
    private void dropSizes(Txn<ByteBuffer> txn, FoldState state) {
        try (SizeRows sizes = new SizeRows(tables, values, txn)) {
            for (FoldState.MessageRange range : state.freed()) {
                for (long block = PendingBlock.of(range.from()); block <= PendingBlock.of(range.to()); block++) {
                    sizes.dropIfEmpty(range.lane(), block);
                }
            }
        }
    }

    private void putMessages(Txn<ByteBuffer> txn, FoldState state) {
        Rows rows = new Rows(tables, values, txn);
        try (Cursor<ByteBuffer> heads = tables.head.openCursor(txn);
                Cursor<ByteBuffer> bodies = tables.body.openCursor(txn);
                SizeRows sizes = new SizeRows(tables, values, txn)) {
            state.messages().forEach((place, source) -> {
                if (source instanceof MessageSource.Inline inline) {
                    sizes.put(place, inline.message().size());
                    putMessage(txn, heads, bodies, place, inline.message(), inline.receivedMs(), inline.position());
                    return;
                }
                StoredMessage stored = source instanceof MessageSource.StagedRow staged
                        ? rows.staged(staged.key())
                        : rows.scheduled(((MessageSource.ScheduleRow) source).scheduleId());
                // A damaged row is counted; without a head row its message will be reported as gone.
                if (stored != null) {
                    sizes.put(place, stored.message().size());
                    putMessage(txn, heads, bodies, place, stored.message(), stored.receivedMs(), stored.position());
                }
            });
        }
    }

    private void putMessage(
            Txn<ByteBuffer> txn,
            Cursor<ByteBuffer> heads,
            Cursor<ByteBuffer> bodies,
            MessageKey place,
            EncodedMessage message,
            long receivedMs,
            long position) {
        byte[] bytes = message.bytes();
        int headLength = message.headLength();
        Values.put(
                heads,
                key.message(place.lane(), place.offset()),
                Values.Part.of(Rows.headFixed(receivedMs, position, bytes.length)),
                new Values.Part(bytes, 0, headLength));
        if (bytes.length > headLength) {
            Values.put(
                    bodies,
                    key.message(place.lane(), place.offset()),
                    new Values.Part(bytes, headLength, bytes.length - headLength),
                    null);
        }
        if (message.isLarge()) {
            put(
                    txn,
                    tables.large,
                    key.message(place.lane(), place.offset()),
                    message.largeBody().encode());
        }
        long expiresMs = Expiry.expiresMs(message, receivedMs);
        if (expiresMs != Long.MAX_VALUE) {
            put(txn, tables.expiry, key.expiry(expiresMs, place.lane(), place.offset()), NOTHING);
        }
    }

    private void putWaiting(Txn<ByteBuffer> txn, FoldState state) {
        // Before the staged rows go that some of these come from.
        putSchedules(txn, state);
        for (FoldState.Transaction ended : state.endedTransactions()) {
            Deletes.range(
                    txn,
                    tables.staged,
                    key.staged(ended.producerId(), ended.txSequence(), 0),
                    below.staged(ended.producerId(), ended.txSequence() + 1, 0));
        }
        try (Cursor<ByteBuffer> cursor = tables.staged.openCursor(txn)) {
            state.staged()
                    .forEach((of, source) ->
                            putWaiting(cursor, key.staged(of.producerId(), of.txSequence(), of.index()), source));
        }
    }

    private void putSchedules(Txn<ByteBuffer> txn, FoldState state) {
        Rows rows = new Rows(tables, values, txn);
        try (Cursor<ByteBuffer> cursor = tables.schedule.openCursor(txn)) {
            state.schedules().forEach((id, source) -> {
                if (source == null) {
                    long dueMs = rows.scheduledDueMs(id);
                    tables.schedule.delete(txn, key.number(id));
                    tables.due.delete(txn, key.due(dueMs, id));
                    tables.large.delete(txn, key.message(LargeRow.SCHEDULED, id));
                } else if (source instanceof MessageSource.Waiting waiting) {
                    putSchedule(txn, cursor, id, waiting);
                } else {
                    MessageSource.PostponedRow row = (MessageSource.PostponedRow) source;
                    StoredMessage stored = rows.staged(row.key());
                    // A damaged row is counted; when its time comes the message will be reported as gone.
                    if (stored != null) {
                        JournalRecord scheduled = row.record().scheduled(stored.receivedMs(), null);
                        putSchedule(
                                txn,
                                cursor,
                                id,
                                new MessageSource.Waiting(scheduled, stored.message(), stored.position()));
                    }
                }
            });
        }
    }

    private void putSchedule(Txn<ByteBuffer> txn, Cursor<ByteBuffer> cursor, long id, MessageSource.Waiting source) {
        putWaiting(cursor, key.number(id), source);
        put(txn, tables.due, key.due(((Scheduled) source.record()).dueMs(), id), NOTHING);
        if (source.message().isLarge()) {
            put(
                    txn,
                    tables.large,
                    key.message(LargeRow.SCHEDULED, id),
                    source.message().largeBody().encode());
        }
    }

    private void putWaiting(Cursor<ByteBuffer> cursor, ByteBuffer rowKey, MessageSource.Waiting source) {
        scratch.truncate(0).i64(source.position());
        RecordCodec.encode(List.of(source.record()), scratch);
        Values.put(
                cursor,
                rowKey,
                new Values.Part(scratch.array(), 0, scratch.size()),
                Values.Part.of(source.message().bytes()));
    }

    private void putCounters(Txn<ByteBuffer> txn, FoldState state) {
        state.lanes()
                .forEach((lane, next) -> put(
                        txn,
                        tables.lane,
                        key.number(lane),
                        scratch.truncate(0).i64(next).toByteArray()));
        state.pending().forEach((of, block) -> {
            ByteBuffer rowKey = key.ofSubscription(of.subscriptionId(), of.lane(), of.number());
            if (block.isEmpty()) {
                tables.pending.delete(txn, rowKey);
            } else {
                put(txn, tables.pending, rowKey, block.encode());
            }
        });
        state.deliveries()
                .forEach((of, value) -> put(
                        txn,
                        tables.delivery,
                        key.ofSubscription(of.subscriptionId(), of.lane(), of.number()),
                        scratch.truncate(0)
                                .i32(value.count())
                                .i64(value.notBeforeMs())
                                .toByteArray()));
        state.branches().forEach((id, record) -> {
            if (record == null) {
                tables.branch.delete(txn, key.branch(id));
            } else {
                put(txn, tables.branch, key.branch(id), encoded(record));
            }
        });
        for (ClusterRecord record : state.cluster()) {
            if (record.isGone()) {
                tables.cluster.delete(txn, key.cluster(record));
            } else {
                put(txn, tables.cluster, key.cluster(record), encoded(record));
            }
        }
        state.producers().forEach((id, sequences) -> {
            if (sequences == null) {
                tables.producer.delete(txn, key.number(id));
            } else {
                put(txn, tables.producer, key.number(id), encoded(sequences.row(id)));
            }
        });
    }

    private byte[] encoded(JournalRecord record) {
        scratch.truncate(0);
        RecordCodec.write(record, scratch);
        return scratch.toByteArray();
    }

    private static void put(Txn<ByteBuffer> txn, Dbi<ByteBuffer> table, ByteBuffer rowKey, byte[] content) {
        try (Cursor<ByteBuffer> cursor = table.openCursor(txn)) {
            Values.put(cursor, rowKey, Values.Part.of(content), null);
        }
    }
}
