package io.posthorn.tck;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Listens at another loopback address on the port of a broker and passes everything on to it, until so many bytes have gone in one
 * direction: there it stops, so that a test can do something in the middle of a transfer. The broker has to be told to advertise {@link #HOST}.
 */
final class PausingProxy implements AutoCloseable {

    static final String HOST = "127.0.0.2";

    /** One direction. */
    static final class Way {

        private final AtomicLong passed = new AtomicLong();
        private long limit = Long.MAX_VALUE;
        private boolean stopped;

        /** Nothing goes on after so many bytes more. */
        synchronized void stopAfter(long bytes) {
            limit = passed.get() + bytes;
            stopped = false;
        }

        synchronized void goOn() {
            limit = Long.MAX_VALUE;
            notifyAll();
        }

        synchronized boolean isStopped() {
            return stopped;
        }

        private synchronized void pass(int bytes) throws InterruptedException {
            passed.addAndGet(bytes);
            while (passed.get() > limit) {
                stopped = true;
                wait();
            }
        }
    }

    final Way up = new Way();
    final Way down = new Way();
    private final ServerSocket listener;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    PausingProxy(int port) throws IOException {
        this.port = port;
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(HOST, port));
        start("proxy-accept", this::accept);
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
                } catch (IOException broken) {
                    client.close();
                    continue;
                }
                start("proxy-up", () -> pump(client, server, up));
                start("proxy-down", () -> pump(server, client, down));
            } catch (IOException closed) {
                // The loop's condition tells whether that was the end.
            }
        }
    }

    private static void pump(Socket from, Socket to, Way way) {
        byte[] buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                way.pass(n);
                out.write(buffer, 0, n);
            }
        } catch (IOException ended) {
            // Either side is gone, and so is the other.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        up.goOn();
        down.goOn();
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
