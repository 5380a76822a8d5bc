package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A broker group for each test, to which the test adds its Master and Slaves. */
abstract class ReplicaTest {

    @TempDir
    Path dir;

    ReplicaGroup group;

    @BeforeEach
    void startGroup() {
        group = new ReplicaGroup(dir);
    }

    @AfterEach
    void stopGroup() {
        group.close();
    }

    /** Started. @param options of the URL, with their question mark */
    final Connection connect(String options) throws JMSException {
        Connection connection = new PosthornConnectionFactory(group.url() + options).createConnection();
        connection.start();
        return connection;
    }

    /** Sends these numbers as texts. */
    static void send(Session session, Queue queue, int from, int to) throws JMSException {
        MessageProducer producer = session.createProducer(queue);
        for (int i = from; i < to; i++) {
            producer.send(session.createTextMessage(Integer.toString(i)));
        }
        producer.close();
    }

    static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }

    /** Receives these numbers, whatever blanks are around them. */
    static void assertTexts(MessageConsumer consumer, int from, int to) throws JMSException {
        for (int i = from; i < to; i++) {
            Message message = consumer.receive(ServerTest.COMES_MS);
            assertNotNull(message, i + " did not come");
            assertEquals(Integer.toString(i), text(message).trim());
        }
    }
}
