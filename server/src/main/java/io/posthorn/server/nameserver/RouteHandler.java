package io.posthorn.server.nameserver;

import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ResponseCode;
import java.util.Map;

/**
 * What clients ask: GET_ROUTEINFO_BY_TOPIC, GET_BROKER_CLUSTER_INFO, GET_BROKER_MEMBER_GROUP. Called on the event
 * loop of the client's connection. A malformed request throws {@link io.posthorn.protocol.ProtocolException}.
 */
final class RouteHandler {

    /** From this version on (4.9.4) a client reads standard JSON only. */
    private static final int STANDARD_JSON_SINCE_VERSION = 401;

    private final RouteTable<FrameConnection> table;
    private final KvConfig kvConfig;
    private final Switches switches;

    RouteHandler(RouteTable<FrameConnection> table, KvConfig kvConfig, Switches switches) {
        this.table = table;
        this.kvConfig = kvConfig;
        this.switches = switches;
    }

    Answer route(Frame request) {
        RequestFields fields = new RequestFields(request);
        String topic = fields.text("topic");
        boolean standard = request.version() >= STANDARD_JSON_SINCE_VERSION || fields.flag("acceptStandardJsonOnly");
        return table.route(topic)
                .map(route -> Answer.success(
                        Map.of(), RouteCodec.encode(shown(topic, route, fields), orderConf(topic), standard)))
                .orElseGet(() ->
                        Answer.error(ResponseCode.TOPIC_NOT_EXIST, "no broker has registered the topic " + topic));
    }

    private Route shown(String topic, Route route, RequestFields fields) {
        Route shown = switches.isOn(Switch.SUPPORT_ACTING_MASTER) ? RouteView.withActingMasters(topic, route) : route;
        String zone = fields.optionalText("__ZONE_NAME");
        return fields.flag("__ZONE_MODE") && zone != null && !zone.isEmpty() ? RouteView.inZone(zone, shown) : shown;
    }

    private String orderConf(String topic) {
        return switches.isOn(Switch.ORDER_MESSAGE_ENABLE)
                ? kvConfig.get(KvConfig.ORDER_TOPICS, topic).orElse(null)
                : null;
    }

    Answer members(Frame request) {
        RequestFields fields = new RequestFields(request);
        String cluster = fields.text("clusterName");
        String brokerName = fields.text("brokerName");
        Map<Long, String> addresses = table.group(brokerName)
                .<Map<Long, String>>map(BrokerData::addresses)
                .orElse(Map.of());
        return Answer.success(Map.of(), RouteCodec.encodeMembers(cluster, brokerName, addresses));
    }

    Answer clusterInfo() {
        return Answer.success(Map.of(), RouteCodec.encode(table.clusterInfo()));
    }
}
