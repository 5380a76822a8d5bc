package io.posthorn.server.queue;

import io.posthorn.message.EncodedMessage;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The message groups (JMSXGroupID) of one subscription: who may have the next message of each. It exists from the first grouped message that a
 * dispatch comes across; a subscription without such messages has none and pays nothing. Volatile: after a restart it starts empty.
 *
 * <p>A group stays in memory while somebody has an unsettled message of it or a message was passed by because of that. Beyond that only the
 * owners of the {@value #IDLE_MAX} groups that came to rest last are remembered.
 *
 * <p>A message is passed by once per selector group: it goes into a {@link GroupLine}, and the line to where it is found when
 * its time comes. So nothing is looked at twice because a group is busy.
 */
final class GroupTable {

    /** Groups at rest whose last owner is remembered. */
    static final int IDLE_MAX = 1024;

    /** A message that is taken, and whose group is not known because its body has not been seen; delivery null: deferred, or with a branch. */
    private record Unidentified(Level level, long offset, Delivery delivery) {}

    private final SubscriptionState subscription;
    private final DirtyList dirty;
    private final Map<String, MessageGroup> known = new HashMap<>();
    private final LinkedHashMap<String, MessageGroup> idle = new LinkedHashMap<>();
    /** Messages that are with nobody and hold up their group: they wait for their next try, or for the decision on a branch. */
    private final Map<DeliveryRef, MessageGroup> deferred = new HashMap<>(4);

    private final ArrayDeque<Unidentified> unidentified = new ArrayDeque<>(2);

    GroupTable(SubscriptionState subscription, DirtyList dirty) {
        this.subscription = subscription;
        this.dirty = dirty;
        for (Level level : subscription.levels) {
            if (level != null) {
                addDeferred(level);
            }
        }
        for (ConsumerState consumer : subscription.consumers) {
            for (long id = consumer.inFlight.first(); id <= consumer.inFlight.last(); id++) {
                Delivery delivery = consumer.inFlight.get(id);
                if (delivery != null && delivery.restatedTo != null) {
                    identifyLater(delivery);
                }
            }
        }
    }

    // ---- questions of the dispatcher

    /**
     * Who gets a message that one consumer with room has come across: itself, or a consumer with the same selector that has the group; null
     * when nobody may have it now, and it has to be parked.
     */
    ConsumerState target(String id, ConsumerState asking, Level level) {
        MessageGroup group = known.get(id);
        return group == null ? asking : group.line(asking.group, level) != null ? null : target(group, asking);
    }

    /** As above, for the head of a line. */
    ConsumerState target(MessageGroup group, ConsumerState asking) {
        ConsumerState owner = group.owner;
        boolean ownerCould = owner != null && !owner.closed && owner.group == asking.group && owner.hasRoom();
        switch (group.state()) {
            case FREE:
                return ownerCould ? owner : asking;
            case HELD:
                return owner == asking || ownerCould ? owner : null;
            default:
                return null;
        }
    }

    /** A message goes into the line of its group. */
    void park(String id, SelectorGroup selector, Level level, long offset) {
        GroupLine line = lineToChange(known(id), selector, level);
        line.add(offset);
        place(line);
    }

    void park(String id, SelectorGroup selector, Level level, VolatileMessage message) {
        GroupLine line = lineToChange(known(id), selector, level);
        line.add(message);
        place(line);
    }

    /** The line of a priority that a consumer should look at next, its head still waiting; null when there is none. */
    GroupLine first(ConsumerState consumer, int priority, boolean withFree) {
        while (true) {
            GroupLine own = first(consumer.lines, priority);
            GroupLine free = withFree ? first(consumer.group.freeLines, priority) : null;
            GroupLine next = own == null || free != null && free.compareTo(own) < 0 ? free : own;
            if (next == null || next.isHeadReady()) {
                return next;
            }
            poll(next);
        }
    }

    /** The head of a line is taken, or has turned out not to belong there. */
    void poll(GroupLine line) {
        unplace(line);
        line.poll();
        if (line.isEmpty()) {
            line.group.lines.remove(line);
            rest(line.group);
        } else {
            place(line);
        }
    }

    /**
     * Whether it is known of every message in flight, deferred or with a branch to which group it belongs. If not, a body is being read; until it is there no
     * grouped message may be given to anybody.
     */
    boolean isComplete(ColdReader reader) {
        while (!unidentified.isEmpty()) {
            Unidentified one = unidentified.peek();
            if (isStill(one)) {
                EncodedMessage body = one.level.lane.message(one.offset);
                if (body == null && !one.level.lane.isMissing(one.offset)) {
                    reader.request(one.level, one.offset);
                    return false;
                }
                identify(one, body == null ? null : body.groupId());
            }
            unidentified.poll();
        }
        return true;
    }

    // ---- what happens to deliveries

    /**
     * A message goes to a consumer.
     *
     * @param last whether it ends the group
     */
    MessageGroup hold(String id, ConsumerState by, boolean last) {
        MessageGroup group = known(id);
        idle.remove(id);
        MessageGroup.State before = group.state();
        if (group.owner != by) {
            group.owner = by;
            group.ownersHand = 0;
        }
        group.ended = last;
        group.inHand++;
        group.ownersHand++;
        placeAll(group, before);
        return group;
    }

    /** A delivery is no longer with a consumer: settled, or about to be returned. */
    void left(MessageGroup group, ConsumerState from) {
        MessageGroup.State before = group.state();
        group.inHand--;
        if (from == group.owner) {
            group.ownersHand--;
        }
        placeAll(group, before);
        rest(group);
    }

    /** A message that was with a consumer is ready again. */
    void returned(Delivery delivery) {
        Level level = delivery.level;
        if (delivery.isJournalled()) {
            park(delivery.group.id, level, delivery.offset);
        } else {
            for (SelectorGroup selector : subscription.selectorGroups()) {
                if (delivery.inMemory.id < selector.cursor(level.priority).volatileId) {
                    park(delivery.group.id, selector, level, delivery.inMemory);
                }
            }
        }
        settled(delivery.ref());
    }

    /** Into the lines of all who have passed it; the others will come to it. */
    private void park(String id, Level level, long offset) {
        for (SelectorGroup selector : subscription.selectorGroups()) {
            if (offset < selector.cursor(level.priority).offset) {
                park(id, selector, level, offset);
            }
        }
    }

    /** A message waits for its next try, and with it its group; it may have come from a branch, for which it waited before. */
    void defer(String id, Level level, long offset) {
        defer(id, new DeliveryRef(level.lane.id, offset));
    }

    /** A branch has consumed a delivery, which is about to leave its consumer: its group waits until that is decided. */
    void held(Delivery delivery) {
        if (delivery.group != null) {
            defer(delivery.group.id, delivery.ref());
        } else if (delivery.restatedTo != null) {
            unidentified.add(new Unidentified(delivery.level, delivery.offset, null));
        }
    }

    private void defer(String id, DeliveryRef message) {
        MessageGroup group = known(id);
        if (deferred.putIfAbsent(message, group) == null) {
            MessageGroup.State before = group.state();
            idle.remove(id);
            group.deferred++;
            placeAll(group, before);
        }
    }

    /** A message has waited long enough and is ready again; returns whether it held up a group, which goes on. */
    boolean waitOver(Level level, long offset) {
        if (deferred.isEmpty()) {
            return false;
        }
        DeliveryRef message = new DeliveryRef(level.lane.id, offset);
        MessageGroup group = deferred.get(message);
        if (group == null) {
            return false;
        }
        park(group.id, level, offset);
        settled(message);
        return true;
    }

    /** A message waits no longer: its group goes on if it was held up by it. */
    void settled(DeliveryRef message) {
        MessageGroup group = deferred.isEmpty() ? null : deferred.remove(message);
        if (group != null) {
            MessageGroup.State before = group.state();
            group.deferred--;
            placeAll(group, before);
            rest(group);
        }
    }

    /** Whether a consumer may not have messages of a group because of others. */
    boolean isHeldFrom(String id, ConsumerState consumer) {
        MessageGroup group = known.get(id);
        return group != null && group.inHand > 0 && group.owner != consumer;
    }

    /** A restated delivery whose body has not been seen. */
    void identifyLater(Delivery delivery) {
        unidentified.add(new Unidentified(delivery.level, delivery.offset, delivery));
    }

    // ---- what happens to consumers

    /** A consumer is closed or lost: it gets nothing more, and what it has blocks its groups until it is settled or returned. */
    void closed(ConsumerState consumer) {
        for (GroupLine line : consumer.lines) {
            line.home = null;
        }
        consumer.lines.clear();
        idle.values().removeIf(group -> {
            if (group.owner == consumer) {
                known.remove(group.id);
                return true;
            }
            return false;
        });
    }

    /** Nobody has this selector any more: what it has passed by is forgotten, and looked at again by whoever comes next. */
    void left(SelectorGroup selector) {
        for (MessageGroup group : known.values().toArray(MessageGroup[]::new)) {
            boolean removed = group.lines.removeIf(line -> {
                if (line.selector == selector) {
                    unplace(line);
                    return true;
                }
                return false;
            });
            if (removed) {
                rest(group);
            }
        }
    }

    /** For tests: what is known of a group, or null. */
    MessageGroup find(String id) {
        return known.get(id);
    }

    /** For tests: groups in memory, those at rest included. */
    int size() {
        return known.size();
    }

    private static GroupLine first(TreeSet<GroupLine> lines, int priority) {
        if (lines.isEmpty()) {
            return null;
        }
        GroupLine first = lines.first();
        return first.level.priority == priority ? first : null;
    }

    private MessageGroup known(String id) {
        return known.computeIfAbsent(id, MessageGroup::new);
    }

    private GroupLine lineToChange(MessageGroup group, SelectorGroup selector, Level level) {
        GroupLine line = group.line(selector, level);
        if (line == null) {
            idle.remove(group.id);
            line = new GroupLine(group, selector, level);
            group.lines.add(line);
        } else {
            unplace(line);
        }
        return line;
    }

    private void placeAll(MessageGroup group, MessageGroup.State before) {
        if (group.lines.isEmpty()) {
            return;
        }
        for (int i = 0; i < group.lines.size(); i++) {
            unplace(group.lines.get(i));
            place(group.lines.get(i));
        }
        if (before != group.state()) {
            dirty.mark(subscription);
        }
    }

    private void place(GroupLine line) {
        MessageGroup group = line.group;
        MessageGroup.State state = group.state();
        if (state == MessageGroup.State.FREE) {
            line.home = line.selector.freeLines;
        } else if (state == MessageGroup.State.HELD && group.owner.group == line.selector) {
            line.home = group.owner.lines;
        } else {
            return;
        }
        line.home.add(line);
    }

    private static void unplace(GroupLine line) {
        if (line.home != null) {
            line.home.remove(line);
            line.home = null;
        }
    }

    /** Forgets a group of which nothing is in hand and nothing waits, or all but its owner. */
    private void rest(MessageGroup group) {
        if (group.state() != MessageGroup.State.FREE || !group.lines.isEmpty()) {
            return;
        }
        if (group.owner == null || group.owner.closed || group.ended) {
            known.remove(group.id);
            idle.remove(group.id);
            return;
        }
        idle.put(group.id, group);
        if (idle.size() > IDLE_MAX) {
            MessageGroup eldest = idle.values().iterator().next();
            idle.remove(eldest.id);
            known.remove(eldest.id);
        }
    }

    private void addDeferred(Level level) {
        for (long offset = level.undecided.next(0, Long.MAX_VALUE, null);
                offset >= 0;
                offset = level.undecided.next(offset + 1, Long.MAX_VALUE, null)) {
            unidentified.add(new Unidentified(level, offset, null));
        }
        if (level.counts.rows().isEmpty()) {
            return;
        }
        for (long offset : level.counts.rows().sortedKeys()) {
            if (level.counts.isDeferred(offset)) {
                unidentified.add(new Unidentified(level, offset, null));
            }
        }
    }

    private boolean isStill(Unidentified one) {
        return one.delivery != null
                ? one.delivery.restatedTo != null
                : (one.level.undecided.get(one.offset) || one.level.counts.isDeferred(one.offset))
                        && !deferred.containsKey(new DeliveryRef(one.level.lane.id, one.offset));
    }

    private void identify(Unidentified one, String id) {
        if (one.delivery == null) {
            if (id != null) {
                defer(id, one.level, one.offset);
            }
            return;
        }
        ConsumerState holder = one.delivery.restatedTo;
        one.delivery.restatedTo = null;
        if (id != null) {
            one.delivery.group = hold(id, holder, false);
        }
    }
}
