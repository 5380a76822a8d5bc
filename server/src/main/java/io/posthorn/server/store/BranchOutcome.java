package io.posthorn.server.store;

/** What has become of a prepared branch. The order is the code in the journal. */
public enum BranchOutcome {
    /** Decided by its transaction manager, or forgotten: nothing is known of it any more. */
    FINISHED,
    /** Committed by an operator; known until the transaction manager has heard of it and forgets it. */
    COMMITTED_ALONE,
    /** Rolled back by an operator; likewise. */
    ROLLED_BACK_ALONE
}
