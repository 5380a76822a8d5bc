package io.posthorn.server.store;

import io.posthorn.message.EncodedMessage;

/**
 * Room on disk for messages that need not outlive the process. One thread at a time (the sequencer) calls it; nothing here waits for the
 * disk. The {@link Listener} is told on a thread of the store.
 */
public interface SpillSpace {

    /** No room at all: what is written is never answered. */
    SpillSpace NONE = new SpillSpace() {
        @Override
        public void write(long id, EncodedMessage message) {}

        @Override
        public void read(long[] ids) {}

        @Override
        public void drop(long id) {}
    };

    /** What has become of requests. */
    interface Listener {

        /** These are on disk. */
        void spilled(long[] ids);

        /**
         * These could not be written, and are not there.
         *
         * @param why names the limit or the failure
         */
        void spillRefused(long[] ids, String why);

        /** @param messages same order as the ids; null where it cannot be read any more */
        void spillRead(long[] ids, EncodedMessage[] messages);
    }

    /**
     * Writes a message; one that is dropped before may not be answered.
     *
     * @param id above all ids before
     */
    void write(long id, EncodedMessage message);

    /** Reads messages whose writing was answered. */
    void read(long[] ids);

    /** Frees the room of a message; unknown ids are ignored. */
    void drop(long id);
}
