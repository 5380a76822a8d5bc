package io.posthorn.server.nameserver;

import io.posthorn.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bodies of the answers to GET_ROUTEINFO_BY_TOPIC and GET_BROKER_CLUSTER_INFO. Fields stand in
 * alphabetical order. Stateless; any thread.
 */
final class RouteCodec {

    private RouteCodec() {}

    /**
     * @param standard true: the ids in brokerAddrs are quoted; false: bare numbers, as clients before 4.9.4 and those in
     *     Go expect them
     */
    static byte[] encode(Route route, boolean standard) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("brokerDatas", route.brokers().stream().map(RouteCodec::broker).toList());
        body.put("filterServerTable", Map.of());
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
