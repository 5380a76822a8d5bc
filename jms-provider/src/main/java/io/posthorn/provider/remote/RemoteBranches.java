package io.posthorn.provider.remote;

import io.netty.buffer.ByteBuf;
import io.posthorn.message.BranchId;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.BranchAnswer;
import io.posthorn.protocol.api.BranchCommitRequest;
import io.posthorn.protocol.api.BranchDecideRequest;
import io.posthorn.protocol.api.BranchEndRequest;
import io.posthorn.protocol.api.BranchGroupCommitRequest;
import io.posthorn.protocol.api.BranchGroupPrepareRequest;
import io.posthorn.protocol.api.BranchListResponse;
import io.posthorn.protocol.api.BranchRequest;
import io.posthorn.protocol.api.BranchStartRequest;
import io.posthorn.protocol.api.RecoverResponse;
import io.posthorn.provider.BranchReply;
import io.posthorn.provider.BranchWork;
import io.posthorn.provider.Branches;
import io.posthorn.provider.DeliverySpan;
import io.posthorn.provider.ProducerHandle;
import io.posthorn.provider.UndecidedBranch;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The XA verbs of one connection. Any thread. */
final class RemoteBranches implements Branches {

    private final ConnectionState state;

    RemoteBranches(ConnectionState state) {
        this.state = state;
    }

    @Override
    public BranchWork work(ProducerHandle producer) {
        RemoteProducer remote = RemoteProducer.of(producer);
        return new RemoteBranchWork(remote, remote.transaction());
    }

    @Override
    public CompletableFuture<BranchReply> start(BranchWork work, BranchId branch, Start how, long timeoutMs) {
        RemoteBranchWork remote = (RemoteBranchWork) work;
        BranchStartRequest request = new BranchStartRequest(
                branch,
                BranchStartRequest.How.valueOf(how.name()),
                remote.producer().producerId(),
                remote.transaction().sequence(),
                timeoutMs);
        return ask(RequestCode.XA_START, "starting work in a branch", (body, repeated) -> request.encode(body));
    }

    @Override
    public CompletableFuture<BranchReply> end(BranchWork work, BranchId branch, End how, List<DeliverySpan> consumed) {
        // Hand-over marks first: the branch takes the deliveries out of their consumers.
        state.settlements().flush();
        RemoteBranchWork remote = (RemoteBranchWork) work;
        BranchWorkEnd end = new BranchWorkEnd(remote, branch, BranchEndRequest.How.valueOf(how.name()), consumed);
        remote.producer().end(end);
        return end.future();
    }

    @Override
    public CompletableFuture<BranchReply> endSuspended(BranchWork work, BranchId branch, End how) {
        RemoteBranchWork remote = (RemoteBranchWork) work;
        BranchEndRequest request = new BranchEndRequest(
                branch,
                BranchEndRequest.How.valueOf(how.name()),
                remote.producer().producerId(),
                remote.transaction().sequence(),
                remote.transaction().staged(),
                List.of());
        return ask(RequestCode.XA_END, "ending suspended work in a branch", (body, repeated) -> request.encode(body));
    }

    @Override
    public CompletableFuture<BranchReply> prepare(BranchId branch) {
        return ask(RequestCode.XA_PREPARE, "preparing a branch", plain(branch));
    }

    @Override
    public CompletableFuture<BranchReply> commit(BranchId branch, boolean onePhase, BranchWork own) {
        RemoteBranchWork remote = (RemoteBranchWork) own;
        long producerId = remote == null ? 0 : remote.producer().producerId();
        long sequence = remote == null ? 0 : remote.transaction().sequence();
        return ask(
                RequestCode.XA_COMMIT,
                "committing a branch",
                (body, repeated) ->
                        new BranchCommitRequest(branch, repeated, onePhase, producerId, sequence).encode(body));
    }

