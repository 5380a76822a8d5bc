package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.protocol.api.ReplicaStatusResponse.Format;
import io.posthorn.protocol.api.ReplicaStatusResponse.Role;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** A group is upgraded broker by broker. What knows only the first format is a broker with {@code --format-level-max 1}. */
class UpgradeIT extends ReplicaTest {

    private static final String[] OLD = {"--format-level-max", "1"};
    private static final Path FROZEN =
            Path.of("../server/src/test/resources/io/posthorn/server/store/tools/store-v1.zip");

    @Test
    void aGroupIsUpgradedBrokerByBrokerAndFinalized() throws Exception {
        restoreFrozenStore();
        group.add(OLD);
        group.add("--checkpoint-interval-ms", "200");
        send(0, 10);
        group.awaitCaughtUp(1, 0);
        // The frozen history was made for stores: no broker would have written all of it, and none replays it from the
        // beginning.
        Await.until(
                "the Slave has folded it",
                () -> group.status(1).folded() == group.status(1).end());
        assertEquals(new Format(1, 1), group.status(0).format());
        assertEquals(new Format(1, 2), group.status(1).format());
        assertRefused(1, "this broker is a Slave");

        group.promote();
        group.awaitCaughtUp(0, 1);
        send(10, 20);
        assertRefused(1, " at 127.0.0.1:" + group.broker(0).brokerPort() + " reads format levels up to 1");
        // The old release may be restarted, and still follows.
        group.broker(0).stop();
        group.broker(0).start();
        group.awaitCaughtUp(0, 1);

        group.broker(0).stop();
        String counted = ServerProcess.run(
                        "store", "stats", "--data-dir", group.data(0).toString())
                .output();
        assertTrue(counted.contains("format level 1\n"), counted);
        group.broker(0).without(OLD[0]);
        group.broker(0).start();
        group.awaitCaughtUp(0, 1);
        send(20, 30);
        assertFinalized(1, "format level 2 from now on");
        send(30, 40);
        group.awaitCaughtUp(0, 1);
        assertEquals(new Format(2, 2), group.status(0).format());
        assertEquals(new Format(2, 2), group.status(1).format());
        assertFinalized(1, "format level 2 already, the newest");

        group.addAs(3, OLD);
        String refusal = "reads format levels up to 1, but this Master writes level 2";
        Await.until("the old Slave says why it does not follow", () -> {
            ReplicaStatusResponse status = group.status(2);
            return status != null
                    && status.role() == Role.SLAVE
                    && status.text().contains(refusal);
        });
        assertTrue(Files.readString(group.broker(1).log()).contains(refusal), "the Master logs it");

        // What one broker wrote at level 2, the other serves. It became a Slave with the next number that was free.
        group.promote("--broker-id", "2");
        group.awaitRole(0, Role.MASTER);
        send(40, 50);
        assertArrived(50);
    }

    @Test
    void aSyncMasterRaisesTheLevelTogetherWithItsSlave() throws Exception {
        group.add("--broker-role", "SYNC_MASTER", "--replica-timeout-ms", "2000", OLD[0], OLD[1]);
        group.add(OLD);
        group.awaitInSync(0, 2);
        send(0, 10);
        for (int broker = 1; broker >= 0; broker--) {
            group.broker(broker).stop();
            group.broker(broker).without(OLD[0]);
            group.broker(broker).start();
            group.awaitInSync(0, 2);
        }
        send(10, 20);
        group.broker(1).kill();
        group.awaitInSync(0, 1);
        assertRefused(0, "minInSyncReplicas=2, but only 1 of broker-a are in sync");
        group.broker(1).start();
        group.awaitInSync(0, 2);
        assertFinalized(0, "format level 2 from now on");
        send(20, 30);
        group.awaitCaughtUp(1, 0);
        assertEquals(new Format(2, 2), group.status(0).format());
        assertEquals(new Format(2, 2), group.status(1).format());
        assertArrived(30);
    }

    private void restoreFrozenStore() throws IOException {
        Path backup = dir.resolve("frozen");
        try (InputStream in = Files.newInputStream(FROZEN);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = backup.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
        ServerProcess.Finished restored = ServerProcess.run(
                "store", "restore", "--data-dir", group.data(0).toString(), backup.toString());
        assertEquals(0, restored.exitCode(), restored.output());
    }

    private void assertRefused(int broker, String why) {
        ServerProcess.Finished finished = group.tryFinalize(broker);
        assertEquals(1, finished.exitCode(), finished.output());
        assertTrue(finished.output().contains(why), finished.output());
        assertEquals(1, finished.output().lines().count(), finished.output());
        assertEquals(1, group.status(broker).format().level());
    }

    private void assertFinalized(int broker, String says) {
        ServerProcess.Finished finished = group.tryFinalize(broker);
        assertEquals(0, finished.exitCode(), finished.output());
        assertEquals(says, finished.output().strip());
    }

    private void send(int from, int to) throws JMSException {
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            MessageProducer producer = session.createProducer(session.createQueue("upgraded"));
            for (int i = from; i < to; i++) {
                producer.send(session.createTextMessage(Integer.toString(i)));
            }
        }
    }

    private void assertArrived(int count) throws JMSException {
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            MessageConsumer consumer = session.createConsumer(session.createQueue("upgraded"));
            for (int i = 0; i < count; i++) {
                Message message = consumer.receive(ServerTest.COMES_MS);
                assertNotNull(message, "message " + i);
                assertEquals(Integer.toString(i), ((TextMessage) message).getText());
            }
            assertNull(consumer.receiveNoWait());
        }
    }
}
