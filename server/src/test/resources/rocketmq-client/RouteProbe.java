import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.route.QueueData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;

/**
 * Asks a NameServer for a route by the unmodified client of Apache RocketMQ and prints what that client makes of the answer.
 * Launched as a single source file, in a JVM that has the client and nothing of ours on its class path.
 *
 * <p>Arguments: NameServer address, a topic, a topic that does not exist.
 */
public final class RouteProbe {

    public static void main(String[] args) throws Exception {
        String topic = args[1];
        DefaultMQProducer producer = new DefaultMQProducer("posthorn-route-probe");
        producer.setNamesrvAddr(args[0]);
        producer.start();
        List<MessageQueue> queues = producer.fetchPublishMessageQueues(topic);
        for (MessageQueue queue : queues) {
            System.out.println("publish " + queue.getBrokerName() + " " + queue.getQueueId());
        }
        MQClientAPIImpl api =
                producer.getDefaultMQProducerImpl().getMqClientFactory().getMQClientAPIImpl();
        TopicRouteData route = api.getTopicRouteInfoFromNameServer(topic, 3_000);
        for (QueueData data : route.getQueueDatas()) {
            System.out.println("queue " + data.getBrokerName() + " read " + data.getReadQueueNums() + " write "
                    + data.getWriteQueueNums() + " perm " + data.getPerm());
        }
        for (BrokerData data : route.getBrokerDatas()) {
            print("broker", data);
        }
        ClusterInfo cluster = api.getBrokerClusterInfo(3_000);
        new TreeMap<>(cluster.getClusterAddrTable())
                .forEach((name, members) -> System.out.println("cluster " + name + " " + new TreeSet<>(members)));
        for (BrokerData data : new TreeMap<>(cluster.getBrokerAddrTable()).values()) {
            print("member", data);
        }
        try {
            producer.fetchPublishMessageQueues(args[2]);
            System.out.println("the unknown topic has a route");
        } catch (MQClientException expected) {
            System.out.println("unknown topic refused");
        }
        producer.shutdown();
        System.out.println("done");
        System.exit(0);
    }

    private static void print(String word, BrokerData data) {
        Map<Long, String> addresses = new TreeMap<>(data.getBrokerAddrs());
        System.out.println(word + " " + data.getCluster() + " " + data.getBrokerName() + " " + addresses);
    }
}
