package io.posthorn.server.replication;

import io.posthorn.protocol.api.ReplicaHelloRequest;
import io.posthorn.server.store.Reign;
import java.util.List;

/** The arithmetic of epochs. */
final class Epochs {

    /** A promotion goes to the next multiple: a Master that restarts while it is cut off never gets the epoch of its successor. */
    static final long PROMOTION_STEP = 1_000;

    private Epochs() {}

    /** The epoch of a Master that is promoted when these are known. */
    static long promoted(long newest, long newestElsewhere) {
        return (Math.max(newest, newestElsewhere) / PROMOTION_STEP + 1) * PROMOTION_STEP;
    }

    static long newest(List<Reign> reigns) {
        return reigns.stream().mapToLong(Reign::epoch).max().orElse(0);
    }

    static List<ReplicaHelloRequest.Reign> toWire(List<Reign> reigns) {
        return reigns.stream()
                .map(reign -> new ReplicaHelloRequest.Reign(reign.epoch(), reign.start(), reign.follows()))
                .toList();
    }

    static List<Reign> fromWire(List<ReplicaHelloRequest.Reign> reigns) {
        return reigns.stream()
                .map(reign -> new Reign(reign.epoch(), reign.start(), reign.follows()))
                .toList();
    }
}
