package io.posthorn.server.store;

import io.posthorn.message.BranchId;
import io.posthorn.message.ByteReader;
import io.posthorn.message.ByteWriter;
import io.posthorn.message.DestinationKind;
import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.message.MalformedMessageException;
import io.posthorn.server.store.JournalRecord.Aborted;
import io.posthorn.server.store.JournalRecord.BranchEnded;
import io.posthorn.server.store.JournalRecord.ClusterRecord;
import io.posthorn.server.store.JournalRecord.Committed;
import io.posthorn.server.store.JournalRecord.Deferred;
import io.posthorn.server.store.JournalRecord.DeliveryRow;
import io.posthorn.server.store.JournalRecord.DestinationChanged;
import io.posthorn.server.store.JournalRecord.DestinationCreated;
import io.posthorn.server.store.JournalRecord.DestinationDeleted;
import io.posthorn.server.store.JournalRecord.Due;
import io.posthorn.server.store.JournalRecord.EpochStarted;
import io.posthorn.server.store.JournalRecord.HandedOver;
import io.posthorn.server.store.JournalRecord.LaneRow;
import io.posthorn.server.store.JournalRecord.LargeRow;
import io.posthorn.server.store.JournalRecord.LevelRaised;
import io.posthorn.server.store.JournalRecord.PendingRow;
import io.posthorn.server.store.JournalRecord.Postponed;
import io.posthorn.server.store.JournalRecord.Prepared;
import io.posthorn.server.store.JournalRecord.ProducerClosed;
import io.posthorn.server.store.JournalRecord.ProducerRow;
import io.posthorn.server.store.JournalRecord.Published;
import io.posthorn.server.store.JournalRecord.Scheduled;
import io.posthorn.server.store.JournalRecord.Settled;
import io.posthorn.server.store.JournalRecord.SizeRow;
import io.posthorn.server.store.JournalRecord.Staged;
import io.posthorn.server.store.JournalRecord.SubscriptionCreated;
import io.posthorn.server.store.JournalRecord.SubscriptionDeleted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of each record type, in order. A type number is never reused, and a field is never added to a type: a new number is taken.
 *
 * <pre>
 *  1 EpochStarted         varint epoch, i64 timeMs
 *  2 DestinationCreated   varint destinationId, u8 kind, string name, varint queues, i64 timeMs, varint n, n × (string, string)
 *  3 DestinationDeleted   varint destinationId
 *  4 SubscriptionCreated  varint subscriptionId, varint destinationId, u8 flags (1 noLocal, 2 shared),
 *                         optional clientId, optional name, optional selector
 *  5 SubscriptionDeleted  varint subscriptionId
 *  6 Published            varint lane, varint offset, i64 receivedMs, i64 producerId, varint sequence, ids recipients  + message
 *  7 Staged               i64 producerId, varint txSequence, varint index, varint sequence, i64 receivedMs             + message
 *  8 Committed            i64 producerId, varint txSequence, i64 timeMs,
 *                         varint n, n × (varint index, varint lane, varint offset, ids recipients), settlements
 *  9 Aborted              i64 producerId, varint txSequence
 * 10 Settled              settlements
 * 11 HandedOver           varint subscriptionId, varint lane, ranges
 * 12 Deferred             varint subscriptionId, varint lane, varint offset, i64 notBeforeMs
 * 13 Scheduled            varint scheduleId, i64 dueMs, i64 receivedMs, i64 producerId, varint sequence, ids recipients + message
 * 14 Due                  varint scheduleId, varint lane + 1, varint offset + 1, ids recipients
 * 15 ProducerClosed       i64 producerId
 * 16 Prepared             branch, i64 timeMs, varint n, n × (i64 producerId, varint txSequence, optional clientId), settlements
 * 17 BranchEnded          branch, u8 outcome (0 finished, 1 committed alone, 2 rolled back alone), i64 timeMs
 * 18 DestinationChanged   varint destinationId, varint n, n × (string, string)
 * 19 LevelRaised          varint level                                                   format level 2
 * 20 Postponed            i64 producerId, varint txSequence, varint index, varint scheduleId, i64 dueMs, ids recipients   format level 2
 * 24 to 27: {@link ClusterFields}
 * 32 LaneRow              varint lane, varint nextOffset
 * 33 PendingRow           varint subscriptionId, varint lane, varint block, varint n, n × i64
 * 34 DeliveryRow          varint subscriptionId, varint lane, varint offset, varint count, i64 notBeforeMs
 * 35 ProducerRow          i64 producerId, varint lastSequence, varint lastTx, i64 lastSeenMs, varint n, n × varint (distance to the one before)
 * 40 SizeRow              varint lane, varint block, varint n, n × varint
 * 41 LargeRow             varint lane, varint offset, bytes (where the body lies)
 *
 * branch       i32 formatId, varint length, gtrid, varint length, bqual
 * ids          varint n, n × varint
 * ranges       varint n, n × (varint from − end of the range before, varint to − from)
 * settlements  varint n, n × (varint subscriptionId, varint lane, u8 frees, ranges)
 * </pre>
 */
