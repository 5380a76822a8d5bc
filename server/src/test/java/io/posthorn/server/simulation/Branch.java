package io.posthorn.server.simulation;

import io.posthorn.message.BranchId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A branch of a global transaction, as its transaction manager knows it. */
final class Branch {

    final BranchId id;
    final List<Sent> sends = new ArrayList<>();
    final List<Got> consumed = new ArrayList<>();
    final Set<Peer> peers = new HashSet<>();
    long deadlineMs = Long.MAX_VALUE;
    int working;
    boolean failed;
    boolean prepared;
    /** Its preparation was answered, and its decision was not. */
    boolean promised;

    Branch(BranchId id) {
        this.id = id;
    }
}
