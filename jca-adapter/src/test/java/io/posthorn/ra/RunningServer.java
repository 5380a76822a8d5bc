package io.posthorn.ra;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The real server in a process of its own, on free ports, which it keeps when it is started again. One thread at a time. */
public final class RunningServer implements AutoCloseable {

    /** Ports from here on belong to outgoing connections: one of those could take a server's port while it is down. */
    private static final int PORTS_END = 32_000;

    private static final int PORTS_BEGIN = 20_000;
    private static final int FORKS_MAX = 4;
    private static final int FORK = Integer.parseInt(System.getProperty("posthorn.fork", "0"));

    /** Goes up, so that no port is handed out again soon: the server that has it may be down for a while. */
    private static final AtomicInteger NEXT_PLACE =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS_END));

    private final Path directory;
    private final List<String> options;
    private final int nameServerPort = freePort();
    private final int brokerPort = freePort();
    private Process process;

    private RunningServer(Path directory, List<String> options) {
        this.directory = directory;
        this.options = options;
    }

    /** Returns when clients can connect; fails after 60 s. Its log goes to a file beside the data. */
    static RunningServer start(Path directory, String... options) throws Exception {
        RunningServer server = new RunningServer(directory, List.of(options));
        server.start();
        return server;
    }

    /** Again, after {@link #close}. */
    void start() throws Exception {
        List<String> command = command();
        command.addAll(
                List.of("standalone", "--data-dir", directory.resolve("data").toString()));
        command.addAll(List.of("--nameserver-port", Integer.toString(nameServerPort)));
        command.addAll(List.of("--broker-port", Integer.toString(brokerPort)));
        command.addAll(options);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("server.log").toFile()))
                .start();
        String line = CompletableFuture.supplyAsync(() -> firstLine(process)).get(60, TimeUnit.SECONDS);
        if (line == null || !line.startsWith("READY")) {
            close();
            throw new IllegalStateException("the server did not become ready: " + line);
        }
    }

    /** Runs another command of the server's jar to its end. */
    static void run(String... arguments) throws Exception {
        List<String> command = command();
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("failed: " + List.of(arguments));
        }
    }

    /** The Java command up to the name of the server's command. */
    public static List<String> command() {
        Path jar = Path.of(System.getProperty("posthorn.server.jar", "../server/target/posthorn-server.jar"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-Xmx256m"));
        String jvm = System.getProperty("posthorn.server.jvm", "");
        if (!jvm.isEmpty()) {
            command.addAll(List.of(jvm.split(" ")));
        }
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /** Of the test JVMs that run side by side each takes ports of its own: one whose server is down looks free to the others. */
    private static int freePort() {
        int places = (PORTS_END - PORTS_BEGIN) / FORKS_MAX;
        for (int attempt = 0; attempt < 200; attempt++) {
            int place = Math.floorMod(NEXT_PLACE.getAndIncrement(), places);
            int port = PORTS_BEGIN + place * FORKS_MAX + FORK % FORKS_MAX;
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                // Another one, then.
            }
        }
        throw new IllegalStateException("no free port");
    }

    /** The stream stays open, so that the server can go on writing. */
    private static String firstLine(Process process) {
        try {
            return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        } catch (IOException ended) {
            return null;
        }
    }

    String url() {
        return "posthorn://127.0.0.1:" + nameServerPort;
    }

    /** SIGKILL; returns when the process is gone. */
    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
