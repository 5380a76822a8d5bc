package io.posthorn.server.queue;

import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.JournalEntry;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the deep store's indexes by time would say, worked out anew from a whole journal. */
final class SimulatedIndex {

    private record Expiring(long timeMs, long lane, long offset) {}

    private SimulatedIndex() {}

    /** @param checkpoint entries below it are in the deep store */
    static ScheduledResult scheduled(List<JournalEntry> journal, long checkpoint, ScheduledRequest request) {
        Map<Long, JournalRecord.Scheduled> waiting = new HashMap<>();
        Map<String, JournalRecord.Staged> staged = new HashMap<>();
        Set<Long> folded = new HashSet<>();
        Set<Long> done = new HashSet<>();
        for (JournalEntry entry : journal) {
            for (JournalRecord record : entry.records()) {
                if (record instanceof JournalRecord.Scheduled scheduled) {
                    waiting.put(scheduled.scheduleId(), scheduled);
                    if (entry.position() < checkpoint) {
                        folded.add(scheduled.scheduleId());
                    }
                } else if (record instanceof JournalRecord.Staged s) {
                    staged.put(s.producerId() + "/" + s.txSequence() + "/" + s.index(), s);
                } else if (record instanceof JournalRecord.Postponed p) {
                    JournalRecord.Staged s = staged.get(p.producerId() + "/" + p.txSequence() + "/" + p.index());
                    waiting.put(p.scheduleId(), p.scheduled(s.receivedMs(), s.message()));
                    if (entry.position() < checkpoint) {
                        folded.add(p.scheduleId());
                    }
                } else if (record instanceof JournalRecord.Due due && entry.position() < checkpoint) {
                    done.add(due.scheduleId());
                }
            }
        }
        JournalRecord.Scheduled[] known = new JournalRecord.Scheduled[request.ids().length];
        for (int i = 0; i < known.length; i++) {
            known[i] = waiting.get(request.ids()[i]);
        }
        List<JournalRecord.Scheduled> next = new ArrayList<>(waiting.values());
        next.removeIf(each -> !folded.contains(each.scheduleId())
                || done.contains(each.scheduleId())
                || each.dueMs() < request.afterMs()
                || each.dueMs() == request.afterMs() && each.scheduleId() <= request.afterId());
        int all = next.size();
        next.removeIf(each -> each.dueMs() > request.untilMs());
        next.sort(Comparator.comparingLong(JournalRecord.Scheduled::dueMs)
                .thenComparingLong(JournalRecord.Scheduled::scheduleId));
        long bytes = 0;
        int n = 0;
        while (n < next.size() && bytes < request.bytesMax()) {
            bytes += next.get(n++).message().size();
        }
        return new ScheduledResult(request, known, List.copyOf(next.subList(0, n)), n < next.size(), n == all);
    }

    /** Messages published below a checkpoint; those that are settled are among them. */
    static ExpiredResult expired(List<JournalEntry> journal, long checkpoint, ExpiredRequest request) {
        List<Expiring> found = new ArrayList<>();
        for (JournalEntry entry : journal) {
            for (JournalRecord record : entry.records()) {
                if (record instanceof JournalRecord.Published p && entry.position() < checkpoint) {
                    found.add(new Expiring(Expiry.expiresMs(p.message(), p.receivedMs()), p.lane(), p.offset()));
                }
            }
        }
        Comparator<Expiring> order = Comparator.comparingLong(Expiring::timeMs)
                .thenComparingLong(Expiring::lane)
                .thenComparingLong(Expiring::offset);
        Expiring after = new Expiring(request.afterMs(), request.afterLane(), request.afterOffset());
        found.removeIf(each -> each.timeMs > request.untilMs() || order.compare(each, after) <= 0);
        found.sort(order);
        int n = Math.min(found.size(), request.max());
        return new ExpiredResult(
                found.stream().limit(n).mapToLong(Expiring::timeMs).toArray(),
                found.stream().limit(n).mapToLong(Expiring::lane).toArray(),
                found.stream().limit(n).mapToLong(Expiring::offset).toArray(),
                n == request.max());
    }
}
