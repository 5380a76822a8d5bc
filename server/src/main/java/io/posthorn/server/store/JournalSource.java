package io.posthorn.server.store;

/**
 * What the deep store and the readers may ask of the journal: intact entries by position, from its files only. Every method may be
 * called by any thread while the journal is open.
 */
public interface JournalSource {

    /** Takes one entry of a scan. The array is reused: nothing of it may be kept after the call. */
    @FunctionalInterface
    interface Visitor {

        /**
         * @param position where the entry starts
         * @param end      position just after it
         * @param epoch    who wrote it
         * @param array    holds the payload, see {@link RecordCodec}
         * @param from     index of the payload's first byte
         * @param length   of the payload in bytes
         */
        void entry(long position, long end, long epoch, byte[] array, int from, int length);
    }

    /** Everything before this position survives a power loss; it is a boundary between entries. */
    long durablePosition();

    /**
     * Visits the entries from one boundary to another in order.
     *
     * @throws StoreException if the range is not there any more, or an entry in it is damaged
     */
    void scan(long from, long to, Visitor visitor);

    /**
     * Visits the one entry that starts at a position.
     *
     * @return false if no intact entry starts there, or not any more
     */
    boolean read(long position, Visitor visitor);
}
