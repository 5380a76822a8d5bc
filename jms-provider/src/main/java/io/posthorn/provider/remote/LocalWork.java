package io.posthorn.provider.remote;

import io.posthorn.message.BranchId;
import io.posthorn.provider.BranchReply;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAResource;

/** What a session did at several broker groups in a local transaction. */
record LocalWork(ClusterProducer producer, SpansByGroup consumed) implements GroupCommit.Work {

    private static final BranchReply COMMITTED = new BranchReply(XAResource.XA_OK, "");

    @Override
    public CompletableFuture<BranchReply> prepare(FailoverProvider group, BranchId as) {
        return group.prepare(producer.at(group), as, consumed.at(group));
    }

    @Override
    public CompletableFuture<BranchReply> decide(FailoverProvider coordinator, TransactionEnd.Decision decision) {
        return coordinator
                .commitDeciding(producer.at(coordinator), consumed.at(coordinator), decision)
                .thenApply(done -> COMMITTED);
    }

    @Override
    public CompletableFuture<?> rollBack(FailoverProvider group) {
        return group.rollback(producer.at(group), consumed.at(group));
    }
}
