package io.posthorn.server.nameserver;

import io.netty.buffer.ByteBuf;
import io.posthorn.protocol.Json;
import io.posthorn.protocol.ProtocolException;
import io.posthorn.server.route.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bodies about routes, groups and topics. Fields stand in alphabetical order. Stateless; any thread.
 */
final class RouteCodec {

    private RouteCodec() {}

    /**
     * @param orderConfOrNull which queues are to be used, as an operator has left it for this topic
     * @param standard true: the ids in brokerAddrs are quoted; false: bare numbers, as clients before 4.9.4 and those in
     *     Go expect them
     */
    static byte[] encode(Route route, String orderConfOrNull, boolean standard) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("brokerDatas", route.brokers().stream().map(RouteCodec::broker).toList());
        body.put("filterServerTable", Map.of());
        if (orderConfOrNull != null) {
            body.put("orderTopicConf", orderConfOrNull);
        }
        body.put("queueDatas", route.queues().stream().map(RouteCodec::queue).toList());
        return bytes(standard ? Json.write(body) : Json.writeUnquotedNumericKeys(body));
    }

    /** Ids are bare numbers always: that is how every genuine NameServer answers. */
    static byte[] encode(ClusterInfo info) {
        Map<String, Object> brokers = new LinkedHashMap<>();
        for (BrokerData data : info.brokers()) {
            brokers.put(data.brokerName(), broker(data));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("brokerAddrTable", brokers);
        body.put("clusterAddrTable", info.clusters());
        return bytes(Json.writeUnquotedNumericKeys(body));
    }

    /** The members of one group, none if it is unknown; ids are bare numbers here too. */
    static byte[] encodeMembers(String cluster, String brokerName, Map<Long, String> addresses) {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("brokerAddrs", addresses);
        group.put("brokerName", brokerName);
        group.put("cluster", cluster);
        return bytes(Json.writeUnquotedNumericKeys(Map.of("brokerMemberGroup", group)));
    }

    static byte[] encodeTopics(List<String> names, String addressOrNull) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (addressOrNull != null) {
            body.put("brokerAddr", addressOrNull);
        }
        body.put("topicList", names);
        return bytes(Json.write(body));
    }

    /**
     * The queues of a route that a broker has written, for one topic.
     *
     * @throws io.posthorn.protocol.ProtocolException if the body is something else
     */
    static List<QueueData> decodeQueues(ByteBuf body) {
        Object route = body.isReadable() ? Json.parseLenient(body.toString(StandardCharsets.UTF_8)) : Map.of();
        Object queues = JsonObject.of(route, "the route").get("queueDatas");
        if (queues == null) {
            return List.of();
        }
        if (!(queues instanceof List<?> list)) {
            throw new ProtocolException("queueDatas is no JSON array");
        }
        return list.stream().map(RouteCodec::queueOf).toList();
    }

    private static QueueData queueOf(Object json) {
        JsonObject fields = JsonObject.of(json, "queueDatas");
        if (!(fields.get("brokerName") instanceof String brokerName)) {
            throw new ProtocolException("queueDatas.brokerName is no text");
        }
        return new QueueData(
                brokerName,
                fields.count("readQueueNums", 0),
                fields.count("writeQueueNums", 0),
                fields.count("perm", 0),
                fields.count("topicSysFlag", 0));
    }

    private static Map<String, Object> broker(BrokerData data) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("brokerAddrs", data.addresses());
        json.put("brokerName", data.brokerName());
        json.put("cluster", data.cluster());
        json.put("enableActingMaster", data.actingMaster());
        if (data.zone() != null) {
            json.put("zoneName", data.zone());
        }
        return json;
    }

    private static Map<String, Object> queue(QueueData data) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("brokerName", data.brokerName());
        json.put("perm", data.perm());
        json.put("readQueueNums", data.readQueues());
        json.put("topicSysFlag", data.sysFlag());
        json.put("writeQueueNums", data.writeQueues());
        return json;
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
