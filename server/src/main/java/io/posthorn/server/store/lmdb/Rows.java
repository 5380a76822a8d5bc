package io.posthorn.server.store.lmdb;

import io.posthorn.message.ByteReader;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessagePlace;
import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.Expiry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.DestinationCreated;
import io.posthorn.server.store.JournalRecord.LargeRow;
import io.posthorn.server.store.JournalRecord.Postponed;
import io.posthorn.server.store.JournalRecord.ProducerRow;
import io.posthorn.server.store.JournalRecord.Scheduled;
import io.posthorn.server.store.JournalRecord.SubscriptionCreated;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Origin;
import io.posthorn.server.store.ProducerSequences;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import io.posthorn.server.store.StoreBounds;
import io.posthorn.server.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.GetOp;
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

    /** When the message of a head row expires, {@link Long#MAX_VALUE} = never; without a look at its checksum. */
    static long expiresMs(ByteBuffer value) {
        int head = value.position() + Values.SEAL_BYTES + HEAD_FIXED_BYTES;
        return value.limit() < head + EncodedMessage.TIMES_END
                ? Long.MAX_VALUE
                : Expiry.expiresMs(
                        value.getLong(head + EncodedMessage.EXPIRATION_AT),
                        value.getLong(head + EncodedMessage.TIMESTAMP_AT),
                        value.getLong(value.position() + Values.SEAL_BYTES));
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

    /** The number of a destination, 0 when there is none of this name; walks over all destinations. */
    int destinationOf(DestinationName name) {
        try (Cursor<ByteBuffer> cursor = tables.destination.openCursor(txn)) {
            for (boolean more = cursor.first(); more; more = cursor.next()) {
                int id = cursor.key().getInt(0);
                byte[] content = content(cursor.val(), "destination", id);
                if (RecordCodec.read(new ByteReader(content)) instanceof DestinationCreated created
                        && created.name().equals(name)) {
                    return id;
                }
            }
        }
        return 0;
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
        return message(lane, offset, StoreBounds.NONE);
    }

    private StoredMessage message(long lane, long offset, StoreBounds bounds) {
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
        int size = in.i32();
        int headLength = in.remaining();
        MessagePlace left = size > headLength ? bounds.left(position, size, size - headLength) : null;
        byte[] bytes = new byte[left == null ? size : headLength];
        System.arraycopy(head, HEAD_FIXED_BYTES, bytes, 0, headLength);
        if (left != null) {
            return new StoredMessage(EncodedMessage.wrapHead(bytes, left), receivedMs, position);
        }
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

    /**
     * A message that may not be under its place yet, or null as above.
     *
     * @param bounds say whether its body is left where it is
     */
    StoredMessage message(long lane, long offset, Origin originOrNull, StoreBounds bounds) {
        StoredMessage placed = message(lane, offset, bounds);
        if (placed != null || originOrNull == null) {
            return placed;
        }
        if (originOrNull instanceof Origin.Staged from) {
            return staged(from);
        }
        Origin.Scheduled from = (Origin.Scheduled) originOrNull;
        StoredMessage waiting = scheduled(from.scheduleId());
        return waiting != null || from.before() == null ? waiting : staged(from.before());
    }

    private StoredMessage staged(Origin.Staged from) {
        return staged(new StagedKey(from.producerId(), from.txSequence(), from.index()));
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

    /** The whole record of one that waits, with its message; null as above. */
    Scheduled scheduledRecord(long scheduleId) {
        ByteBuffer value = tables.schedule.get(txn, key.number(scheduleId));
        byte[] content = value == null ? null : values.open(value, "schedule " + scheduleId);
        return content == null ? null : (Scheduled) waitingRecord(content);
    }

    /** As above, of one that may be among the staged messages still. */
    Scheduled scheduledRecord(long scheduleId, Postponed byOrNull) {
        Scheduled waiting = scheduledRecord(scheduleId);
        if (waiting != null || byOrNull == null) {
            return waiting;
        }
        StoredMessage staged = staged(byOrNull.origin());
        return staged == null ? null : byOrNull.scheduled(staged.receivedMs(), staged.message());
    }

    /** When it is due; -1 when there is none, or it is damaged. */
    long scheduledDueMs(long scheduleId) {
        ByteBuffer value = tables.schedule.get(txn, key.number(scheduleId));
        byte[] content = value == null ? null : values.open(value, "schedule " + scheduleId);
        return content == null ? -1 : dueMs(content);
    }

    private static long dueMs(byte[] content) {
        return ((Scheduled) RecordCodec.decodeWithoutMessage(content, Long.BYTES, content.length - Long.BYTES)
                        .get(0))
                .dueMs();
    }

    /** Those that wait, by their time, behind one of them. */
    ScheduledResult scheduledNext(ScheduledRequest request, Scheduled[] known) {
        List<Scheduled> found = new ArrayList<>();
        long bytes = 0;
        boolean more = false;
        boolean last = true;
        try (Cursor<ByteBuffer> cursor = tables.due.openCursor(txn)) {
            // The times before 1970 that an untold one begins with would sort behind all others.
            ByteBuffer from = request.afterMs() < 0 ? key.due(0, 0) : key.due(request.afterMs(), request.afterId() + 1);
            for (boolean some = cursor.get(from, GetOp.MDB_SET_RANGE); some; some = cursor.next()) {
                long dueMs = cursor.key().getLong(0);
                if (dueMs > request.untilMs() || dueMs < 0) {
                    last = false;
                    break;
                }
                if (bytes >= request.bytesMax()) {
                    more = true;
                    last = false;
                    break;
                }
                Scheduled record = scheduledRecord(cursor.key().getLong(8));
                if (record != null) {
                    found.add(record);
                    bytes += record.message().size();
                }
            }
        }
        return new ScheduledResult(request, known, found, more, last);
    }

    /** Messages that have expired, behind one of them. */
    ExpiredResult expired(ExpiredRequest request) {
        long[] times = new long[request.max()];
        long[] lanes = new long[request.max()];
        long[] offsets = new long[request.max()];
        int n = 0;
        try (Cursor<ByteBuffer> cursor = tables.expiry.openCursor(txn)) {
            ByteBuffer from = key.expiry(request.afterMs(), request.afterLane(), request.afterOffset() + 1);
            for (boolean some = cursor.get(from, GetOp.MDB_SET_RANGE); some && n < times.length; some = cursor.next()) {
                times[n] = cursor.key().getLong(0);
                lanes[n] = cursor.key().getLong(8);
                offsets[n] = cursor.key().getLong(16);
                if (times[n] > request.untilMs() || times[n] < 0) {
                    break;
                }
                n++;
            }
        }
        return new ExpiredResult(
                Arrays.copyOf(times, n), Arrays.copyOf(lanes, n), Arrays.copyOf(offsets, n), n == request.max());
    }

    /** Fills the index by time from a store that has none yet. */
    void indexSchedules() {
        try (Cursor<ByteBuffer> schedules = tables.schedule.openCursor(txn);
                Cursor<ByteBuffer> due = tables.due.openCursor(txn)) {
            for (boolean more = schedules.first(); more; more = schedules.next()) {
                long id = schedules.key().getLong(0);
                byte[] content = values.open(schedules.val(), "schedule " + id);
                if (content == null) {
                    continue;
                }
                Values.put(due, key.due(dueMs(content), id), Values.Part.NOTHING, null);
                EncodedMessage message = ((Scheduled) waitingRecord(content)).message();
                if (message.isLarge()) {
                    tables.large.put(
                            txn,
                            key.message(LargeRow.SCHEDULED, id),
                            Values.sealed(message.largeBody().encode()));
                }
            }
        }
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
