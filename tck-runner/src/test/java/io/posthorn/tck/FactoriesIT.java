package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TopicSession;
import org.junit.jupiter.api.Test;

/** Connections, contexts and sessions: how they are made, and how they begin. */
class FactoriesIT extends ConformanceTest {

    private static final int[] MODES = {
        Session.SESSION_TRANSACTED, Session.AUTO_ACKNOWLEDGE, Session.CLIENT_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE
    };

    @Test
    @Checklist("3.01")
    void noCredentialsMeanTheDefaultUser() throws JMSException {
        assertNotNull(freshConnection().createSession());
        assertNotNull(queueConnection().createQueueSession(false, Session.AUTO_ACKNOWLEDGE));
        assertNotNull(topicConnection().createTopicSession(false, Session.AUTO_ACKNOWLEDGE));
        assertNotNull(context().createProducer());
        assertNotNull(context(JMSContext.CLIENT_ACKNOWLEDGE).createProducer());
    }

    @Test
    @Checklist("3.03")
    void contextsTakeTheFourModesAndNoOther() {
        for (int mode : MODES) {
            JMSContext context = context(mode);
            assertEquals(mode, context.getSessionMode());
            assertEquals(mode == JMSContext.SESSION_TRANSACTED, context.getTransacted());
            try (JMSContext child = context().createContext(mode)) {
                assertEquals(mode, child.getSessionMode());
            }
        }
        JMSContext parent = context();
        assertEquals(JMSContext.AUTO_ACKNOWLEDGE, parent.getSessionMode());
        for (int bad : new int[] {-1, 4_711}) {
            assertThrows(JMSRuntimeException.class, () -> factory().createContext(bad));
            assertThrows(JMSRuntimeException.class, () -> factory().createContext(null, null, bad));
            assertThrows(JMSRuntimeException.class, () -> parent.createContext(bad));
        }
        assertNotNull(parent.createProducer());
    }

    @Test
    @Checklist("3.04")
    void sessionsTakeTheFourModesAndNoOther() throws JMSException {
        Connection connection = connect();
        for (int mode : MODES) {
            assertEquals(mode, connection.createSession(mode).getAcknowledgeMode());
        }
        for (int bad : new int[] {-1, 4_711}) {
            assertThrows(JMSException.class, () -> connection.createSession(bad));
            assertThrows(JMSException.class, () -> connection.createSession(false, bad));
            assertThrows(JMSException.class, () -> queueConnection().createQueueSession(false, bad));
            assertThrows(JMSException.class, () -> topicConnection().createTopicSession(false, bad));
        }
        assertThrows(JMSException.class, () -> connection.createSession(false, Session.SESSION_TRANSACTED));
        assertNotNull(connection.createSession());
    }

    @Test
    @Checklist("3.05")
    void transactedBeatsTheAcknowledgeMode() throws JMSException {
        Connection connection = connect();
        for (int ignored : new int[] {0, Session.AUTO_ACKNOWLEDGE, Session.CLIENT_ACKNOWLEDGE, -1}) {
            Session session = connection.createSession(true, ignored);
            assertTrue(session.getTransacted());
            assertEquals(Session.SESSION_TRANSACTED, session.getAcknowledgeMode());
        }
        QueueSession queues = queueConnection().createQueueSession(true, 0);
        assertEquals(Session.SESSION_TRANSACTED, queues.getAcknowledgeMode());
        TopicSession topics = topicConnection().createTopicSession(true, 0);
        assertEquals(Session.SESSION_TRANSACTED, topics.getAcknowledgeMode());
        Session plain = connection.createSession();
        assertFalse(plain.getTransacted());
        assertEquals(Session.AUTO_ACKNOWLEDGE, plain.getAcknowledgeMode());
    }

    @Test
    @Checklist("3.06")
    void connectionsAndContextsBeginStopped() throws JMSException {
        send(name("classic"), "a");
        Connection connection = freshConnection();
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("classic")));
        assertNull(consumer.receiveNoWait());
        assertNull(consumer.receive(ABSENT_MS));
        connection.start();
        assertEquals("a", text(consumer.receive(COMES_MS)));

        send(name("simplified"), "b");
        JMSContext context = context();
        context.setAutoStart(false);
        JMSConsumer simplified = context.createConsumer(context.createQueue(name("simplified")));
        assertNull(simplified.receiveNoWait());
        assertNull(simplified.receive(ABSENT_MS));
        context.start();
        assertEquals("b", simplified.receiveBody(String.class, COMES_MS));
    }

    @Test
    @Checklist("3.08")
    void errorsOfConnectingCarryTheirCause() {
        PosthornConnectionFactory nowhere =
                new PosthornConnectionFactory("posthorn://127.0.0.1:1?connectTimeoutMs=2000");
        JMSException checked = assertThrows(JMSException.class, nowhere::createConnection);
        assertNotNull(checked.getLinkedException());
        assertSame(checked.getLinkedException(), checked.getCause());
        assertThrows(JMSException.class, nowhere::createQueueConnection);
        assertThrows(JMSException.class, nowhere::createTopicConnection);
        JMSRuntimeException unchecked = assertThrows(JMSRuntimeException.class, nowhere::createContext);
        assertNotNull(unchecked.getCause());
        assertEquals(checked.getErrorCode(), unchecked.getErrorCode());
    }
}
