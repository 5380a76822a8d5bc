package io.posthorn.samples;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Posthorn server as a process of its own, always with the same arguments, and so on the same ports and the same data: it can be
 * started, stopped in order, killed, and started again.
 *
 * <p>For one thread, except {@link #close}, which a shutdown hook may call too. What the server writes goes to a log file; its
 * end is part of every failure's text.
 */
final class ServerProcess implements AutoCloseable {
    /** Command that builds the server, for messages. */
    static final String BUILD_COMMAND = "mvn -q -DskipTests -pl server -am package";

    private static final String READY = "READY";
    private static final long READY_TIMEOUT_MS = 60_000;
    private static final long END_TIMEOUT_MS = 30_000;
    private static final int LOG_LINES_SHOWN = 15;

    private final Path jar;
    private final Path log;
    private final List<String> arguments;
    private volatile Process process;

    /**
     * @param jar the server's jar
     * @param log where its output goes, in an existing directory
     * @param arguments the subcommand and its options
     */
    ServerProcess(Path jar, Path log, List<String> arguments) {
        this.jar = jar;
        this.log = log;
        this.arguments = List.copyOf(arguments);
    }

    /**
     * @throws ServerFailedException if there is no such file; says which command builds it
     */
    static void requireJar(Path jar) throws ServerFailedException {
        if (!Files.isRegularFile(jar)) {
            throw new ServerFailedException(
                    "There is no server at " + jar.toAbsolutePath() + ". Build it with: " + BUILD_COMMAND);
        }
    }

    /**
     * Starts the server and returns when clients can connect.
     *
     * @throws ServerFailedException if the jar is missing, or the process ends or is not ready within a minute
     */
    void start() throws ServerFailedException, InterruptedException {
        requireJar(jar);
        try {
            process = new ProcessBuilder(command(jar, arguments))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new ServerFailedException("Cannot start the server " + jar + ": " + e, e);
        }
        CompletableFuture<Void> ready = new CompletableFuture<>();
        Thread reader = new Thread(() -> readOutput(process, ready), "posthorn-server-output");
        reader.setDaemon(true);
        reader.start();
        awaitReady(ready);
    }

    /**
     * Stops the server in order (SIGTERM) and returns when it has ended.
     *
     * @throws ServerFailedException if it has ended before, is not gone within 30 s, or its exit code is not 0
     */
    void stop() throws ServerFailedException, InterruptedException {
        if (!process.isAlive()) {
            throw failure("The server has ended by itself with exit code " + process.exitValue());
        }
        process.destroy();
        awaitEnd("SIGTERM");
        if (process.exitValue() != 0) {
            throw failure("The server's exit code after SIGTERM is " + process.exitValue() + " instead of 0");
        }
    }

    /**
     * Kills the server (SIGKILL): it cannot do anything about it, as if the power had failed for this process.
     *
     * @throws ServerFailedException if it has ended before by itself
     */
    void kill() throws ServerFailedException, InterruptedException {
        if (!process.isAlive()) {
            throw failure("The server has ended by itself with exit code " + process.exitValue());
        }
        process.destroyForcibly();
        awaitEnd("SIGKILL");
    }

    /** Makes sure that no process is left behind, without manners. */
    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly()
                    .onExit()
                    .orTimeout(END_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .exceptionally(e -> null)
                    .join();
        }
    }

    /**
     * Runs a command of the server's jar to its end.
     *
     * @return what it printed
     * @throws ServerFailedException if it cannot be started, takes more than a minute, or its exit code is not 0
     */
    static String run(Path jar, List<String> arguments) throws ServerFailedException, InterruptedException {
        String name = String.join(" ", arguments);
        try {
            Process process = new ProcessBuilder(command(jar, arguments))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            CompletableFuture<String> output = new CompletableFuture<>();
            Thread reader = new Thread(() -> readAll(process, output), "posthorn-command-output");
            reader.setDaemon(true);
            reader.start();
            if (!process.waitFor(READY_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new ServerFailedException(
                        "The command has not ended within " + READY_TIMEOUT_MS / 1_000 + " s: " + name);
            }
            String text = output.join().strip();
            if (process.exitValue() != 0) {
                throw new ServerFailedException("The command has failed: " + name + "\n    " + text);
            }
            return text;
        } catch (IOException e) {
            throw new ServerFailedException("Cannot run the command " + name + ": " + e, e);
        }
    }

    private static void readAll(Process process, CompletableFuture<String> output) {
        try (InputStream in = process.getInputStream()) {
            output.complete(new String(in.readAllBytes(), Charset.defaultCharset()));
        } catch (IOException e) {
            output.complete("(its output cannot be read: " + e + ")");
        }
    }

    private static List<String> command(Path jar, List<String> arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()));
        command.addAll(arguments);
        return command;
    }

    /** Runs on a thread of its own until the process ends, so that the server never waits for a full pipe. */
    private void readOutput(Process server, CompletableFuture<Void> ready) {
        try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(server.getInputStream(), Charset.defaultCharset()));
                BufferedWriter file = Files.newBufferedWriter(
                        log, Charset.defaultCharset(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                file.append(line).append(System.lineSeparator()).flush();
                if (line.startsWith(READY)) {
                    ready.complete(null);
                }
            }
            ready.completeExceptionally(new IOException("the server has closed its output"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    private void awaitReady(CompletableFuture<Void> ready) throws ServerFailedException, InterruptedException {
        try {
            ready.get(READY_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            boolean ended = process.waitFor(END_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            throw failure(
                    ended
                            ? "The server has ended with exit code " + process.exitValue() + " before it was ready"
                            : "The server has not said " + READY + ": " + e.getCause());
        } catch (TimeoutException e) {
            throw failure("The server was not ready within " + READY_TIMEOUT_MS / 1_000 + " s");
        }
    }

    private void awaitEnd(String signal) throws ServerFailedException, InterruptedException {
        if (!process.waitFor(END_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
            throw failure("The server has not ended " + END_TIMEOUT_MS / 1_000 + " s after " + signal);
        }
    }

    private ServerFailedException failure(String what) {
        StringBuilder text =
                new StringBuilder(what).append(". The end of ").append(log).append(':');
        for (String line : logTail()) {
            text.append("\n    ").append(line);
        }
        return new ServerFailedException(text.toString());
    }

    private Deque<String> logTail() {
        Deque<String> tail = new ArrayDeque<>();
        try (BufferedReader lines = Files.newBufferedReader(log, Charset.defaultCharset())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (tail.size() == LOG_LINES_SHOWN) {
                    tail.removeFirst();
                }
                tail.addLast(line);
            }
        } catch (IOException e) {
            tail.addLast("(cannot be read: " + e + ")");
        }
        return tail;
    }
}
