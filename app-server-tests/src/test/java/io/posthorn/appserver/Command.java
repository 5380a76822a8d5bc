package io.posthorn.appserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command line that runs to its end, in a directory, and has to succeed. */
final class Command {

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();

    private Command(Path directory) {
        this.directory = directory;
        environment("JAVA_HOME", System.getProperty("java.home"));
    }

    static Command in(Path directory) {
        return new Command(directory);
    }

    Command environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** What it printed. Fails, with that, if it ends with another code than 0 or takes longer. */
    String run(int limitSeconds, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "command", ".log");
        Process process = builder(arguments).redirectOutput(output.toFile()).start();
        try {
            boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException((ended ? "failed: " : "not within " + limitSeconds + " s: ")
                        + List.of(arguments)
                        + "\n"
                        + text);
            }
            return text;
        } finally {
            kill(process);
        }
    }

    /** A process that goes on; its output is appended to the file. */
    Process start(Path output, String... arguments) throws IOException {
        return builder(arguments)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    /** SIGKILL for the process and what it has started; returns when they are gone. */
    static void kill(Process process) {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly().onExit().join();
        for (ProcessHandle child : all) {
            child.destroyForcibly();
            child.onExit().join();
        }
    }

    private ProcessBuilder builder(String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(arguments)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        builder.environment().putAll(environment);
        return builder;
    }
}
