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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;

/**
 * WildFly, started and deployed to by Arquillian. It has a base directory of its own, which {@code jboss-cli.sh} configures before the
 * first start with the files that users are told to copy.
 */
final class WildFlyServer implements AppServer {

    static final String CONTAINER = "wildfly";

    private static final int HALT_SECONDS = 120;
    private static final int CLI_SECONDS = 300;
    private static final int DEPLOY_SECONDS = 180;
    private static final int HTTP = 8080;
    private static final int MANAGEMENT = 9990;
    private static final int[] ALL = {HTTP, MANAGEMENT, 8443, 8009, 3528, 3529, 4712, 4713};

    private final ContainerController controller;
    private final Deployer deployer;
    private final String[] deployments;
    private final Path base;
    private final List<String> options;
    private final int offset;
    private boolean deployed;
    private ProcessHandle process;

    /** @param deployments what Arquillian deploys, in this order */
    WildFlyServer(
            ContainerController controller,
            Deployer deployer,
            Path directory,
            List<String> options,
            String... deployments) {
        this.controller = controller;
        this.deployer = deployer;
        this.deployments = deployments;
        this.base = directory.resolve("wildfly");
        this.offset = Ports.freeOffset(ALL);
        this.options = options;
    }

    static Path home() {
        return Path.of(System.getProperty("wildfly.home"));
    }

    /** Copies the server's configuration, and runs these files of {@code src/test/wildfly} on the copy. */
    void configure(String... scripts) throws Exception {
        Files.createDirectories(base.resolve("deployments"));
        Path configuration = Files.createDirectories(base.resolve("configuration"));
        try (Stream<Path> files = Files.list(home().resolve("standalone/configuration"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, configuration.resolve(file.getFileName()));
            }
        }
        Archives.exportTo(base);
        for (String script : scripts) {
            runCli("--file=" + Archives.sources().resolve("wildfly").resolve(script));
        }
    }

    /** How many transactions its log has that are not through with all of their resources. */
    int unfinishedTransactions() throws IOException {
        Path log = base.resolve("data/tx-object-store");
        if (!Files.exists(log)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(log)) {
            return (int) files.filter(
                            file -> Files.isRegularFile(file) && file.toString().contains("/AtomicAction/"))
                    .count();
        }
    }

    /** Has the running server carry a command out. */
    void cli(String command) throws Exception {
        runCli("--connect", "--controller=127.0.0.1:" + (MANAGEMENT + offset), "--command=" + command);
    }

    private void runCli(String... arguments) throws Exception {
        List<String> all =
                new ArrayList<>(List.of(home().resolve("bin/jboss-cli.sh").toString()));
        all.addAll(List.of(arguments));
        Command.in(base)
                .environment("JAVA_OPTS", "-Djboss.server.base.dir=" + base)
                .environment("JBOSS_HOME", home().toString())
                .run(CLI_SECONDS, all.toArray(String[]::new));
    }

    @Override
    public void start() throws Exception {
        controller.start(
                CONTAINER,
                Map.of(
                        "jbossHome", home().toString(),
                        "managementPort", Integer.toString(MANAGEMENT + offset),
                        "javaVmArguments", arguments()));
        if (!deployed) {
            deploy();
        }
        process = new Application(application()).process();
    }

    private String arguments() {
        return String.join(
                " ",
                "-Xmx512m",
                "-Djboss.server.base.dir=" + base,
                "-Djboss.socket.binding.port-offset=" + offset,
                "-Djboss.bind.address=127.0.0.1",
                "-Djboss.bind.address.management=127.0.0.1",
                // Recovery looks every 2 s instead of every 2 minutes.
                "-DRecoveryEnvironmentBean.periodicRecoveryPeriod=2",
                "-DRecoveryEnvironmentBean.recoveryBackoffPeriod=1",
                String.join(" ", options));
    }

    private void deploy() {
        for (String deployment : deployments) {
            deployer.deploy(deployment);
        }
        deployed = true;
    }

    @Override
    public void redeploy() {
        for (int last = deployments.length - 1; last >= 0; last--) {
            deployer.undeploy(deployments[last]);
        }
        deploy();
    }

    /** By the directory that it looks into every few seconds. */
    @Override
    public void deploy(Path war) throws Exception {
        Path copy = base.resolve("deployments").resolve(war.getFileName().toString());
        Files.copy(war, copy, StandardCopyOption.REPLACE_EXISTING);
        Await.within(DEPLOY_SECONDS, copy + " is deployed", () -> {
            if (Files.exists(marker(copy, ".failed"))) {
                throw new IllegalStateException(Files.readString(marker(copy, ".failed")));
            }
            return Files.exists(marker(copy, ".deployed"));
        });
    }

    @Override
    public void undeploy(String name) throws Exception {
        Path copy = base.resolve("deployments").resolve(name + ".war");
        Files.delete(marker(copy, ".deployed"));
        Await.within(DEPLOY_SECONDS, copy + " is undeployed", () -> Files.exists(marker(copy, ".undeployed")));
    }

    private static Path marker(Path deployment, String suffix) {
        return deployment.resolveSibling(deployment.getFileName() + suffix);
    }

    @Override
    public void awaitHalted() throws Exception {
        process.onExit().get(HALT_SECONDS, TimeUnit.SECONDS);
        // Arquillian has to notice it as well.
        controller.stop(CONTAINER);
    }

    /**
     * An idle thread of its pools keeps what it did last, here a request to a servlet or a resource adapter's work, until it gets something else
     * to do. Recovery keeps what it has asked for some passes.
     */
    @Override
    public List<KnownHolder> ownHolders() {
        return List.of(
                KnownHolder.threads("java.lang.Thread.contextClassLoader"),
                KnownHolder.threads("java.lang.Thread.inheritedAccessControlContext"),
                KnownHolder.field("org.jboss.threads.EnhancedQueueExecutor$Task.contextClassLoader"),
                KnownHolder.field("org.jboss.threads.EnhancedQueueExecutor$Task.delegate"),
                KnownHolder.field("com.arjuna.ats.internal.jta.recovery.arjunacore.XARecoveryModule._xidScans"),
                KnownHolder.field("io.undertow.server.HttpServerExchange$1.val$handler"),
                KnownHolder.field("io.undertow.server.HttpServerExchange$1.this$0"));
    }

    @Override
    public URI application() {
        return URI.create("http://127.0.0.1:" + (HTTP + offset) + "/it/");
    }

    /** Only within a test: outside of one Arquillian knows no containers. */
    @Override
    public void stop() {
        controller.stop(CONTAINER);
    }

    @Override
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
