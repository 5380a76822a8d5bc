package io.posthorn.tck;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The real server in a process of its own, started from the jar that users start. Ports are free ones, taken at the first start
 * and kept over restarts. One thread at a time.
 */
public final class ServerProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("READY NameServer [0-9.]+:(\\d+), Broker [0-9.]+:(\\d+).*");
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String END = "\u0000end of output";

    private final Path dataDir;
    private final List<String> extra;
    private final Path log;
    private int nameServerPort;
    private int brokerPort;
    private Process process;

    private ServerProcess(Path dataDir, List<String> extra) {
        this.dataDir = dataDir;
        this.extra = extra;
        this.log = logs().resolve("server-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + ".log");
    }

    /** Starts {@code standalone} and returns when it is ready. */
    public static ServerProcess standalone(Path dataDir, String... extraOptions) {
        ServerProcess server = new ServerProcess(dataDir, List.of(extraOptions));
        server.start();
        return server;
    }

    /** Runs the jar with these arguments to its end, at most 60 s. */
    public static Finished run(String... arguments) {
        try {
            List<String> command = command();
            command.addAll(List.of(arguments));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!ended) {
                throw new IllegalStateException("still running after 60 s: " + output);
            }
            return new Finished(process.exitValue(), output);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** How a command ended. */
    public record Finished(int exitCode, String output) {}

    /** Starts the server again, on the same ports and data. */
    public void start() {
        List<String> command = command();
        command.addAll(List.of("standalone", "--data-dir", dataDir.toString()));
        command.addAll(List.of("--nameserver-port", Integer.toString(nameServerPort)));
        command.addAll(List.of("--broker-port", Integer.toString(brokerPort)));
        command.addAll(extra);
        try {
            Files.createDirectories(log.getParent());
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Matcher ready = READY.matcher(readyLine());
            if (!ready.matches()) {
                throw new IllegalStateException(
                        "the server did not become ready; its log is " + log + ":\n" + Files.readString(log));
            }
            nameServerPort = Integer.parseInt(ready.group(1));
            brokerPort = Integer.parseInt(ready.group(2));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String readyLine() {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Thread reader = new Thread(
                () -> {
                    try {
                        for (String line = output.readLine(); line != null; line = output.readLine()) {
                            lines.add(line);
                        }
                    } catch (IOException ended) {
                        // The process is gone; the marker below says so.
                    }
                    lines.add(END);
                },
                "server-output");
        reader.setDaemon(true);
        reader.start();
        try {
            String line = lines.poll(60, TimeUnit.SECONDS);
            return line == null ? "(nothing within 60 s)" : line;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        process.destroyForcibly();
        await();
    }

    /** SIGTERM; returns the exit code. */
    public int stop() {
        process.destroy();
        return await();
    }

    private int await() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException("the server did not stop within 30 s; its log is " + log);
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    public String url() {
        return "posthorn://127.0.0.1:" + nameServerPort;
    }

    public int nameServerPort() {
        return nameServerPort;
    }

    public int brokerPort() {
        return brokerPort;
    }

    public Path log() {
        return log;
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private static Path logs() {
        return Path.of(System.getProperty("posthorn.logs", "target/server-logs"));
    }

    private static List<String> command() {
        Path jar = Path.of(System.getProperty("posthorn.server.jar", "../server/target/posthorn-server.jar"));
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("the server is not built: " + jar + " is missing; run mvn package first");
        }
        String home = System.getProperty("posthorn.server.javaHome", System.getProperty("java.home"));
        return new ArrayList<>(List.of(Path.of(home, "bin", "java").toString(), "-Xmx512m", "-jar", jar.toString()));
    }
}
