package io.posthorn.server.store.lmdb;

import io.posthorn.message.ByteReader;
import io.posthorn.server.store.JournalRecord.DestinationCreated;
import io.posthorn.server.store.JournalRecord.SubscriptionCreated;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Progress;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/** Counts what lies in the tables, per destination, in one read transaction. One thread, one use. */
public final class TableStats {

    /** Where a head row tells the size of the message: behind seal, receipt time and position. */
    private static final int HEAD_SIZE_AT = Values.SEAL_BYTES + 16;

    private static final long PROGRESS_ROWS = 1 << 16;

    private final TableView view;
    private final Progress progress;
    private final Map<Integer, Counts> destinations = new TreeMap<>();

    /** What one destination has. */
    public static final class Counts {
        private String name;
        private long messages;
        private long bytes;
        private int subscriptions;
        private long waits;

        private Counts(String name) {
            this.name = name;
        }

        public String name() {
            return name;
        }

        public long messages() {
            return messages;
        }

        /** Of its messages, heads and bodies. */
        public long bytes() {
            return bytes;
        }

        public int subscriptions() {
            return subscriptions;
        }

        /** Deliveries that are still to come: per subscription the messages it waits for. */
        public long waits() {
            return waits;
        }
    }

    public TableStats(TableView view, Progress progress) {
        this.view = view;
        this.progress = progress;
    }

    /**
     * Counts.
     *
     * @return by destination id
     * @throws StoreException if a row cannot be read
     */
    public Map<Integer, Counts> run() {
        Tables tables = view.tables();
        Map<Integer, Integer> owners = new TreeMap<>();
        try (Txn<ByteBuffer> txn = view.txnRead()) {
            Rows rows = new Rows(tables, view.values(), txn);
            each(txn, tables.destination, "destination", (key, value) -> {
                byte[] content = rows.content(value, "destination", key.getInt(0));
                DestinationCreated created = (DestinationCreated) RecordCodec.read(new ByteReader(content));
                counts(key.getInt(0)).name = created.name().toString();
            });
            each(txn, tables.subscription, "subscription", (key, value) -> {
                byte[] content = rows.content(value, "subscription", key.getInt(0));
                SubscriptionCreated created = (SubscriptionCreated) RecordCodec.read(new ByteReader(content));
                owners.put(key.getInt(0), created.destinationId());
                counts(created.destinationId()).subscriptions++;
            });
            each(txn, tables.pending, "pending", (key, value) -> {
                Counts counts = counts(owners.getOrDefault(key.getInt(0), 0));
                for (int at = Values.SEAL_BYTES; at + Long.BYTES <= value.remaining(); at += Long.BYTES) {
                    counts.waits += Long.bitCount(value.getLong(value.position() + at));
                }
            });
            each(txn, tables.head, "head", (key, value) -> {
                Counts counts = counts(LaneId.destinationId(key.getLong(0)));
                counts.messages++;
                counts.bytes += value.getInt(value.position() + HEAD_SIZE_AT);
            });
        } catch (LmdbException failed) {
            throw new StoreException("the tables cannot be read: " + Values.text(failed), failed);
        }
        return destinations;
    }

    private Counts counts(int destinationId) {
        return destinations.computeIfAbsent(destinationId, id -> new Counts("(destination " + id + ")"));
    }

    private void each(Txn<ByteBuffer> txn, Dbi<ByteBuffer> table, String name, BiConsumer<ByteBuffer, ByteBuffer> row) {
        long count = 0;
        long total = table.stat(txn).entries;
        try (Cursor<ByteBuffer> cursor = table.openCursor(txn)) {
            for (boolean more = cursor.first(); more; more = cursor.next()) {
                row.accept(cursor.key(), cursor.val());
                if (++count % PROGRESS_ROWS == 0) {
                    progress.at("table " + name, count, total);
                }
            }
        }
    }
}
