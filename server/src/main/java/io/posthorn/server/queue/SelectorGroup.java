package io.posthorn.server.queue;

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

    private final Cursor[] cursors = new Cursor[10];

    SelectorGroup(MessageFilter filter) {
        this.filter = filter;
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
        if (filter.isAll()) {
            // Without a selector going back costs nothing: what is taken is skipped a word at a time.
            cursor.offset = offset;
        } else {
            cursor.cameBack(offset);
        }
    }

    void returnedVolatile(int priority, long id) {
        Cursor cursor = cursor(priority);
        if (!filter.isAll() && id < cursor.volatileId) {
            cursor.volatileCameBack(id);
        }
    }
}
