package io.posthorn.server.queue;

import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.Settlement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one verb is about to write: collects records into entries, offsets into ranges. Lives for one call, so that what it
 * knows of messages that are leaving is right: nothing of it is replayed before the call has ended.
 */
final class Ledger {

    /** Longest list of ranges in one record, in longs; more go into further entries. */
    static final int RANGES_MAX = 32 * 1024;

    private static final class Group {
        final Level level;
        final boolean frees;
        final RangeBuilder ranges = new RangeBuilder();

        Group(Level level, boolean frees) {
            this.level = level;
            this.frees = frees;
        }
    }

    private record Place(LaneState lane, long offset) {}

    private final List<List<JournalRecord>> entries = new ArrayList<>(1);
    private final List<Group> settled = new ArrayList<>(1);
    private final List<Group> handedOver = new ArrayList<>(0);
    private Map<Place, Integer> leaving;
    private Group lastSettled;
    private Group lastHandedOver;

    /** Adds a whole entry; an empty one is left out. */
    void entry(List<JournalRecord> records) {
        if (!records.isEmpty()) {
            entries.add(records);
        }
    }

    /** Notes that a subscription is done with a journalled message. */
    void settle(Level level, long offset) {
        lastSettled = group(settled, lastSettled, level, frees(level, offset));
        lastSettled.ranges.add(offset);
    }

    /** As {@link #settle}, as a settlement of its own. */
    Settlement settlement(Level level, long offset) {
        return new Settlement(level.subscription.id, level.lane.id, new long[] {offset, offset}, frees(level, offset));
    }

    /** Notes that a journalled message was handed to an application. */
    void handOver(Level level, long offset) {
        lastHandedOver = group(handedOver, lastHandedOver, level, false);
        lastHandedOver.ranges.add(offset);
    }

    /** Adds the hand-overs noted so far to an entry. */
    void drainHandOvers(List<JournalRecord> records) {
        for (Group group : handedOver) {
            records.add(new JournalRecord.HandedOver(
                    group.level.subscription.id, group.level.lane.id, group.ranges.build()));
        }
        handedOver.clear();
        lastHandedOver = null;
    }

    /** The settlements noted so far, for a record that carries them. */
    List<Settlement> drainSettlements() {
        List<Settlement> settlements = new ArrayList<>(settled.size());
        for (Group group : settled) {
            settlements.add(new Settlement(
                    group.level.subscription.id, group.level.lane.id, group.ranges.build(), group.frees));
        }
        settled.clear();
        lastSettled = null;
        return settlements;
    }

    /** Ends with what was noted: one entry of hand-overs and settlements, or several when they are very many. */
    void finish(List<JournalRecord> records) {
        drainHandOvers(records);
        if (!settled.isEmpty()) {
            finishSettled(records);
        }
        entry(records);
    }

    <R> Outcome<R> outcome(R response) {
        return new Outcome<>(entries, response, null, false);
    }

    <R> Outcome<R> refused(RefusalKind kind, String text) {
        return new Outcome<>(entries, null, new Refusal(kind, text), false);
    }

    private void finishSettled(List<JournalRecord> records) {
        List<Settlement> fitting = new ArrayList<>(settled.size());
        for (Settlement settlement : drainSettlements()) {
            long[] ranges = settlement.ranges();
            if (ranges.length <= RANGES_MAX) {
                fitting.add(settlement);
                continue;
            }
            for (int from = 0; from < ranges.length; from += RANGES_MAX) {
                long[] part = Arrays.copyOfRange(ranges, from, Math.min(ranges.length, from + RANGES_MAX));
                entries.add(List.of(new JournalRecord.Settled(List.of(
                        new Settlement(settlement.subscriptionId(), settlement.lane(), part, settlement.frees())))));
            }
        }
        if (!fitting.isEmpty()) {
            records.add(new JournalRecord.Settled(fitting));
        }
    }

    private boolean frees(Level level, long offset) {
        int waiting = level.lane.waiting(offset);
        if (waiting <= 1) {
            return true;
        }
        if (leaving == null) {
            leaving = new HashMap<>();
        }
        return leaving.merge(new Place(level.lane, offset), 1, Integer::sum) == waiting;
    }

    private static Group group(List<Group> groups, Group last, Level level, boolean frees) {
        if (last != null && last.level == level && last.frees == frees) {
            return last;
        }
        for (Group group : groups) {
            if (group.level == level && group.frees == frees) {
                return group;
            }
        }
        Group added = new Group(level, frees);
        groups.add(added);
        return added;
    }
}
