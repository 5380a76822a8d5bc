package io.posthorn.server.store;

import io.posthorn.message.MessagePlace;

/** What replication allows the store. */
public interface StoreBounds {

    /** Without replication: what is durable may be folded, what is folded may go. */
    StoreBounds NONE = new StoreBounds() {
        @Override
        public long foldTo(long durable) {
            return durable;
        }

        @Override
        public long keepFrom(long folded) {
            return folded;
        }
    };

    /**
     * Up to where the journal may be folded: at or below the commit position, for what is folded cannot be cut back. Checkpointer's
     * thread, as is {@link #keepFrom}.
     *
     * @param durable end of what is durable here
     */
    long foldTo(long durable);

    /**
     * From where on the journal is still wanted.
     *
     * @param folded end of what has been folded
     * @return at most {@code folded}
     */
    long keepFrom(long folded);

    /**
     * Whether the body of a message in the tables can be left there, because its reader gets it from a Slave. Reader threads, once for each
     * message; only asked when the reader can do that.
     *
     * @param position  physical offset of the message
     * @param size      of the whole message in bytes
     * @param bodyBytes of these, those of the body
     * @return where the reader finds it, or null: the body is to be read here
     */
    default MessagePlace left(long position, int size, int bodyBytes) {
        return null;
    }
}
