package io.posthorn.server.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.server.broker.registration.BrokerRegistration;
import io.posthorn.server.broker.registration.BrokerTopics;
import io.posthorn.server.broker.registration.RegistrationConfig;
import io.posthorn.server.nameserver.Await;
import io.posthorn.server.nameserver.NameServer;
import io.posthorn.server.nameserver.NameServerConfig;
import io.posthorn.server.route.TopicConfig;
import io.posthorn.time.Clock;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unmodified client of Apache RocketMQ, in a JVM of its own, finds the brokers that registered with our NameServer. The
 * jars' list comes from the build (see maven-antrun-plugin in the pom).
 */
class ApacheClientTest {

    private static final long LIMIT_S = 90;

    @TempDir
    private Path home;

    @Test
    void findsTheRegisteredBrokers() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        List<TopicConfig> topics = List.of(new TopicConfig("Orders", 5, 3, 6), new TopicConfig("%QUEUE%a-b", 1, 1, 6));
        try (NameServer nameServer = new NameServer(NameServerConfig.defaults().withListen(anyPort), Clock.system())) {
            InetSocketAddress address = nameServer.start();
            try (BrokerRegistration a = registration("broker-a", 0, 20911, address, topics);
                    BrokerRegistration slave = registration("broker-a", 1, 20921, address, topics);
                    BrokerRegistration b = registration("broker-b", 0, 20931, address, topics)) {
                a.start();
                slave.start();
                b.start();
                Await.until(
                        "all registered", () -> a.registeredWith() + slave.registeredWith() + b.registeredWith() == 3);

                assertEquals(expected(), runProbe("127.0.0.1:" + address.getPort(), "Orders", "NoSuchTopic"));
            }
        }
    }

    private static BrokerRegistration registration(
            String name, long id, int port, InetSocketAddress nameServer, List<TopicConfig> topics) {
        RegistrationConfig config =
                RegistrationConfig.of("TestCluster", name, id, "127.0.0.1:" + port, List.of(nameServer));
        return new BrokerRegistration(config, () -> new BrokerTopics(1, topics), Clock.system());
    }

    private static List<String> expected() {
        return List.of(
                "publish broker-a 0",
                "publish broker-a 1",
                "publish broker-a 2",
                "publish broker-b 0",
                "publish broker-b 1",
                "publish broker-b 2",
                "queue broker-a read 5 write 3 perm 6",
                "queue broker-b read 5 write 3 perm 6",
                "broker TestCluster broker-a {0=127.0.0.1:20911, 1=127.0.0.1:20921}",
                "broker TestCluster broker-b {0=127.0.0.1:20931}",
                "cluster TestCluster [broker-a, broker-b]",
                "member TestCluster broker-a {0=127.0.0.1:20911, 1=127.0.0.1:20921}",
                "member TestCluster broker-b {0=127.0.0.1:20931}",
                "unknown topic refused",
                "done");
    }

    /** What the probe prints, or what went wrong with it. */
    private List<String> runProbe(String... arguments) throws IOException, InterruptedException {
        Path source = home.resolve("RouteProbe.java");
        try (var in = ApacheClientTest.class.getResourceAsStream("/rocketmq-client/RouteProbe.java")) {
            Files.copy(in, source);
        }
        Path out = home.resolve("out");
        Path err = home.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xmx128m",
                // The client writes its logs below the home directory.
                "-Duser.home=" + home,
                "-cp",
                Files.readString(Path.of(System.getProperty("rocketmq.client.classpath.file"))),
                source.toString());
        builder.command().addAll(List.of(arguments));
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertTrue(
                    process.waitFor(LIMIT_S, TimeUnit.SECONDS),
                    () -> "the probe has not ended within " + LIMIT_S + " s: " + text(out) + text(err));
        } finally {
            process.destroyForcibly().onExit().join();
        }
        assertEquals(0, process.exitValue(), () -> "the probe failed: " + text(out) + text(err));
        return Files.readAllLines(out);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "(unreadable: " + e + ")";
        }
    }
}
