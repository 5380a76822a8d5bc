package io.posthorn.server.store.lmdb;

import io.posthorn.message.ByteReader;
import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.ProducerRow;
import io.posthorn.server.store.JournalRecord.SubscriptionCreated;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.ProducerSequences;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.Txn;

/**
 * Typed reads within one transaction, by one thread. A damaged row of state is a {@link StoreException}, for going on would change what is
 * promised; a damaged message is counted and null.
 */
final class Rows {

    static final int HEAD_FIXED_BYTES = 20;

    private final Tables tables;
    private final Values values;
    private final Txn<ByteBuffer> txn;
    private final Key key = new Key();

    Rows(Tables tables, Values values, Txn<ByteBuffer> txn) {
        this.tables = tables;
        this.values = values;
        this.txn = txn;
    }

    /** The fixed part of a head row, before the head's bytes. */
    static byte[] headFixed(long receivedMs, long position, int size) {
        return ByteBuffer.allocate(HEAD_FIXED_BYTES)
                .putLong(receivedMs)
                .putLong(position)
                .putInt(size)
                .array();
    }

    /** The block, or null when nothing of it is pending. */
    PendingBlock pending(SubscriptionKey of) {
        byte[] content =
                state(tables.pending, key.ofSubscription(of.subscriptionId(), of.lane(), of.number()), "pending", of);
        return content == null ? null : new PendingBlock(content);
    }

    /** Null when it was never handed over. */
    DeliveryCount delivery(SubscriptionKey of) {
        byte[] content =
                state(tables.delivery, key.ofSubscription(of.subscriptionId(), of.lane(), of.number()), "delivery", of);
        return content == null ? null : delivery(content);
    }

    static DeliveryCount delivery(byte[] content) {
        ByteReader in = new ByteReader(content);
        return new DeliveryCount(in.i32(), in.i64());
    }

    /** 0 for a lane that has no messages yet. */
    long nextOffset(long lane) {
        byte[] content = state(tables.lane, key.number(lane), "lane", lane);
        return content == null ? 0 : new ByteReader(content).i64();
    }

    /** Null when there is none. */
    JournalRecord destination(int id) {
        byte[] content = state(tables.destination, key.id(id), "destination", id);
        return content == null ? null : RecordCodec.read(new ByteReader(content));
    }

    ProducerSequences producer(long producerId) {
        byte[] content = state(tables.producer, key.number(producerId), "producer", producerId);
        return content == null
                ? new ProducerSequences()
                : new ProducerSequences((ProducerRow) RecordCodec.read(new ByteReader(content)));
    }

    /** Ids of a destination's subscriptions; walks over all subscriptions. */
    List<Integer> subscriptionsOf(int destinationId) {
        List<Integer> found = new ArrayList<>();
        try (Cursor<ByteBuffer> cursor = tables.subscription.openCursor(txn)) {
            for (boolean more = cursor.first(); more; more = cursor.next()) {
                byte[] content =
                        content(cursor.val(), "subscription", cursor.key().getInt(0));
                if (RecordCodec.read(new ByteReader(content)) instanceof SubscriptionCreated created
                        && created.destinationId() == destinationId) {
                    found.add(created.subscriptionId());
                }
            }
        }
        return found;
    }

    boolean hasDeliveries() {
        return tables.delivery.stat(txn).entries > 0;
    }

    /** The message placed there, or null when there is none or it is damaged. */
    StoredMessage message(long lane, long offset) {
        ByteBuffer value = tables.head.get(txn, key.message(lane, offset));
        if (value == null) {
            return null;
        }
        String what = "message " + LaneId.text(lane) + "@" + offset;
        byte[] head = values.open(value, what);
        if (head == null) {
            return null;
        }
        ByteReader in = new ByteReader(head);
        long receivedMs = in.i64();
        long position = in.i64();
        byte[] bytes = new byte[in.i32()];
        int headLength = in.remaining();
        System.arraycopy(head, HEAD_FIXED_BYTES, bytes, 0, headLength);
        if (bytes.length > headLength) {
            ByteBuffer rest = tables.body.get(txn, key.message(lane, offset));
            byte[] body = rest == null ? null : values.open(rest, "the body of " + what);
            if (body == null) {
                return null;
            }
            System.arraycopy(body, 0, bytes, headLength, body.length);
        }
        return new StoredMessage(EncodedMessage.wrap(bytes), receivedMs, position);
    }

    /** The staged message, or null when there is none or it is damaged. */
    StoredMessage staged(StagedKey of) {
        ByteBuffer value = tables.staged.get(txn, key.staged(of.producerId(), of.txSequence(), of.index()));
        return value == null ? null : waiting(values.open(value, of));
    }

    /** Bytes of a staged row, 0 when there is none. */
    int stagedBytes(StagedKey of) {
        ByteBuffer value = tables.staged.get(txn, key.staged(of.producerId(), of.txSequence(), of.index()));
        return value == null ? 0 : value.remaining();
    }

    /** The message that waits for its time, or null when there is none or it is damaged. */
    StoredMessage scheduled(long scheduleId) {
        ByteBuffer value = tables.schedule.get(txn, key.number(scheduleId));
        return value == null ? null : waiting(values.open(value, "schedule " + scheduleId));
    }

    int scheduledBytes(long scheduleId) {
        ByteBuffer value = tables.schedule.get(txn, key.number(scheduleId));
        return value == null ? 0 : value.remaining();
    }

    /** The record in a staged or schedule row. */
    static JournalRecord waitingRecord(byte[] content) {
        return RecordCodec.decode(content, Long.BYTES, content.length - Long.BYTES)
                .get(0);
    }

    /** The content of a state row that must be intact. */
    byte[] content(ByteBuffer value, String table, Object row) {
        byte[] content = values.open(value, table + " " + row);
        if (content == null) {
            throw new StoreException("LMDB table " + table + ", row " + row
                    + " is damaged; nothing was changed. Restore the store from a backup or from a replica");
        }
        return content;
    }

    private byte[] state(Dbi<ByteBuffer> table, ByteBuffer rowKey, String name, Object row) {
        ByteBuffer value = table.get(txn, rowKey);
        return value == null ? null : content(value, name, row);
    }

    private static StoredMessage waiting(byte[] content) {
        if (content == null) {
            return null;
        }
        JournalRecord record = waitingRecord(content);
        return new StoredMessage(
                RecordCodec.messageOf(record),
                RecordCodec.receivedMsOf(record),
                ByteBuffer.wrap(content).getLong());
    }
}
