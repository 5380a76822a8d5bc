package io.posthorn.server.queue;

/**
 * How many messages a consumer gets in a row before the next one has its turn: as many as it has lately begun with in {@value #ROW_MS} ms. A busy
 * consumer thus gets several in one frame, and is woken up once for them, while no message waits much longer than that behind
 * others of its row, although another consumer is idle. Who takes long for each, or has little to do, gets one at a time.
 *
 * <p>Belongs to the heart's thread; times are ms since 1970.
 */
final class Pace {

    /** Longest row. */
    static final int ROW_MAX = 16;

    /** What a row may take its consumer, by what it has shown. */
    static final long ROW_MS = 4;

    /** How long the messages of a consumer are counted before the length of its rows is worked out anew. */
    static final long WINDOW_MS = 8;

    private long windowFromMs;
    private long begun;
    private int row = 1;

    /** The consumer has handed a message to its application. */
    void begun() {
        begun++;
    }

    /** How many messages in a row it gets, from 1 to {@link #ROW_MAX}. */
    int row(long nowMs) {
        long passedMs = nowMs - windowFromMs;
        if (passedMs < 0 || passedMs >= WINDOW_MS) {
            row = passedMs < 0 ? 1 : (int) Math.max(1, Math.min(ROW_MAX, begun * ROW_MS / passedMs));
            begun = 0;
            windowFromMs = nowMs;
        }
        return row;
    }
}
