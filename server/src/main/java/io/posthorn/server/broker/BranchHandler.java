package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.BranchCommitRequest;
import io.posthorn.protocol.api.BranchDecideRequest;
import io.posthorn.protocol.api.BranchEndRequest;
import io.posthorn.protocol.api.BranchListResponse;
import io.posthorn.protocol.api.BranchRequest;
import io.posthorn.protocol.api.BranchStartRequest;
import io.posthorn.protocol.api.RecoverResponse;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.BranchAnswer;
import io.posthorn.server.queue.BranchEnd;
import io.posthorn.server.queue.BranchInfo;
import io.posthorn.server.queue.BranchStart;
import io.posthorn.server.queue.BranchVerbs.TransactionNumber;
import io.posthorn.server.queue.BrokerHeart;
import io.posthorn.server.queue.ClientState;
import io.posthorn.server.queue.Outcome;
import io.posthorn.server.queue.Span;
import java.util.ArrayList;
import java.util.List;

/** The XA verbs: work in branches of global transactions, their decision, and their recovery. */
final class BranchHandler implements RequestHandler {

    private final BrokerCore core;

    BranchHandler(BrokerCore core) {
        this.core = core;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.XA_START -> start(from, request, BranchStartRequest.decode(request.body()));
            case RequestCode.XA_END -> end(from, request, BranchEndRequest.decode(request.body()));
            case RequestCode.XA_PREPARE -> {
                BranchRequest prepare = BranchRequest.decode(request.body());
                submit(
                        from,
                        request,
                        (heart, client, now) -> heart.branches().prepare(prepare.branch(), prepare.repeated(), now));
            }
            case RequestCode.XA_COMMIT -> commit(from, request, BranchCommitRequest.decode(request.body()));
            case RequestCode.XA_ROLLBACK -> {
                BranchRequest rollback = BranchRequest.decode(request.body());
                submit(
                        from,
                        request,
                        (heart, client, now) -> heart.branches().rollback(rollback.branch(), rollback.repeated(), now));
            }
            case RequestCode.XA_FORGET -> {
                BranchRequest forget = BranchRequest.decode(request.body());
                submit(
                        from,
                        request,
                        (heart, client, now) -> heart.branches().forget(forget.branch(), forget.repeated(), now));
            }
            case RequestCode.XA_DECIDE -> {
                BranchDecideRequest decide = BranchDecideRequest.decode(request.body());
                submit(
                        from,
                        request,
                        (heart, client, now) -> heart.branches().decideAlone(decide.branch(), decide.commit(), now));
            }
            case RequestCode.XA_RECOVER ->
                core.submit(
                        from, request, (heart, client, now) -> heart.branches().recover(), BranchHandler::recovered);
            case RequestCode.XA_LIST -> core.submit(from, request, BranchHandler::list, BranchHandler::listed);
            default -> throw new ProtocolException("code " + request.code() + " is no XA verb");
        }
    }

    private void start(FrameConnection from, Frame request, BranchStartRequest start) {
        BranchStart how = switch (start.how()) {
            case NEW -> BranchStart.NEW;
            case JOIN -> BranchStart.JOIN;
            case RESUME -> BranchStart.RESUME;
        };
        submit(
                from,
                request,
                (heart, client, now) -> heart.branches()
                        .start(
                                client,
                                start.branch(),
                                how,
                                start.producerId(),
                                start.txSequence(),
                                start.timeoutMs(),
                                now));
    }

    private void end(FrameConnection from, Frame request, BranchEndRequest end) {
        BranchEnd how = switch (end.how()) {
            case SUCCESS -> BranchEnd.SUCCESS;
            case FAIL -> BranchEnd.FAIL;
            case SUSPEND -> BranchEnd.SUSPEND;
        };
        List<Span> consumed = SettlementHandler.spans(end.consumed());
        TransactionNumber number = new TransactionNumber(end.producerId(), end.txSequence());
        core.sends()
                .submitBehind(
                        from,
                        request,
                        end.producerId(),
                        (heart, client, now) ->
                                heart.branches().end(client, end.branch(), how, number, end.staged(), consumed, now),
                        BranchHandler::answer);
    }

    private void commit(FrameConnection from, Frame request, BranchCommitRequest commit) {
        TransactionNumber own = new TransactionNumber(commit.producerId(), commit.txSequence());
        submit(
                from,
                request,
                (heart, client, now) ->
                        heart.branches().commit(commit.branch(), commit.onePhase(), commit.repeated(), own, now));
    }

    private void submit(FrameConnection from, Frame request, Verb<BranchAnswer> verb) {
        core.submit(from, request, verb, BranchHandler::answer);
    }

    static ByteBuf answer(BranchAnswer answer, FrameConnection connection) {
        ByteBuf body = connection.newBody(8 + answer.text().length());
        new io.posthorn.protocol.api.BranchAnswer(answer.code(), answer.text()).encode(body);
        return body;
    }

    private static ByteBuf recovered(List<BranchInfo> branches, FrameConnection connection) {
        List<RecoverResponse.Row> rows = new ArrayList<>(branches.size());
        for (BranchInfo branch : branches) {
            if (branch.branch().isOfGroups()) {
                // Not a transaction manager's.
                continue;
            }
            rows.add(new RecoverResponse.Row(branch.branch(), state(branch), branch.sinceMs()));
        }
        ByteBuf body = connection.newBody(16 + 96 * rows.size());
        new RecoverResponse(rows).encode(body);
        return body;
    }

    /** @param nowMs when the list was made */
    private record Listing(List<BranchInfo> branches, long nowMs) {}

    private static Outcome<Listing> list(BrokerHeart heart, ClientState client, long now) {
        Outcome<List<BranchInfo>> found = heart.branches().recover();
        return new Outcome<>(found.entries(), new Listing(found.response(), now), null, found.awaitCommit());
    }

    private static ByteBuf listed(Listing listing, FrameConnection connection) {
        List<BranchListResponse.Row> rows = new ArrayList<>(listing.branches.size());
        for (BranchInfo branch : listing.branches) {
            long ageMs = Math.max(0, listing.nowMs - branch.sinceMs());
            rows.add(new BranchListResponse.Row(branch.branch(), state(branch), ageMs, branch.staged(), branch.held()));
        }
        ByteBuf body = connection.newBody(16 + 128 * rows.size());
        new BranchListResponse(rows).encode(body);
        return body;
    }

    private static RecoverResponse.State state(BranchInfo branch) {
        return switch (branch.decidedAlone()) {
            case FINISHED -> RecoverResponse.State.PREPARED;
            case COMMITTED_ALONE -> RecoverResponse.State.COMMITTED_ALONE;
            case ROLLED_BACK_ALONE -> RecoverResponse.State.ROLLED_BACK_ALONE;
        };
    }
}
