package io.posthorn.server.broker;

import io.netty.buffer.ByteBuf;
import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.DestinationDeleteRequest;
import io.posthorn.protocol.api.DestinationListRequest;
import io.posthorn.protocol.api.DestinationReports;
import io.posthorn.protocol.api.DestinationSettingsRequest;
import io.posthorn.protocol.api.DestinationShowRequest;
import io.posthorn.server.net.RequestHandler;
import io.posthorn.server.queue.DestinationReport;
import java.util.ArrayList;
import java.util.List;

/** DESTINATION_LIST, SHOW, CREATE, SET and DELETE: what operators' commands ask. */
final class OperatorHandler implements RequestHandler {

    private static final int ROW_BYTES = 640;

    private final BrokerCore core;

    OperatorHandler(BrokerCore core) {
        this.core = core;
    }

    @Override
    public void handle(FrameConnection from, Frame request) {
        switch (request.code()) {
            case RequestCode.DESTINATION_LIST -> {
                int skip = DestinationListRequest.decode(request.body()).skip();
                submit(
                        from,
                        request,
                        (heart, client, now) -> heart.destinationVerbs().list(skip));
            }
            case RequestCode.DESTINATION_SHOW -> {
                DestinationShowRequest show = DestinationShowRequest.decode(request.body());
                submit(
                        from,
                        request,
                        (heart, client, now) -> heart.destinationVerbs().show(show.name()));
            }
            case RequestCode.DESTINATION_CREATE -> {
                DestinationSettingsRequest create = DestinationSettingsRequest.decode(request.body());
                core.submit(
                        from,
                        request,
                        (heart, client, now) -> heart.destinationVerbs().create(create.name(), create.settings(), now),
                        Answer.empty());
            }
            case RequestCode.DESTINATION_SET -> {
                DestinationSettingsRequest set = DestinationSettingsRequest.decode(request.body());
                core.submit(
                        from,
                        request,
                        (heart, client, now) -> heart.destinationVerbs().set(set.name(), set.settings()),
                        Answer.empty());
            }
            case RequestCode.DESTINATION_DELETE -> {
                DestinationDeleteRequest delete = DestinationDeleteRequest.decode(request.body());
                core.submit(
                        from,
                        request,
                        (heart, client, now) -> heart.destinationVerbs().delete(delete.name(), delete.force()),
                        Answer.empty());
            }
            default -> throw new ProtocolException("code " + request.code() + " is no operator's verb");
        }
    }

    private void submit(FrameConnection from, Frame request, Verb<List<DestinationReport>> verb) {
        core.submit(from, request, verb, (reports, connection) -> {
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
            ByteBuf body = connection.newBody(16 + ROW_BYTES * rows.size());
            new DestinationReports(rows).encode(body);
            return body;
        });
    }
}
