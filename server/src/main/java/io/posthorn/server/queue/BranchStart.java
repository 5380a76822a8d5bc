package io.posthorn.server.queue;

/** How a session comes to work in a branch. */
public enum BranchStart {
    /** The branch begins. */
    NEW,
    /** It exists already, with work of other sessions. */
    JOIN,
    /** The session has suspended its work in it. */
    RESUME
}
