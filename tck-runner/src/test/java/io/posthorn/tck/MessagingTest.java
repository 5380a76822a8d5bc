package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** What tests of sending and receiving share: texts as messages, and contexts that are closed after each test. */
abstract class MessagingTest extends ServerTest {

    private final List<JMSContext> contexts = new ArrayList<>();

    @AfterEach
    void closeContexts() {
        contexts.forEach(JMSContext::close);
    }

    /** A context that is closed after the test. */
    JMSContext context(int mode) {
        JMSContext context = factory().createContext(mode);
        contexts.add(context);
        return context;
    }

    /** An AUTO_ACKNOWLEDGE context with a client id, closed after the test. */
    JMSContext context(String clientId) {
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        context.setClientID(clientId);
        return context;
    }

    /** The text of a message that must be there. */
    static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }

    /** Sends persistent texts over a connection of their own, which is closed again. */
    void send(String queue, String... texts) throws JMSException {
        try (Connection connection = factory().createConnection();
                Session session = connection.createSession()) {
            send(session, session.createQueue(queue), texts);
        }
    }

    static void send(Session session, Destination to, String... texts) throws JMSException {
        try (MessageProducer producer = session.createProducer(to)) {
            for (String text : texts) {
                producer.send(session.createTextMessage(text));
            }
        }
    }

    /** The next texts, waiting for each. */
    static List<String> receive(MessageConsumer consumer, int count) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text(consumer.receive(COMES_MS)));
        }
        return texts;
    }

    /** All texts that are there now. */
    static List<String> rest(MessageConsumer consumer) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (Message message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
            texts.add(text(message));
        }
        return texts;
    }

    /** All texts that are there now. */
    static List<String> rest(JMSConsumer consumer) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (Message message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
            texts.add(text(message));
        }
        return texts;
    }
}
