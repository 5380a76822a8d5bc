package io.posthorn.provider.remote;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameClient;
import io.posthorn.net.FrameConnection;
import io.posthorn.net.NetConfig;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.ProtocolException;
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
import java.util.TreeMap;

/**
 * Asks the NameServers which brokers there are: for operators' commands and for brokers that look for their group. NameServers know of each
 * other's brokers only what they were told, so all of them are asked. Any thread but an event loop.
 */
public final class RemoteCluster {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private RemoteCluster() {}

    /**
     * The brokers of one group.
     *
     * @return brokerId → addresses, without duplicates; several when NameServers do not agree. Empty when no such broker is registered
     * @throws ProviderException of kind CONNECTION if no NameServer answers
     */
    public static SortedMap<Long, List<InetSocketAddress>> members(
            List<InetSocketAddress> nameServers, String brokerName) {
        SortedMap<Long, List<InetSocketAddress>> members = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        try (FrameClient client = new FrameClient(
                new NetConfig(16 << 20, 16, PATIENCE, PATIENCE, Duration.ofSeconds(30), 1, "posthorn-lookup"))) {
            for (InetSocketAddress nameServer : nameServers) {
                try {
                    ask(client, nameServer, brokerName, members);
                } catch (ProviderException | ProtocolException failed) {
                    failures.add(Failures.text(nameServer) + ": " + failed.getMessage());
                }
            }
        }
        if (failures.size() == nameServers.size()) {
            throw new ProviderException(Kind.CONNECTION, "cannot reach any NameServer: " + String.join("; ", failures));
        }
        return members;
    }

    private static void ask(
            FrameClient client,
            InetSocketAddress nameServer,
            String brokerName,
            SortedMap<Long, List<InetSocketAddress>> members) {
        FrameConnection connection =
                DirectLink.await("the connection", client.connect(nameServer, new DirectLink.Silent()), PATIENCE);
        try {
            Frame answer = DirectLink.await(
                    "the question for the brokers",
                    connection.request(
                            RequestCode.GET_BROKER_CLUSTER_INFO,
                            SerializeType.JSON,
                            Map.of(),
                            Unpooled.EMPTY_BUFFER,
                            PATIENCE),
                    PATIENCE.plusSeconds(1));
            byte[] body;
            try {
                if (answer.code() != 0) {
                    throw Failures.of(answer);
                }
                body = ByteBufUtil.getBytes(answer.body());
            } finally {
                answer.release();
            }
            ClusterView.membersOf(body, brokerName).forEach((id, address) -> {
                List<InetSocketAddress> known = members.computeIfAbsent(id, none -> new ArrayList<>());
                if (!known.contains(address)) {
                    known.add(address);
                }
            });
        } finally {
            connection.close("everything was asked");
        }
    }
}
