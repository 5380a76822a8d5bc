package io.posthorn.server.store.lmdb;

/** A staged message, in the order of its key: producer ids compare unsigned, as LMDB compares bytes. */
record StagedKey(long producerId, long txSequence, int index) implements Comparable<StagedKey> {

    /** The least key of a transaction. */
    static StagedKey first(long producerId, long txSequence) {
        return new StagedKey(producerId, txSequence, 0);
    }

    @Override
    public int compareTo(StagedKey other) {
        int order = Long.compareUnsigned(producerId, other.producerId);
        if (order == 0) {
            order = Long.compare(txSequence, other.txSequence);
        }
        return order == 0 ? Integer.compare(index, other.index) : order;
    }
}
