package io.posthorn.server.store.lmdb;

import io.posthorn.message.BranchId;
import io.posthorn.message.ByteReader;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.LargeBody;
import io.posthorn.server.store.ClusterFields;
import io.posthorn.server.store.Finding;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.JournalRecord.BranchEnded;
import io.posthorn.server.store.JournalRecord.ClusterRecord;
import io.posthorn.server.store.JournalRecord.DestinationCreated;
import io.posthorn.server.store.JournalRecord.LargeRow;
import io.posthorn.server.store.JournalRecord.Prepared;
import io.posthorn.server.store.JournalRecord.ProducerRow;
import io.posthorn.server.store.JournalRecord.Scheduled;
import io.posthorn.server.store.JournalRecord.Staged;
import io.posthorn.server.store.JournalRecord.SubscriptionCreated;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.Progress;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.Store;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/**
 * Reads every key and value of the tables and checks them against each other: LMDB does not checksum its pages, so a damaged key is only
 * told by what does not fit any more. One thread, one use. Holds one bit per message that is waited for.
 *
 * <p>A checkpoint that was interrupted leaves messages out that are freed further on in the journal; so {@link #tail} has to be told the
 * journal's records first.
 */
public final class TableVerification {

    private final Consumer<Finding> findings;
    private final Progress progress;
    private final Survey freedInTail = new Survey();

    private final Map<Integer, Integer> subscriptions = new HashMap<>();
    private final Set<Integer> destinations = new HashSet<>();
    private final Map<Long, Long> nextOffsets = new HashMap<>();
    private final TreeMap<Long, TreeMap<Long, PendingBlock>> waitedFor = new TreeMap<>();

    private TableView view;
    private Tables tables;
    private Txn<ByteBuffer> txn;
    private long position;

    public TableVerification(Consumer<Finding> findings, Progress progress) {
        this.findings = findings;
        this.progress = progress;
    }

    /**
     * What all rows together amount to.
     *
     * @param digest CRC32C over all tables, keys and values: equal for equal contents
     */
    public record Summary(long rows, int digest) {
        public static final Summary NOTHING = new Summary(0, 0);
    }

    /** A record of the journal. */
    public void tail(JournalRecord record) {
        freedInTail.add(record);
    }

    /** Reads everything. */
    public Summary run(TableView opening) {
        view = opening;
        tables = opening.tables();
        try (Txn<ByteBuffer> opened = view.txnRead()) {
            txn = opened;
            RowWalk walk = new RowWalk(txn, view.values(), findings, progress);
            walk.table("meta", tables.meta, 5, this::meta);
            walk.table("destination", tables.destination, 4, this::destination);
            walk.table("subscription", tables.subscription, 4, this::subscription);
            walk.table("lane", tables.lane, 8, this::lane);
            walk.table("size", tables.size, 16, this::size);
            walk.table("pending", tables.pending, 20, this::pending);
            walk.table("head", tables.head, 16, this::head);
            reportMissing();
            walk.table("body", tables.body, 16, this::body);
            walk.table("delivery", tables.delivery, 20, this::delivery);
            walk.table("staged", tables.staged, 20, this::staged);
            walk.table("schedule", tables.schedule, 8, this::schedule);
            walk.table("producer", tables.producer, 8, this::producer);
            walk.table("branch", tables.branch, RowWalk.ANY_LENGTH, this::branch);
            if (tables.large != null) {
                walk.table("large", tables.large, 16, this::large);
            }
            if (tables.cluster != null) {
                walk.table("cluster", tables.cluster, ClusterFields.KEY_BYTES, TableVerification::cluster);
            }
            if (tables.due != null) {
                walk.table("due", tables.due, 16, this::due);
            }
            if (tables.expiry != null) {
                walk.table("expiry", tables.expiry, 24, this::expiry);
            }
            return new Summary(walk.rows(), walk.digest());
        } catch (LmdbException failed) {
            findings.accept(new Finding("LMDB environment", Values.text(failed)));
            return Summary.NOTHING;
        }
    }

    private String meta(ByteBuffer key, byte[] content) {
        if (!key.equals(new Key().meta())) {
            return "this row has no place in the table";
        }
        position = Meta.decode(content).position();
        return null;
    }

    private String destination(ByteBuffer key, byte[] content) {
        if (!(RecordCodec.read(new ByteReader(content)) instanceof DestinationCreated created)) {
            return "the row holds no destination";
        }
        destinations.add(key.getInt(0));
        return created.destinationId() == key.getInt(0) ? null : "the row holds destination " + created.destinationId();
    }

