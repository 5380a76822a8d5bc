package io.posthorn.tck;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client that does as it pleases: frames on a plain socket, written from WIRE.md without any code of ours. One thread. */
final class RawPeer implements AutoCloseable {

    static final int CONNECT = 7000;
    static final int AUTHENTICATE = 7001;
    static final int PING = 7004;
    static final int SEND = 7010;
    static final int MALFORMED_REQUEST = 7900;
    static final int VERSION_NOT_SUPPORTED = 7901;
    static final int AUTHENTICATION_FAILED = 7902;

    private static final int BINARY = 1 << 24;
    private static final int HEADER_BYTES = 21;
    private static final int ONE_WAY = 2;
    private static final int TIMEOUT_MS = 20_000;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private int opaque;

    /** What the broker answers: code 0 and a body, or an error and its text. */
    record Answer(int code, String remark, byte[] body) {}

    RawPeer(int brokerPort) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
        socket.setSoTimeout(TIMEOUT_MS);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    Answer ask(int code, byte[] body) throws IOException {
        send(code, 0, body);
        return answer();
    }

    void oneWay(int code, byte[] body) throws IOException {
        send(code, ONE_WAY, body);
    }

    private void send(int code, int flag, byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream frame = new DataOutputStream(bytes);
        frame.writeInt(4 + HEADER_BYTES + body.length);
        frame.writeInt(BINARY | HEADER_BYTES);
        frame.writeShort(code);
        frame.writeByte(0);
        frame.writeShort(479);
        frame.writeInt(++opaque);
        frame.writeInt(flag);
        frame.writeInt(0);
        frame.writeInt(0);
        frame.write(body);
        out.write(bytes.toByteArray());
    }

    private Answer answer() throws IOException {
        int length = in.readInt();
        int headerLength = in.readInt() & 0xffffff;
        int code = in.readShort();
        in.skipNBytes(1 + 2);
        if (in.readInt() != opaque) {
            throw new IOException("an answer to another request");
        }
        in.skipNBytes(4);
        String remark = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        in.readNBytes(in.readInt());
        return new Answer(code, remark, in.readNBytes(length - 4 - headerLength));
    }

    /** Waits until the broker closes the connection; fails if anything else comes, or nothing does. */
    void awaitClosed() throws IOException {
        try {
            int more = in.read();
            if (more >= 0) {
                throw new IOException("another byte instead of the end: " + more);
            }
        } catch (EOFException | SocketException ended) {
            // Closed with what we sent unread, which is an end as well.
        }
    }

    /** CONNECT for these versions, with the first message of a mechanism, no client id, and nothing to resume. */
    static byte[] connect(int versionMin, int versionMax, String mechanism, String firstMessage) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(versionMin);
        body.write(versionMax);
        string(body, "raw");
        string(body, mechanism);
        string(body, firstMessage);
        body.write(new byte[1 + 8]);
        return body.toByteArray();
    }

    static byte[] authenticate(String message) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        string(body, message);
        return body.toByteArray();
    }

    /** The challenge in an answer that says the login is not done. */
    static String challenge(Answer answer) throws IOException {
        if (answer.code() != 0 || answer.body()[0] != 0) {
            throw new IOException("no challenge but " + answer.code() + " " + answer.remark());
        }
        return new String(answer.body(), 2, answer.body()[1], StandardCharsets.UTF_8);
    }

    private static void string(ByteArrayOutputStream body, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = bytes.length;
        while (length >= 0x80) {
            body.write(length & 0x7f | 0x80);
            length >>>= 7;
        }
        body.write(length);
        body.write(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
