package io.posthorn.appserver;

import io.posthorn.appserver.embedded.EmbeddedGlassFish;
import io.posthorn.appserver.heap.KnownHolder;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;

/** GlassFish Embedded in a process of its own, configured with the file of {@code asadmin} commands that users are told to copy. */
final class GlassFishEmbeddedServer implements AppServer {

    private static final int LIMIT_SECONDS = 300;

    private final Path directory;
    private final List<String> options;
    private final int httpPort = Ports.free();
    private final int iiopOffset =
            Ports.freeOffset(EmbeddedGlassFish.IIOP, EmbeddedGlassFish.IIOP_SSL, EmbeddedGlassFish.IIOP_MUTUAL);
    private BlockingQueue<String> answers;
    private boolean deployed;
    private Process process;

    GlassFishEmbeddedServer(Path parent, List<String> options) throws IOException {
        this.directory = Files.createDirectories(parent.resolve("glassfish-embedded"));
        this.options = options;
        Archives.exportTo(directory);
        Files.createDirectories(directory.resolve("instance"));
        ShrinkWrap.create(JavaArchive.class, "embedded.jar")
                .addPackage(EmbeddedGlassFish.class.getPackage())
                .as(ZipExporter.class)
                .exportTo(directory.resolve("embedded.jar").toFile(), true);
    }

    @Override
    public void start() throws Exception {
        Process started = builder().start();
        // Each process has a queue of its own: the end of the last one may be noticed late.
        BlockingQueue<String> itsAnswers = new LinkedBlockingQueue<>();
        process = started;
        answers = itsAnswers;
        Thread reader = new Thread(() -> readAnswers(started, itsAnswers), "glassfish-output");
        reader.setDaemon(true);
        reader.start();
        expectDone("start");
        if (!deployed) {
            deploy();
            deployed = true;
        }
    }

    private ProcessBuilder builder() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx512m",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.naming/javax.naming.spi=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.loader=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + directory));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("glassfish.embedded.jar") + File.pathSeparator + directory.resolve("embedded.jar"),
                EmbeddedGlassFish.class.getName(),
                Integer.toString(httpPort),
                directory.resolve("instance").toString(),
                Integer.toString(iiopOffset)));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(Logs.file("glassfish-embedded")));
    }

    private static void readAnswers(Process process, BlockingQueue<String> answers) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(EmbeddedGlassFish.MARK)) {
                    answers.add(line.substring(EmbeddedGlassFish.MARK.length()));
                }
            }
        } catch (IOException ended) {
            // The process is gone; the answer below says so.
        }
        answers.add("FAILED the process has ended");
    }

    private void expectDone(String what) throws InterruptedException {
        String answer = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (answer == null || !answer.startsWith("DONE")) {
            throw new IllegalStateException(what + ": " + answer + "; the log is " + Logs.file("glassfish-embedded"));
        }
    }

    private void deploy() throws Exception {
        carryOutFile("posthorn.asadmin");
        carryOutFile("test.asadmin");
    }

    private void carryOutFile(String name) throws Exception {
        for (String line :
                Files.readAllLines(Archives.sources().resolve("glassfish").resolve(name))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                carryOut(line);
            }
        }
    }

    /** @param line a command of {@code asadmin} with its options */
    private void carryOut(String line) throws Exception {
        Writer input = process.outputWriter(StandardCharsets.UTF_8);
        input.write(line + "\n");
        input.flush();
        expectDone(line);
    }

    @Override
    public void redeploy() throws Exception {
        carryOutFile("undeploy.asadmin");
        deploy();
    }

    @Override
    public void deploy(Path war) throws Exception {
        String name = war.getFileName().toString().replace(".war", "");
        carryOut("deploy --name=" + name + " --contextroot=" + name + " " + war);
    }

    @Override
    public void undeploy(String name) throws Exception {
        carryOut("undeploy " + name);
    }

    @Override
    public void awaitHalted() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running");
        }
    }

    @Override
    public List<KnownHolder> ownHolders() {
        return GlassFishHolders.ALL;
    }

    @Override
    public URI application() {
        return URI.create("http://127.0.0.1:" + httpPort + "/it/");
    }

    @Override
    public void stop() throws Exception {
        // It stops at the end of its input.
        process.outputWriter(StandardCharsets.UTF_8).close();
        awaitHalted();
    }

    @Override
    public void kill() {
        if (process != null) {
            Command.kill(process);
        }
    }
}
