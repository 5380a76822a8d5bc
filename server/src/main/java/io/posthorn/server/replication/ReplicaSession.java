package io.posthorn.server.replication;

import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.api.ReplicaFetchRequest;

/** One Slave, as its Master sees it; there from its first hello to the Master's end. Guarded by the {@link MasterState}. */
final class ReplicaSession {

    final long brokerId;

    String address = "";

    /** Null while it is away. */
    FrameConnection connection;

    /** It has confirmed everything before; 0 until the journals have been found to be the same. */
    long durable;

    /** Whether clients may read from it, as it has said. */
    boolean mayBeRead;

    /** Newest format level that it reads, as it has said. */
    int formatLevelMax;

    /** Whether it follows: its journal up to {@code durable} is the Master's. */
    boolean following;

    long heardNs;

    /** Since when it has not had all that is durable here; only while {@code isBehind}. */
    long behindSinceNs;

    boolean isBehind = true;

    /** Whether it is taking a snapshot, or getting the journal behind one: that is kept for it, however much it is. */
    boolean pinned;

    /** Whether it has had everything since it connected. */
    boolean hasCaughtUp;

    /** What it waits for, or null. */
    Fetch fetch;

    /** A fetch that could not be answered at once. */
    record Fetch(FrameConnection from, Frame request, ReplicaFetchRequest wanted, long deadlineNs) {}

    ReplicaSession(long brokerId) {
        this.brokerId = brokerId;
    }

    /** Notes what it has compared with what is durable here. */
    void compare(long durableHere, long nowNs) {
        boolean behind = durable < durableHere;
        if (behind && !isBehind) {
            behindSinceNs = nowNs;
        }
        isBehind = behind;
        hasCaughtUp |= following && !behind;
        pinned &= !hasCaughtUp;
    }

    /** Whether it counts among the copies: it is there, has had everything, and is not behind for longer than this. */
    boolean isInSync(long nowNs, long patienceNs) {
        return connection != null && hasCaughtUp && (!isBehind || nowNs - behindSinceNs <= patienceNs);
    }

    void away() {
        connection = null;
        fetch = null;
        hasCaughtUp = false;
        isBehind = true;
    }
}
