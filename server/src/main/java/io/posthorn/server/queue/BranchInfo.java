package io.posthorn.server.queue;

import io.posthorn.message.BranchId;
import io.posthorn.server.store.BranchOutcome;

/**
 * A branch that waits for its transaction manager.
 *
 * @param decidedAlone what an operator did to it, FINISHED for nothing: it is prepared
 * @param sinceMs when it was prepared, or decided alone; ms since 1970
 * @param staged messages it has sent
 * @param held messages it has consumed
 */
public record BranchInfo(BranchId branch, BranchOutcome decidedAlone, long sinceMs, long staged, long held) {}
