package io.posthorn.jms;

/**
 * How much a consumer may have delivered ahead of its application: pure functions, no state. All ids are delivery ids (1, 2, 3… per
 * consumer), all windows are counted in messages.
 */
final class CreditWindow {

    /** So many messages a receiving application takes one by one before anything is fetched ahead for it. */
    static final int PATIENCE_MESSAGES = 4;

    private CreditWindow() {}

    /**
     * Window of a consumer that is read with receive(): one message at first, then half of what the application has taken without a
     * pause.
     *
     * @param taken messages taken since the last pause, 0 or more
     * @param windowMax at least 1
     */
    static int forReceiver(long taken, int windowMax) {
        if (taken < PATIENCE_MESSAGES) {
            return 1;
        }
        return (int) Math.min(windowMax, taken / 2);
    }

    /**
     * The limit to grant now.
     *
     * @param consumed highest delivery id that has left the buffer
     * @param granted the limit in force
     * @param window  at least 1
     * @return {@code granted} while more than half of the window is left, else a full window
     */
    static long limit(long consumed, long granted, int window) {
        return granted - consumed > window / 2 ? granted : consumed + window;
    }
}
