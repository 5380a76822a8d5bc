package io.posthorn.server.queue;

/** How a session leaves a branch. */
public enum BranchEnd {
    /** Its part is done. */
    SUCCESS,
    /** Its part is done and has failed: the branch can only be rolled back. */
    FAIL,
    /** It will come back. */
    SUSPEND
}
