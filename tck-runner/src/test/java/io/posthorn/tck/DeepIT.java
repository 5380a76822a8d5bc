package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.ServerProcess;
import io.posthorn.time.Clock;
import jakarta.jms.Connection;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backlogs that the heap could not hold, and very many destinations. The profile {@code deep} runs it at full size. */
class DeepIT {

    private static final long COMES_MS = 120_000;

    @TempDir
    Path temp;

    private ServerProcess server;

    @BeforeEach
    void start() {
        server = ServerProcess.standaloneIn("-Xmx" + DeepLoad.HEAP, temp.resolve("data"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Connection connect(String clientId) throws JMSException {
        Connection connection = new PosthornConnectionFactory(server.url()).createConnection();
        if (clientId != null) {
            connection.setClientID(clientId);
        }
        connection.start();
        return connection;
    }

    /** Kills the server and starts it again; returns how long it took to be ready. */
    private long restart() {
        server.kill();
        long startNs = Clock.system().monotonicNs();
        server.start();
        DeepLoad.say("ready again", startNs, server);
        return Clock.system().monotonicNs() - startNs;
    }

    @Test
    void aDeepQueueIsFilledAndDrainedAcrossARestart() throws Exception {
        int messages = DeepLoad.count("messages", 100_000);
        int few = Math.min(10_000, messages / 10);
        DeepLoad.fill(server, "deep", false, 0, few, 0);
        long readyNs = Math.min(restart(), Math.min(restart(), restart()));
        DeepLoad.fill(server, "deep", false, few, messages, 0);
        // The longest tail there can be lies behind the last checkpoint now.
        restart();
        long deepReadyNs = Math.min(restart(), Math.min(restart(), restart()));
        System.out.printf("deep: ready in %.2f and %.2f s%n", readyNs / 1e9, deepReadyNs / 1e9);
        if (messages >= 10_000_000) {
            assertTrue(
                    deepReadyNs <= readyNs * 1.5, deepReadyNs + " ns to be ready, " + readyNs + " with few messages");
        }
        try (Connection connection = connect(null);
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            MessageConsumer consumer = session.createConsumer(session.createQueue("deep"));
            DeepLoad.drain(server, consumer, session, 0, messages, 1);
            assertNull(consumer.receiveNoWait());
        }
    }

    @Test
    void aSelectorFindsItsOneMessageAndBlocksNobody() throws Exception {
        int messages = DeepLoad.count("topicMessages", 50_000);
        DeepLoad.fill(server, "haystack", false, 0, messages, 0);
        restart();
        try (Connection connection = connect(null);
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                Session other = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            MessageConsumer picky = session.createConsumer(session.createQueue("haystack"), "n = " + (messages - 1));
            long startNs = Clock.system().monotonicNs();
            Background<Message> found = Background.of(() -> picky.receive(COMES_MS));
            found.awaitWaiting();
            // While it is looked for, others get theirs, and other queues are served.
            MessageConsumer anybody = other.createConsumer(other.createQueue("haystack"));
            DeepLoad.drain(server, anybody, other, 0, 1_000, 1);
            DeepLoad.fill(server, "elsewhere", false, 0, 500, 0);
            DeepLoad.drain(server, other.createConsumer(other.createQueue("elsewhere")), other, 0, 500, 1);
            Message needle = found.result();
            assertNotNull(needle);
            assertEquals(messages - 1, needle.getIntProperty("n"));
            DeepLoad.say("found one of " + messages, startNs, server);
        }
    }

    @Test
    void aTopicWithManySelectorsStaysWithinTheHeap() throws Exception {
        int messages = DeepLoad.count("topicMessages", 50_000);
        int subscriptions = DeepLoad.count("selectors", 10);
        try (Connection connection = connect("many")) {
            try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
                for (int i = 0; i < subscriptions; i++) {
                    session.createDurableConsumer(
                                    session.createTopic("halves"),
                                    "s" + i,
                                    "half = " + i % 2 + " AND n <> -" + (i + 1),
                                    false)
                            .close();
                }
            }
            DeepLoad.fill(server, "halves", true, 0, messages, 0);
        }
        restart();
        try (Connection connection = connect("many");
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            for (int i : new int[] {0, subscriptions - 1}) {
                MessageConsumer consumer = session.createDurableConsumer(
                        session.createTopic("halves"), "s" + i, "half = " + i % 2 + " AND n <> -" + (i + 1), false);
                DeepLoad.drain(server, consumer, session, i % 2, messages, 2);
                assertNull(consumer.receiveNoWait());
                consumer.close();
            }
        }
    }

    @Test
    void manyQueuesAndDurableSubscriptionsFitIntoOneBroker() throws Exception {
        int count = DeepLoad.count("destinations", 1_000);
        long startNs = Clock.system().monotonicNs();
        try (JMSContext context =
                new PosthornConnectionFactory(server.url()).createContext(JMSContext.SESSION_TRANSACTED)) {
            context.setClientID("all");
            for (int i = 0; i < count; i++) {
                context.createProducer().send(context.createQueue("q" + i), "q" + i);
                context.createDurableConsumer(context.createTopic("t" + i / 10), "d" + i)
                        .close();
                if (i % 100 == 99) {
                    context.commit();
                }
            }
            for (int i = 0; i < count; i += 10) {
                context.createProducer().send(context.createTopic("t" + i / 10), "t" + i / 10);
            }
            context.commit();
        }
        DeepLoad.say(count + " queues and " + count + " durable subscriptions", startNs, server);
        restart();
        long againNs = Clock.system().monotonicNs();
        try (JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            context.setClientID("all");
            for (int i = 0; i < count; i++) {
                assertEquals("q" + i, body(context.createConsumer(context.createQueue("q" + i))));
                Topic topic = context.createTopic("t" + i / 10);
                assertEquals("t" + i / 10, body(context.createDurableConsumer(topic, "d" + i)));
            }
        }
        DeepLoad.say("all of them read", againNs, server);
    }

    private static String body(JMSConsumer consumer) {
        try (consumer) {
            return consumer.receiveBody(String.class, COMES_MS);
        }
    }
}
