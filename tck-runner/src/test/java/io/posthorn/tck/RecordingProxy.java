package io.posthorn.tck;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Listens at another loopback address on the port of a broker, passes everything on to it, and remembers every byte of both directions: what
 * somebody on the network would see. The broker has to be told to advertise {@link #HOST}.
 */
final class RecordingProxy implements AutoCloseable {

    static final String HOST = "127.0.0.2";

    private final ServerSocket listener;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();

    RecordingProxy(int port) throws IOException {
        this.port = port;
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(HOST, port));
        start("proxy-accept", this::accept);
    }

    /** How often these bytes were seen so far. */
    synchronized int count(byte[] bytes) {
        String all = recorded.toString(StandardCharsets.ISO_8859_1);
        String part = new String(bytes, StandardCharsets.ISO_8859_1);
        int count = 0;
        for (int at = all.indexOf(part); at >= 0; at = all.indexOf(part, at + 1)) {
            count++;
        }
        return count;
    }

    int count(String text) {
        return count(text.getBytes(StandardCharsets.UTF_8));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                Socket server = new Socket();
                sockets.add(server);
                try {
                    server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
                } catch (IOException down) {
                    client.close();
                    continue;
                }
                start("proxy-up", () -> pump(client, server));
                start("proxy-down", () -> pump(server, client));
            } catch (IOException closed) {
                // The loop's condition tells whether that was the end.
            }
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                synchronized (this) {
                    recorded.write(buffer, 0, n);
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException ended) {
            // Either side is gone, and so is the other.
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
