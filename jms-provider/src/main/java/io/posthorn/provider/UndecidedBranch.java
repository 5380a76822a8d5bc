package io.posthorn.provider;

import io.posthorn.message.BranchId;

/**
 * A branch of a global transaction that waits for its transaction manager, as an operator wants to see it.
 *
 * @param branch not null
 * @param state how far it has come
 * @param ageMs how long it has been in this state, 0 or more, by the broker's clock
 * @param staged messages that become visible when it is committed
 * @param held messages that it has consumed, and that come back when it is rolled back
 */
public record UndecidedBranch(BranchId branch, State state, long ageMs, long staged, long held) {

    /** How far a branch has come. */
    public enum State {
        PREPARED,
        /** By an operator; its transaction manager has not been told yet. */
        COMMITTED_ALONE,
        /** Likewise. */
        ROLLED_BACK_ALONE
    }
}
