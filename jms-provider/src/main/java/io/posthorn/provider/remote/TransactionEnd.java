package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.CommitRequest;
import io.posthorn.protocol.api.DeliveryRange;
import io.posthorn.protocol.api.GroupCommitRequest;
import io.posthorn.protocol.api.OutcomeRequest;
import io.posthorn.protocol.api.RollbackRequest;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A commit or a rollback without an answer yet.
 *
 * <p>A commit that cannot succeed any more, since the broker has dropped what was staged or has given a consumed delivery
 * to somebody else, is written as a rollback, so that the deliveries are released; it then fails. One that may have been carried out
 * when the link was lost is not repeated but asked about.
 */
final class TransactionEnd extends ProducerCall {

    private final RemoteProducer producer;
    private final boolean commit;
    private final List<DeliverySpan> consumed;
    /** What a commit decides for other broker groups; null when there are none. */
    private final Decision decision;

    private final CompletableFuture<Void> future;

    /** The other groups of a transaction, and the branch that they have prepared. */
    record Decision(BranchId branch, List<String> participants) {}

    /** Why a commit is written as a rollback, or null. Written under the producer's lock. */
    private ProviderException rollbackReason;

    private List<DeliveryRange> ranges = List.of();

    TransactionEnd(
            RemoteProducer producer,
            Transaction transaction,
            boolean commit,
            List<DeliverySpan> consumed,
            Decision decision,
            CompletableFuture<Void> future) {
        super(transaction);
        this.producer = producer;
        this.commit = commit;
        this.consumed = List.copyOf(consumed);
        this.decision = decision;
        this.future = future;
    }

    /** Whether only the broker knows how this transaction ended. */
    boolean isInDoubt() {
        return isWritten() && isCommit();
    }

    @Override
    boolean prepare(BrokerLink next) {
        ranges = new ArrayList<>(consumed.size());
        boolean gone = false;
        for (DeliverySpan span : consumed) {
            RemoteConsumer consumer = RemoteConsumer.of(span.consumer());
            gone |= consumer.ledger().hasLost(span.from(), span.to());
            consumer.ledger().translate(consumer.consumerId(), span.from(), span.to(), ranges);
        }
        if (commit && rollbackReason == null) {
            if (transaction.isLost()) {
                rollbackReason = Failures.rolledBack("the connection was lost before the commit");
            } else if (gone) {
                rollbackReason = Failures.rolledBack("the broker gave a consumed message to another consumer");
            }
        }
        return true;
    }

    @Override
    int code() {
        if (!isCommit()) {
            return RequestCode.ROLLBACK;
        }
        return decision == null ? RequestCode.COMMIT : RequestCode.GROUP_COMMIT;
    }

    @Override
    int bodyBytes() {
        return 32 + 24 * ranges.size() + (decision == null ? 0 : 192);
    }

    @Override
    void encode(ByteBuf body) {
        if (isCommit()) {
            CommitRequest commit =
                    new CommitRequest(producer.producerId(), transaction.sequence(), transaction.staged(), ranges);
            if (decision == null) {
                commit.encode(body);
            } else {
                new GroupCommitRequest(decision.branch, decision.participants, commit).encode(body);
            }
        } else {
            new RollbackRequest(producer.producerId(), transaction.sequence(), ranges).encode(body);
        }
    }

    @Override
    boolean isUrgent() {
        return true;
    }

    @Override
    String what() {
        return commit ? "a commit" : "a rollback";
    }

    @Override
    void done(ProviderException failure, ByteBuf answer) {
        boolean ended = failure == null
                || failure.kind() == Kind.TRANSACTION_ROLLED_BACK
                // Committed, as far as the broker is concerned: whoever rolled it back would do so in vain.
                || failure.kind() == Kind.IN_DOUBT;
        if (isCommit() && !ended) {
            // Refused, yet perhaps still open at the broker: end it there as well, before the application hears of it.
            producer.rollBackInstead(this, failure);
            return;
        }
        finish(rollbackReason != null ? rollbackReason : failure);
    }

    /** Makes a refused commit a rollback; under the producer's lock. */
    void becomeRollback(ProviderException reason) {
        rollbackReason = reason;
    }

    /** An unanswered commit leaves everybody in doubt: the next link will know. */
    @Override
    void timedOut() {
        if (isCommit()) {
            link().close("a commit was not answered in time");
        } else {
            super.timedOut();
        }
    }

    /** The question to ask while {@link #isInDoubt}. */
    OutcomeRequest outcomeRequest() {
        return new OutcomeRequest(producer.producerId(), transaction.sequence());
    }

    /**
     * The broker's answer on a transaction in doubt. One that was not carried out becomes a rollback on the next link, so that what it
     * has consumed comes back as delivered before.
     */
    void resolved(boolean committed) {
        if (committed) {
            finish(null);
            return;
        }
        ProviderException rolledBack = Failures.rolledBack("the connection was lost during the commit");
        if (consumed.isEmpty()) {
            finish(rolledBack);
        } else {
            producer.rollBackInstead(this, rolledBack);
        }
    }

    /** The broker could not say how it ended. */
    void unresolved(ProviderException failure) {
        finish(failure);
    }

    @Override
    boolean survivesLoss() {
        if (!isWritten() && transaction.isTouched()) {
            transaction.lose();
        }
        return true;
    }

    @Override
    void abandoned() {
        throw new IllegalStateException("the end of a transaction is never left out");
    }

    private boolean isCommit() {
        return commit && rollbackReason == null;
    }

    private void finish(ProviderException failure) {
        if (!producer.settled(this)) {
            return;
        }
        for (DeliverySpan span : consumed) {
            RemoteConsumer.of(span.consumer()).settled(span.from(), span.to());
        }
        if (failure == null) {
            future.complete(null);
        } else {
            future.completeExceptionally(failure);
        }
    }
}
