package io.posthorn.appserver;

import io.posthorn.appserver.heap.KnownHolder;
import io.posthorn.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Open Liberty with a user directory of its own, configured with the files that users are told to copy. */
final class LibertyServer implements AppServer {

    private static final int LIMIT_SECONDS = 300;
    private static final List<String> DEPLOYED = List.of("posthorn.xml", "test.xml");

    private final Path user;
    private final Path server;
    private final Path dropins;
    private final int port = Ports.free();
    private Process process;

    LibertyServer(Path parent, List<String> options) throws IOException {
        this.user = parent.resolve("liberty");
        this.server = Files.createDirectories(user.resolve("servers/posthorn"));
        this.dropins = Files.createDirectories(server.resolve("configDropins/overrides"));
        Archives.exportTo(server);
        Files.copy(source("server.xml"), server.resolve("server.xml"));
        List<String> bootstrap = new ArrayList<>(List.of("http.port=" + port));
        for (String option : options) {
            if (option.startsWith("-D")) {
                bootstrap.add(option.substring("-D".length()));
            }
        }
        Files.write(server.resolve("bootstrap.properties"), bootstrap);
        List<String> jvm = new ArrayList<>(options);
        jvm.add("-Xmx512m");
        Files.write(server.resolve("jvm.options"), jvm);
        deploy();
    }

    private static Path home() {
        return Path.of(System.getProperty("liberty.home"));
    }

    private static Path source(String name) {
        return Archives.sources().resolve("liberty").resolve(name);
    }

    @Override
    public void start() throws Exception {
        process = Command.in(server)
                .environment("WLP_USER_DIR", user.toString())
                .start(
                        Logs.file("liberty").toPath(),
                        "sh",
                        home().resolve("bin/server").toString(),
                        "run",
                        "posthorn");
        awaitApplication(true);
    }

    private void awaitApplication(boolean there) throws Exception {
        Application application = new Application(application());
        Await.within(
                LIMIT_SECONDS,
                "the application is " + (there ? "there" : "gone"),
                () -> application.answers() == there);
    }

    private void deploy() throws IOException {
        for (String file : DEPLOYED) {
            Files.copy(source(file), dropins.resolve(file));
        }
    }

    @Override
    public void redeploy() throws Exception {
        long before = updates();
        for (String file : DEPLOYED) {
            Files.delete(dropins.resolve(file));
        }
        awaitApplication(false);
        // A change during an update can escape it.
        Await.within(LIMIT_SECONDS, "the configuration is updated", () -> updates() > before);
        deploy();
        awaitApplication(true);
    }

    /** How many changes of the configuration it has finished. */
    private static long updates() throws IOException {
        try (Stream<String> lines = Files.lines(Logs.file("liberty").toPath())) {
            return lines.filter(line -> line.contains("CWWKG0017I")).count();
        }
    }

    /** By the directory that it looks into. */
    @Override
    public void deploy(Path war) throws Exception {
        Path drop = Files.createDirectories(server.resolve("dropins"));
        Files.copy(war, drop.resolve(war.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
        String name = war.getFileName().toString().replace(".war", "");
        Await.within(LIMIT_SECONDS, name + " is there", () -> isStarted(name));
    }

    private static boolean isStarted(String name) throws IOException {
        try (Stream<String> lines = Files.lines(Logs.file("liberty").toPath())) {
            return lines.anyMatch(line -> line.contains("CWWKZ0001I") && line.contains(" " + name + " "));
        }
    }

    @Override
    public void undeploy(String name) throws Exception {
        Files.delete(server.resolve("dropins").resolve(name + ".war"));
    }

    @Override
    public void awaitHalted() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running");
        }
    }

    /** Its loggers, which are the same for all deployments, know the first class that asked for them. */
    @Override
    public List<KnownHolder> ownHolders() {
        return List.of(KnownHolder.field("com.ibm.websphere.ras.TraceComponent.aClass"));
    }

    @Override
    public URI application() {
        return URI.create("http://127.0.0.1:" + port + "/it/");
    }

    @Override
    public void stop() throws Exception {
        carryOut("stop");
        awaitHalted();
    }

    /** An action of the {@code server} command. */
    void carryOut(String action, String... options) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("sh", home().resolve("bin/server").toString(), action, "posthorn"));
        all.addAll(List.of(options));
        Command.in(server).environment("WLP_USER_DIR", user.toString()).run(LIMIT_SECONDS, all.toArray(String[]::new));
    }

    @Override
    public void kill() {
        if (process != null) {
            Command.kill(process);
        }
    }
}
