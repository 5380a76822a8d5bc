package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.AcknowledgeRequest;
import io.posthorn.protocol.api.CommitRequest;
import io.posthorn.protocol.api.DeliveryRange;
import io.posthorn.protocol.api.OutcomeRequest;
import io.posthorn.protocol.api.OutcomeResponse;
import io.posthorn.protocol.api.RollbackRequest;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.Settling;
import io.posthorn.server.queue.Span;
import java.util.ArrayList;
import java.util.List;

/** ACKNOWLEDGE, COMMIT, ROLLBACK and OUTCOME: how deliveries and transactions end. */
final class SettlementHandler implements RequestHandler {

    private final BrokerCore core;

    SettlementHandler(BrokerCore core) {
        this.core = core;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.ACKNOWLEDGE -> acknowledge(from, request, AcknowledgeRequest.decode(request.body()));
            case RequestCode.COMMIT -> commit(from, request, CommitRequest.decode(request.body()));
            case RequestCode.ROLLBACK -> {
                RollbackRequest rollback = RollbackRequest.decode(request.body());
                List<Span> released = spans(rollback.released());
                core.sends()
                        .submitBehind(
                                from,
                                request,
                                rollback.producerId(),
                                (heart, client, now) -> heart.rollback(
                                        client, rollback.producerId(), rollback.txSequence(), released, now),
                                Answer.empty());
            }
            case RequestCode.OUTCOME -> outcome(from, request, OutcomeRequest.decode(request.body()));
            default -> throw new ProtocolException("code " + request.code() + " is no settlement verb");
        }
    }

    private void acknowledge(FrameConnection from, Frame request, AcknowledgeRequest acknowledge) {
        Settling how = switch (acknowledge.disposition()) {
            case ACCEPT -> Settling.ACCEPT;
            case RELEASE -> Settling.RELEASE;
            case REJECT -> Settling.REJECT;
        };
        List<Span> spans = spans(acknowledge.ranges());
        Verb<Void> verb = (heart, client, now) -> heart.acknowledge(client, how, spans, now);
        if (acknowledge.awaited()) {
            core.submit(from, request, verb, Answer.empty());
        } else {
            core.submitPatiently(from, request, verb, Answer.empty());
        }
    }

    private void commit(FrameConnection from, Frame request, CommitRequest commit) {
        List<Span> consumed = spans(commit.acknowledged());
        core.sends()
                .submitBehind(
                        from,
                        request,
                        commit.producerId(),
                        (heart, client, now) -> heart.commit(
                                client, commit.producerId(), commit.txSequence(), commit.staged(), consumed, now),
                        Answer.empty());
    }

    private void outcome(FrameConnection from, Frame request, OutcomeRequest asked) {
        core.submit(
                from,
                request,
                (heart, client, now) -> heart.outcome(asked.producerId(), asked.txSequence()),
                (committed, connection) -> {
                    ByteBuf body = connection.newBody(8);
                    new OutcomeResponse(committed).encode(body);
                    return body;
                });
    }

    static List<Span> spans(List<DeliveryRange> ranges) {
        List<Span> spans = new ArrayList<>(ranges.size());
        for (DeliveryRange range : ranges) {
            spans.add(new Span(range.consumerId(), range.from(), range.to()));
        }
        return spans;
    }
}
