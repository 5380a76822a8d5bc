package io.posthorn.server.simulation;

/** What may be broken on purpose, to see that the books notice. */
enum Fault {
    NONE(null),
    FORGET_A_COMMITTED_ENTRY(Invariant.I1),
    DROP_A_BODY(Invariant.I1),
    SHOW_UNCOMMITTED(Invariant.I2),
    LET_OTHERS_PASS(Invariant.I3),
    DROP_A_SETTLEMENT(Invariant.I4),
    SPLIT_A_COMMIT(Invariant.I5),
    FORGET_A_PREPARED_BRANCH(Invariant.I6),
    COMMIT_MOVES_BACK(Invariant.I7),
    KEEP_THE_EPOCH(Invariant.I8),
    COUNT_ONE_COPY(Invariant.I1),
    PROMOTE_THE_SHORTEST(Invariant.I1),
    FORGET_DEDUP(Invariant.I9),
    REPLAY_DIFFERS(Invariant.I10),
    SHARE_A_GROUP(Invariant.I11),
    PASS_A_HELD_MESSAGE(Invariant.I11);

    /** The invariant that should be found broken; null for none. */
    final Invariant invariant;

    Fault(Invariant invariant) {
        this.invariant = invariant;
    }

    /** Whether it is one of replication. */
    boolean needsCluster() {
        return this == COMMIT_MOVES_BACK
                || this == KEEP_THE_EPOCH
                || this == COUNT_ONE_COPY
                || this == PROMOTE_THE_SHORTEST;
    }

    /** Whether the state after replay is wrong by this fault, which other books are to notice. */
    boolean changesReplay() {
        return this == FORGET_A_COMMITTED_ENTRY || this == SPLIT_A_COMMIT || this == FORGET_A_PREPARED_BRANCH;
    }
}
