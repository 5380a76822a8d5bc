package io.posthorn.ra;

import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What tests of the adapter over a real server share: one server per class, a small container per test, a client beside the container. */
abstract class AdapterTest {

    static final long COMES_MS = 20_000;

    @TempDir
    static Path directory;

    static ServerProcess server;

    final PosthornManagedConnectionFactory settings = new PosthornManagedConnectionFactory();
    final SmallContainer container = new SmallContainer(settings);
    ConnectionFactory factory;
    private Connection outside;
    private Session outsideSession;
    private String test;

    @BeforeAll
    static void startServer() throws Exception {
        server = ServerProcess.standalone(directory.resolve("data"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void lookUp(TestInfo info) throws Exception {
        test = info.getTestMethod().orElseThrow().getName();
        settings.setConnectionUrl(server.url());
        factory = container.lookup();
        outside = ((ConnectionFactory) settings.createConnectionFactory()).createConnection();
        outside.start();
        outsideSession = outside.createSession();
    }

    @AfterEach
    void shutDown() throws Exception {
        container.shutDown();
        outside.close();
    }

    /** A name of this test's own. */
    String name(String part) {
        return test + "." + part;
    }

    /** Sends without the container. */
    void put(String queue, String text) throws JMSException {
        outsideSession
                .createProducer(outsideSession.createQueue(name(queue)))
                .send(outsideSession.createTextMessage(text));
    }

    /** What is first in the queue at this moment, seen and taken from outside; null when it is empty. */
    Message takeMessage(String queue) throws JMSException {
        try (MessageConsumer consumer = outsideSession.createConsumer(outsideSession.createQueue(name(queue)))) {
            return consumer.receiveNoWait();
        }
    }

    String take(String queue) throws JMSException {
        TextMessage message = (TextMessage) takeMessage(queue);
        return message == null ? null : message.getText();
    }
}
