import java.io.BufferedReader;
import java.io.InputStreamReader;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.common.BrokerConfig;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.store.config.MessageStoreConfig;

/**
 * The Broker of Apache RocketMQ on loopback with small files. Launched as a single source file; nothing of ours is on its class path.
 *
 * <p>Arguments: NameServers, directory, port. Prints {@code READY address}; answers the line {@code members} with what a NameServer
 * tells of the broker's own group, and ends by any other.
 */
public final class GenuineBroker {

    public static void main(String[] args) throws Exception {
        System.setProperty(RemotingCommand.REMOTING_VERSION_KEY, Integer.toString(MQVersion.CURRENT_VERSION));
        BrokerConfig broker = new BrokerConfig();
        broker.setBrokerClusterName("GenuineCluster");
        broker.setBrokerName("genuine");
        broker.setBrokerIP1("127.0.0.1");
        broker.setBrokerIP2("127.0.0.1");
        broker.setNamesrvAddr(args[0]);
        // It sends heartbeats each second, and asks for its group.
        broker.setEnableSlaveActingMaster(true);
        NettyServerConfig server = new NettyServerConfig();
        server.setBindAddress("127.0.0.1");
        server.setListenPort(Integer.parseInt(args[2]));
        MessageStoreConfig store = new MessageStoreConfig();
        store.setStorePathRootDir(args[1]);
        store.setStorePathCommitLog(args[1] + "/commitlog");
        store.setHaListenPort(0);
        store.setMappedFileSizeCommitLog(4 * 1024 * 1024);
        store.setMappedFileSizeConsumeQueue(20_000);
        store.setMaxHashSlotNum(1_000);
        store.setMaxIndexNum(4_000);
        store.setMappedFileSizeTimerLog(1024 * 1024);
        BrokerController controller = new BrokerController(broker, server, new NettyClientConfig(), store);
        if (!controller.initialize()) {
            throw new IllegalStateException("the broker cannot be initialized");
        }
        controller.start();
        // At start it may have found no NameServer yet, and would try again after 10 s.
        controller.registerBrokerAll(true, false, true);
        System.out.println("READY " + controller.getBrokerAddr());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        while ("members".equals(in.readLine())) {
            System.out.println(controller
                    .getBrokerOuterAPI()
                    .syncBrokerMemberGroup("GenuineCluster", "genuine")
                    .getBrokerAddrs());
        }
        // An orderly end takes some 20 s.
        Runtime.getRuntime().halt(0);
    }
}
