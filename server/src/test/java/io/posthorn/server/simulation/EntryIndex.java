package io.posthorn.server.simulation;

import io.posthorn.message.ByteWriter;
import io.posthorn.message.EncodedMessage;
import io.posthorn.message.MessagePlace;
import io.posthorn.server.simulation.SimulatedLog.Block;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.Placement;
import io.posthorn.server.store.ReadRequest;
import io.posthorn.server.store.ReadResult;
import io.posthorn.server.store.RecordCodec;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Turns records into blocks and back, with the broker's own codec, and finds the block that bears a message. */
final class EntryIndex {

    private final Map<String, Block> placed = new HashMap<>();
    private final Map<String, Block> staged = new HashMap<>();
    /** No history has messages that expire. */
    static final ExpiredResult NOTHING_EXPIRES = new ExpiredResult(new long[0], new long[0], new long[0], false);

    private final Map<Long, Block> scheduled = new HashMap<>();
    private final Map<Long, JournalRecord.Postponed> postponed = new HashMap<>();
    private final Set<Long> waiting = new TreeSet<>();

    void clear() {
        placed.clear();
        staged.clear();
        scheduled.clear();
        postponed.clear();
        waiting.clear();
    }

    Block encode(long position, long epoch, List<JournalRecord> records) {
        ByteWriter out = new ByteWriter(256);
        EncodedMessage message = RecordCodec.encode(records, out);
        if (message != null) {
            out.raw(message.bytes());
        }
        Block block = Block.of(position, epoch, Arrays.copyOf(out.array(), out.size()));
        note(block, records);
        return block;
    }

    JournalEntry decode(Block block) {
        List<JournalRecord> records = RecordCodec.decode(block.payload(), 0, block.payload().length);
        note(block, records);
        return new JournalEntry(block.position(), block.epoch(), records);
    }

    ReadResult read(ReadRequest request) {
        EncodedMessage[] found = new EncodedMessage[request.offsets().length];
        for (int i = 0; i < found.length; i++) {
            Block block = placed.get(request.lane() + "@" + request.offsets()[i]);
            found[i] = block == null ? null : RecordCodec.decodeMessage(block.payload(), 0, block.payload().length);
            if (request.headsWillDo() && found[i] != null && !found[i].isLarge() && found[i].bodyLength() > 0) {
                found[i] = headOf(found[i], block);
            }
        }
        return new ReadResult(request, found, new long[found.length]);
    }

    /** As if a Slave had the rest. */
    private static EncodedMessage headOf(EncodedMessage whole, Block block) {
        byte[] head = Arrays.copyOf(whole.bytes(), whole.headLength());
        return EncodedMessage.wrapHead(head, new MessagePlace(block.position(), block.epoch(), whole.size()));
    }

    ScheduledResult readScheduled(ScheduledRequest request) {
        JournalRecord.Scheduled[] known = new JournalRecord.Scheduled[request.ids().length];
        for (int i = 0; i < known.length; i++) {
            known[i] = scheduled(request.ids()[i]);
        }
        List<JournalRecord.Scheduled> next = new ArrayList<>();
        boolean last = true;
        for (long id : waiting) {
            JournalRecord.Scheduled each = scheduled(id);
            boolean behind =
                    each.dueMs() > request.afterMs() || each.dueMs() == request.afterMs() && id > request.afterId();
            if (behind && each.dueMs() <= request.untilMs()) {
                next.add(each);
            }
            last &= each.dueMs() <= request.untilMs();
        }
        next.sort(Comparator.comparingLong(JournalRecord.Scheduled::dueMs)
                .thenComparingLong(JournalRecord.Scheduled::scheduleId));
        return new ScheduledResult(request, known, next, false, last);
    }

    private JournalRecord.Scheduled scheduled(long id) {
        Block block = scheduled.get(id);
        for (JournalRecord record : RecordCodec.decode(block.payload(), 0, block.payload().length)) {
            if (record instanceof JournalRecord.Scheduled found) {
                return found;
            }
            if (record instanceof JournalRecord.Staged found) {
                return postponed.get(id).scheduled(found.receivedMs(), found.message());
            }
        }
        throw new AssertionError("no message waits under " + id);
    }

    private void note(Block block, List<JournalRecord> records) {
        for (JournalRecord record : records) {
            if (record instanceof JournalRecord.Published p) {
                placed.put(p.lane() + "@" + p.offset(), block);
            } else if (record instanceof JournalRecord.Staged s) {
                staged.put(s.producerId() + "/" + s.txSequence() + "/" + s.index(), block);
            } else if (record instanceof JournalRecord.Scheduled s) {
                scheduled.put(s.scheduleId(), block);
                waiting.add(s.scheduleId());
            } else if (record instanceof JournalRecord.Postponed p) {
                scheduled.put(p.scheduleId(), staged.get(p.producerId() + "/" + p.txSequence() + "/" + p.index()));
                postponed.put(p.scheduleId(), p);
                waiting.add(p.scheduleId());
            } else if (record instanceof JournalRecord.Due d) {
                waiting.remove(d.scheduleId());
                placed.put(d.lane() + "@" + d.offset(), scheduled.get(d.scheduleId()));
            } else if (record instanceof JournalRecord.Committed c) {
                for (Placement p : c.placements()) {
                    String stage = c.producerId() + "/" + c.txSequence() + "/" + p.index();
                    placed.put(p.lane() + "@" + p.offset(), staged.get(stage));
                }
            }
        }
    }
}