    /** Prepares a branch that is committed in one phase over several groups, under an identity that names the coordinator. */
    CompletableFuture<BranchReply> prepareAs(BranchId branch, BranchId as) {
        return ask(
                RequestCode.XA_GROUP_PREPARE,
                "preparing a branch",
                (body, repeated) ->
                        new BranchGroupPrepareRequest(new BranchRequest(branch, repeated), as).encode(body));
    }

    /** Commits a branch in one phase, and decides thereby for other groups. @param own null when nothing was done here */
    CompletableFuture<BranchReply> commitDeciding(
            BranchId branch, RemoteBranchWork own, TransactionEnd.Decision decision) {
        return ask(
                RequestCode.XA_GROUP_COMMIT,
                "committing a branch",
                (body, repeated) -> new BranchGroupCommitRequest(
                                decision.branch(), decision.participants(), onePhase(branch, repeated, own))
                        .encode(body));
    }

    private static BranchCommitRequest onePhase(BranchId branch, boolean repeated, RemoteBranchWork own) {
        return own == null
                ? new BranchCommitRequest(branch, repeated, true, 0, 0)
                : new BranchCommitRequest(
                        branch,
                        repeated,
                        true,
                        own.producer().producerId(),
                        own.transaction().sequence());
    }

    @Override
    public CompletableFuture<BranchReply> rollback(BranchId branch) {
        // What the application gave back before comes back before.
        state.settlements().flush();
        return ask(RequestCode.XA_ROLLBACK, "rolling a branch back", plain(branch));
    }

    @Override
    public CompletableFuture<BranchReply> forget(BranchId branch) {
        return ask(RequestCode.XA_FORGET, "forgetting a branch", plain(branch));
    }

    @Override
    public CompletableFuture<List<BranchId>> recover() {
        return state.requests().ask(new BranchVerb<>(RequestCode.XA_RECOVER, "recovering", (body, repeated) -> {}) {
            @Override
            public List<BranchId> decode(ByteBuf answer) {
                return RecoverResponse.decode(answer).rows().stream()
                        .map(RecoverResponse.Row::branch)
                        .toList();
            }
        });
    }

    @Override
    public CompletableFuture<List<UndecidedBranch>> list() {
        return state.requests().ask(new BranchVerb<>(RequestCode.XA_LIST, "listing branches", (body, repeated) -> {}) {
            @Override
            public List<UndecidedBranch> decode(ByteBuf answer) {
                return BranchListResponse.decode(answer).rows().stream()
                        .map(row -> new UndecidedBranch(
                                row.branch(),
                                UndecidedBranch.State.valueOf(row.state().name()),
                                row.ageMs(),
                                row.staged(),
                                row.held()))
                        .toList();
            }
        });
    }

    @Override
    public CompletableFuture<BranchReply> decideAlone(BranchId branch, boolean commit) {
        BranchDecideRequest request = new BranchDecideRequest(branch, commit);
        return ask(RequestCode.XA_DECIDE, "deciding a branch", (body, repeated) -> request.encode(body));
    }

    @Override
    public String resourceId() {
        return state.resourceId();
    }

    private interface Body {

        void write(ByteBuf body, boolean repeated);
    }

    private static Body plain(BranchId branch) {
        return (body, repeated) -> new BranchRequest(branch, repeated).encode(body);
    }

    private CompletableFuture<BranchReply> ask(int code, String what, Body body) {
        return state.requests().ask(new BranchVerb<>(code, what, body) {
            @Override
            public BranchReply decode(ByteBuf answer) {
                BranchAnswer said = BranchAnswer.decode(answer);
                return new BranchReply(said.code(), said.text());
            }
        });
    }

    /** A verb that says in its body whether it is repeated. */
    private abstract static class BranchVerb<T> implements PendingVerb.Verb<T> {

        private final int code;
        private final String what;
        private final Body body;

        BranchVerb(int code, String what, Body body) {
            this.code = code;
            this.what = what;
            this.body = body;
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public String what() {
            return what;
        }

        @Override
        public void encode(ByteBuf out, boolean repeated) {
            body.write(out, repeated);
        }
    }
}
