package io.posthorn.server.replication;

/**
 * Where a message should be read: at the Master, or at the Slave with brokerId 1, the only one that takes this load. A pure function of three
 * things, all of which have to speak for the Slave:
 *
 * <ul>
 *   <li>The message is not in the Master's memory. What is there costs nothing to hand out, and a way to the Slave costs time.
 *   <li>Its reader is far behind: more than {@value #BEHIND_MIN_BYTES} bytes of journal lie behind the message, which is what the default
 *       window of one consumer holds. A reader that is nearer is about to catch up, and what it reads was written a moment ago. The distance is that of positions, so
 *       everything from before the Master's start is far behind.
 *   <li>The Slave is connected, may be read, and has confirmed the whole entry.
 * </ul>
 *
 * <p>It is a suggestion: a reader that does not get the message from the Slave gets it from the Master.
 */
final class ReadSuggestion {

    /** The Slave that is read. */
    static final long SLAVE_ID = 1;

    /** So far behind is an old, cold read. */
    static final long BEHIND_MIN_BYTES = 4 << 20;

    private ReadSuggestion() {}

    /**
     * What is to be read.
     *
     * @param position where its entry starts
     * @param end      end of the journal
     * @param inMemory whether the Master has it in memory
     */
    record Read(long position, long end, boolean inMemory) {}

    /**
     * The Slave with brokerId 1, as the Master sees it.
     *
     * @param connected whether it follows now
     * @param mayBeRead whether its own settings allow it
     * @param confirmed end of what it has made durable: a boundary between entries
     */
    record Slave(boolean connected, boolean mayBeRead, long confirmed) {

        /** There is none. */
        static final Slave NONE = new Slave(false, false, 0);
    }

    /** Whether the Slave should be asked. */
    static boolean isForSlave(Read read, Slave slave) {
        return !read.inMemory
                && read.end - read.position > BEHIND_MIN_BYTES
                && slave.connected
                && slave.mayBeRead
                && slave.confirmed > read.position;
    }
}
