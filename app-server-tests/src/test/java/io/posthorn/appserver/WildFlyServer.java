package io.posthorn.appserver;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static final int HALT_SECONDS = 60;
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
            Command.in(base)
                    .environment("JAVA_OPTS", "-Djboss.server.base.dir=" + base)
                    .environment("JBOSS_HOME", home().toString())
                    .run(
                            120,
                            home().resolve("bin/jboss-cli.sh").toString(),
                            "--file=" + Archives.sources().resolve("wildfly").resolve(script));
        }
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
                // Recovery looks every 5 s instead of every 2 minutes.
                "-DRecoveryEnvironmentBean.periodicRecoveryPeriod=5",
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

    @Override
    public void awaitHalted() throws Exception {
        process.onExit().get(HALT_SECONDS, TimeUnit.SECONDS);
        // Arquillian has to notice it as well.
        controller.stop(CONTAINER);
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
