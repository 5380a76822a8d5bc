package io.posthorn.server.nameserver;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A peer that writes and reads frames byte by byte on a plain socket, without any of our codecs: what it sees is what a
 * foreign client sees. Blocks for at most 10 s per answer. One thread.
 */
public final class RawPeer implements AutoCloseable {

    private static final int TIMEOUT_MS = 10_000;

    /**
     * An answer as it stood on the wire.
     *
     * @param type the serialize type byte
     */
    public record Answer(int type, byte[] rawHeader, String body) {

        public String header() {
            return new String(rawHeader, StandardCharsets.UTF_8);
        }

        public boolean hasCode(int code) {
            return header().contains("\"code\":" + code + ",");
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    public RawPeer(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** A JSON request as Java clients write it. @param ext {@code "key":"value"} pairs, comma-separated */
    public Answer ask(int code, int version, String ext, String body) throws IOException {
        return ask(code, version, ext, body.getBytes(StandardCharsets.UTF_8));
    }

    public Answer ask(int code, int version, String ext, byte[] body) throws IOException {
        send(code, version, 0, ext, body);
        return read();
    }

    /** The body of the route of this topic as a client of this version gets it; null if there is none (17). */
    public String route(String topic, int version) throws IOException {
        Answer answer = ask(105, version, "\"topic\":\"" + topic + "\"", "");
        if (answer.hasCode(17)) {
            return null;
        }
        if (!answer.hasCode(0)) {
            throw new IOException("unexpected answer " + answer.header());
        }
        return answer.body();
    }

    public void send(int code, int version, int flag, String ext, byte[] body) throws IOException {
        String header = "{\"code\":" + code + ",\"extFields\":{" + ext + "},\"flag\":" + flag
                + ",\"language\":\"JAVA\",\"opaque\":7,\"serializeTypeCurrentRPC\":\"JSON\",\"version\":" + version
                + "}";
        write(0, header.getBytes(StandardCharsets.UTF_8), body);
    }

    public void write(int type, byte[] header, byte[] body) throws IOException {
        out.writeInt(4 + header.length + body.length);
        out.writeInt(type << 24 | header.length);
        out.write(header);
        out.write(body);
        out.flush();
    }

    public Answer read() throws IOException {
        int length = in.readInt();
        int word = in.readInt();
        byte[] header = in.readNBytes(word & 0xffffff);
        byte[] body = in.readNBytes(length - 4 - header.length);
        return new Answer(word >>> 24, header, new String(body, StandardCharsets.UTF_8));
    }

    /** Whether the other side closes within 10 s without another word. */
    public boolean readsEnd() throws IOException {
        return in.read() == -1;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
