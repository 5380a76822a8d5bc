package io.posthorn.server.queue;

/** One subscription's copy of a message that is not journalled for it. */
final class VolatileMessage {

    final VolatileBody body;
    final Level level;
    /** Rising number within the broker's life; its negative is the offset that clients see. */
    final long id;
    /** The lane's next offset at arrival: journalled messages below it came before this one. */
    final long key;
    /** Journal position that has to be committed first; 0 = none. */
    final long visibleAt;
    /** How often it was handed to an application. */
    int count;
    /** How often of these that does not make it a dead letter. */
    int excused;
    /** It is in flight. */
    boolean taken;

    VolatileMessage(VolatileBody body, Level level, long id, long key, long visibleAt) {
        this.body = body;
        this.level = level;
        this.id = id;
        this.key = key;
        this.visibleAt = visibleAt;
    }
}
