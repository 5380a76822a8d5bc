package io.posthorn.server.replication;

/**
 * Whether a Master may still act as one. A process that was stopped for a while, or a host that slept, may have been replaced meanwhile; so after
 * a pause it has to find out first. Asked by the sequencer before everything it does; renewed by the {@link MasterWatch}.
 */
public final class Tenure {

    private final long limitNs;
    private volatile boolean watched;
    private volatile long renewedNs;

    /** @param limitNs a longer silence of the watch counts as a pause */
    Tenure(long limitNs) {
        this.limitNs = limitNs;
    }

    /** Whether anybody could have replaced this Master: if not, the clock need not be read. */
    public boolean isWatched() {
        return watched;
    }

    /** Whether the watch was heard of lately. */
    public boolean holds(long nowNs) {
        return !watched || nowNs - renewedNs <= limitNs;
    }

    void renew(long nowNs) {
        renewedNs = nowNs;
        watched = true;
    }
}
