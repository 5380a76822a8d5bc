package io.posthorn.cluster.harness;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network in front of one server: listens at {@link #HOST} on the server's port and passes everything on to the server at 127.0.0.1.
 * A broker has to be told to advertise {@link #HOST}. The faults can be combined; {@link #heal} ends them all.
 */
public final class Proxy implements Closeable {

    /** Where the proxies of a cluster listen; servers have different ports. */
    public static final String HOST = "127.0.0.2";

    private static final int CONNECT_TIMEOUT_MS = 10_000;

    private final int port;
    private final ServerSocket listener;
    private final Way up = new Way();
    private final Way down = new Way();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    Proxy(int port) throws IOException {
        this.port = port;
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(HOST, port));
        start("proxy-accept-" + port, this::accept);
    }

    /** Where to find the server, {@code host:port}. */
    String address() {
        return HOST + ":" + port;
    }

    /** Ends all connections, and each new one at once, until it is healed. */
    public void cut() {
        cut = true;
        abortAll();
    }

    /** Ends all connections; new ones work. */
    public void reset() {
        abortAll();
    }

    /** Nothing reaches the server any more; what was sent arrives when it is healed, as TCP would repeat it. */
    public void loseUp() {
        up.hold();
    }

    /** Nothing comes from the server any more. */
    public void loseDown() {
        down.hold();
    }

    /** Both ways take this much longer. */
    public void slow(Duration delay) {
        up.delay(delay);
        down.delay(delay);
    }

    /** Everything is as it was; connections that were cut stay lost. */
    public void heal() {
        cut = false;
        up.heal();
        down.heal();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket();
                sockets.add(client);
                sockets.add(server);
                if (cut) {
                    abort(client, server);
                } else {
                    start("proxy-connect-" + port, () -> connect(client, server));
                }
            } catch (IOException closed) {
                // The loop's condition tells whether that was the end.
            }
        }
    }

    private void connect(Socket client, Socket server) {
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            AtomicInteger ways = new AtomicInteger(2);
            start("proxy-down-" + port, () -> pump(server, client, down, ways));
            pump(client, server, up, ways);
        } catch (IOException refused) {
            abort(client, server);
        }
    }

    private void pump(Socket from, Socket to, Way way, AtomicInteger ways) {
        byte[] buffer = new byte[16_384];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                way.pass();
                out.write(buffer, 0, n);
            }
            to.shutdownOutput();
            if (ways.decrementAndGet() == 0) {
                close(from, to);
            }
        } catch (IOException ended) {
            // Either side is gone, and so is the other.
            abort(from, to);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            abort(from, to);
        }
    }

    /** Resets connections: an orderly end would tell the other side that it has got everything, and what is held here is lost. */
    private void abort(Socket... both) {
        for (Socket socket : both) {
            try {
                socket.setSoLinger(true, 0);
            } catch (SocketException closed) {
                // Closed already.
            }
        }
        close(both);
    }

    private void close(Socket... both) {
        for (Socket socket : both) {
            sockets.remove(socket);
            try {
                socket.close();
            } catch (IOException closed) {
                // It is closed all the same.
            }
        }
    }

    private void abortAll() {
        abort(sockets.toArray(Socket[]::new));
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        heal();
        abortAll();
    }

    /** One direction. */
    private static final class Way {

        private boolean held;
        private long delayMs;

        synchronized void hold() {
            held = true;
        }

        synchronized void delay(Duration delay) {
            delayMs = delay.toMillis();
        }

        synchronized void heal() {
            held = false;
            delayMs = 0;
            notifyAll();
        }

        /** Returns when the next piece may go on. */
        synchronized void pass() throws InterruptedException {
            if (delayMs > 0) {
                wait(delayMs);
            }
            while (held) {
                wait();
            }
        }
    }
}