final class RecordFields {

    private static final int EPOCH_STARTED = 1;
    private static final int DESTINATION_CREATED = 2;
    private static final int DESTINATION_DELETED = 3;
    private static final int SUBSCRIPTION_CREATED = 4;
    private static final int SUBSCRIPTION_DELETED = 5;
    private static final int PUBLISHED = 6;
    private static final int STAGED = 7;
    private static final int COMMITTED = 8;
    private static final int ABORTED = 9;
    private static final int SETTLED = 10;
    private static final int HANDED_OVER = 11;
    private static final int DEFERRED = 12;
    private static final int SCHEDULED = 13;
    private static final int DUE = 14;
    private static final int PRODUCER_CLOSED = 15;
    private static final int PREPARED = 16;
    private static final int BRANCH_ENDED = 17;
    private static final int DESTINATION_CHANGED = 18;
    private static final int LEVEL_RAISED = 19;
    private static final int POSTPONED = 20;
    private static final int LANE_ROW = 32;
    private static final int PENDING_ROW = 33;
    private static final int DELIVERY_ROW = 34;
    private static final int PRODUCER_ROW = 35;
    private static final int SIZE_ROW = 40;
    private static final int LARGE_ROW = 41;

    private static final int NO_LOCAL = 1;
    private static final int SHARED = 2;

    private RecordFields() {}

    static boolean bearsMessage(JournalRecord record) {
        return record instanceof Published || record instanceof Staged || record instanceof Scheduled;
    }

    static JournalRecord withMessage(JournalRecord record, EncodedMessage m) {
        if (record instanceof Published p) {
            return new Published(p.lane(), p.offset(), p.receivedMs(), p.producerId(), p.sequence(), p.recipients(), m);
        }
        if (record instanceof Staged s) {
            return new Staged(s.producerId(), s.txSequence(), s.index(), s.sequence(), s.receivedMs(), m);
        }
        Scheduled s = (Scheduled) record;
        return new Scheduled(
                s.scheduleId(), s.dueMs(), s.receivedMs(), s.producerId(), s.sequence(), s.recipients(), m);
    }

    static void write(JournalRecord record, ByteWriter out) {
        // The commonest first; a chain of instanceof costs less here than a visitor's extra objects.
        if (record instanceof Published r) {
            out.u8(PUBLISHED).varint(r.lane()).varint(r.offset()).i64(r.receivedMs());
            out.i64(r.producerId()).varint(r.sequence());
            ids(r.recipients(), out);
        } else if (record instanceof Settled r) {
            settlements(r.settlements(), out.u8(SETTLED));
        } else if (record instanceof HandedOver r) {
            ranges(r.ranges(), out.u8(HANDED_OVER).varint(r.subscriptionId()).varint(r.lane()));
        } else if (record instanceof Staged r) {
            out.u8(STAGED).i64(r.producerId()).varint(r.txSequence()).varint(r.index());
            out.varint(r.sequence()).i64(r.receivedMs());
        } else if (record instanceof Committed r) {
            committed(r, out.u8(COMMITTED));
        } else if (record instanceof Aborted r) {
            out.u8(ABORTED).i64(r.producerId()).varint(r.txSequence());
        } else if (record instanceof Deferred r) {
            out.u8(DEFERRED).varint(r.subscriptionId()).varint(r.lane()).varint(r.offset());
            out.i64(r.notBeforeMs());
        } else if (record instanceof Scheduled r) {
            out.u8(SCHEDULED).varint(r.scheduleId()).i64(r.dueMs()).i64(r.receivedMs());
            out.i64(r.producerId()).varint(r.sequence());
            ids(r.recipients(), out);
        } else if (record instanceof Due r) {
            out.u8(DUE).varint(r.scheduleId()).varint(r.lane() + 1).varint(r.offset() + 1);
            ids(r.recipients(), out);
        } else if (record instanceof Postponed r) {
            out.u8(POSTPONED).i64(r.producerId()).varint(r.txSequence()).varint(r.index());
            out.varint(r.scheduleId()).i64(r.dueMs());
            ids(r.recipients(), out);
        } else if (record instanceof ProducerClosed r) {
            out.u8(PRODUCER_CLOSED).i64(r.producerId());
        } else {
            writeRare(record, out);
        }
    }

