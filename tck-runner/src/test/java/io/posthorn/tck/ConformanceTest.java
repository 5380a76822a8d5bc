package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueConnection;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import jakarta.jms.TopicConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** What tests of single rules share: objects of all three APIs that are closed after each test, and texts as messages. */
abstract class ConformanceTest extends ServerTest {

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeOpened() throws Exception {
        for (AutoCloseable object : opened) {
            object.close();
        }
    }

    /** Has this closed after the test. */
    <T extends AutoCloseable> T closeLater(T object) {
        opened.add(object);
        return object;
    }

    PosthornConnectionFactory domainFactory() {
        return new PosthornConnectionFactory(server.url());
    }

    JMSContext context() {
        return context(JMSContext.AUTO_ACKNOWLEDGE);
    }

    JMSContext context(int mode) {
        return closeLater(factory().createContext(mode));
    }

    /** Neither started nor used. */
    Connection freshConnection() throws JMSException {
        return closeLater(factory().createConnection());
    }

    QueueConnection queueConnection() throws JMSException {
        return closeLater(domainFactory().createQueueConnection());
    }

    TopicConnection topicConnection() throws JMSException {
        return closeLater(domainFactory().createTopicConnection());
    }

    void send(String queue, String... texts) throws JMSException {
        try (Connection connection = factory().createConnection();
                Session session = connection.createSession();
                MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            for (String text : texts) {
                producer.send(session.createTextMessage(text));
            }
        }
    }

    static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return assertInstanceOf(TextMessage.class, message).getText();
    }

    /** Fails when it takes too long. */
    static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(COMES_MS, TimeUnit.MILLISECONDS), "it did not happen in time");
    }

    /** The same for listeners, which cannot throw. */
    static void hold(CountDownLatch latch) {
        try {
            await(latch);
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    /**
     * Gives a connection a problem that no call can report: a message that was not waited for, to a queue that is gone.
     *
     * @param victim a session of the connection whose exception listener is told
     */
    void causeProblem(Session victim) throws JMSException {
        Session owner = connect().createSession();
        TemporaryQueue queue = owner.createTemporaryQueue();
        MessageProducer producer = victim.createProducer(queue);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        // The first one is waited for; after it the destination is known to exist.
        producer.send(victim.createMessage());
        queue.delete();
        producer.send(victim.createMessage());
    }

    /** The same for a context. */
    void causeProblem(JMSContext victim) throws JMSException {
        Session owner = connect().createSession();
        TemporaryQueue queue = owner.createTemporaryQueue();
        JMSProducer producer = victim.createProducer().setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        producer.send(queue, "waited for");
        queue.delete();
        producer.send(queue, "not waited for");
    }
}