    private String subscription(ByteBuffer key, byte[] content) {
        if (!(RecordCodec.read(new ByteReader(content)) instanceof SubscriptionCreated created)) {
            return "the row holds no subscription";
        }
        subscriptions.put(key.getInt(0), created.destinationId());
        if (created.subscriptionId() != key.getInt(0)) {
            return "the row holds subscription " + created.subscriptionId();
        }
        return destinations.contains(created.destinationId())
                ? null
                : "it belongs to destination " + created.destinationId() + ", which does not exist";
    }

    private String lane(ByteBuffer key, byte[] content) {
        nextOffsets.put(key.getLong(0), new ByteReader(content).i64());
        return destinations.contains(LaneId.destinationId(key.getLong(0))) ? null : "its destination does not exist";
    }

    private String size(ByteBuffer key, byte[] content) {
        int sizes = SizeRows.decode(content).length;
        if (sizes != 1 && sizes != Store.BLOCK_MESSAGES) {
            return "a block of " + sizes + " sizes";
        }
        return inLane(key.getLong(0), key.getLong(8) * Store.BLOCK_MESSAGES);
    }

    private String pending(ByteBuffer key, byte[] content) {
        String wrong = ofSubscription(key, key.getLong(12) * Store.BLOCK_MESSAGES);
        if (wrong != null || content.length != PendingBlock.WORDS * Long.BYTES) {
            return wrong != null ? wrong : "a block of " + content.length + " bytes";
        }
        PendingBlock block = new PendingBlock(content);
        if (block.isEmpty()) {
            return "an empty block";
        }
        waitedFor
                .computeIfAbsent(key.getLong(4), absent -> new TreeMap<>())
                .computeIfAbsent(key.getLong(12), absent -> new PendingBlock())
                .add(block);
        return null;
    }

    /** What a row of a subscription's table must fit. */
    private String ofSubscription(ByteBuffer key, long offset) {
        Integer destination = subscriptions.get(key.getInt(0));
        if (destination == null) {
            return "subscription " + key.getInt(0) + " does not exist";
        }
        if (LaneId.destinationId(key.getLong(4)) != destination) {
            return "the lane is of another destination than the subscription";
        }
        return inLane(key.getLong(4), offset);
    }

    private String inLane(long lane, long offset) {
        Long next = nextOffsets.get(lane);
        if (next == null) {
            return "lane " + LaneId.text(lane) + " does not exist";
        }
        return offset >= 0 && offset < next ? null : "offset " + offset + " is beyond the lane's end at " + next;
    }

    private String head(ByteBuffer key, byte[] content) {
        long lane = key.getLong(0);
        long offset = key.getLong(8);
        String wrong = inLane(lane, offset);
        if (wrong != null) {
            return wrong;
        }
        ByteReader in = new ByteReader(content);
        in.i64();
        long at = in.i64();
        int rest = in.i32() - in.remaining();
        PendingBlock block = block(lane, offset);
        if (block == null || !block.get(offset)) {
            return "no subscription waits for this message";
        }
        block.range(offset, offset, false);
        if (at < 0 || at >= position) {
            return "its position " + at + " is not below the checkpoint at " + position;
        }
        byte[] head = Arrays.copyOfRange(content, Rows.HEAD_FIXED_BYTES, content.length);
        if (EncodedMessage.wrap(head).isLarge()
                && (tables.large == null || tables.large.get(txn, new Key().message(lane, offset)) == null)) {
            return "its body lies elsewhere, and table large does not tell where";
        }
        ByteBuffer body = rest <= 0 ? null : tables.body.get(txn, new Key().message(lane, offset));
        int found = body == null ? 0 : body.remaining() - Values.SEAL_BYTES;
        return found == Math.max(0, rest) && rest >= 0
                ? null
                : "its body should have " + rest + " bytes and has " + found;
    }

    private PendingBlock block(long lane, long offset) {
        TreeMap<Long, PendingBlock> blocks = waitedFor.get(lane);
        return blocks == null ? null : blocks.get(PendingBlock.of(offset));
    }