    private static void writeRare(JournalRecord record, ByteWriter out) {
        if (record instanceof EpochStarted r) {
            out.u8(EPOCH_STARTED).varint(r.epoch()).i64(r.timeMs());
        } else if (record instanceof DestinationCreated r) {
            out.u8(DESTINATION_CREATED).varint(r.destinationId());
            out.u8(r.name().kind().code()).string(r.name().name());
            attributes(r.attributes(), out.varint(r.queues()).i64(r.timeMs()));
        } else if (record instanceof DestinationChanged r) {
            attributes(r.attributes(), out.u8(DESTINATION_CHANGED).varint(r.destinationId()));
        } else if (record instanceof DestinationDeleted r) {
            out.u8(DESTINATION_DELETED).varint(r.destinationId());
        } else if (record instanceof SubscriptionCreated r) {
            out.u8(SUBSCRIPTION_CREATED).varint(r.subscriptionId()).varint(r.destinationId());
            out.u8((r.noLocal() ? NO_LOCAL : 0) | (r.shared() ? SHARED : 0));
            out.optionalString(r.clientId()).optionalString(r.name()).optionalString(r.selector());
        } else if (record instanceof SubscriptionDeleted r) {
            out.u8(SUBSCRIPTION_DELETED).varint(r.subscriptionId());
        } else if (record instanceof Prepared r) {
            prepared(r, out.u8(PREPARED));
        } else if (record instanceof BranchEnded r) {
            r.branch().write(out.u8(BRANCH_ENDED));
            out.u8(r.outcome().ordinal()).i64(r.timeMs());
        } else if (record instanceof LevelRaised r) {
            out.u8(LEVEL_RAISED).varint(r.level());
        } else if (record instanceof ClusterRecord r) {
            ClusterFields.write(r, out);
        } else if (record instanceof LaneRow r) {
            out.u8(LANE_ROW).varint(r.lane()).varint(r.nextOffset());
        } else if (record instanceof SizeRow r) {
            out.u8(SIZE_ROW).varint(r.lane()).varint(r.block()).varint(r.sizes().length);
            for (int size : r.sizes()) {
                out.varint(size);
            }
        } else if (record instanceof PendingRow r) {
            out.u8(PENDING_ROW).varint(r.subscriptionId()).varint(r.lane()).varint(r.block());
            out.varint(r.bits().length);
            for (long word : r.bits()) {
                out.i64(word);
            }
        } else if (record instanceof DeliveryRow r) {
            out.u8(DELIVERY_ROW).varint(r.subscriptionId()).varint(r.lane()).varint(r.offset());
            out.varint(r.count()).i64(r.notBeforeMs());
        } else if (record instanceof ProducerRow r) {
            out.u8(PRODUCER_ROW).i64(r.producerId()).varint(r.lastSequence()).varint(r.lastTx());
            out.i64(r.lastSeenMs()).varint(r.gaps().length);
            long before = 0;
            for (long gap : r.gaps()) {
                out.varint(gap - before);
                before = gap;
            }
        } else if (record instanceof LargeRow r) {
            out.u8(LARGE_ROW).varint(r.lane()).varint(r.offset()).bytes(r.body().encode());
        } else {
            throw new IllegalArgumentException("no type number");
        }
    }

