package io.posthorn.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The real server in a process of its own, started from the jar that users start: both parts together, or one of them. Ports are
 * free ones, taken at the beginning and kept over restarts. One thread at a time.
 */
public final class ServerProcess implements AutoCloseable {

    private static final Pattern READY =
            Pattern.compile("READY (?:NameServer \\S+:(\\d+))?(?:, )?(?:Broker \\S+:(\\d+), data in .+)?");
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String HEAP = "-Xmx512m";

    /** Ports from here on belong to outgoing connections: one of those could take a server's port while it is down. */
    private static final int PORTS_END = 32_000;

    private static final int PORTS_BEGIN = 20_000;

    private static final int FORKS_MAX = 4;
    private static final int MODULES_MAX = 6;

    /** Modules may be tested side by side, each by several test JVMs. */
    private static final int JVMS_MAX = MODULES_MAX * FORKS_MAX;

    private static final int JVM = Math.floorMod(
            Integer.getInteger("posthorn.module", 0) * FORKS_MAX + Integer.getInteger("posthorn.fork", 0), JVMS_MAX);

    /** Goes up, so that no port is handed out again soon: the server that has it may be down for a while. */
    private static final AtomicInteger NEXT_PLACE =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS_END));

    private final String subcommand;
    private final List<String> java;
    private final List<String> options;
    private final Path log;
    private int nameServerPort;
    private int brokerPort;
    private Process process;

    private ServerProcess(String subcommand, List<String> java, List<String> options) {
        this.subcommand = subcommand;
        this.java = java;
        this.options = new ArrayList<>(options);
        if (!subcommand.equals("broker")) {
            nameServerPort = freePort();
        }
        if (!subcommand.equals("nameserver")) {
            brokerPort = freePort();
        }
        this.log = logs().resolve("server-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + ".log");
    }

    /** Starts {@code standalone} and returns when it is ready. */
    public static ServerProcess standalone(Path dataDir, String... extraOptions) {
        return standaloneOn(javaHome(), dataDir, extraOptions);
    }

    /** Starts {@code standalone} with this option for the size of its heap, and returns when it is ready. */
    public static ServerProcess standaloneIn(String heap, Path dataDir, String... extraOptions) {
        List<String> command = command(javaHome());
        command.set(1, heap);
        return standaloneBy(command, dataDir, extraOptions);
    }

    /** Starts {@code standalone} on a JDK of its own and returns when it is ready. */
    public static ServerProcess standaloneOn(String javaHome, Path dataDir, String... extraOptions) {
        return standaloneBy(command(javaHome), dataDir, extraOptions);
    }

    /** Starts {@code standalone} with a heap of its own, on a disk of its own, and returns when it is ready. */
    public static ServerProcess standaloneOn(SmallDisk disk, String heap, Path dataDir, String... extraOptions) {
        return standaloneBy(onDisk(disk, heap), dataDir, extraOptions);
    }

    /**
     * Starts {@code standalone} in a namespace and returns when it is ready.
     *
     * @param enter the command that enters it, to be followed by another
     */
    public static ServerProcess standaloneInside(List<String> enter, Path dataDir, String... extraOptions) {
        List<String> command = command(javaHome());
        command.addAll(0, enter);
        return standaloneBy(command, dataDir, extraOptions);
    }

    private static ServerProcess standaloneBy(List<String> command, Path dataDir, String... extraOptions) {
        List<String> options = new ArrayList<>(List.of("--data-dir", dataDir.toString()));
        options.addAll(List.of(extraOptions));
        return started(new ServerProcess("standalone", command, options));
    }

    private static List<String> onDisk(SmallDisk disk, String heap) {
        List<String> command = command(javaHome());
        command.set(1, "-Xmx" + heap);
        if (disk != null) {
            command.addAll(0, disk.enter());
        }
        return command;
    }

    /** Starts {@code nameserver} and returns when it is ready. */
    public static ServerProcess nameServer(String... options) {
        return started(new ServerProcess("nameserver", command(javaHome()), List.of(options)));
    }

    /** Starts {@code broker} and returns when it is registered with one of these NameServers. */
    public static ServerProcess broker(Path dataDir, ServerProcess... nameServers) {
        return brokerWith(List.of(), dataDir, nameServers);
    }

    /** As above, with more options. */
    public static ServerProcess brokerWith(List<String> moreOptions, Path dataDir, ServerProcess... nameServers) {
        List<String> addresses = new ArrayList<>();
        for (ServerProcess nameServer : nameServers) {
            addresses.add("127.0.0.1:" + nameServer.nameServerPort);
        }
        return brokerOf(dataDir, String.join(";", addresses), moreOptions.toArray(String[]::new));
    }

    /** As above, with NameServers that somebody else has started, {@code host:port;…}, and more options. */
    public static ServerProcess brokerOf(Path dataDir, String nameServers, String... extraOptions) {
        return brokerIn(List.of(), dataDir, nameServers, List.of(extraOptions));
    }

    /** As above, with options of its JVM. */
    public static ServerProcess brokerIn(
            List<String> jvmOptions, Path dataDir, String nameServers, List<String> extraOptions) {
        List<String> options =
                new ArrayList<>(List.of("--data-dir", dataDir.toString(), "--namesrv-addr", nameServers));
        options.addAll(extraOptions);
        List<String> command = command(javaHome());
        command.addAll(1, jvmOptions);
        return started(new ServerProcess("broker", command, options));
    }

    private static ServerProcess started(ServerProcess server) {
        server.start();
        return server;
    }

    /** Runs the jar with these arguments to its end, at most 60 s. */
    public static Finished run(String... arguments) {
        return runOn(null, arguments);
    }

    /** Runs a command that has to succeed. @return what it has printed */
    public static String output(String... arguments) {
        Finished finished = run(arguments);
        if (finished.exitCode() != 0) {
            throw new AssertionError(
                    List.of(arguments) + " ended with " + finished.exitCode() + ": " + finished.output());
        }
        return finished.output();
    }

    /** As above, where a disk can be seen. */
    public static Finished runOn(SmallDisk disk, String... arguments) {
        try {
            List<String> command = onDisk(disk, "512m");
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

    /** Starts the server again, on the same data, and on the same ports but after {@link #moveBroker}. */
    public void start() {
        List<String> command = new ArrayList<>(java);
        command.add(subcommand);
        if (nameServerPort != 0) {
            command.addAll(List.of("--nameserver-port", Integer.toString(nameServerPort)));
        }
        if (brokerPort != 0) {
            command.addAll(List.of("--broker-port", Integer.toString(brokerPort)));
        }
        command.addAll(options);
        try {
            Files.createDirectories(log.getParent());
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Matcher ready = READY.matcher(readyLine());
            if (!ready.matches() || port(ready, 1) != nameServerPort || port(ready, 2) != brokerPort) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "the server did not become ready; its log is " + log + ":\n" + Files.readString(log));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int port(Matcher ready, int group) {
        return ready.group(group) == null ? 0 : Integer.parseInt(ready.group(group));
    }

    /** Gives the broker another port, from the next start on. */
    public void moveBroker() {
        int before = brokerPort;
        while (brokerPort == before) {
            brokerPort = freePort();
        }
    }

    /** Leaves out an option and its value, from the next start on. */
    public void without(String option) {
        int at = options.indexOf(option);
        options.subList(at, at + 2).clear();
    }

    private String readyLine() {
        BlockingQueue<String> lines = OutputLines.of(process);
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

    /** SIGSTOP: the process stays, and does nothing, until {@link #resume}; returns when it has stopped, where that can be seen. */
    public void pause() {
        signal("STOP");
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        if (Files.exists(stat)) {
            try {
                Await.until(
                        "the process is stopped", () -> Files.readString(stat).contains(") T "));
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
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

    /** The process that runs now, or ran last. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    public String url() {
        return "posthorn://127.0.0.1:" + nameServerPort;
    }

    /** Memory of the process that is not backed by files, in bytes, as Linux counts it now: heap, threads, native allocations. */
    public long anonymousBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
                if (line.startsWith("RssAnon:")) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            throw new IllegalStateException("no RssAnon in /proc/" + process.pid() + "/status");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Processor time that the process has taken since it was started. */
    public double cpuSeconds() {
        return cpuSeconds(process.toHandle());
    }

    /** Processor time that a process has taken. */
    public static double cpuSeconds(ProcessHandle of) {
        return of.info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    /** Of the process that runs now. */
    public long pid() {
        return process.pid();
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

    /** Of the test JVMs that run side by side each takes ports of its own: one whose server is down looks free to the others. */
    private static int freePort() {
        int places = (PORTS_END - PORTS_BEGIN) / JVMS_MAX;
        for (int attempt = 0; attempt < 200; attempt++) {
            int place = Math.floorMod(NEXT_PLACE.getAndIncrement(), places);
            int port = PORTS_BEGIN + place * JVMS_MAX + JVM;
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // The next one may be free.
            }
        }
        throw new IllegalStateException("no free port from " + PORTS_BEGIN + " to " + PORTS_END);
    }

    private static String javaHome() {
        return System.getProperty("posthorn.server.javaHome", System.getProperty("java.home"));
    }

    private static List<String> command(String home) {
        Path jar = Path.of(System.getProperty("posthorn.server.jar", "../server/target/posthorn-server.jar"));
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("the server is not built: " + jar + " is missing; run mvn package first");
        }
        List<String> command =
                new ArrayList<>(List.of(Path.of(home, "bin", "java").toString(), HEAP));
        String jvm = System.getProperty("posthorn.server.jvm", "");
        if (!jvm.isEmpty()) {
            command.addAll(List.of(jvm.split(" ")));
        }
        command.addAll(SharedArchive.option(home, jar));
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }
}
