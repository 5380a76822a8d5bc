package io.posthorn.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.Await;
import io.posthorn.testing.ChildJvm;
import io.posthorn.testing.RawRoute;
import io.posthorn.testing.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Broker and the clients of Apache RocketMQ at two NameServers of ours. */
class GenuineBrokerIT {

    private static final String BROKER_TOPIC = "genuine";

    @TempDir
    Path dir;

    @Test
    void registersAndIsProducedToConsumedFromAndAdministered() throws Exception {
        try (ServerProcess left = ServerProcess.nameServer(
                        "--kv-config-path", dir.resolve("kv.json").toString());
                ServerProcess right = ServerProcess.nameServer()) {
            String both = address(left) + ";" + address(right);
            String address;
            try (ChildJvm broker = broker(both, "0")) {
                address = addressOf(broker);
                awaitRoute(address, left, right);
                broker.say("members");
                assertEquals("{0=" + address + "}", broker.line());

                // The broker's template leads the client to it; the topic exists once a message has come.
                try (ChildJvm client =
                        Genuine.start(dir.resolve("client"), "GenuineClient", both, "GenuineTopic", "100")) {
                    assertEquals("sent 100, received 101 in all, doubled 0", client.line());
                    Await.until("the topic's route", () -> RawRoute.of("GenuineTopic", right) != null);
                    assertEquals(administered(), administer(left));
                    left.kill();
                    client.say("again");
                    assertEquals("sent 100, received 201 in all, doubled 0", client.line());
                }
            }
            // The end of its process takes it out of the routes, though its time-out is far away.
            Await.until("no route", () -> RawRoute.of(BROKER_TOPIC, right) == null);
            left.start();
            try (ChildJvm broker = broker(both, address.substring(address.indexOf(':') + 1))) {
                assertEquals(address, addressOf(broker));
                awaitRoute(address, left, right);
                assertTrue(RawRoute.of("GenuineTopic", left).contains(address), "it came back with its topics");
            }
        }
    }

    private ChildJvm broker(String nameServers, String port) throws Exception {
        return Genuine.start(
                dir.resolve("broker"),
                "GenuineBroker",
                nameServers,
                dir.resolve("store").toString(),
                port);
    }

    private static String addressOf(ChildJvm broker) {
        String ready = broker.line();
        assertTrue(ready.startsWith("READY "), () -> ready + broker.errors());
        return ready.substring("READY ".length());
    }

    private List<String> administer(ServerProcess nameServer) throws Exception {
        try (ChildJvm admin = Genuine.start(
                dir.resolve("admin"),
                "GenuineAdmin",
                address(nameServer),
                "GenuineCluster",
                "genuine",
                "GenuineTopic")) {
            return admin.end();
        }
    }

    private static List<String> administered() {
        return List.of(
                "all topics: true",
                "topics of the cluster: true",
                "topics of another: 0",
                "cluster: {GenuineCluster=[genuine]}",
                "kv: value {key=value}",
                "kv deleted, code 22",
                "order: genuine:1",
                "wiped true perm [4]",
                "given true perm [6]",
                "settings: orderMessageEnable=true",
                "route: order genuine:1",
                "after deletion: false");
    }

    private static void awaitRoute(String address, ServerProcess... nameServers) throws Exception {
        for (ServerProcess nameServer : nameServers) {
            Await.until("the broker's registration", () -> {
                String route = RawRoute.of(BROKER_TOPIC, nameServer);
                return route != null && route.contains("\"brokerAddrs\":{\"0\":\"" + address + "\"}");
            });
        }
    }

    private static String address(ServerProcess nameServer) {
        return "127.0.0.1:" + nameServer.nameServerPort();
    }
}