    /** Reads one record; a message it bears is left null. */
    static JournalRecord read(ByteReader in) {
        int type = in.u8();
        return switch (type) {
            case PUBLISHED -> new Published(in.varint(), in.varint(), in.i64(), in.i64(), in.varint(), ids(in), null);
            case SETTLED -> new Settled(settlements(in));
            case HANDED_OVER -> new HandedOver(id(in), in.varint(), ranges(in));
            case STAGED -> new Staged(in.i64(), in.varint(), id(in), in.varint(), in.i64(), null);
            case COMMITTED -> new Committed(in.i64(), in.varint(), in.i64(), placements(in), settlements(in));
            case ABORTED -> new Aborted(in.i64(), in.varint());
            case DEFERRED -> new Deferred(id(in), in.varint(), in.varint(), in.i64());
            case SCHEDULED -> new Scheduled(in.varint(), in.i64(), in.i64(), in.i64(), in.varint(), ids(in), null);
            case DUE -> new Due(in.varint(), in.varint() - 1, in.varint() - 1, ids(in));
            case POSTPONED -> new Postponed(in.i64(), in.varint(), id(in), in.varint(), in.i64(), ids(in));
            case PRODUCER_CLOSED -> new ProducerClosed(in.i64());
            case PREPARED -> prepared(in);
            case BRANCH_ENDED -> branchEnded(in);
            case EPOCH_STARTED -> new EpochStarted(in.varint(), in.i64());
            case DESTINATION_CREATED -> destination(in);
            case DESTINATION_DELETED -> new DestinationDeleted(id(in));
            case SUBSCRIPTION_CREATED -> subscription(in);
            case SUBSCRIPTION_DELETED -> new SubscriptionDeleted(id(in));
            case LEVEL_RAISED -> new LevelRaised(id(in));
            case DESTINATION_CHANGED -> new DestinationChanged(id(in), attributes(in));
            case SIZE_ROW -> new SizeRow(in.varint(), in.varint(), ids(in));
            case LANE_ROW -> new LaneRow(in.varint(), in.varint());
            case PENDING_ROW -> pending(in);
            case DELIVERY_ROW -> new DeliveryRow(id(in), in.varint(), in.varint(), id(in), in.i64());
            case PRODUCER_ROW -> producer(in);
            case LARGE_ROW -> large(in);
            case ClusterFields.FIRST, 25, 26, ClusterFields.LAST -> ClusterFields.read(type, in);
            default ->
                throw new StoreException(
                        "unknown record type " + type + ": the store was written by a newer release, or is damaged");
        };
    }

    private static JournalRecord destination(ByteReader in) {
        int destinationId = id(in);
        DestinationKind kind = DestinationKind.ofCode(in.u8());
        String name = in.string();
        int queues = id(in);
        long timeMs = in.i64();
        Map<String, String> attributes = attributes(in);
        try {
            return new DestinationCreated(destinationId, new DestinationName(kind, name), queues, timeMs, attributes);
        } catch (IllegalArgumentException illegal) {
            throw new MalformedMessageException(illegal.getMessage());
        }
    }

    private static void attributes(Map<String, String> attributes, ByteWriter out) {
        out.varint(attributes.size());
        attributes.forEach((name, value) -> out.string(name).string(value));
    }

    private static Map<String, String> attributes(ByteReader in) {
        int count = in.count();
        Map<String, String> attributes = new LinkedHashMap<>(count * 2);
        for (int i = 0; i < count; i++) {
            attributes.put(in.string(), in.string());
        }
        return attributes;
    }

    private static JournalRecord subscription(ByteReader in) {
        int subscriptionId = id(in);
        int destinationId = id(in);
        int flags = in.u8();
        return new SubscriptionCreated(
                subscriptionId,
                destinationId,
                in.optionalString(),
                in.optionalString(),
                in.optionalString(),
                (flags & NO_LOCAL) != 0,
                (flags & SHARED) != 0);
    }

