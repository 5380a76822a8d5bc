package io.posthorn.ra;

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

/** The real server in a process of its own, on free ports. */
final class RunningServer implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("READY NameServer ([0-9.]+:\\d+),.*");

    private final Process process;
    private final String url;

    private RunningServer(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** Returns when clients can connect; fails after 60 s. Its log goes to a file beside the data. */
    static RunningServer start(Path directory) throws Exception {
        Path jar = Path.of(System.getProperty("posthorn.server.jar", "../server/target/posthorn-server.jar"));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-jar",
                jar.toString(),
                "standalone",
                "--data-dir",
                directory.resolve("data").toString(),
                "--nameserver-port",
                "0",
                "--broker-port",
                "0");
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("server.log").toFile())
                .start();
        try {
            String line =
                    CompletableFuture.supplyAsync(() -> firstLine(process)).get(60, TimeUnit.SECONDS);
            Matcher ready = READY.matcher(String.valueOf(line));
            if (!ready.matches()) {
                throw new IllegalStateException("the server did not become ready: " + line);
            }
            return new RunningServer(process, "posthorn://" + ready.group(1));
        } catch (Exception failed) {
            process.destroyForcibly().waitFor();
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
        return url;
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
