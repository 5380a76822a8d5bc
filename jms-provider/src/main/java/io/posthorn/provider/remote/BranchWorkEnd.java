package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.BranchAnswer;
import io.posthorn.protocol.api.BranchEndRequest;
import io.posthorn.protocol.api.DeliveryRange;
import io.posthorn.protocol.api.GroupPrepareRequest;
import io.posthorn.provider.BranchReply;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The end of a session's work in a branch, without an answer yet. It follows the sends of that work. After a loss it is repeated: the
 * branch is gone then, and the answer says so, but the deliveries have to be released.
 */
final class BranchWorkEnd extends ProducerCall {

    private final RemoteBranchWork work;
    private final BranchId branch;
    /** Null: it is prepared at once, as a part of a transaction over several broker groups. */
    private final BranchEndRequest.How how;

    private final List<DeliverySpan> consumed;
    private final CompletableFuture<BranchReply> future = new CompletableFuture<>();

    private List<DeliveryRange> ranges = List.of();
    /** The broker has given a consumed message to somebody else. Written under the producer's lock. */
    private boolean gone;

    BranchWorkEnd(RemoteBranchWork work, BranchId branch, BranchEndRequest.How how, List<DeliverySpan> consumed) {
        super(work.transaction());
        this.work = work;
        this.branch = branch;
        this.how = how;
        this.consumed = List.copyOf(consumed);
    }

    CompletableFuture<BranchReply> future() {
        return future;
    }

    @Override
    boolean prepare(BrokerLink next) {
        ranges = new ArrayList<>(consumed.size());
        for (DeliverySpan span : consumed) {
            RemoteConsumer consumer = RemoteConsumer.of(span.consumer());
            gone |= consumer.ledger().hasLost(span.from(), span.to());
            consumer.ledger().translate(consumer.consumerId(), span.from(), span.to(), ranges);
        }
        return true;
    }

    @Override
    int code() {
        return how == null ? RequestCode.GROUP_PREPARE : RequestCode.XA_END;
    }

    @Override
    int bodyBytes() {
        return 192 + 24 * ranges.size();
    }

    @Override
    void encode(ByteBuf body) {
        if (how == null) {
            // If it has not prepared it before, the broker must not do so without what it gave away.
            new GroupPrepareRequest(
                            branch,
                            gone || isRepeated(),
                            work.producer().producerId(),
                            transaction.sequence(),
                            transaction.staged(),
                            ranges)
                    .encode(body);
            return;
        }
        BranchEndRequest.How said = gone ? BranchEndRequest.How.FAIL : how;
        new BranchEndRequest(
                        branch,
                        said,
                        work.producer().producerId(),
                        transaction.sequence(),
                        transaction.staged(),
                        ranges)
                .encode(body);
    }

    @Override
    boolean isUrgent() {
        return true;
    }

    @Override
    String what() {
        return how == null ? "preparing a transaction" : "the end of work in a branch";
    }

    @Override
    void done(ProviderException failure, ByteBuf answer) {
        ProviderException outcome = failure;
        BranchReply reply = null;
        if (failure == null) {
            try {
                BranchAnswer said = BranchAnswer.decode(answer);
                reply = new BranchReply(said.code(), said.text());
            } catch (ProtocolException malformed) {
                outcome = new ProviderException(Kind.INTERNAL, "malformed answer to " + what(), malformed);
            }
        }
        if (!work.producer().settled(this)) {
            return;
        }
        for (DeliverySpan span : consumed) {
            RemoteConsumer.of(span.consumer()).settled(span.from(), span.to());
        }
        if (outcome == null) {
            future.complete(reply);
        } else {
            future.completeExceptionally(outcome);
        }
    }

    @Override
    boolean survivesLoss() {
        return true;
    }

    @Override
    void abandoned() {
        throw new IllegalStateException("the end of work in a branch is never left out");
    }
}
