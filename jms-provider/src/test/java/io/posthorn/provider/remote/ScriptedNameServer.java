package io.posthorn.provider.remote;

import io.netty.buffer.Unpooled;
import io.posthorn.net.FrameConnection;
import io.posthorn.net.FrameHandler;
import io.posthorn.net.FrameServer;
import io.posthorn.net.NetConfig;
import io.posthorn.protocol.Frame;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.ResponseCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers 105 and 106 with one Master, in the very spelling of a genuine NameServer, or with nothing registered. */
final class ScriptedNameServer implements FrameHandler, AutoCloseable {

    private final FrameServer server = new FrameServer(NetConfig.defaults(), this);
    private final InetSocketAddress address;

    /** ext fields of the requests so far, with the code as "code". */
    final List<String> asked = new CopyOnWriteArrayList<>();

    volatile InetSocketAddress master;
    /** The Slave with brokerId 1 of the same group. */
    volatile InetSocketAddress slave = InetSocketAddress.createUnresolved("127.0.0.1", 2);

    ScriptedNameServer(InetSocketAddress master) throws IOException {
        this.master = master;
        this.address = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void onRequest(FrameConnection connection, Frame request) {
        request.release();
        asked.add(request.code() + " " + request.ext());
        if (request.code() == RequestCode.GET_ROUTEINFO_BY_TOPIC
                && !"T1".equals(request.ext().get("topic"))) {
            connection.respond(
                    request,
                    ResponseCode.TOPIC_NOT_EXIST,
                    "No topic route info for " + request.ext().get("topic"),
                    Map.of(),
                    Unpooled.EMPTY_BUFFER);
            return;
        }
        String json = request.code() == RequestCode.GET_ROUTEINFO_BY_TOPIC ? route() : clusterInfo();
        connection.respond(
                request,
                ResponseCode.SUCCESS,
                null,
                Map.of(),
                Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8)));
    }

    private String clusterInfo() {
        if (master == null) {
            return "{\"brokerAddrTable\":{},\"clusterAddrTable\":{}}";
        }
        // A group without a Master comes along: clients must pass it over.
        return "{\"brokerAddrTable\":{\"a-slave\":{\"brokerAddrs\":{1:\"127.0.0.1:1\"},\"brokerName\":\"a-slave\"},"
                + "\"broker-a\":{\"brokerAddrs\":{0:\"" + text(master) + "\",1:\"" + text(slave) + "\"},"
                + "\"brokerName\":\"broker-a\",\"cluster\":\"cluster\",\"enableActingMaster\":false}},"
                + "\"clusterAddrTable\":{\"cluster\":[\"a-slave\",\"broker-a\"]}}";
    }

    private String route() {
        return "{\"brokerDatas\":[{\"brokerAddrs\":{\"0\":\"" + text(master) + "\"},\"brokerName\":\"broker-a\","
                + "\"cluster\":\"cluster\"}],\"filterServerTable\":{},\"queueDatas\":[{\"brokerName\":\"broker-a\","
                + "\"perm\":6,\"readQueueNums\":1,\"writeQueueNums\":1,\"topicSysFlag\":0}]}";
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    @Override
    public void onOpen(FrameConnection connection) {
        // The requests say enough.
    }

    @Override
    public void onBatchEnd(FrameConnection connection) {
        // Every request is answered by itself.
    }

    @Override
    public void onWritabilityChanged(FrameConnection connection) {
        // Little is sent.
    }

    @Override
    public void onClosed(FrameConnection connection, Throwable causeOrNull) {
        // Tests see it at the client.
    }

    @Override
    public void close() {
        server.close();
    }
}
