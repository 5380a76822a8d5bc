package io.posthorn.tck;

import io.posthorn.testing.ServerProcess;
import io.posthorn.testing.TestXid;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Decides a prepared branch without its transaction manager, as an operator's tool does: frames of WIRE.md on a plain socket. */
final class RawDecision {

    private static final int CONNECT = 7000;
    private static final int XA_DECIDE = 7067;
    private static final int HEADER_BYTES = 21;
    private static final int TIMEOUT_MS = 10_000;

    private RawDecision() {}

    /** The code of the answer, 0 when it is done. */
    static int of(TestXid xid, boolean commit, ServerProcess server) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.brokerPort())) {
            socket.setSoTimeout(TIMEOUT_MS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            ByteArrayOutputStream connect = new ByteArrayOutputStream();
            connect.writeBytes(new byte[] {1, 1});
            text(connect, "operator");
            text(connect, "ANONYMOUS");
            connect.writeBytes(new byte[1 + 1 + 8]);
            request(out, CONNECT, connect.toByteArray());
            answer(in).close();
            ByteArrayOutputStream decide = new ByteArrayOutputStream();
            new DataOutputStream(decide).writeInt(xid.formatId());
            decide.write(xid.gtrid().length);
            decide.writeBytes(xid.gtrid());
            decide.write(xid.bqual().length);
            decide.writeBytes(xid.bqual());
            decide.write(commit ? 1 : 0);
            request(out, XA_DECIDE, decide.toByteArray());
            return answer(in).readInt();
        }
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.write(text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void request(DataOutputStream out, int code, byte[] body) throws IOException {
        out.writeInt(4 + HEADER_BYTES + body.length);
        out.writeInt(1 << 24 | HEADER_BYTES);
        out.writeShort(code);
        out.writeByte(0);
        out.writeShort(479);
        out.writeInt(7);
        out.writeInt(0);
        out.writeInt(0);
        out.writeInt(0);
        out.write(body);
        out.flush();
    }

    /** The body of a success. */
    private static DataInputStream answer(DataInputStream in) throws IOException {
        int length = in.readInt();
        int headerLength = in.readInt() & 0xffffff;
        DataInputStream header = new DataInputStream(new java.io.ByteArrayInputStream(in.readNBytes(headerLength)));
        int code = header.readShort();
        byte[] body = in.readNBytes(length - 4 - headerLength);
        if (code != 0) {
            throw new IOException("refused with code " + code);
        }
        return new DataInputStream(new java.io.ByteArrayInputStream(body));
    }
}
