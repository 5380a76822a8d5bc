package io.posthorn.server.queue;

import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Messages of one group that a selector group has passed by, in delivery order: they wait until somebody may have them. What was settled or
 * taken otherwise meanwhile is still in it, and dropped when it comes to the front.
 *
 * <p>Lines are ordered by their heads. A line that belongs to a {@link #home} must be taken out before it changes.
 */
final class GroupLine implements Comparable<GroupLine> {

    final MessageGroup group;
    final SelectorGroup selector;
    final Level level;
    /** Where it is found by those who may have its head: a consumer's lines, or the free ones; null when nobody may. */
    TreeSet<GroupLine> home;

    private final OffsetQueue offsets = new OffsetQueue();
    /** Offsets that came out of order, as returned ones do. */
    private final TreeSet<Long> early = new TreeSet<>();

    private final TreeMap<Long, VolatileMessage> inMemory = new TreeMap<>();

    private boolean empty = true;
    private long headOffset;
    private VolatileMessage headInMemory;

    GroupLine(MessageGroup group, SelectorGroup selector, Level level) {
        this.group = group;
        this.selector = selector;
        this.level = level;
    }

    void add(long offset) {
        if (offset > offsets.last()) {
            offsets.add(offset);
        } else {
            early.add(offset);
        }
        findHead();
    }

    void add(VolatileMessage message) {
        inMemory.put(message.id, message);
        findHead();
    }

    /** Drops the head. */
    void poll() {
        if (headInMemory != null) {
            inMemory.remove(headInMemory.id);
        } else {
            drop(headOffset);
        }
        findHead();
    }

    boolean isEmpty() {
        return empty;
    }

    /** Offset of the head; -1 when it is a message of memory. */
    long headOffset() {
        return headInMemory == null ? headOffset : -1;
    }

    /** The head, when it is a message of memory; else null. */
    VolatileMessage headInMemory() {
        return headInMemory;
    }

    /** Whether the head still waits. */
    boolean isHeadReady() {
        return headInMemory == null
                ? level.pending.get(headOffset) && !level.taken.get(headOffset)
                : level.waiting.get(headInMemory.id) == headInMemory;
    }

    /** Whether the head comes before a journalled message. */
    boolean isBefore(long offset) {
        return headInMemory == null ? headOffset < offset : headInMemory.key <= offset;
    }

    /** Whether the head comes before a message of memory. */
    boolean isBefore(VolatileMessage other) {
        if (headInMemory == null) {
            return headOffset < other.key;
        }
        return headInMemory.key != other.key ? headInMemory.key < other.key : headInMemory.id < other.id;
    }

    /** Highest priority first, then by place. */
    @Override
    public int compareTo(GroupLine other) {
        if (level.priority != other.level.priority) {
            return Integer.compare(other.level.priority, level.priority);
        }
        if (other.headInMemory == null) {
            return isBefore(other.headOffset) ? -1 : headOffset() == other.headOffset ? 0 : 1;
        }
        return isBefore(other.headInMemory) ? -1 : headInMemory == other.headInMemory ? 0 : 1;
    }

    private void drop(long offset) {
        early.remove(offset);
        if (!offsets.isEmpty() && offsets.first() == offset) {
            offsets.poll();
        }
    }

    private void findHead() {
        long first = offsets.isEmpty() ? Long.MAX_VALUE : offsets.first();
        if (!early.isEmpty()) {
            first = Math.min(first, early.first());
        }
        headOffset = first;
        headInMemory = inMemory.isEmpty() ? null : inMemory.firstEntry().getValue();
        empty = first == Long.MAX_VALUE && headInMemory == null;
        if (headInMemory != null && first < headInMemory.key) {
            headInMemory = null;
        }
    }
}
