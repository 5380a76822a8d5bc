package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.ErrorCode;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.DestinationDeleteRequest;
import io.posthorn.protocol.api.DestinationListRequest;
import io.posthorn.protocol.api.DestinationReports;
import io.posthorn.protocol.api.DestinationSettingsRequest;
import io.posthorn.protocol.api.DestinationShowRequest;
import io.posthorn.server.cluster.ClusterWork;
import io.posthorn.server.cluster.DirectoryRole;
import io.posthorn.server.net.Acceptor;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.DestinationReport;
import java.util.ArrayList;
import java.util.List;

/** DESTINATION_LIST, SHOW, CREATE, SET and DELETE: what operators' commands ask. */
final class OperatorHandler implements RequestHandler {

    private static final int ROW_BYTES = 640;

    private final BrokerCore core;
    private final DirectoryRole role;
    private final ClusterWork work;

    OperatorHandler(BrokerCore core, DirectoryRole role, ClusterWork work) {
        this.core = core;
        this.role = role;
        this.work = work;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.DESTINATION_LIST -> {
                int skip = DestinationListRequest.decode(request.body()).skip();
                if (isForAll()) {
                    ClusterHandler.answer(from, request, work.destinations(skip), all -> body(all, from));
                    return;
                }
                submit(
                        from,
                        request,
                        (heart, client, now) -> heart.destinationVerbs().list(skip));
            }
            case RequestCode.DESTINATION_SHOW -> {
                DestinationShowRequest show = DestinationShowRequest.decode(request.body());
                if (isForAll()) {
                    ClusterHandler.answer(from, request, work.destination(show.name()), one -> body(one, from));
                    return;
                }
                submit(
                        from,
                        request,
                        (heart, client, now) -> heart.destinationVerbs().show(show.name()));
            }
            case RequestCode.DESTINATION_CREATE -> {
                DestinationSettingsRequest create = DestinationSettingsRequest.decode(request.body());
                String refusal = role.refusal();
                if (refusal != null) {
                    Acceptor.refuse(from, request, ErrorCode.NOT_PLACED, refusal);
                } else {
                    ClusterHandler.answer(from, request, work.create(create.name(), create.settings()), null);
                }
            }
            case RequestCode.DESTINATION_SET -> {
                DestinationSettingsRequest set = DestinationSettingsRequest.decode(request.body());
                if (role.isHere()) {
                    ClusterHandler.answer(from, request, work.set(set.name(), set.settings()), null);
                    return;
                }
                core.submit(
                        from,
                        request,
                        (heart, client, now) -> heart.destinationVerbs().set(set.name(), set.settings()),
                        Answer.empty());
            }
            case RequestCode.DESTINATION_DELETE -> {
                DestinationDeleteRequest delete = DestinationDeleteRequest.decode(request.body());
                if (role.isHere()) {
                    ClusterHandler.answer(from, request, work.delete(delete.name(), delete.force()), null);
                    return;
                }
                core.submit(
                        from,
                        request,
                        (heart, client, now) -> heart.destinationVerbs().delete(delete.name(), delete.force()),
                        Answer.empty());
            }
            default -> throw new ProtocolException("code " + request.code() + " is no operator's verb");
        }
    }

    /** The directory answers for the whole cluster. */
    private boolean isForAll() {
        return role.isHere() && role.groups().size() > 1;
    }

    private void submit(FrameConnection from, Frame request, Verb<List<DestinationReport>> verb) {
        core.submit(from, request, verb, OperatorHandler::body);
    }

    private static ByteBuf body(List<DestinationReport> reports, FrameConnection to) {
        List<DestinationReports.Row> rows = new ArrayList<>(reports.size());
        for (DestinationReport report : reports) {
            rows.add(new DestinationReports.Row(
                    report.name(),
                    report.attributes(),
                    report.settings(),
                    report.messages(),
                    report.bytes(),
                    report.consumers(),
                    report.subscriptions(),
                    report.dropped()));
        }
        ByteBuf body = to.newBody(16 + ROW_BYTES * rows.size());
        new DestinationReports(rows).encode(body);
        return body;
    }
}
