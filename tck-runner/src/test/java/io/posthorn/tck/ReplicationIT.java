package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.message.EncodedMessage;
import io.posthorn.protocol.RequestCode;
import io.posthorn.protocol.api.FetchMessagesRequest;
import io.posthorn.protocol.api.FetchMessagesResponse;
import io.posthorn.protocol.api.ReplicaStatusResponse;
import io.posthorn.protocol.api.ReplicaStatusResponse.Role;
import io.posthorn.provider.remote.DirectLink;
import io.posthorn.testing.Await;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a Master waits for, what a Slave gets when it comes late, and what a Master does that was stopped for a while. */
class ReplicationIT extends ReplicaTest {

    @Test
    void aSyncMasterTakesNothingThatItsSlaveCannotHave() throws Exception {
        group.add("--broker-role", "SYNC_MASTER", "--replica-timeout-ms", "5000");
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            Queue queue = session.createQueue("orders");
            ResourceAllocationException refused =
                    assertThrows(ResourceAllocationException.class, () -> send(session, queue, 0, 1));
            assertTrue(refused.getMessage().contains("minInSyncReplicas=2, but only 1"), refused.getMessage());

            group.add();
            group.awaitInSync(0, 2);
            send(session, queue, 0, 20);
            Queue other = session.createQueue("other");
            send(session, other, 0, 1);

            group.broker(1).pause();
            ResourceAllocationException doubt =
                    assertThrows(ResourceAllocationException.class, () -> send(session, queue, 20, 21));
            assertTrue(doubt.getMessage().contains("in doubt"), doubt.getMessage());
            assertThrows(ResourceAllocationException.class, () -> send(session, queue, 21, 22));
            MessageProducer fleeting = session.createProducer(other);
            fleeting.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            fleeting.send(session.createTextMessage("not kept anyway"));
            MessageConsumer consumer = session.createConsumer(queue);
            // Consumers of what is committed go on; what is in doubt is not shown.
            assertTexts(consumer, 0, 20);
            assertNull(consumer.receiveNoWait());
            group.broker(1).resume();
            assertTexts(consumer, 20, 21);
            group.awaitInSync(0, 2);
            send(session, queue, 30, 31);
            assertTexts(consumer, 30, 31);
        }
        group.awaitCaughtUp(1, 0);
        group.broker(0).kill();
        // The group still wants two copies.
        group.promote();
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            ResourceAllocationException refused = assertThrows(
                    ResourceAllocationException.class, () -> send(session, session.createQueue("orders"), 40, 41));
            assertTrue(refused.getMessage().contains("minInSyncReplicas=2, but only 1"), refused.getMessage());
            group.broker(0).start();
            group.awaitInSync(1, 2);
            send(session, session.createQueue("orders"), 50, 51);
        }
    }

    @Test
    void whoForwardsWhileACopyIsMissingGetsNoDeadLetters() throws Exception {
        group.add("--broker-role", "SYNC_MASTER", "--max-deliveries", "3");
        group.add();
        group.awaitInSync(0, 2);
        try (Connection connection = connect("");
                Session sender = connection.createSession();
                Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            Queue queue = session.createQueue("orders");
            Queue results = session.createQueue("results");
            send(sender, queue, 0, 3);
            MessageConsumer consumer = session.createConsumer(queue);
            MessageProducer producer = session.createProducer(results);
            group.broker(1).kill();
            group.awaitInSync(0, 1);
            for (int i = 1; i <= 9; i++) {
                TextMessage message = (TextMessage) consumer.receive(10_000);
                assertEquals("0", message.getText());
                assertEquals(i, message.getIntProperty("JMSXDeliveryCount"));
                producer.send(message);
                assertThrows(JMSException.class, session::commit);
            }
            group.broker(1).start();
            group.awaitInSync(0, 2);
            for (int i = 0; i < 3; i++) {
                producer.send(consumer.receive(10_000));
                session.commit();
            }
            assertTexts(sender.createConsumer(results), 0, 3);
            assertNull(sender.createConsumer(session.createQueue("DLQ.QUEUE.orders"))
                    .receiveNoWait());
        }
    }

    @Test
    void aSlaveThatMayBeReadHasTheMastersMessages() throws Exception {
        group.add("--checkpoint-interval-ms", "300");
        group.add("--checkpoint-interval-ms", "300", "--slave-read-enable", "true");
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            send(session, session.createQueue("orders"), 0, 3);
        }
        group.awaitCaughtUp(1, 0);
        // Only the tables can find a message by its lane and offset alone.
        Await.until("both have everything in their tables", () -> {
            ReplicaStatusResponse slave = group.status(1);
            ReplicaStatusResponse master = group.status(0);
            return master.folded() == master.end() && slave.folded() == slave.end();
        });
        List<String> there = new ArrayList<>();
        // Which number the destination has is the broker's business; the first ones are looked through.
        for (long destination = 1; destination < 5; destination++) {
            long lane = destination << 16 | 4;
            List<EncodedMessage> ofSlave = fetch(1, lane);
            List<EncodedMessage> ofMaster = fetch(0, lane);
            assertEquals(3, ofSlave.size());
            for (int i = 0; i < 3; i++) {
                EncodedMessage message = ofSlave.get(i);
                assertEquals(message == null, ofMaster.get(i) == null);
                if (message != null) {
                    assertArrayEquals(ofMaster.get(i).bytes(), message.bytes());
                    there.add(message.destination().name());
                }
            }
        }
        assertEquals(List.of("orders", "orders", "orders"), there);
    }

    /** The first three messages of a lane, by a position from which a broker has to find them itself. */
    private List<EncodedMessage> fetch(int number, long lane) {
        long epoch = 1;
        long position = 1L << 40;
        FetchMessagesRequest request = new FetchMessagesRequest(
                lane,
                1 << 20,
                List.of(
                        new FetchMessagesRequest.Entry(0, position, epoch),
                        new FetchMessagesRequest.Entry(1, position, epoch),
                        new FetchMessagesRequest.Entry(2, position, epoch)));
        InetSocketAddress address =
                new InetSocketAddress("127.0.0.1", group.broker(number).brokerPort());
        try (DirectLink link = DirectLink.open(address, null, null, "test", DirectLink.TIMEOUT)) {
            return link.call(RequestCode.FETCH_MESSAGES, request::encode, FetchMessagesResponse::decode)
                    .messages();
        }
    }

    @Test
    void aMasterThatWasStoppedForAWhileDoesNotGoOn() throws Exception {
        group.add();
        group.add();
        try (Connection connection = connect("?keepAliveMs=1000");
                Session session = connection.createSession()) {
            Queue queue = session.createQueue("orders");
            send(session, queue, 0, 10);
            group.awaitCaughtUp(1, 0);
            group.broker(0).pause();
            group.promote();
            send(session, queue, 10, 20);
            group.broker(0).resume();
            group.awaitRole(0, Role.SLAVE);
            send(session, queue, 20, 30);
            MessageConsumer consumer = session.createConsumer(queue);
            assertTexts(consumer, 0, 30);
            assertNull(consumer.receiveNoWait());
        }
        group.awaitCaughtUp(0, 1);
    }

    @Test
    void aSlaveThatComesTooLateTakesASnapshot() throws Exception {
        String[] small = {
            "--journal-segment-bytes", "4000000",
            "--max-message-bytes", "1000000",
            "--checkpoint-bytes", "1000000",
            "--checkpoint-interval-ms", "300",
            "--journal-retain-max-bytes", "0"
        };
        group.add(small);
        String padding = " ".repeat(1000);
        try (Connection connection = connect("");
                Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            MessageProducer producer = session.createProducer(session.createQueue("orders"));
            for (int i = 0; i < 12_000; i++) {
                producer.send(session.createTextMessage(i + padding));
                if (i % 1000 == 999) {
                    session.commit();
                }
            }
        }
        Await.until("the first segment is gone", () -> {
            try (var files = Files.list(group.data(0).resolve("journal"))) {
                return files.noneMatch(file -> file.getFileName().toString().equals("0000010000000000.journal"));
            }
        });
        group.add(small);
        group.awaitCaughtUp(1, 0);
        assertTrue(
                group.status(1).text().contains("took a snapshot"),
                group.status(1).text());
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            send(session, session.createQueue("orders"), 12_000, 12_010);
        }
        group.awaitCaughtUp(1, 0);
        group.broker(0).kill();
        group.promote();
        try (Connection connection = connect("");
                Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            MessageConsumer consumer = session.createConsumer(session.createQueue("orders"));
            Set<Integer> there = new HashSet<>();
            for (int i = 0; i < 12_010; i++) {
                Message message = consumer.receive(ServerTest.COMES_MS);
                assertNotNull(message, "only " + i + " came");
                there.add(Integer.valueOf(((TextMessage) message).getText().trim()));
            }
            assertEquals(12_010, there.size());
            assertNull(consumer.receiveNoWait());
            session.commit();
        }
    }
}
