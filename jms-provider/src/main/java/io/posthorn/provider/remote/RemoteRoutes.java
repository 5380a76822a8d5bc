package io.posthorn.provider.remote;

import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameClient;
import io.posthorn.net.FrameConnection;
import io.posthorn.net.NetConfig;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.SerializeType;
import io.posthorn.provider.ProviderException;
import io.posthorn.provider.ProviderException.Kind;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Where the Masters of a cluster are, as a NameServer tells it, for whoever can wait: brokers and commands. One thread at a time.
 */
public final class RemoteRoutes implements AutoCloseable {

    private final List<InetSocketAddress> nameServers;
    private final Duration patience;
    private final FrameClient client = new FrameClient(NetConfig.defaults());
    private FrameConnection connection;

    /** @param patience how long each NameServer may take */
    public RemoteRoutes(List<InetSocketAddress> nameServers, Duration patience) {
        this.nameServers = new ArrayList<>(nameServers);
        this.patience = patience;
    }

    /**
     * The Masters by the names of their groups; perhaps none.
     *
     * @param clusterName of this cluster; null of all
     * @throws ProviderException of kind CONNECTION when no NameServer answers
     */
    public SortedMap<String, InetSocketAddress> masters(String clusterName) {
        ProviderException last = null;
        for (int i = 0; i < nameServers.size(); i++) {
            try {
                return ask().of(clusterName).masters();
            } catch (ProviderException failed) {
                last = failed;
                moveOn();
            }
        }
        throw new ProviderException(Kind.CONNECTION, "cannot reach any NameServer: " + last.getMessage(), last);
    }

    private ClusterView ask() {
        InetSocketAddress server = nameServers.get(0);
        if (connection == null || !connection.isOpen()) {
            connection = DirectLink.await(
                    "the connection to " + Failures.text(server),
                    client.connect(server, new DirectLink.Silent()),
                    patience);
        }
        Frame answer = DirectLink.await(
                "the request",
                connection.request(
                        RequestCode.GET_BROKER_CLUSTER_INFO,
                        SerializeType.JSON,
                        Map.of(),
                        Unpooled.EMPTY_BUFFER,
                        patience),
                patience);
        try {
            if (answer.code() != 0) {
                throw Failures.of(answer);
            }
            byte[] json = new byte[answer.body().readableBytes()];
            answer.body().readBytes(json);
            return ClusterView.ofClusterInfo(json);
        } finally {
            answer.release();
        }
    }

    private void moveOn() {
        if (connection != null) {
            connection.close("another NameServer takes its place");
            connection = null;
        }
        nameServers.add(nameServers.remove(0));
    }

    @Override
    public void close() {
        client.close();
    }
}
