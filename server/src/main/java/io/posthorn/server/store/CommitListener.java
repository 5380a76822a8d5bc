package io.posthorn.server.store;

/** Told by the store, on a thread of its own, how far the journal is safe. Must return quickly. */
public interface CommitListener {

    /** All entries that end at or before this position are durable on every required copy. Never moves back. */
    void committed(long position);

    /**
     * All entries that end at or before this position are in the journal's files, and about to be synced. Never moves back within the
     * life of a store.
     */
    default void written(long position) {}

    /**
     * A write or sync has failed. Nothing after the last committed position may be acknowledged any more: the broker is
     * fenced until it is restarted. Called once; again when it has thrown.
     */
    void failed(StoreException cause);

    /** A checkpoint has moved everything below this position into the deep store; reads go there from now on. */
    void checkpointed(long position);
}
