package io.posthorn.server.queue;

/** Counts the occasions on which a full destination may have got room, so that those who wait for it need not try without. */
final class RoomCounter {

    private long count;

    void made() {
        count++;
    }

    long count() {
        return count;
    }
}
