package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.BranchCommitRequest;
import io.posthorn.protocol.api.BranchGroupCommitRequest;
import io.posthorn.protocol.api.BranchGroupPrepareRequest;
import io.posthorn.protocol.api.BranchRequest;
import io.posthorn.protocol.api.CommitRequest;
import io.posthorn.protocol.api.ConfirmDecisionRequest;
import io.posthorn.protocol.api.CoordinationRequest;
import io.posthorn.protocol.api.DecisionResponse;
import io.posthorn.protocol.api.EnlistRequest;
import io.posthorn.protocol.api.EnlistResponse;
import io.posthorn.protocol.api.GroupCommitRequest;
import io.posthorn.protocol.api.GroupPrepareRequest;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.BranchVerbs.TransactionNumber;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.queue.Span;
import java.util.List;

/** Transactions over several broker groups: what their clients ask of coordinator and participants, and participants of the coordinator. */
final class CoordinationHandler implements RequestHandler {

    private final BrokerCore core;

    CoordinationHandler(BrokerCore core) {
        this.core = core;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.COORDINATE -> {
                CoordinationRequest asked = CoordinationRequest.decode(request.body());
                core.submit(
                        from,
                        request,
                        (heart, client, now) -> heart.coordination().announce(client, asked.branch()),
                        Answer.empty());
            }
            case RequestCode.GROUP_PREPARE -> prepare(from, request, GroupPrepareRequest.decode(request.body()));
            case RequestCode.GROUP_COMMIT -> commit(from, request, GroupCommitRequest.decode(request.body()));
            case RequestCode.XA_ENLIST -> {
                EnlistRequest enlist = EnlistRequest.decode(request.body());
                core.submit(
                        from,
                        request,
                        (heart, client, now) -> Outcome.of(heart.branches().enlist(enlist.branch(), enlist.groups())),
                        (groups, connection) -> {
                            ByteBuf body = connection.newBody(64);
                            new EnlistResponse(groups != null, groups == null ? List.of() : groups).encode(body);
                            return body;
                        });
            }
            case RequestCode.XA_GROUP_PREPARE -> {
                BranchGroupPrepareRequest prepare = BranchGroupPrepareRequest.decode(request.body());
                BranchRequest of = prepare.of();
                core.submit(
                        from,
                        request,
                        (heart, client, now) ->
                                heart.coordination().prepareAs(of.branch(), prepare.as(), of.repeated(), now),
                        BranchHandler::answer);
            }
            case RequestCode.XA_GROUP_COMMIT -> commit(from, request, BranchGroupCommitRequest.decode(request.body()));
            case RequestCode.CONFIRM_DECISION -> {
                ConfirmDecisionRequest confirm = ConfirmDecisionRequest.decode(request.body());
                // Nobody waits for it: what is not confirmed is asked for once more.
                core.submitPatiently(
                        from,
                        request,
                        (heart, client, now) ->
                                heart.coordination().confirm(client, confirm.branch(), confirm.participants()),
                        Answer.empty());
            }
            case RequestCode.ASK_DECISION -> {
                CoordinationRequest asked = CoordinationRequest.decode(request.body());
                core.submit(
                        from,
                        request,
                        (heart, client, now) -> heart.coordination().ask(asked.branch()),
                        (decision, connection) -> {
                            ByteBuf body = connection.newBody(8);
                            new DecisionResponse(DecisionResponse.Decision.valueOf(decision.name())).encode(body);
                            return body;
                        });
            }
            default -> throw new ProtocolException("code " + request.code() + " is no verb of coordination");
        }
    }

    private void prepare(FrameConnection from, Frame request, GroupPrepareRequest prepare) {
        TransactionNumber number = new TransactionNumber(prepare.producerId(), prepare.txSequence());
        List<Span> consumed = SettlementHandler.spans(prepare.consumed());
        core.sends()
                .submitBehind(
                        from,
                        request,
                        prepare.producerId(),
                        (heart, client, now) -> heart.coordination()
                                .prepare(
                                        client,
                                        prepare.branch(),
                                        prepare.repeated(),
                                        number,
                                        prepare.staged(),
                                        consumed,
                                        now),
                        BranchHandler::answer);
    }

    private void commit(FrameConnection from, Frame request, GroupCommitRequest decide) {
        CommitRequest commit = decide.commit();
        TransactionNumber number = new TransactionNumber(commit.producerId(), commit.txSequence());
        List<Span> consumed = SettlementHandler.spans(commit.acknowledged());
        core.sends()
                .submitBehind(
                        from,
                        request,
                        commit.producerId(),
                        (heart, client, now) -> heart.coordination()
                                .commit(
                                        client,
                                        decide.branch(),
                                        decide.participants(),
                                        number,
                                        commit.staged(),
                                        consumed,
                                        now),
                        Answer.empty());
    }

    private void commit(FrameConnection from, Frame request, BranchGroupCommitRequest decide) {
        BranchCommitRequest commit = decide.commit();
        TransactionNumber own = new TransactionNumber(commit.producerId(), commit.txSequence());
        core.submit(
                from,
                request,
                (heart, client, now) -> heart.coordination()
                        .commitAs(
                                client,
                                commit.branch(),
                                decide.as(),
                                decide.participants(),
                                commit.repeated(),
                                own,
                                now),
                BranchHandler::answer);
    }
}
