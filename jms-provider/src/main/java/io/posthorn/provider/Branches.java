package io.posthorn.provider;

import io.posthorn.message.BranchId;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Branches of global transactions (XA), the second half of {@link Provider}. Thread-safe, and nothing blocks.
 *
 * <p>What XA knows as an error is a {@link BranchReply}; the futures fail with a {@link ProviderException} when nobody knows how a verb
 * ended. A lost connection is mended below: prepare, commit, rollback and forget are repeated, and tell how the first attempt
 * ended. What a session has in a branch that is not prepared does not outlive the connection.
 */
public interface Branches {

    /** How a session comes to work in a branch. */
    enum Start {
        NEW,
        JOIN,
        RESUME
    }

    /** How it leaves it. */
    enum End {
        SUCCESS,
        FAIL,
        SUSPEND
    }

    /** What the producer's next transacted sends are to become part of. Begins a new one after each {@link #end}. */
    BranchWork work(ProducerHandle producer);

    /**
     * Makes this work part of a branch.
     *
     * @param timeoutMs a new branch that is not prepared by then is rolled back; 0 = never
     */
    CompletableFuture<BranchReply> start(BranchWork work, BranchId branch, Start how, long timeoutMs);

    /** Ends the work, together with these deliveries. When the branch is gone or has failed, they are released. */
    CompletableFuture<BranchReply> end(BranchWork work, BranchId branch, End how, List<DeliverySpan> consumed);

    /** Ends work that was suspended. */
    CompletableFuture<BranchReply> endSuspended(BranchWork work, BranchId branch, End how);

    CompletableFuture<BranchReply> prepare(BranchId branch);

    /** @param own newest work of the asking session in this branch, or null */
    CompletableFuture<BranchReply> commit(BranchId branch, boolean onePhase, BranchWork own);

    CompletableFuture<BranchReply> rollback(BranchId branch);

    CompletableFuture<BranchReply> forget(BranchId branch);

    /** Branches that are prepared, or were decided by an operator and are not forgotten. */
    CompletableFuture<List<BranchId>> recover();

    /** What {@link #recover} finds, in detail; oldest first. For operators. */
    CompletableFuture<List<UndecidedBranch>> list();

    /**
     * An operator decides a prepared branch without its transaction manager, which is told so until it forgets the branch. The reply is XAER_NOTA
     * unless the branch is prepared.
     */
    CompletableFuture<BranchReply> decideAlone(BranchId branch, boolean commit);

    /** Names the broker that keeps the branches: cluster, group and address. Equal for connections that meet there. */
    String resourceId();
}
