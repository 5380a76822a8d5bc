package io.posthorn.tck.official;

import io.posthorn.tck.official.ClassResult.Ending;
import io.posthorn.tck.official.ClassResult.Failure;
import io.posthorn.time.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with a {@link SuiteWorker}, seen from outside. One thread at a time. A class that does not end in time costs this JVM: it prints its
 * threads into the log and is killed, for nothing inside it can be trusted to stop an endless wait.
 */
final class SuiteProcess implements AutoCloseable {

    private static final String END_OF_OUTPUT = "\u0000";

    private final Process process;
    private final PrintStream classes;
    private final Path log;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** @param log where everything goes that the tests print; appended to */
    SuiteProcess(String classPath, List<String> jvmOptions, Path log) throws IOException {
        this.log = log;
        List<String> command = new ArrayList<>(List.of(java("java"), "-Xmx512m", "-cp", classPath));
        command.addAll(jvmOptions);
        command.add(SuiteWorker.class.getName());
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        classes = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "suite-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Runs one class. After any other ending than FINISHED this process is of no more use. */
    ClassResult run(String name, Duration limit) throws IOException {
        long startNs = Clock.system().monotonicNs();
        Tally tally = new Tally();
        Ending ending = null;
        classes.println(name);
        while (ending == null) {
            long leftNs = limit.toNanos() - (Clock.system().monotonicNs() - startNs);
            String line = poll(leftNs);
            if (line == null) {
                ending = Ending.OVER_TIME;
                dumpThreads();
                process.destroyForcibly();
                tally.fail("not ended after " + limit.toSeconds() + " s; its threads are in the log");
            } else if (line.equals(END_OF_OUTPUT)) {
                ending = Ending.DIED;
                tally.fail("the JVM ended with exit code " + exitCode());
            } else if (line.equals("END")) {
                ending = Ending.FINISHED;
            } else {
                tally.add(line.split("\t", -1));
            }
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(Clock.system().monotonicNs() - startNs);
        return new ClassResult(name, ending, tally.planned, tally.passed, tally.skipped, tally.failures, millis);
    }

    @Override
    public void close() {
        classes.close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Counts what the worker reports of one class. */
    private static final class Tally {
        private int planned;
        private int passed;
        private int skipped;
        private String running = "(class)";
        private final List<Failure> failures = new ArrayList<>();

        void add(String[] line) {
            switch (line[0]) {
                case "PLAN" -> planned = Integer.parseInt(line[1]);
                case "STARTED" -> running = line[1];
                case "PASSED" -> passed++;
                case "SKIPPED" -> skipped++;
                case "FAILED" -> failures.add(new Failure(line[1], line[2]));
                default -> throw new IllegalStateException("the worker says: " + String.join(" ", line));
            }
        }

        void fail(String reason) {
            failures.add(new Failure(running, reason));
        }
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException ended) {
            // The process is gone; the marker below says so.
        }
        lines.add(END_OF_OUTPUT);
    }

    private String poll(long leftNs) {
        try {
            return lines.poll(leftNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private int exitCode() {
        try {
            return process.waitFor();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Best effort: a JVM that does not answer is killed without. */
    private void dumpThreads() throws IOException {
        Process dump = new ProcessBuilder(java("jcmd"), Long.toString(process.pid()), "Thread.print")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            if (!dump.waitFor(10, TimeUnit.SECONDS)) {
                dump.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static String java(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }
}
