package io.posthorn.server.queue;

import io.posthorn.server.store.ExpiredRequest;
import io.posthorn.server.store.ExpiredResult;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.LaneId;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What time brings: delayed messages, deferred redeliveries, ends of reservations, forgotten producers, expired messages. */
final class Timers {

    private static final int DUE_PER_ENTRY_MAX = 512;
    private static final long HOUSEKEEPING_MS = 10_000;
    private static final int EXPIRED_MAX = 4096;
    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);

    private final HeartState state;
    private final FanOut fanOut;
    private final ClientVerbs clients;
    private final BranchVerbs branches;
    private long nextHousekeepingMs;

    /** Up to here the store has told what has expired. */
    private long expiredMs;

    private long expiredLane;
    private long expiredOffset = -1;
    private boolean expiryUnderWay;

    Timers(HeartState state, FanOut fanOut, ClientVerbs clients, BranchVerbs branches) {
        this.state = state;
        this.fanOut = fanOut;
        this.clients = clients;
        this.branches = branches;
    }

    Outcome<Void> tick(long now) {
        Ledger ledger = new Ledger();
        deliverDue(ledger, now);
        askForSchedules(now);
        state.deferred.release(now, state.dirty);
        state.patience.release(now, state.dirty);
        List<JournalRecord> records = new ArrayList<>(1);
        clients.tick(ledger, records, now);
        branches.tick(ledger, records, now);
        if (now >= nextHousekeepingMs) {
            nextHousekeepingMs = now + HOUSEKEEPING_MS;
            fanOut.dropExpired(now);
            settleExpired(ledger, now);
            askForExpired(now);
            forgetProducers(records, now);
        }
        ledger.finish(records);
        return ledger.outcome(null);
    }

    long nextMs() {
        long next = Math.min(branches.nextMs(), Math.min(state.schedule.nextMs(), state.deferred.nextMs()));
        next = Math.min(next, Math.min(state.patience.nextMs(), state.clients.nextMs()));
        return Math.min(next, nextHousekeepingMs);
    }

    private void deliverDue(Ledger ledger, long now) {
        for (Schedule.Delayed due = state.schedule.pollInMemory(now);
                due != null;
                due = state.schedule.pollInMemory(now)) {
            fanOut.give(due.body, due.copies, due.visibleAt);
            state.memory.letGo(due.body);
        }
        List<JournalRecord> records = new ArrayList<>(1);
        List<Schedule.Delayed> withCopies = new ArrayList<>(0);
        for (Schedule.Delayed due = state.schedule.nextDue(null, now);
                due != null;
                due = state.schedule.nextDue(due, now)) {
            records.add(due(due));
            if (!due.copies.isEmpty() && !due.isMissing()) {
                withCopies.add(due);
            }
            if (records.size() == DUE_PER_ENTRY_MAX) {
                finishDue(ledger, records, withCopies);
                records = new ArrayList<>(1);
                withCopies = new ArrayList<>(0);
            }
        }
        finishDue(ledger, records, withCopies);
    }

    private void finishDue(Ledger ledger, List<JournalRecord> records, List<Schedule.Delayed> withCopies) {
        ledger.entry(records);
        if (!withCopies.isEmpty()) {
            state.continuations.after(
                    records,
                    position -> withCopies.forEach(
                            due -> fanOut.give(new VolatileBody(due.message(), due.receivedMs), due.copies, position)));
        }
    }

    private JournalRecord due(Schedule.Delayed due) {
        if (due.isMissing()) {
            LOG.error("the delayed message {} is not in the store; it is given up", due.scheduleId);
            return new JournalRecord.Due(due.scheduleId, -1, -1, new int[0]);
        }
        DestinationState destination = state.destinations.find(due.message().destination());
        int[] wanted = due.record.recipients();
        int[] recipients = new int[wanted.length];
        int n = 0;
        for (int id : wanted) {
            SubscriptionState subscription = state.subscriptions.byId(id);
            if (subscription != null && subscription.destination == destination) {
                recipients[n++] = id;
            }
        }
        if (n == 0) {
            return new JournalRecord.Due(due.scheduleId, -1, -1, new int[0]);
        }
        int priority = due.message().priority();
        return new JournalRecord.Due(
                due.scheduleId,
                LaneId.of(destination.id, 0, priority),
                destination.lane(priority).allocate(),
                Arrays.copyOf(recipients, n));
    }

    private void askForSchedules(long now) {
        ScheduledRequest request = state.schedule.wanted(now);
        if (request != null) {
            state.output.readScheduled(request);
        }
    }

    /** The store has told what has expired behind the last checkpoint, whether or not anybody comes to it. */
    Outcome<Void> expired(ExpiredResult result, long now) {
        expiryUnderWay = false;
        Ledger ledger = new Ledger();
        int n = result.lanes().length;
        for (int i = 0; i < n; i++) {
            LaneState lane = state.destinations.lane(result.lanes()[i]);
            long offset = result.offsets()[i];
            if (lane == null || offset >= lane.visibleOffset()) {
                continue;
            }
            for (SubscriptionState subscription : lane.destination.journalled) {
                Level level = subscription.levels[LaneId.priority(lane.id)];
                // What is in flight, or waits for its next try, is looked at when it comes back.
                if (level != null && level.pending.get(offset) && !level.taken.get(offset)) {
                    level.taken.set(offset);
                    ledger.settle(level, offset);
                }
            }
        }
        if (n > 0) {
            expiredMs = result.timesMs()[n - 1];
            expiredLane = result.lanes()[n - 1];
            expiredOffset = result.offsets()[n - 1];
        }
        ledger.finish(new ArrayList<>(1));
        if (result.more()) {
            askForExpired(now);
        }
        return ledger.outcome(null);
    }

    /** The deep store has changed: what it did not know before may have expired meanwhile. */
    void checkpointed() {
        expiredMs = 0;
        expiredLane = 0;
        expiredOffset = -1;
    }

    private void askForExpired(long now) {
        if (!expiryUnderWay) {
            expiryUnderWay = true;
            state.output.readExpired(new ExpiredRequest(expiredMs, expiredLane, expiredOffset, now, EXPIRED_MAX));
        }
    }

    /** Expired messages that nobody asks for leave too, as far as their bodies are in memory. */
    private void settleExpired(Ledger ledger, long now) {
        for (DestinationState destination : state.destinations.all()) {
            for (SubscriptionState subscription : destination.journalled) {
                for (Level level : subscription.levels) {
                    if (level != null && level.lane.mayExpire(now)) {
                        settleExpired(level, ledger, now);
                    }
                }
            }
        }
    }

    private static void settleExpired(Level level, Ledger ledger, long now) {
        LaneState lane = level.lane;
        BlockList<Chunk> chunks = lane.chunks();
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.at(i);
            long end = Math.min(chunk.firstOffset + Store.BLOCK_MESSAGES, lane.visibleOffset());
            for (long at = chunk.hot == 0 ? -1 : level.pending.next(chunk.firstOffset, end, level.taken);
                    at >= 0;
                    at = level.pending.next(at + 1, end, level.taken)) {
                if (lane.message(at) != null && Expiry.isExpired(lane.message(at), lane.receivedMs(at), now)) {
                    level.taken.set(at);
                    ledger.settle(level, at);
                }
            }
        }
    }

    private void forgetProducers(List<JournalRecord> records, long now) {
        for (long producerId : state.producers.rows().sortedKeys()) {
            ProducerState producer = state.producers.get(producerId);
            if (producer.lastUsedMs() + state.config.retention().dedupMs() > now) {
                continue;
            }
            if (producer.journalled) {
                records.add(new JournalRecord.ProducerClosed(producerId));
            } else {
                state.producers.remove(producerId);
            }
        }
    }
}
