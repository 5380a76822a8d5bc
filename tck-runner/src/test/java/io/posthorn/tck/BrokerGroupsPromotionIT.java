package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Operations;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The directory's Master is killed and its Slave promoted: what it knows as the directory, and as a coordinator, is there again. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BrokerGroupsPromotionIT {

    private static final String[] OPTIONS = {"--directory-broker-name", "broker-a", "--resume-timeout-ms", "2000"};

    @TempDir
    Path dir;

    private static String groups(ServerProcess broker) {
        return ServerProcess.run("group", "list", "--broker", "127.0.0.1:" + broker.brokerPort())
                .output();
    }

    private static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }

    private static void sendPair(Session session, String text) throws JMSException {
        session.createProducer(session.createQueue("left")).send(session.createTextMessage(text));
        session.createProducer(session.createQueue("right")).send(session.createTextMessage(text));
        session.commit();
    }

    @Test
    void clientsGoOnWhenTheDirectorysSlaveIsPromoted() throws Exception {
        ServerProcess other = null;
        try (ReplicaGroup directory = new ReplicaGroup(dir)) {
            directory.add(OPTIONS);
            directory.add(OPTIONS);
            other = ServerProcess.brokerWith(
                    List.of("--broker-name", "broker-b", "--directory-broker-name", "broker-a"),
                    dir.resolve("b"),
                    directory.nameServer());
            Operations.awaitReachable(directory.broker(0), "broker-b");
            Operations.create(directory.broker(0), "queue:left", "brokerGroups=broker-a");
            Operations.create(directory.broker(0), "queue:right", "brokerGroups=broker-b");
            Operations.create(directory.broker(0), "topic:news", "brokerGroups=broker-b");
            AtomicReference<JMSException> reported = new AtomicReference<>();
            try (Connection connection = new PosthornConnectionFactory(directory.url()).createConnection()) {
                connection.setClientID("reader");
                connection.setExceptionListener(reported::set);
                connection.start();
                Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
                sendPair(transacted, "before");
                Session session = connection.createSession();
                Topic news = session.createTopic("news");
                session.createDurableConsumer(news, "mine").close();
                directory.awaitCaughtUp(1, 0);

                directory.broker(0).kill();
                directory.promote();

                sendPair(transacted, "after");
                for (String queue : List.of("left", "right")) {
                    MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
                    assertEquals("before", text(consumer.receive(20_000)));
                    assertEquals("after", text(consumer.receive(20_000)));
                    assertNull(consumer.receiveNoWait());
                }
                session.createProducer(news).send(session.createTextMessage("kept"));
                assertEquals(
                        "kept", text(session.createDurableConsumer(news, "mine").receive(20_000)));
                session.createProducer(session.createQueue("fresh")).send(session.createTextMessage("placed"));
                assertEquals(
                        "placed",
                        text(session.createConsumer(session.createQueue("fresh"))
                                .receive(20_000)));
                try (Connection second = new PosthornConnectionFactory(directory.url()).createConnection()) {
                    assertThrows(InvalidClientIDException.class, () -> second.setClientID("reader"));
                }
                assertNull(reported.get());
            }
            Operations.awaitReachable(directory.broker(1), "broker-b");
            assertTrue(groups(directory.broker(1)).contains("broker-a reachable"));
        } finally {
            if (other != null) {
                other.close();
            }
        }
    }
}
