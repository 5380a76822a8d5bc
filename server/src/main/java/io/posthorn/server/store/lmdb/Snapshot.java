package io.posthorn.server.store.lmdb;

import io.posthorn.message.ByteReader;
import io.posthorn.message.LargeBody;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.RecordCodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.Txn;

/** Emits all rows of one read transaction as records, in the order that {@link io.posthorn.server.store.Store#recover} promises. */
final class Snapshot {

    private final Tables tables;
    private final Values values;
    private final Txn<ByteBuffer> txn;
    private final long epoch;
    private final Consumer<JournalEntry> sink;
    private final boolean allSchedules;

    /** @param allSchedules whether everything that waits for its time is emitted, or the newest one only */
    Snapshot(
            Tables tables,
            Values values,
            Txn<ByteBuffer> txn,
            long epoch,
            boolean allSchedules,
            Consumer<JournalEntry> sink) {
        this.allSchedules = allSchedules;
        this.tables = tables;
        this.values = values;
        this.txn = txn;
        this.epoch = epoch;
        this.sink = sink;
    }

    void emit() {
        state(tables.destination, "destination", (key, content) -> RecordCodec.read(new ByteReader(content)));
        state(tables.subscription, "subscription", (key, content) -> RecordCodec.read(new ByteReader(content)));
        state(
                tables.lane,
                "lane",
                (key, content) -> new JournalRecord.LaneRow(key.getLong(0), new ByteReader(content).i64()));
        // Before those who wait: from both come the bytes that a destination has.
        state(
                tables.size,
                "size",
                (key, content) -> new JournalRecord.SizeRow(key.getLong(0), key.getLong(8), SizeRows.decode(content)));
        state(
                tables.pending,
                "pending",
                (key, content) -> new JournalRecord.PendingRow(
                        key.getInt(0), key.getLong(4), key.getLong(12), new PendingBlock(content).bits()));
        state(tables.delivery, "delivery", (key, content) -> {
            DeliveryCount value = Rows.delivery(content);
            return new JournalRecord.DeliveryRow(
                    key.getInt(0), key.getLong(4), key.getLong(12), value.count(), value.notBeforeMs());
        });
        waiting(tables.staged, "staged", true);
        waiting(tables.schedule, "schedule", allSchedules);
        state(tables.producer, "producer", (key, content) -> RecordCodec.read(new ByteReader(content)));
        // Behind what they refer to.
        state(tables.branch, "branch", (key, content) -> RecordCodec.read(new ByteReader(content)));
        state(tables.cluster, "cluster", (key, content) -> RecordCodec.read(new ByteReader(content)));
        state(
                tables.large,
                "large",
                (key, content) -> new JournalRecord.LargeRow(
                        key.getLong(0), key.getLong(8), LargeBody.decode(content, 0, content.length)));
    }

    private void state(Dbi<ByteBuffer> table, String name, BiFunction<ByteBuffer, byte[], JournalRecord> decoder) {
        Rows rows = new Rows(tables, values, txn);
        try (Cursor<ByteBuffer> cursor = table.openCursor(txn)) {
            for (boolean more = cursor.first(); more; more = cursor.next()) {
                byte[] content = rows.content(cursor.val(), name, hex(cursor.key()));
                emit(decoder.apply(cursor.key(), content));
            }
        }
    }

    /** A damaged message is left out: counted and logged, never delivered. */
    private void waiting(Dbi<ByteBuffer> table, String name, boolean all) {
        try (Cursor<ByteBuffer> cursor = table.openCursor(txn)) {
            for (boolean more = all ? cursor.first() : cursor.last(); more; more = cursor.next()) {
                byte[] content = values.open(cursor.val(), name + " " + hex(cursor.key()));
                if (content != null) {
                    emit(withoutSequence(Rows.waitingRecord(content)));
                }
            }
        }
    }

    /** Dedup is told by the producer rows alone: a producer that has been closed must not come back with what it left waiting. */
    static JournalRecord withoutSequence(JournalRecord record) {
        if (record instanceof JournalRecord.Staged r) {
            return new JournalRecord.Staged(r.producerId(), r.txSequence(), r.index(), 0, r.receivedMs(), r.message());
        }
        JournalRecord.Scheduled r = (JournalRecord.Scheduled) record;
        return new JournalRecord.Scheduled(
                r.scheduleId(), r.dueMs(), r.receivedMs(), r.producerId(), 0, r.recipients(), r.message());
    }

    private void emit(JournalRecord record) {
        sink.accept(new JournalEntry(0, epoch, List.of(record)));
    }

    private static Object hex(ByteBuffer key) {
        // Rendered only when something is wrong.
        return new Object() {
            @Override
            public String toString() {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < key.remaining(); i++) {
                    text.append(String.format("%02x", key.get(key.position() + i)));
                }
                return text.toString();
            }
        };
    }
}
