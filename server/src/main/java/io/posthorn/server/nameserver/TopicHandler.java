package io.posthorn.server.nameserver;

import io.posthorn.net.FrameConnection;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ResponseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators' tools ask, and do, about topics: the lists, deletion, registration of a single one, and the permission to write.
 * Nothing here lasts against what a broker registers later. Called on event loops.
 */
final class TopicHandler {

    private static final Logger LOG = LoggerFactory.getLogger(TopicHandler.class);

    private final RouteTable<FrameConnection> table;

    TopicHandler(RouteTable<FrameConnection> table) {
        this.table = table;
    }

    Answer all() {
        return list(table.topics());
    }

    Answer ofCluster(Frame request) {
        return list(table.topicsOfCluster(new RequestFields(request).text("cluster")));
    }

    /** The names of clusters and groups, which are topics by themselves, and the address of some broker to ask for more. */
    Answer system() {
        ClusterInfo info = table.clusterInfo();
        List<String> names = new ArrayList<>();
        info.clusters().forEach((cluster, members) -> {
            names.add(cluster);
            names.addAll(members);
        });
        String address = info.brokers().isEmpty()
                ? null
                : info.brokers().get(0).addresses().values().iterator().next();
        return Answer.success(Map.of(), RouteCodec.encodeTopics(names, address));
    }

    /** The lists of units, which nobody here has. */
    Answer none() {
        return list(List.of());
    }

    Answer add(Frame request) {
        String topic = new RequestFields(request).text("topic");
        List<QueueData> queues = RouteCodec.decodeQueues(request.body());
        table.addTopic(topic, queues);
        LOG.info("topic {}: registered by itself, {}", topic, queues);
        return Answer.success(Map.of());
    }

    Answer delete(Frame request) {
        RequestFields fields = new RequestFields(request);
        String topic = fields.text("topic");
        String cluster = fields.optionalText("clusterName");
        String brokerName = fields.optionalText("brokerName");
        if (topic.isEmpty()) {
            return Answer.error(ResponseCode.SYSTEM_ERROR, "the topic to be deleted has no name");
        }
        table.deleteTopic(topic, cluster, brokerName);
        LOG.info("topic {}: deleted (cluster {}, broker {})", topic, cluster, brokerName);
        return Answer.success(Map.of());
    }

    Answer wipeWrite(Frame request) {
        return permitWrite(request, false, "wipeTopicCount");
    }

    Answer addWrite(Frame request) {
        return permitWrite(request, true, "addTopicCount");
    }

    private Answer permitWrite(Frame request, boolean permitted, String countField) {
        String brokerName = new RequestFields(request).text("brokerName");
        int count = table.permitWrite(brokerName, permitted);
        LOG.info("{}: {} topics may {}be written", brokerName, count, permitted ? "" : "not ");
        return Answer.success(Map.of(countField, String.valueOf(count)));
    }

    private static Answer list(List<String> names) {
        return Answer.success(Map.of(), RouteCodec.encodeTopics(names, null));
    }
}
