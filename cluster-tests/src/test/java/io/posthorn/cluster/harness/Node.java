package io.posthorn.cluster.harness;

import io.posthorn.testing.ServerProcess;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** One server process with the proxy in front of it, and what can befall it. One thread at a time. */
public final class Node implements Closeable {

    private static final long LIMIT_S = 10;

    private final String name;
    private final ServerProcess process;
    private final Proxy proxy;
    private final int port;

    Node(String name, ServerProcess process, int port) throws IOException {
        this.name = name;
        this.process = process;
        this.port = port;
        this.proxy = new Proxy(port);
    }

    public String name() {
        return name;
    }

    /** The network in front of it. */
    public Proxy network() {
        return proxy;
    }

    /** The server itself, behind the proxy. */
    public ServerProcess process() {
        return process;
    }

    /** Where to reach it without the proxy, {@code host:port}. */
    public String directAddress() {
        return "127.0.0.1:" + port;
    }

    /** Where to reach it through the proxy, {@code host:port}. */
    public String address() {
        return proxy.address();
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        process.kill();
    }

    /** SIGTERM; returns when the process is gone. */
    public void stop() {
        process.stop();
    }

    /** Starts it again, on the same data and port; returns when it is ready. */
    public void start() {
        process.start();
    }

    /** SIGSTOP: it stands still, with its connections open. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT: it goes on as if nothing had happened. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder(
                            "kill", "-" + signal, Long.toString(process.handle().pid()))
                    .redirectErrorStream(true)
                    .start();
            if (!kill.waitFor(LIMIT_S, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException(name + " cannot be sent SIG" + signal + ": "
                        + new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() throws IOException {
        process.close();
        proxy.close();
    }

    @Override
    public String toString() {
        return name + " (log " + process.log() + ")";
    }
}
