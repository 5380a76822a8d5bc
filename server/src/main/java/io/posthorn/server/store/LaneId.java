package io.posthorn.server.store;

/**
 * A lane: the messages of one MessageQueue of one destination with one JMS priority, in a dense sequence of offsets 0, 1, 2….
 * It is packed into a long so that records and keys stay small: destination id (32 bits), MessageQueue index (8), priority (8).
 */
public final class LaneId {

    private LaneId() {}

    /**
     * @param destinationId 1 or more
     * @param queue index of the MessageQueue, 0 to 255
     * @param priority 0 to 9
     */
    public static long of(int destinationId, int queue, int priority) {
        return (long) destinationId << 16 | queue << 8 | priority;
    }

    public static int destinationId(long lane) {
        return (int) (lane >>> 16);
    }

    public static int queue(long lane) {
        return (int) (lane >>> 8) & 0xff;
    }

    public static int priority(long lane) {
        return (int) lane & 0xff;
    }

    /** For logs: {@code destination/queue/priority}. */
    public static String text(long lane) {
        return destinationId(lane) + "/" + queue(lane) + "/" + priority(lane);
    }
}
