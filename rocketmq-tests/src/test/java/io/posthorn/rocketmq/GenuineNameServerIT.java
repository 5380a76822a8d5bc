package io.posthorn.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.ChildJvm;
import io.posthorn.testing.RawRoute;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our Broker and our client at a NameServer of Apache RocketMQ. */
class GenuineNameServerIT {

    /** Versions that clients state, before and after 4.9.4. */
    private static final int OLD = 317;

    private static final int NEW = 513;

    @TempDir
    Path dir;

    @Test
    void knowsOurBrokerInBothSpellingsAndLeadsOurClientToIt() throws Exception {
        try (ChildJvm nameServer = Genuine.start(dir.resolve("nameserver"), "GenuineNameServer", dir.toString())) {
            String ready = nameServer.line();
            assertTrue(ready.startsWith("READY "), () -> ready + nameServer.errors());
            int port = Integer.parseInt(ready.substring("READY ".length()));
            try (ServerProcess broker = ServerProcess.brokerOf(dir.resolve("data"), "127.0.0.1:" + port)) {
                roundTrip("posthorn://127.0.0.1:" + port);
                Await.until("the queue's route", () -> RawRoute.of("%QUEUE%orders", port, NEW) != null);
                assertEquals(
                        route("{\"0\":\"127.0.0.1:" + broker.brokerPort() + "\"}"),
                        RawRoute.of("%QUEUE%orders", port, NEW));
                String old = RawRoute.of("%QUEUE%orders", port, OLD);
                assertTrue(old.contains("\"brokerAddrs\":{0:\"127.0.0.1:" + broker.brokerPort() + "\"}"), old);

                String at = "127.0.0.1:" + broker.brokerPort();
                assertEquals(
                        0,
                        ServerProcess.run("destination", "delete", "queue:orders", "--broker", at)
                                .exitCode());
                Await.until("the queue is gone", () -> RawRoute.of("%QUEUE%orders", port, NEW) == null);
                assertNotNull(RawRoute.of("broker-a", port, NEW));
            }
            Await.until("the broker is gone", () -> RawRoute.of("broker-a", port, NEW) == null);
        }
    }

    private static void roundTrip(String url) {
        try (JMSContext context = new PosthornConnectionFactory(url).createContext()) {
            Queue queue = context.createQueue("orders");
            context.createProducer().send(queue, "by a genuine NameServer");
            assertEquals(
                    "by a genuine NameServer", context.createConsumer(queue).receiveBody(String.class, 10_000));
        }
    }

    private static String route(String addresses) {
        return "{\"brokerDatas\":[{\"brokerAddrs\":" + addresses
                + ",\"brokerName\":\"broker-a\",\"cluster\":\"DefaultCluster\","
                + "\"enableActingMaster\":false}],\"filterServerTable\":{},\"queueDatas\":[{\"brokerName\":\"broker-a\",\"perm\":6,"
                + "\"readQueueNums\":1,\"topicSysFlag\":0,\"writeQueueNums\":1}]}";
    }
}