    /** Messages that are waited for, but not there. */
    private void reportMissing() {
        waitedFor.forEach((lane, blocks) -> blocks.forEach((number, block) -> {
            long first = -1;
            int missing = 0;
            for (long i = 0; i < Store.BLOCK_MESSAGES; i++) {
                long offset = number * Store.BLOCK_MESSAGES + i;
                if (block.get(offset) && !freedInTail.frees(lane, offset)) {
                    first = missing == 0 ? offset : first;
                    missing++;
                }
            }
            if (missing > 0) {
                findings.accept(new Finding(
                        "table head lane " + LaneId.text(lane) + " offset " + first,
                        missing + " messages that are waited for are missing, the first one here"));
            }
        }));
    }

    private String body(ByteBuffer key, byte[] content) {
        return tables.head.get(txn, new Key().message(key.getLong(0), key.getLong(8))) == null
                ? "a body without a head"
                : null;
    }

    private String due(ByteBuffer key, byte[] content) {
        long dueMs = new Rows(tables, view.values(), txn).scheduledDueMs(key.getLong(8));
        return dueMs == key.getLong(0) ? null : "no message waits for this time under this number";
    }

    private String expiry(ByteBuffer key, byte[] content) {
        ByteBuffer head = tables.head.get(txn, new Key().message(key.getLong(8), key.getLong(16)));
        return head != null && Rows.expiresMs(head) == key.getLong(0)
                ? null
                : "no message at this place expires at this time";
    }

    private String large(ByteBuffer key, byte[] content) {
        Rows rows = new Rows(tables, view.values(), txn);
        StoredMessage message = key.getLong(0) == LargeRow.SCHEDULED
                ? rows.scheduled(key.getLong(8))
                : rows.message(key.getLong(0), key.getLong(8));
        LargeBody body = LargeBody.decode(content, 0, content.length);
        if (message == null || !message.message().isLarge()) {
            return "there is no large message at its place";
        }
        if (!message.message().largeBody().equals(body)) {
            return "the message says otherwise where its body lies";
        }
        for (int i = 0; i < body.ranges().length; i += 2) {
            for (long at = body.ranges()[i]; at <= body.ranges()[i + 1]; at++) {
                if (tables.head.get(txn, new Key().message(body.lane(), at)) == null
                        && !freedInTail.frees(body.lane(), at)) {
                    return "the chunk at offset " + at + " of its body is missing";
                }
            }
        }
        return null;
    }

    private String delivery(ByteBuffer key, byte[] content) {
        long offset = key.getLong(12);
        String wrong = ofSubscription(key, offset);
        if (wrong != null) {
            return wrong;
        }
        Rows.delivery(content);
        PendingBlock block = new Rows(tables, view.values(), txn)
                .pending(new SubscriptionKey(key.getInt(0), key.getLong(4), PendingBlock.of(offset)));
        return block != null && block.get(offset) ? null : "the subscription does not wait for this message";
    }

    private String staged(ByteBuffer key, byte[] content) {
        return Rows.waitingRecord(content) instanceof Staged staged
                        && staged.producerId() == key.getLong(0)
                        && staged.txSequence() == key.getLong(8)
                        && staged.index() == key.getInt(16)
                ? below(content)
                : "the row holds another message than its key says";
    }

    private String schedule(ByteBuffer key, byte[] content) {
        if (!(Rows.waitingRecord(content) instanceof Scheduled scheduled) || scheduled.scheduleId() != key.getLong(0)) {
            return "the row holds another message than its key says";
        }
        boolean indexed = tables.due == null
                || tables.due.get(txn, new Key().due(scheduled.dueMs(), scheduled.scheduleId())) != null;
        return indexed ? below(content) : "table due does not tell when it is due";
    }

    private String below(byte[] content) {
        long at = ByteBuffer.wrap(content).getLong();
        return at < position ? null : "its position " + at + " is not below the checkpoint at " + position;
    }

    private String producer(ByteBuffer key, byte[] content) {
        return RecordCodec.read(new ByteReader(content)) instanceof ProducerRow row
                        && row.producerId() == key.getLong(0)
                ? null
                : "the row holds another producer than its key says";
    }

    private String branch(ByteBuffer key, byte[] content) {
        JournalRecord record = RecordCodec.read(new ByteReader(content));
        BranchId branch = record instanceof Prepared prepared
                ? prepared.branch()
                : record instanceof BranchEnded ended ? ended.branch() : null;
        return branch != null && key.equals(new Key().branch(branch))
                ? null
                : "the row holds another branch than its key says";
    }

    private static String cluster(ByteBuffer key, byte[] content) {
        return RecordCodec.read(new ByteReader(content)) instanceof ClusterRecord row
                        && !row.isGone()
                        && key.equals(new Key().cluster(row))
                ? null
                : "the row is about something else than its key says";
    }
}
