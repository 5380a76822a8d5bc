package io.posthorn.server.queue;

/** How far a browsing consumer has looked: a snapshot of what was visible when it was opened, highest priority first. */
final class BrowseState {

    /** Per priority the first offset that is not shown. */
    private final long[] offsetEnd = new long[10];

    private final Cursor[] cursors = new Cursor[10];
    private final long lastVolatileId;
    private int priority = 9;
    /** Everything was shown. */
    boolean ended;
    /** Waits for messages that are being read. */
    boolean awaitsRead;

    BrowseState(DestinationState destination, long lastVolatileId) {
        this.lastVolatileId = lastVolatileId;
        for (int p = 0; p < 10; p++) {
            LaneState lane = destination.laneIfAny(p);
            offsetEnd[p] = lane == null ? 0 : lane.visibleOffset();
            cursors[p] = new Cursor();
        }
    }

    /** The priority it looks at; below 0 when it is through. */
    int priority() {
        return priority;
    }

    void nextPriority() {
        priority--;
    }

    Cursor cursor() {
        return cursors[priority];
    }

    long offsetEnd() {
        return offsetEnd[priority];
    }

    long lastVolatileId() {
        return lastVolatileId;
    }
}
