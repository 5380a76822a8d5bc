package io.posthorn.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program in a JVM of its own, for what a test JVM with its many threads and libraries cannot show. Test and program take turns:
 * the program prints lines, the test reads them and sends lines. What goes to standard error is part of every failure. One thread at
 * a time.
 */
public final class ChildJvm implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long LIMIT_S = 90;

    private final Process process;
    private final Path errors;
    private final BlockingQueue<String> lines;

    private ChildJvm(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.lines = OutputLines.of(process);
    }

    /** Starts a JVM of this JDK; the arguments are those of the java command: options, class path or module path, program. */
    public static ChildJvm start(List<String> arguments) {
        Path logs = Path.of(System.getProperty("posthorn.logs", "target/server-logs"));
        Path errors = logs.resolve("child-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // These programs end before a better compiler would pay.
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(arguments);
        try {
            Files.createDirectories(logs);
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            return new ChildJvm(process, errors);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What this test JVM has on its class path. */
    public static String ownClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** The next line the program prints; fails when it ends without one, or after 90 s. */
    public String line() {
        try {
            String line = lines.poll(LIMIT_S, TimeUnit.SECONDS);
            if (line == null || line.equals(OutputLines.END)) {
                throw new AssertionError((line == null ? "nothing printed within 90 s: " : "ended: ") + errors());
            }
            return line;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Sends the program a line. */
    public void say(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(errors(), failed);
        }
    }

    /** The lines that are left; fails unless the program ends by itself within 90 s, with code 0. */
    public List<String> end() {
        try {
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                throw new AssertionError("still runs after 90 s: " + errors());
            }
            List<String> rest = new ArrayList<>();
            for (String line = lines.take(); !line.equals(OutputLines.END); line = lines.take()) {
                rest.add(line);
            }
            if (process.exitValue() != 0) {
                throw new AssertionError("exit code " + process.exitValue() + ", " + rest + ": " + errors());
            }
            return rest;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** What it has written to standard error. */
    public String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException unreadable) {
            return "(" + errors + " cannot be read: " + unreadable + ")";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
