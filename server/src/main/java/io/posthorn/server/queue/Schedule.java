package io.posthorn.server.queue;

import io.posthorn.message.DestinationName;
import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalRecord;
import io.posthorn.server.store.Origin;
import io.posthorn.server.store.ScheduledRequest;
import io.posthorn.server.store.ScheduledResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * Messages with a delivery delay, by due time and then by number. Of journalled ones memory knows those that are due within a minute, as far
 * as there is room, and a few bytes of each that no checkpoint has passed; the others are in the store, and asked for when their time comes
 * near. Everything in the store up to a {@link #horizonMs horizon} is known here or done.
 */
final class Schedule {

    /** A waiting message. */
    static final class Delayed implements Comparable<Delayed> {
        /** 0 for one that is not journalled. */
        final long scheduleId;

        final long dueMs;
        /** Where the message lies in the journal; 0 when not there. */
        final long position;
        /** Where the entry lies by which it began to wait; 0 as above. */
        final long since;
        /** By which it began to wait, if it was sent in a transaction and the deep store may not know that yet; else null. */
        final JournalRecord.Postponed postponed;

        final int size;
        final long receivedMs;
        /** Of one that is not journalled; else null. */
        final VolatileBody body;
        /** Of a journalled one, while its message is in memory; else null. */
        JournalRecord.Scheduled record;
        /** Subscriptions in memory that get a copy; set by the verb that sent it. */
        List<SubscriptionState> copies = List.of();
        /** Copies are not visible before this journal position. */
        long visibleAt;

        /** It has been read, and was not there. */
        private boolean missing;

        private long order;

        private Delayed(JournalRecord.Scheduled record, long position, long since, JournalRecord.Postponed postponed) {
            this.scheduleId = record.scheduleId();
            this.dueMs = record.dueMs();
            this.position = position;
            this.since = since;
            this.postponed = postponed;
            this.size = record.message().size();
            this.receivedMs = record.receivedMs();
            this.body = null;
            this.order = record.scheduleId();
        }

        /** One that lives in memory only. */
        Delayed(long dueMs, VolatileBody body, List<SubscriptionState> copies, long visibleAt) {
            this.scheduleId = 0;
            this.dueMs = dueMs;
            this.position = 0;
            this.since = 0;
            this.postponed = null;
            this.size = body.size();
            this.receivedMs = body.receivedMs;
            this.body = body;
            this.copies = copies;
            this.visibleAt = visibleAt;
        }

        /** Where its message was before it began to wait; null when it waited from the beginning. */
        Origin.Staged before() {
            return postponed == null ? null : postponed.origin();
        }

        /** Null when it is not in memory. */
        EncodedMessage message() {
            return record == null ? null : record.message();
        }

        /** Whether it has to be read before anything can be done with it. */
        boolean isCold() {
            return body == null && record == null && !missing;
        }

        boolean isMissing() {
            return missing;
        }

        @Override
        public int compareTo(Delayed other) {
            int byTime = Long.compare(dueMs, other.dueMs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** What is due so soon is kept in memory from the beginning. */
    private static final long SOON_MS = 60_000;

    /** The store is asked for what is due within {@link #SOON_MS} when less than this is left of what was asked before. */
    private static final long AHEAD_MS = 30_000;

    private static final int READ_BYTES = 4 << 20;
    private static final int READ_MAX = 1024;
    private static final int RETRY_MS = 1_000;
    private static final long[] NONE = {};
    private static final long NOTHING_KNOWN = -1;

    private final long soonBytesMax;
    /** Those that live in memory only. */
    private final PriorityQueue<Delayed> inMemory = new PriorityQueue<>();
    /** Journalled ones that memory knows. */
    private final TreeSet<Delayed> known = new TreeSet<>();

    private final LongMap<Delayed> journalled = new LongMap<>();
    private long lastId;
    private long lastOrder;
    private long soonBytes;

    private long horizonMs = NOTHING_KNOWN;
    private long horizonId;
    private ScheduledRequest underWay;
    /** After a read that failed. */
    private long notBeforeMs;
    /** Whether the store may have some behind the horizon that memory does not know. */
    private boolean moreInStore = true;
    /** Some were left to the store alone while the read under way may not have seen them. */
    private boolean leftDuringRead;

    /** What got its place though it lies beyond the horizon, as in recovery: until a checkpoint has passed that, the store still tells it. */
    private final LongMap<Long> doneBeyond = new LongMap<>();

    /** @param soonBytesMax bytes of journalled messages that are kept in memory before they are due, roughly */
    Schedule(long soonBytesMax) {
        this.soonBytesMax = soonBytesMax;
    }

    /** Number for a new journalled one. */
    long takeId() {
        return ++lastId;
    }

    /** One that lives in memory only. */
    void add(Delayed delayed) {
        delayed.order = ++lastOrder;
        inMemory.add(delayed);
    }

    /**
     * Replay: a journalled one.
     *
     * @param position of its entry; 0 when it comes from the deep store
     */
    void add(JournalRecord.Scheduled record, long position) {
        add(record, new Delayed(record, position, position, null));
    }

    /**
     * Replay: one that was staged.
     *
     * @param since position of the entry by which it begins to wait
     */
    void add(JournalRecord.Postponed by, TransactionState.Staged send, long since) {
        JournalRecord.Scheduled record = by.scheduled(send.receivedMs(), send.message());
        add(record, new Delayed(record, send.position(), since, by));
    }

    private void add(JournalRecord.Scheduled record, Delayed delayed) {
        lastId = Math.max(lastId, record.scheduleId());
        if (journalled.get(record.scheduleId()) != null) {
            return;
        }
        if (delayed.since <= 0 || record.dueMs() - record.receivedMs() <= SOON_MS && soonBytes < soonBytesMax) {
            warm(delayed, record);
        }
        known.add(delayed);
        journalled.put(delayed.scheduleId, delayed);
    }

    /** Replay: it has got its place with the entry at a position; null when it is not known. */
    Delayed done(long scheduleId, long at) {
        Delayed delayed = journalled.get(scheduleId);
        if (delayed != null) {
            forget(delayed);
            if (isBeyondHorizon(delayed)) {
                doneBeyond.put(scheduleId, at);
            }
        }
        return delayed;
    }

    /** Null when memory does not know it. */
    Delayed journalled(long scheduleId) {
        return journalled.get(scheduleId);
    }

    /** How many journalled ones memory knows. */
    int knownCount() {
        return journalled.size();
    }

    /** Bytes of the journalled messages that are in memory. */
    long soonBytes() {
        return soonBytes;
    }

    /** Whether a message to this destination may wait; what is not in memory, or in the store alone, may be to any. */
    boolean mayBeAwaitedBy(DestinationName destination) {
        if (moreInStore) {
            return true;
        }
        for (Delayed delayed : inMemory) {
            if (delayed.body.message().destination().equals(destination)) {
                return true;
            }
        }
        for (Delayed delayed : known) {
            EncodedMessage message = delayed.message();
            if (message == null || message.destination().equals(destination)) {
                return true;
            }
        }
        return false;
    }

    /** The next one that lives in memory only and is due, taken out; null when there is none. */
    Delayed pollInMemory(long now) {
        return !inMemory.isEmpty() && inMemory.peek().dueMs <= now ? inMemory.poll() : null;
    }

    /** The journalled one behind another that is due and in memory, or missing; null when there is none now. */
    Delayed nextDue(Delayed after, long now) {
        Delayed next = after == null ? (known.isEmpty() ? null : known.first()) : known.higher(after);
        return next == null || next.dueMs > now || next.isCold() || isBeyondHorizon(next) ? null : next;
    }

    /** When something is to be done: delivered, or asked for. */
    long nextMs() {
        long next = inMemory.isEmpty() ? Long.MAX_VALUE : inMemory.peek().dueMs;
        Delayed first = known.isEmpty() ? null : known.first();
        boolean readFirst = first != null && (first.isCold() || isBeyondHorizon(first));
        if (first != null && !readFirst) {
            next = Math.min(next, first.dueMs);
        }
        if (underWay != null) {
            // Its answer is the next thing that happens.
            return next;
        }
        long readMs = horizonMs - AHEAD_MS;
        if (readFirst) {
            readMs = Math.min(readMs, first.dueMs - AHEAD_MS);
        } else if (first != null && soonBytes >= soonBytesMax) {
            readMs = first.dueMs;
        }
        return Math.min(next, Math.max(readMs, notBeforeMs));
    }

    /** What is to be asked of the store now; null for nothing. The answer is {@link #readDone}. */
    ScheduledRequest wanted(long now) {
        if (underWay != null || now < notBeforeMs) {
            return null;
        }
        Delayed first = known.isEmpty() ? null : known.first();
        if (soonBytes >= soonBytesMax && first != null && !first.isCold() && !isBeyondHorizon(first)) {
            // It makes room when it is due.
            return null;
        }
        long[] ids = new long[READ_MAX];
        long[] positions = new long[READ_MAX];
        JournalRecord.Postponed[] postponed = new JournalRecord.Postponed[READ_MAX];
        int n = 0;
        long bytes = 0;
        for (Delayed delayed : known) {
            if (delayed.dueMs > now + AHEAD_MS || n == READ_MAX || bytes >= READ_BYTES) {
                break;
            }
            if (delayed.isCold()) {
                ids[n] = delayed.scheduleId;
                postponed[n] = delayed.postponed;
                positions[n++] = delayed.position;
                bytes += delayed.size;
            }
        }
        boolean further = horizonMs - AHEAD_MS <= now;
        if (n == 0 && !further) {
            return null;
        }
        leftDuringRead = false;
        underWay = new ScheduledRequest(
                n == 0 ? NONE : Arrays.copyOf(ids, n),
                n == 0 ? NONE : Arrays.copyOf(positions, n),
                Arrays.copyOf(postponed, n),
                horizonMs,
                horizonId,
                further ? now + SOON_MS : horizonMs,
                READ_BYTES);
        return underWay;
    }

    /** The store has answered. */
    void readDone(ScheduledResult result, long now) {
        ScheduledRequest request = underWay;
        if (result.request() != request) {
            return;
        }
        underWay = null;
        if (result.known() == null) {
            notBeforeMs = now + RETRY_MS;
            return;
        }
        for (int i = 0; i < request.ids().length; i++) {
            Delayed delayed = journalled.get(request.ids()[i]);
            if (delayed == null) {
                continue;
            }
            if (result.known()[i] == null) {
                delayed.missing = true;
            } else {
                warm(delayed, result.known()[i]);
            }
        }
        for (JournalRecord.Scheduled record : result.next()) {
            if (doneBeyond.get(record.scheduleId()) == null) {
                add(record, 0);
                Delayed delayed = journalled.get(record.scheduleId());
                if (delayed.isCold()) {
                    warm(delayed, record);
                }
            }
            horizonMs = record.dueMs();
            horizonId = record.scheduleId();
        }
        moreInStore = !result.last() || leftDuringRead;
        if (!result.more()) {
            horizonMs = Math.max(horizonMs, request.untilMs());
            horizonId = Long.MAX_VALUE;
        }
    }

    /** What lies below a position is in the deep store now: what is far from due need not be known here. */
    void checkpointed(long checkpoint) {
        List<Delayed> gone = new ArrayList<>();
        for (Delayed delayed : known) {
            boolean near = underWay != null && delayed.dueMs <= underWay.untilMs() || !isBeyondHorizon(delayed);
            if (!near && delayed.copies.isEmpty() && delayed.since < checkpoint) {
                gone.add(delayed);
            }
        }
        if (!gone.isEmpty()) {
            moreInStore = true;
            leftDuringRead = underWay != null;
        }
        gone.forEach(this::forget);
        if (underWay == null && !doneBeyond.isEmpty()) {
            for (long id : doneBeyond.sortedKeys()) {
                if (doneBeyond.get(id) < checkpoint) {
                    doneBeyond.remove(id);
                }
            }
        }
    }

    private boolean isBeyondHorizon(Delayed delayed) {
        return delayed.dueMs > horizonMs || delayed.dueMs == horizonMs && delayed.scheduleId > horizonId;
    }

    private void warm(Delayed delayed, JournalRecord.Scheduled record) {
        if (delayed.record == null) {
            delayed.record = record;
            soonBytes += delayed.size;
        }
    }

    private void forget(Delayed delayed) {
        known.remove(delayed);
        journalled.remove(delayed.scheduleId);
        if (delayed.record != null) {
            soonBytes -= delayed.size;
        }
    }
}
