package io.posthorn.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a NameServer for a route as a foreign client does: one frame on a plain socket, without any code of ours. */
public final class RawRoute {

    private static final int GET_ROUTEINFO_BY_TOPIC = 105;
    private static final int VERSION = 479;
    private static final int TIMEOUT_MS = 10_000;

    private RawRoute() {}

    /** The route's body, JSON; null if the NameServer knows no such topic. */
    public static String of(String topic, ServerProcess nameServer) throws IOException {
        return of(topic, nameServer.nameServerPort(), VERSION);
    }

    /** As above, as a client of this version gets it. */
    public static String of(String topic, int port, int version) throws IOException {
        String header = "{\"code\":" + GET_ROUTEINFO_BY_TOPIC + ",\"extFields\":{\"topic\":\"" + topic
                + "\"},\"flag\":0,\"language\":\"JAVA\",\"opaque\":7,\"serializeTypeCurrentRPC\":\"JSON\","
                + "\"version\":" + version + "}";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(4 + bytes.length);
            out.writeInt(bytes.length);
            out.write(bytes);
            out.flush();
            return answer(new DataInputStream(socket.getInputStream()));
        }
    }

    private static String answer(DataInputStream in) throws IOException {
        int length = in.readInt();
        int headerLength = in.readInt() & 0xffffff;
        String header = new String(in.readNBytes(headerLength), StandardCharsets.UTF_8);
        String body = new String(in.readNBytes(length - 4 - headerLength), StandardCharsets.UTF_8);
        if (header.contains("\"code\":17,")) {
            return null;
        }
        if (!header.contains("\"code\":0,")) {
            throw new IOException("unexpected answer " + header);
        }
        return body;
    }
}
