package io.posthorn.server.nameserver;

import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ResponseCode;
import java.util.Map;

/**
 * What clients ask: GET_ROUTEINFO_BY_TOPIC and GET_BROKER_CLUSTER_INFO. Called on the event loop of
 * the client's connection. A malformed request throws {@link io.posthorn.protocol.ProtocolException}.
 */
final class RouteHandler {

    /** From this version on (4.9.4) a client reads standard JSON only. */
    private static final int STANDARD_JSON_SINCE_VERSION = 401;

    private final RouteTable<FrameConnection> table;

    RouteHandler(RouteTable<FrameConnection> table) {
        this.table = table;
    }

    Answer route(Frame request) {
        RequestFields fields = new RequestFields(request);
        String topic = fields.text("topic");
        boolean standard = request.version() >= STANDARD_JSON_SINCE_VERSION || fields.flag("acceptStandardJsonOnly");
        return table.route(topic)
                .map(route -> Answer.success(Map.of(), RouteCodec.encode(route, standard)))
                .orElseGet(() ->
                        Answer.error(ResponseCode.TOPIC_NOT_EXIST, "no broker has registered the topic " + topic));
    }

    Answer clusterInfo() {
        return Answer.success(Map.of(), RouteCodec.encode(table.clusterInfo()));
    }
}
