package io.posthorn.ra.inbound;

import io.posthorn.ra.RunningServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real server in a process of its own, on free ports, which it keeps when it is started again. */
final class ServerProcess implements AutoCloseable {

    private static final Pattern READY =
            Pattern.compile("READY NameServer ([0-9.]+):(\\d+), Broker ([0-9.]+):(\\d+).*");

    private final Path directory;
    private final List<String> options;
    private Process process;
    private String nameServerPort = "0";
    private String brokerPort = "0";

    private ServerProcess(Path directory, List<String> options) {
        this.directory = directory;
        this.options = options;
    }

    /** Returns when clients can connect; fails after 60 s. Its log goes to a file beside the data. */
    static ServerProcess start(Path directory, String... options) throws Exception {
        ServerProcess server = new ServerProcess(directory, List.of(options));
        server.startAgain();
        return server;
    }

    /** After {@link #kill}: on the same ports, with the same data. */
    void startAgain() throws Exception {
        List<String> command = RunningServer.command();
        command.addAll(List.of(
                "standalone",
                "--data-dir",
                directory.resolve("data").toString(),
                "--nameserver-port",
                nameServerPort,
                "--broker-port",
                brokerPort));
        command.addAll(options);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("server.log").toFile()))
                .start();
        Process started = process;
        try {
            String line =
                    CompletableFuture.supplyAsync(() -> firstLine(started)).get(60, TimeUnit.SECONDS);
            Matcher ready = READY.matcher(String.valueOf(line));
            if (!ready.matches()) {
                throw new IllegalStateException("the server did not become ready: " + line);
            }
            nameServerPort = ready.group(2);
            brokerPort = ready.group(4);
        } catch (Exception failed) {
            kill();
            throw failed;
        }
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
    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
