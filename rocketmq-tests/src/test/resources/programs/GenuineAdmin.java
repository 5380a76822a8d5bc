import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.protocol.route.QueueData;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/**
 * The administration client of Apache RocketMQ, which its mqadmin command uses. Launched as a single source file; nothing of ours is on its
 * class path.
 *
 * <p>Arguments: NameServer, cluster, broker name, a topic. Goes through what it can ask of a NameServer and prints what it was told.
 */
public final class GenuineAdmin {

    public static void main(String[] args) {
        try {
            run(args);
        } catch (Exception failed) {
            failed.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void run(String[] args) throws Exception {
        String nameServer = args[0];
        String cluster = args[1];
        String brokerName = args[2];
        String topic = args[3];
        DefaultMQAdminExt admin = new DefaultMQAdminExt(30_000);
        admin.setMqClientApiTimeout(30_000);
        admin.setNamesrvAddr(nameServer);
        admin.start();
        System.out.println("all topics: " + has(admin.fetchAllTopicList().getTopicList(), topic));
        System.out.println("topics of the cluster: "
                + has(admin.fetchTopicsByCLuster(cluster).getTopicList(), topic));
        System.out.println("topics of another: "
                + admin.fetchTopicsByCLuster("another").getTopicList().size());
        System.out.println("cluster: " + new TreeMap<>(admin.examineBrokerClusterInfo().getClusterAddrTable()));

        admin.createAndUpdateKvConfig("space", "key", "value");
        System.out.println("kv: " + admin.getKVConfig("space", "key") + " "
                + admin.getKVListByNamespace("space").getTable());
        admin.deleteKvConfig("space", "key");
        try {
            System.out.println("kv is still there: " + admin.getKVConfig("space", "key"));
        } catch (MQClientException expected) {
            System.out.println("kv deleted, code " + expected.getResponseCode());
        }
        admin.createOrUpdateOrderConf(topic, brokerName + ":1", true);
        System.out.println("order: " + admin.getKVConfig("ORDER_TOPIC_CONFIG", topic));

        int topics = admin.wipeWritePermOfBroker(nameServer, brokerName);
        System.out.println("wiped " + (topics > 1) + " perm " + perms(admin, topic));
        System.out.println(
                "given " + (admin.addWritePermOfBroker(nameServer, brokerName) == topics) + " perm " + perms(admin, topic));

        Properties change = new Properties();
        change.setProperty("orderMessageEnable", "true");
        admin.updateNameServerConfig(change, List.of(nameServer));
        System.out.println("settings: orderMessageEnable="
                + admin.getNameServerConfig(List.of(nameServer)).get(nameServer).getProperty("orderMessageEnable"));
        System.out.println("route: order " + admin.examineTopicRouteInfo(topic).getOrderTopicConf());

        admin.deleteTopicInNameServer(Set.of(nameServer), cluster, topic);
        System.out.println("after deletion: " + has(admin.fetchAllTopicList().getTopicList(), topic));
    }

    private static boolean has(Set<String> topics, String topic) {
        return topics.contains(topic);
    }

    private static Set<Integer> perms(DefaultMQAdminExt admin, String topic) throws Exception {
        Set<Integer> perms = new TreeSet<>();
        for (QueueData queue : admin.examineTopicRouteInfo(topic).getQueueDatas()) {
            perms.add(queue.getPerm());
        }
        return perms;
    }
}
