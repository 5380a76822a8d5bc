package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.RawRoute;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two NameServers and a Broker, each a process of its own: what clients notice when one of them goes or moves. */
class ClusterPartsIT {

    /** Registered by every broker; a NameServer that knows it has the broker's registration. */
    private static final String BROKER_TOPIC = "broker-a";

    @TempDir
    Path dir;

    private ServerProcess left;
    private ServerProcess right;
    private ServerProcess broker;

    @BeforeEach
    void start() throws Exception {
        left = ServerProcess.nameServer();
        right = ServerProcess.nameServer();
        broker = ServerProcess.broker(dir.resolve("data"), left, right);
        awaitRoute(BROKER_TOPIC, left);
        awaitRoute(BROKER_TOPIC, right);
    }

    @AfterEach
    void stop() {
        for (ServerProcess process : new ServerProcess[] {broker, right, left}) {
            if (process != null) {
                process.close();
            }
        }
    }

    private ConnectionFactory factory() {
        return new PosthornConnectionFactory(
                "posthorn://127.0.0.1:" + left.nameServerPort() + ",127.0.0.1:" + right.nameServerPort());
    }

    private static String awaitRoute(String topic, ServerProcess nameServer) throws Exception {
        Await.until("a route of " + topic, () -> RawRoute.of(topic, nameServer) != null);
        return RawRoute.of(topic, nameServer);
    }

    private static void sendAndReceive(Connection connection, String text) throws JMSException {
        try (Session session = connection.createSession()) {
            Queue queue = session.createQueue("orders");
            session.createProducer(queue).send(session.createTextMessage(text));
            assertText(text, session.createConsumer(queue));
        }
    }

    private static void assertText(String text, MessageConsumer consumer) throws JMSException {
        Message message = consumer.receive(ServerTest.COMES_MS);
        assertNotNull(message, () -> text + " did not come");
        assertEquals(text, ((TextMessage) message).getText());
    }

    private void newClientWorks(String text) throws JMSException {
        try (Connection connection = factory().createConnection()) {
            connection.start();
            sendAndReceive(connection, text);
        }
    }

    @Test
    @Checklist("7.02")
    void clientsGoOnWhileNameServersGo() throws Exception {
        AtomicReference<JMSException> reported = new AtomicReference<>();
        try (Connection connection = factory().createConnection()) {
            connection.setExceptionListener(reported::set);
            connection.start();
            sendAndReceive(connection, "both are there");

            left.kill();
            sendAndReceive(connection, "left is gone");
            newClientWorks("by the right one");
            left.start();
            awaitRoute(BROKER_TOPIC, left);

            right.kill();
            sendAndReceive(connection, "right is gone");
            newClientWorks("by the left one");

            left.kill();
            sendAndReceive(connection, "both are gone");
            JMSException alone = assertThrows(JMSException.class, this::connectAnew);
            assertTrue(alone.getMessage().contains("127.0.0.1:" + left.nameServerPort()), alone.getMessage());
            assertTrue(alone.getMessage().contains("127.0.0.1:" + right.nameServerPort()), alone.getMessage());

            right.start();
            awaitRoute(BROKER_TOPIC, right);
            newClientWorks("by one that came back");
            sendAndReceive(connection, "still the first connection");
        }
        assertNull(reported.get());
    }

    private void connectAnew() throws JMSException {
        factory().createConnection().close();
    }

    @Test
    @Checklist({"7.02", "29.01"})
    void aBrokerThatMovedIsFoundAgain() throws Exception {
        AtomicReference<JMSException> reported = new AtomicReference<>();
        try (Connection connection = factory().createConnection()) {
            connection.setExceptionListener(reported::set);
            connection.start();
            Session session = connection.createSession();
            Queue queue = session.createQueue("orders");
            MessageProducer producer = session.createProducer(queue);
            producer.send(session.createTextMessage("before"));

            int before = broker.brokerPort();
            broker.kill();
            broker.moveBroker();
            broker.start();
            assertNotEquals(before, broker.brokerPort());

            producer.send(session.createTextMessage("after"));
            MessageConsumer consumer = session.createConsumer(queue);
            assertText("before", consumer);
            assertText("after", consumer);
            assertNull(consumer.receiveNoWait());
            String moved = "\"127.0.0.1:" + broker.brokerPort() + "\"";
            Await.until("the new address", () -> awaitRoute(BROKER_TOPIC, left).contains(moved));
        }
        assertNull(reported.get());
    }

    @Test
    void aNewDestinationIsInTheRoutes() throws Exception {
        assertNull(RawRoute.of("%QUEUE%invoices-2026", left));
        assertNull(RawRoute.of("news%20of%20today", left));
        try (Connection connection = factory().createConnection()) {
            connection.start();
            Session session = connection.createSession();
            session.createProducer(session.createQueue("invoices-2026")).send(session.createTextMessage("first"));
            session.createConsumer(session.createTopic("news of today"));
            for (ServerProcess nameServer : new ServerProcess[] {left, right}) {
                assertRoute(awaitRoute("%QUEUE%invoices-2026", nameServer));
                assertRoute(awaitRoute("news%20of%20today", nameServer));
            }
        }
    }

    @Test
    void aDeletedDestinationIsGoneFromTheRoutes() throws Exception {
        String at = "127.0.0.1:" + broker.brokerPort();
        assertEquals(
                0,
                ServerProcess.run("destination", "create", "queue:old", "--broker", at)
                        .exitCode());
        awaitRoute("%QUEUE%old", left);
        awaitRoute("%QUEUE%old", right);
        assertEquals(
                0,
                ServerProcess.run("destination", "delete", "queue:old", "--broker", at)
                        .exitCode());
        for (ServerProcess nameServer : new ServerProcess[] {left, right}) {
            Await.until("the route is gone", () -> RawRoute.of("%QUEUE%old", nameServer) == null);
            assertNotNull(RawRoute.of(BROKER_TOPIC, nameServer));
        }
    }

    private void assertRoute(String route) {
        String address = "\"brokerAddrs\":{\"0\":\"127.0.0.1:" + broker.brokerPort() + "\"}";
        assertTrue(route.contains(address), route);
        assertTrue(route.contains("\"queueDatas\":[{\"brokerName\":\"broker-a\",\"perm\":6,"), route);
        assertTrue(route.contains("\"writeQueueNums\":1"), route);
    }
}
