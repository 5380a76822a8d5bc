package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornSession;
import jakarta.jms.Connection;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The extension {@link PosthornSession#INDIVIDUAL_ACKNOWLEDGE} over a real server, and that it is off unless asked for. */
class IndividualAcknowledgeIT extends ServerTest {

    private static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }

    private Connection individual() throws JMSException {
        Connection connection =
                new PosthornConnectionFactory(server.url() + "?individualAcknowledge=true").createConnection();
        connection.start();
        return connection;
    }

    private void send(String... texts) throws JMSException {
        Session session = connect().createSession();
        MessageProducer producer = session.createProducer(session.createQueue(name("queue")));
        for (String text : texts) {
            producer.send(session.createTextMessage(text));
        }
    }

    private MessageConsumer consumer(Session session) throws JMSException {
        return session.createConsumer(session.createQueue(name("queue")));
    }

    @Test
    void onlyTheMessageItselfIsAcknowledged() throws JMSException {
        send("a", "b", "c", "d");
        List<String> rest = new ArrayList<>();
        try (Connection connection = individual()) {
            Session session = connection.createSession(PosthornSession.INDIVIDUAL_ACKNOWLEDGE);
            assertEquals(PosthornSession.INDIVIDUAL_ACKNOWLEDGE, session.getAcknowledgeMode());
            MessageConsumer consumer = consumer(session);
            List<Message> got = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                got.add(consumer.receive(COMES_MS));
            }
            got.get(1).acknowledge();
            got.get(1).acknowledge();
            session.recover();
            for (int i = 0; i < 3; i++) {
                Message again = consumer.receive(COMES_MS);
                assertTrue(again.getJMSRedelivered());
                rest.add(text(again));
                if (text(again).equals("d")) {
                    again.acknowledge();
                }
            }
            assertEquals(List.of("a", "c", "d"), rest);
            got.get(0).acknowledge();
            assertNull(consumer.receiveNoWait());
        }
        MessageConsumer later = consumer(connect().createSession());
        assertEquals("a", text(later.receive(COMES_MS)), "what came back by recover was not acknowledged before it");
        assertEquals("c", text(later.receive(COMES_MS)));
        assertNull(later.receiveNoWait());
    }

    @Test
    void listenersAndOtherThreadsAcknowledgeToo() throws Exception {
        send("a", "b", "c");
        List<Message> later = new ArrayList<>();
        try (Connection connection = individual()) {
            Session session = connection.createSession(PosthornSession.INDIVIDUAL_ACKNOWLEDGE);
            consumer(session).setMessageListener(message -> {
                try {
                    if (text(message).equals("b")) {
                        message.acknowledge();
                    }
                } catch (JMSException refused) {
                    throw new IllegalStateException(refused);
                }
                synchronized (later) {
                    later.add(message);
                    later.notifyAll();
                }
            });
            synchronized (later) {
                while (later.size() < 3) {
                    later.wait(COMES_MS);
                }
            }
            later.get(2).acknowledge();
        }
        MessageConsumer rest = consumer(connect().createSession());
        assertEquals("a", text(rest.receive(COMES_MS)));
        assertNull(rest.receiveNoWait());
    }

    @Test
    void contextsAcknowledgeAllAndMessagesThemselves() throws JMSException {
        send("a", "b", "c");
        try (JMSContext context = new PosthornConnectionFactory(server.url() + "?individualAcknowledge=true")
                .createContext(PosthornSession.INDIVIDUAL_ACKNOWLEDGE)) {
            var consumer = context.createConsumer(context.createQueue(name("queue")));
            consumer.receive(COMES_MS).acknowledge();
            assertEquals("b", text(consumer.receive(COMES_MS)));
            context.acknowledge();
            assertEquals("c", text(consumer.receive(COMES_MS)));
        }
        MessageConsumer rest = consumer(connect().createSession());
        assertEquals("c", text(rest.receive(COMES_MS)));
    }

    @Test
    @Checklist("8.01")
    void withoutTheOptionTheModeIsRefused() throws JMSException {
        Connection connection = connect();
        JMSException refused = assertThrows(
                JMSException.class, () -> connection.createSession(PosthornSession.INDIVIDUAL_ACKNOWLEDGE));
        assertTrue(refused.getMessage().contains("individualAcknowledge=true"), refused.getMessage());
        assertThrows(JMSRuntimeException.class, () -> factory().createContext(PosthornSession.INDIVIDUAL_ACKNOWLEDGE));
    }
}