    private static JournalRecord pending(ByteReader in) {
        int subscriptionId = id(in);
        long lane = in.varint();
        long block = in.varint();
        long[] bits = new long[in.count()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = in.i64();
        }
        return new PendingRow(subscriptionId, lane, block, bits);
    }

    private static JournalRecord producer(ByteReader in) {
        long producerId = in.i64();
        long lastSequence = in.varint();
        long lastTx = in.varint();
        long lastSeenMs = in.i64();
        long[] gaps = new long[in.count()];
        long before = 0;
        for (int i = 0; i < gaps.length; i++) {
            before += in.varint();
            gaps[i] = before;
        }
        return new ProducerRow(producerId, lastSequence, gaps, lastTx, lastSeenMs);
    }

    private static JournalRecord large(ByteReader in) {
        long lane = in.varint();
        long offset = in.varint();
        byte[] body = in.bytes();
        return new LargeRow(lane, offset, LargeBody.decode(body, 0, body.length));
    }

    private static void committed(Committed r, ByteWriter out) {
        out.i64(r.producerId()).varint(r.txSequence()).i64(r.timeMs());
        out.varint(r.placements().size());
        for (Placement placement : r.placements()) {
            out.varint(placement.index()).varint(placement.lane()).varint(placement.offset());
            ids(placement.recipients(), out);
        }
        settlements(r.settlements(), out);
    }

    private static void prepared(Prepared r, ByteWriter out) {
        r.branch().write(out);
        out.i64(r.timeMs()).varint(r.parts().size());
        for (BranchPart part : r.parts()) {
            out.i64(part.producerId()).varint(part.txSequence()).optionalString(part.clientId());
        }
        settlements(r.held(), out);
    }

    private static JournalRecord prepared(ByteReader in) {
        BranchId branch = BranchId.read(in);
        long timeMs = in.i64();
        int count = in.count();
        List<BranchPart> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(new BranchPart(in.i64(), in.varint(), in.optionalString()));
        }
        return new Prepared(branch, timeMs, parts, settlements(in));
    }

    private static JournalRecord branchEnded(ByteReader in) {
        BranchId branch = BranchId.read(in);
        int outcome = in.u8();
        if (outcome >= BranchOutcome.values().length) {
            throw new MalformedMessageException("an outcome of " + outcome);
        }
        return new BranchEnded(branch, BranchOutcome.values()[outcome], in.i64());
    }

    private static List<Placement> placements(ByteReader in) {
        int count = in.count();
        List<Placement> placements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            placements.add(new Placement(id(in), in.varint(), in.varint(), ids(in)));
        }
        return placements;
    }

    private static void settlements(List<Settlement> settlements, ByteWriter out) {
        out.varint(settlements.size());
        for (Settlement settlement : settlements) {
            out.varint(settlement.subscriptionId()).varint(settlement.lane());
            out.u8(settlement.frees() ? 1 : 0);
            ranges(settlement.ranges(), out);
        }
    }

    private static List<Settlement> settlements(ByteReader in) {
        int count = in.count();
        List<Settlement> settlements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int subscriptionId = id(in);
            long lane = in.varint();
            boolean frees = in.u8() != 0;
            settlements.add(new Settlement(subscriptionId, lane, ranges(in), frees));
        }
        return settlements;
    }

    private static void ranges(long[] ranges, ByteWriter out) {
        out.varint(ranges.length / 2);
        long before = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            out.varint(ranges[i] - before).varint(ranges[i + 1] - ranges[i]);
            before = ranges[i + 1];
        }
    }

    private static long[] ranges(ByteReader in) {
        long[] ranges = new long[in.count() * 2];
        long before = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            ranges[i] = before + in.varint();
            before = ranges[i] + in.varint();
            ranges[i + 1] = before;
        }
        return ranges;
    }

    private static void ids(int[] ids, ByteWriter out) {
        out.varint(ids.length);
        for (int id : ids) {
            out.varint(id);
        }
    }

    private static int[] ids(ByteReader in) {
        int[] ids = new int[in.count()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(in);
        }
        return ids;
    }

    private static int id(ByteReader in) {
        long value = in.varint();
        if (value > Integer.MAX_VALUE) {
            throw new MalformedMessageException("an id of " + value);
        }
        return (int) value;
    }
}
