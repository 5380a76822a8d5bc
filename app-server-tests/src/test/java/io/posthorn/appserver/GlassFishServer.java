package io.posthorn.appserver;

import io.posthorn.appserver.heap.KnownHolder;
import io.posthorn.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * GlassFish, or its relative Payara, with a domain of its own: a copy of the one it comes with, on loopback and other ports. It is
 * configured with the file of {@code asadmin} commands that users are told to copy.
 */
final class GlassFishServer implements AppServer {

    private static final int LIMIT_SECONDS = 300;
    private static final int HTTP = 8080;
    private static final int ADMIN = 4848;
    private static final int[] ALL = {HTTP, ADMIN, 8181, 3700, 3820, 3920, 8686, 7676, 6666, 9009};

    /**
     * What Payara answers when a garbage collection comes at a moment in a deployment in which it holds the class loader weakly only
     * ({@code DeploymentContextImpl.sharableTemp}). Operators deploy once more then.
     */
    private static final String LOADER_COLLECTED = "\"java.lang.Thread.getContextClassLoader()\" is null";

    private final String name;
    private final Path home;
    private final Path domains;
    private final int offset = Ports.freeOffset(ALL);
    private boolean deployed;
    private Process process;

    /**
     * @param name for the log
     * @param home the directory with {@code bin} and {@code glassfish}
     */
    GlassFishServer(String name, Path home, Path parent, List<String> options) throws IOException {
        this.name = name;
        this.home = home;
        this.domains = Files.createDirectories(parent.resolve(name));
        copy(home.resolve("glassfish/domains/domain1"), domains.resolve("domain1"));
        Archives.exportTo(domains);
        Path file = domains.resolve("domain1/config/domain.xml");
        Files.writeString(file, adapted(Files.readString(file), options));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    /** On loopback, on other ports, without the server's own messaging, and with recovery at the start. */
    private String adapted(String domain, List<String> options) {
        String text = domain.replace("0.0.0.0", "127.0.0.1")
                // The domain says nothing of it, and then it listens on all addresses.
                .replaceFirst(
                        "<transaction-service ",
                        "<jms-service type=\"REMOTE\" default-jms-host=\"default_JMS_host\">"
                                + "<jms-host name=\"default_JMS_host\" host=\"localhost\" port=\"7676\"/></jms-service>$0")
                .replace("<network-listener port=", "<network-listener address=\"127.0.0.1\" port=")
                .replace(
                        "<transaction-service tx-log-dir=",
                        "<transaction-service automatic-recovery=\"true\" tx-log-dir=")
                .replace("automatic-recovery=\"true\" />", "/>")
                .replace(
                        "<jvm-options>-Xmx512m</jvm-options>",
                        "<jvm-options>-Xmx512m</jvm-options><jvm-options>"
                                + String.join("</jvm-options><jvm-options>", options)
                                + "</jvm-options>");
        if (text.contains("<hazelcast-runtime-configuration")) {
            text = forPayara(text);
        }
        for (int port : ALL) {
            text = text.replace("\"" + port + "\"", "\"" + (port + offset) + "\"")
                    .replace("=" + port + "<", "=" + (port + offset) + "<");
        }
        return text;
    }

    /** Without its cluster. */
    private static String forPayara(String domain) {
        return domain.replace(
                        "<hazelcast-runtime-configuration ", "<hazelcast-runtime-configuration enabled=\"false\" ")
                .replace(
                        "<hazelcast-config-specific-configuration>",
                        "<hazelcast-config-specific-configuration enabled=\"false\">");
    }

    @Override
    public void start() throws Exception {
        process = command()
                .start(
                        Logs.file(name).toPath(),
                        "bash",
                        home.resolve("bin/asadmin").toString(),
                        "start-domain",
                        "--verbose",
                        "--domaindir",
                        domains.toString(),
                        "domain1");
        if (deployed) {
            awaitApplication(true);
        } else {
            Application root = new Application(URI.create("http://127.0.0.1:" + (HTTP + offset) + "/"));
            Await.within(LIMIT_SECONDS, "it listens", root::listens);
            deploy();
        }
    }

    private Command command() {
        return Command.in(domains).environment("AS_JAVA", System.getProperty("java.home"));
    }

    private void deploy() throws Exception {
        try {
            carryOutAll();
        } catch (IllegalStateException failed) {
            if (!failed.getMessage().contains(LOADER_COLLECTED)) {
                throw failed;
            }
            undo();
            carryOutAll();
        }
        awaitApplication(true);
        deployed = true;
    }

    private void carryOutAll() throws Exception {
        carryOutFile("posthorn.asadmin");
        carryOutFile("test.asadmin");
    }

    /** Whatever there is of it. */
    private void undo() throws Exception {
        try {
            carryOutFile("undeploy.asadmin");
        } catch (IllegalStateException notAllWasThere) {
            // Each command was carried out nevertheless.
        }
    }

    private void carryOutFile(String file) throws Exception {
        Path script = Archives.sources().resolve("glassfish").resolve(file);
        String output = asadmin("multimode", "--file", script.toString());
        if (output.contains(" failed")) {
            throw new IllegalStateException(file + ": " + output);
        }
    }

    private String asadmin(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(
                List.of("bash", home.resolve("bin/asadmin").toString(), "--port", Integer.toString(ADMIN + offset)));
        all.addAll(List.of(arguments));
        return command().run(LIMIT_SECONDS, all.toArray(String[]::new));
    }

    private void awaitApplication(boolean there) throws Exception {
        Application application = new Application(application());
        Await.within(
                LIMIT_SECONDS,
                "the application is " + (there ? "there" : "gone"),
                () -> application.answers() == there);
    }

    @Override
    public void redeploy() throws Exception {
        carryOutFile("undeploy.asadmin");
        deploy();
    }

    @Override
    public void deploy(Path war) throws Exception {
        asadmin("deploy", war.toString());
    }

    @Override
    public void undeploy(String name) throws Exception {
        asadmin("undeploy", name);
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
        return URI.create("http://127.0.0.1:" + (HTTP + offset) + "/it/");
    }

    @Override
    public void stop() throws Exception {
        asadmin("stop-domain", "--domaindir", domains.toString(), "domain1");
        awaitHalted();
    }

    @Override
    public void kill() {
        if (process != null) {
            Command.kill(process);
        }
    }
}
