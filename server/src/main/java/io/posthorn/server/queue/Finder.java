package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.server.store.JournalRecord;
import java.util.ArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the next message for a selector group: highest priority first; within a priority journalled messages by offset, merged
 * with those of memory by arrival. What turns out to be expired, dead or gone is put away on the spot. A message of a group (JMSXGroupID) that
 * somebody else has is passed by once, see {@link GroupTable}.
 *
 * <p>After {@link #find} has returned true the found message is in the fields, and taken.
 */
final class Finder {

    private static final Logger LOG = LoggerFactory.getLogger(Finder.class);
    private static final long NONE = -1;
    private static final long WAIT = -2;

    private final HeartState state;
    private final FanOut fanOut;
    private final DeadLetters deadLetters;
    private final ColdReader reader;

    // What was found.
    /** Who gets it: the consumer that asked, or the one that has the message's group. */
    ConsumerState target;

    Level level;
    /** -1 for a message of memory. */
    long offset;
    /** Null for a journalled message. */
    VolatileMessage inMemory;

    EncodedMessage message;
    int deliveryCount;

    private long coldOffset;
    private ConsumerState asking;
    /** It is not known yet who has which group. */
    private boolean incomplete;

    Finder(HeartState state, FanOut fanOut, DeadLetters deadLetters, ColdReader reader) {
        this.state = state;
        this.fanOut = fanOut;
        this.deadLetters = deadLetters;
        this.reader = reader;
    }

    /**
     * Takes the next message of a subscription that a consumer with room, or another one with its selector, can have; only from the
     * consumer's own lines when its selector group is exhausted.
     *
     * @return false when there is none, or its body has to be read first
     */
    boolean find(SubscriptionState subscription, ConsumerState consumer, long now, Ledger ledger) {
        SelectorGroup group = consumer.group;
        boolean scan = !group.exhausted;
        asking = consumer;
        target = consumer;
        incomplete = false;
        for (int priority = 9; priority >= 0; priority--) {
            Level candidate = subscription.levels[priority];
            if (candidate == null || candidate.hasNothing() && subscription.groups == null) {
                continue;
            }
            while (true) {
                long journalled = !scan || candidate.pending.isEmpty() ? NONE : peek(candidate, group);
                VolatileMessage volatileOne =
                        !scan || candidate.waiting.isEmpty() ? null : peekVolatile(candidate, group);
                if (incomplete) {
                    group.awaitsRead(10, 0);
                    return false;
                }
                // After peeking, which may have made the first line.
                GroupTable groups = subscription.groups;
                boolean complete = groups == null || groups.isComplete(reader);
                GroupLine line = groups == null ? null : groups.first(consumer, priority, scan);
                if (line != null && !complete) {
                    group.awaitsRead(10, 0);
                    return false;
                }
                if (line != null && comesFirst(line, journalled == WAIT ? coldOffset : journalled, volatileOne)) {
                    if (!scan && !group.mayPassReads(line) || !isReadable(line, consumer, now)) {
                        return false;
                    }
                    if (takeHead(line, now, ledger)) {
                        return true;
                    }
                    continue;
                }
                if (journalled == WAIT) {
                    if (volatileOne == null || volatileOne.key > coldOffset) {
                        group.awaitsRead(priority, coldOffset);
                        return false;
                    }
                    journalled = NONE;
                }
                if (journalled == NONE && volatileOne == null) {
                    break;
                }
                boolean inJournal = journalled != NONE && (volatileOne == null || journalled < volatileOne.key);
                if (!inJournal && isCold(volatileOne, now)) {
                    state.spill.read(candidate, volatileOne);
                    group.awaitsRead(priority, volatileOne.key);
                    return false;
                }
                target = subscription.groups == null
                        ? consumer
                        : target(
                                candidate, inJournal ? candidate.lane.message(journalled) : volatileOne.body.message());
                boolean found = inJournal
                        ? take(candidate, group, journalled, now, ledger)
                        : take(candidate, group, volatileOne, now, ledger);
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }

    private ConsumerState target(Level in, EncodedMessage found) {
        return found == null || !found.isGrouped()
                ? asking
                : in.subscription.groups.target(found.groupId(), asking, in);
    }

    private static boolean comesFirst(GroupLine line, long journalled, VolatileMessage volatileOne) {
        return (journalled == NONE || line.isBefore(journalled)) && (volatileOne == null || line.isBefore(volatileOne));
    }

    /** Whether the head of a line is in memory, or missing; otherwise it is being read now. */
    private boolean isReadable(GroupLine line, ConsumerState consumer, long now) {
        long at = line.headOffset();
        VolatileMessage inMemory = line.headInMemory();
        if (inMemory != null
                ? !isCold(inMemory, now)
                : reader.message(line.level, at) != null || line.level.lane.isMissing(at)) {
            return true;
        }
        if (line.home == consumer.lines) {
            consumer.group.awaitsRead = true;
            consumer.waitsInDispatch = consumer.subscription.dispatches;
        } else {
            consumer.group.awaitsRead(line.level.priority, inMemory != null ? inMemory.key : at);
        }
        if (inMemory != null) {
            state.spill.read(line.level, inMemory);
        } else {
            reader.request(line.level, at);
        }
        return false;
    }

    /** Whether a message of memory lies on disk, and has to be read before it can be given to anybody. */
    private static boolean isCold(VolatileMessage one, long now) {
        VolatileBody body = one.body;
        return body.message() == null && !body.isLost() && !body.isExpired(now);
    }

    private boolean takeHead(GroupLine line, long now, Ledger ledger) {
        Level in = line.level;
        GroupTable groups = in.subscription.groups;
        long at = line.headOffset();
        VolatileMessage inMemory = line.headInMemory();
        EncodedMessage head = inMemory != null ? inMemory.body.message() : in.lane.message(at);
        boolean matches = head == null || line.selector.filter.matches(head);
        target = groups.target(line.group, asking);
        groups.poll(line);
        if (!matches) {
            return false;
        }
        return inMemory != null ? take(in, line.selector, inMemory, now, ledger) : takeAt(in, at, now, ledger);
    }

    /** The next journalled offset for a group; NONE; or WAIT, with {@link #coldOffset} set and a read under way. */
    private long peek(Level in, SelectorGroup group) {
        Cursor cursor = group.cursor(in.priority);
        if (cursor.returned != null && !cursor.returned.isEmpty()) {
            long returned = peekReturned(in, group, cursor);
            if (returned != NONE) {
                return returned;
            }
        }
        LaneState lane = in.lane;
        while (true) {
            long at = in.pending.next(cursor.offset, lane.visibleOffset(), in.taken);
            if (at < 0) {
                cursor.offset = Math.max(cursor.offset, lane.visibleOffset());
                return NONE;
            }
            cursor.offset = at;
            long known = look(in, group, cursor, at);
            if (known != NONE) {
                return known;
            }
            cursor.offset = at + 1;
        }
    }

    private long peekReturned(Level in, SelectorGroup group, Cursor cursor) {
        while (!cursor.returned.isEmpty()) {
            long at = cursor.returned.first();
            if (in.pending.get(at) && !in.taken.get(at)) {
                long known = look(in, group, cursor, at);
                if (known != NONE) {
                    return known;
                }
            }
            cursor.returned.pollFirst();
        }
        return NONE;
    }

    /** The offset itself if it is for this group, NONE if not, WAIT if its body has to be read first. */
    private long look(Level in, SelectorGroup group, Cursor cursor, long at) {
        if (cursor.matched == at) {
            return at;
        }
        EncodedMessage body = reader.message(in, at);
        if (body == null) {
            if (in.lane.isMissing(at)) {
                return at;
            }
            coldOffset = at;
            reader.request(in, at);
            return WAIT;
        }
        if (!group.filter.matches(body)) {
            return NONE;
        }
        if (body.isGrouped()) {
            return lookAtGroup(in, at, body);
        }
        if (!group.filter.isAll()) {
            cursor.matched = at;
        }
        return at;
    }

    private long lookAtGroup(Level in, long at, EncodedMessage body) {
        GroupTable groups = in.subscription.groups(state.dirty);
        if (!groups.isComplete(reader)) {
            incomplete = true;
            coldOffset = at;
            return WAIT;
        }
        String id = body.groupId();
        if (groups.target(id, asking, in) != null) {
            return at;
        }
        groups.park(id, asking.group, in, at);
        return NONE;
    }

    private VolatileMessage peekVolatile(Level in, SelectorGroup group) {
        if (!group.remembersPassed()) {
            VolatileMessage first = in.waiting.firstEntry().getValue();
            EncodedMessage body = first.body.message();
            if (!isVisible(first) || body == null || !body.isGrouped()) {
                return isVisible(first) ? first : null;
            }
            in.subscription.groups(state.dirty);
        }
        Cursor cursor = group.cursor(in.priority);
        while (cursor.returnedVolatile != null && !cursor.returnedVolatile.isEmpty()) {
            VolatileMessage returned = in.waiting.get(cursor.returnedVolatile.first());
            if (returned != null && isFor(in, group, returned)) {
                return returned;
            }
            if (incomplete) {
                return null;
            }
            cursor.returnedVolatile.pollFirst();
        }
        while (true) {
            var next = in.waiting.ceilingEntry(cursor.volatileId);
            if (next == null || !isVisible(next.getValue())) {
                return null;
            }
            cursor.volatileId = next.getKey();
            if (isFor(in, group, next.getValue())) {
                return next.getValue();
            }
            if (incomplete) {
                return null;
            }
            cursor.volatileId++;
        }
    }

    /**
     * Whether a message of memory matches and its group, if it has one, is not with others; if it is, the message is parked. One that is
     * not in memory now has to be looked at first.
     */
    private boolean isFor(Level in, SelectorGroup group, VolatileMessage one) {
        EncodedMessage body = one.body.message();
        if (body == null) {
            return true;
        }
        if (!group.filter.matches(body)) {
            return false;
        }
        if (!body.isGrouped()) {
            return true;
        }
        GroupTable groups = in.subscription.groups(state.dirty);
        if (!groups.isComplete(reader)) {
            incomplete = true;
            return false;
        }
        String id = body.groupId();
        boolean free = groups.target(id, asking, in) != null;
        if (!free) {
            groups.park(id, group, in, one);
        }
        return free;
    }

    private boolean isVisible(VolatileMessage one) {
        return one.visibleAt == 0 || state.visibility.isCommitted(one.visibleAt);
    }

    private boolean take(Level in, SelectorGroup group, long at, long now, Ledger ledger) {
        Cursor cursor = group.cursor(in.priority);
        // A match that is remembered may have lost its body to eviction since; then it is looked up again.
        cursor.matched = -1;
        EncodedMessage body = reader.message(in, at);
        if (body == null && !in.lane.isMissing(at)) {
            return false;
        }
        if (cursor.returned == null || !cursor.returned.remove(at)) {
            cursor.offset = at + 1;
        }
        return takeAt(in, at, now, ledger);
    }

    private boolean takeAt(Level in, long at, long now, Ledger ledger) {
        EncodedMessage body = in.lane.message(at);
        in.taken.set(at);
        if (body == null) {
            LOG.error(
                    "message {} of {} is not in the store; it is given up",
                    DeadLetters.text(in, at),
                    in.subscription.text());
            ledger.settle(in, at);
            return false;
        }
        if (Expiry.isExpired(body, in.lane.receivedMs(at), now)) {
            ledger.settle(in, at);
            return false;
        }
        int count = in.counts.count(at);
        if (deadLetters.isExhausted(in.subscription, in.counts.blamed(at))) {
            deadLetters.bury(in, at, body, "delivered " + count + " times", count, ledger, now);
            return false;
        }
        if (in.rejected.get(at)) {
            deadLetters.bury(in, at, body, "rejected by the application", count, ledger, now);
            return false;
        }
        level = in;
        offset = at;
        inMemory = null;
        message = body;
        deliveryCount = count;
        return true;
    }

    private boolean take(Level in, SelectorGroup group, VolatileMessage one, long now, Ledger ledger) {
        fanOut.take(one);
        Cursor cursor = group.cursor(in.priority);
        if (cursor.returnedVolatile != null) {
            cursor.returnedVolatile.remove(one.id);
        }
        if (one.body.isExpired(now) || one.body.isLost()) {
            state.memory.free(one);
            return false;
        }
        if (deadLetters.isExhausted(in.subscription, one.count - one.excused)) {
            deadLetters.bury(one, "delivered " + one.count + " times", ledger, now);
            state.memory.free(one);
            return false;
        }
        level = in;
        offset = -1;
        inMemory = one;
        message = one.body.message();
        deliveryCount = one.count;
        return true;
    }

    /** The records that putting away has noted in a ledger, as its last entry. */
    static void finish(Ledger ledger) {
        ledger.finish(new ArrayList<JournalRecord>(1));
    }
}
