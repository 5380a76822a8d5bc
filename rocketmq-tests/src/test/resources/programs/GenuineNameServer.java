import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.common.namesrv.NamesrvConfig;
import org.apache.rocketmq.namesrv.NamesrvController;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/**
 * The NameServer of Apache RocketMQ on loopback. Launched as a single source file; nothing of ours is on its class path.
 *
 * <p>Argument: directory. Prints {@code READY port} and ends by any line.
 */
public final class GenuineNameServer {

    public static void main(String[] args) throws Exception {
        System.setProperty(RemotingCommand.REMOTING_VERSION_KEY, Integer.toString(MQVersion.CURRENT_VERSION));
        NamesrvConfig config = new NamesrvConfig();
        config.setKvConfigPath(args[0] + "/kv.json");
        config.setConfigStorePath(args[0] + "/namesrv.properties");
        NettyServerConfig server = new NettyServerConfig();
        server.setBindAddress("127.0.0.1");
        server.setListenPort(0);
        NamesrvController controller = new NamesrvController(config, server);
        if (!controller.initialize()) {
            throw new IllegalStateException("the NameServer cannot be initialized");
        }
        controller.start();
        System.out.println("READY " + server.getListenPort());
        System.in.read();
        Runtime.getRuntime().halt(0);
    }
}
