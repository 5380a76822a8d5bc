package io.posthorn.server.queue;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * The consumers of one subscription that have one selector text: they share how far the backlog has been looked at, so that
 * it is looked at once.
 */
final class SelectorGroup {

    final MessageFilter filter;
    /** Open consumers with this selector. */
    int consumers;
    /** Dispatch: nothing more for this group in this round. */
    boolean exhausted;
    /** Dispatch: the next message is being read. */
    boolean awaitsRead;
    /** Dispatch: what comes after this place must wait for a message that is being read; priority -1 = nothing does. */
    private int readPriority = -1;

    private long readOffset;

    /** Lines of message groups that nobody has, from which any of these consumers may take. */
    final TreeSet<GroupLine> freeLines = new TreeSet<>();
    /** What is passed by may still be ready: there are message groups. */
    boolean grouped;

    private final Cursor[] cursors = new Cursor[10];

    SelectorGroup(MessageFilter filter) {
        this.filter = filter;
    }

    /** Whether messages that were passed by must not be looked at again. */
    boolean remembersPassed() {
        return grouped || !filter.isAll();
    }

    /** Dispatch: a new round. */
    void beginRound() {
        exhausted = false;
        awaitsRead = false;
        readPriority = -1;
    }

    /** Dispatch: everything from this place on waits for a read. */
    void awaitsRead(int priority, long offset) {
        awaitsRead = true;
        readPriority = priority;
        readOffset = offset;
    }

    /** Dispatch: whether the head of a line comes before anything that is being read. */
    boolean mayPassReads(GroupLine line) {
        int priority = line.level.priority;
        return priority > readPriority || priority == readPriority && line.isBefore(readOffset);
    }

    /** All places are forgotten: the next consumer looks from the start. */
    void reset() {
        Arrays.fill(cursors, null);
    }

    Cursor cursor(int priority) {
        Cursor cursor = cursors[priority];
        if (cursor == null) {
            cursor = new Cursor();
            cursors[priority] = cursor;
        }
        return cursor;
    }

    /** A message at this offset is free again. */
    void returned(int priority, long offset) {
        Cursor cursor = cursor(priority);
        if (offset >= cursor.offset) {
            return;
        }
        if (!remembersPassed()) {
            // Without a selector going back costs nothing: what is taken is skipped a word at a time.
            cursor.offset = offset;
        } else {
            cursor.cameBack(offset);
        }
    }

    void returnedVolatile(int priority, long id) {
        Cursor cursor = cursor(priority);
        if (remembersPassed() && id < cursor.volatileId) {
            cursor.volatileCameBack(id);
        }
    }
}
