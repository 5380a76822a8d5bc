package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.Await;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Acknowledge modes, recover, and the marks of messages that come again. */
class AcknowledgementIT extends MessagingTest {

    private static String[] numbered(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "m" + i).toArray(String[]::new);
    }

    private static void assertFirst(String text, Message message) throws JMSException {
        assertEquals(text, text(message));
        assertFalse(message.getJMSRedelivered());
        assertEquals(1, message.getIntProperty("JMSXDeliveryCount"));
    }

    private static void assertAgain(String text, int count, Message message) throws JMSException {
        assertEquals(text, text(message));
        assertTrue(message.getJMSRedelivered());
        assertEquals(count, message.getIntProperty("JMSXDeliveryCount"));
    }

    @Test
    @Checklist({"23.01", "23.13"})
    void autoAcknowledgesWhenTheListenerHasReturned() throws Exception {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        session.createConsumer(queue).setMessageListener(message -> {
            try {
                seen.add(text(message));
            } catch (JMSException failed) {
                throw new AssertionError(failed);
            }
        });
        send(name("queue"), numbered(1, 20));
        Await.until("all", () -> seen.size() == 20);
        session.close();
        Session later = connect().createSession();
        assertNull(later.createConsumer(queue).receiveNoWait());
        assertEquals(List.of(numbered(1, 20)), seen);
    }

    @Test
    @Checklist({"23.03", "23.12"})
    void acknowledgeCoversTheWholeSession() throws JMSException {
        Connection connection = connect();
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        Queue one = session.createQueue(name("one"));
        Queue other = session.createQueue(name("other"));
        send(name("one"), "a", "b", "c");
        send(name("other"), "d", "e");
        MessageConsumer first = session.createConsumer(one);
        MessageConsumer second = session.createConsumer(other);
        Message any = first.receive(COMES_MS);
        first.receive(COMES_MS);
        second.receive(COMES_MS);
        // The oldest message acknowledges everything received so far, of closed consumers too.
        second.close();
        any.acknowledge();
        assertEquals("c", text(first.receive(COMES_MS)));
        session.close();
        Session later = connection.createSession();
        assertAgain("c", 2, later.createConsumer(one).receive(COMES_MS));
        MessageConsumer left = later.createConsumer(other);
        assertFirst("e", left.receive(COMES_MS));
        assertNull(left.receiveNoWait());
    }

    @ParameterizedTest
    @ValueSource(ints = {Session.AUTO_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE, Session.SESSION_TRANSACTED})
    @Checklist("23.04")
    void acknowledgeIsIgnoredInOtherModes(int mode) throws JMSException {
        Session session = connect().createSession(mode);
        Queue queue = session.createQueue(name("queue" + mode));
        send(name("queue" + mode), "a", "b");
        Message message = session.createConsumer(queue).receive(COMES_MS);
        message.acknowledge();
        JMSContext context = context(mode);
        context.acknowledge();
        session.close();
        JMSConsumer rest = context.createConsumer(queue);
        if (mode == Session.SESSION_TRANSACTED) {
            assertAgain("a", 2, rest.receive(COMES_MS));
        }
        Message next = rest.receive(COMES_MS);
        assertFirst("b", next);
        context.acknowledge();
        next.acknowledge();
        assertNull(rest.receiveNoWait());
        if (mode == Session.SESSION_TRANSACTED) {
            context.rollback();
            assertAgain("a", 3, rest.receive(COMES_MS));
        }
    }

    @Test
    @Checklist("23.05")
    void nothingIsAcknowledgedAfterClose() throws JMSException {
        Connection connection = connect();
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        Queue queue = session.createQueue(name("queue"));
        send(name("queue"), "a");
        Message message = session.createConsumer(queue).receive(COMES_MS);
        session.close();
        assertThrows(IllegalStateException.class, message::acknowledge);
        Session next = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        Message again = next.createConsumer(queue).receive(COMES_MS);
        connection.close();
        assertThrows(IllegalStateException.class, again::acknowledge);
        JMSContext context = factory().createContext(JMSContext.CLIENT_ACKNOWLEDGE);
        Message last = context.createConsumer(queue).receive(COMES_MS);
        assertAgain("a", 3, last);
        context.close();
        assertThrows(IllegalStateRuntimeException.class, context::acknowledge);
        assertThrows(IllegalStateException.class, last::acknowledge);
        assertEquals("a", text(last));
    }

    @Test
    @Checklist({"23.07", "23.15", "6.23"})
    void whatWasFetchedAheadIsNeitherAcknowledgedNorMarked() throws JMSException {
        Connection connection = connect();
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        Queue queue = session.createQueue(name("queue"));
        send(name("queue"), numbered(1, 100));
        MessageConsumer consumer = session.createConsumer(queue);
        // Taken without a pause, so that more is on its way by now.
        List<String> taken = receive(consumer, 39);
        consumer.receive(COMES_MS).acknowledge();
        session.close();
        Session next = connection.createSession();
        MessageConsumer rest = next.createConsumer(queue);
        for (int i = 41; i <= 100; i++) {
            assertFirst("m" + i, rest.receive(COMES_MS));
        }
        assertNull(rest.receiveNoWait());
        assertEquals(39, taken.size());
    }

    @Test
    @Checklist({"23.09", "28.03"})
    void aTransactedSessionCannotBeRecovered() throws JMSException {
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        assertThrows(IllegalStateException.class, session::recover);
        JMSContext context = context(JMSContext.SESSION_TRANSACTED);
        assertThrows(IllegalStateRuntimeException.class, context::recover);
    }

    @ParameterizedTest
    @ValueSource(ints = {Session.AUTO_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE})
    @Checklist("23.10")
    void recoverInAListenerBringsThatMessageAgain(int mode) throws Exception {
        Session session = connect().createSession(mode);
        Queue queue = session.createQueue(name("queue" + mode));
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        MessageListener listener = message -> {
            try {
                String text = text(message);
                seen.add(text + message.getIntProperty("JMSXDeliveryCount") + message.getJMSRedelivered());
                if (text.equals("m3") && !message.getJMSRedelivered()) {
                    session.recover();
                    // The session goes on only when this has returned.
                    seen.add("recovered");
                }
            } catch (JMSException failed) {
                throw new AssertionError(failed);
            }
        };
        session.createConsumer(queue).setMessageListener(listener);
        send(name("queue" + mode), numbered(1, 5));
        Await.until("all", () -> seen.size() >= 7);
        assertEquals(List.of("m11false", "m21false", "m31false", "recovered", "m32true", "m41false", "m51false"), seen);
    }

    @Test
    @Checklist("23.10")
    void recoverWithNothingPendingDoesNothing() throws JMSException {
        for (int mode : new int[] {Session.AUTO_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE, Session.CLIENT_ACKNOWLEDGE}) {
            Session session = connect().createSession(mode);
            Queue queue = session.createQueue(name("queue" + mode));
            send(name("queue" + mode), "a", "b");
            MessageConsumer consumer = session.createConsumer(queue);
            session.recover();
            Message first = consumer.receive(COMES_MS);
            first.acknowledge();
            session.recover();
            assertFirst("b", consumer.receive(COMES_MS));
        }
    }

    @Test
    @Checklist({"23.08", "23.11"})
    void recoverBeginsWithTheOldestAndLetsHigherPrioritiesPass() throws JMSException {
        Session session = connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        Queue queue = session.createQueue(name("queue"));
        send(name("queue"), "a", "b", "c", "d");
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals(List.of("a", "b", "c"), receive(consumer, 3));
        MessageProducer producer = session.createProducer(queue);
        producer.setPriority(9);
        producer.send(session.createTextMessage("urgent"));
        session.recover();
        assertFirst("urgent", consumer.receive(COMES_MS));
        assertAgain("a", 2, consumer.receive(COMES_MS));
        assertAgain("b", 2, consumer.receive(COMES_MS));
        session.recover();
        assertAgain("urgent", 2, consumer.receive(COMES_MS));
        assertAgain("a", 3, consumer.receive(COMES_MS));
        assertAgain("b", 3, consumer.receive(COMES_MS));
        assertAgain("c", 2, consumer.receive(COMES_MS));
        Message last = consumer.receive(COMES_MS);
        assertFirst("d", last);
        last.acknowledge();
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist("23.12")
    void recoverCoversAllConsumersAndClosedOnes() throws JMSException {
        Session session = connect("id").createSession(Session.CLIENT_ACKNOWLEDGE);
        Queue one = session.createQueue(name("one"));
        Queue other = session.createQueue(name("other"));
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer durable = session.createDurableConsumer(topic, "s");
        send(name("one"), "a");
        send(name("other"), "b");
        send(session, topic, "c");
        MessageConsumer first = session.createConsumer(one);
        MessageConsumer second = session.createConsumer(other);
        assertEquals(List.of("a"), receive(first, 1));
        assertEquals(List.of("b"), receive(second, 1));
        assertEquals(List.of("c"), receive(durable, 1));
        second.close();
        durable.close();
        session.recover();
        assertAgain("a", 2, first.receive(COMES_MS));
        // What the closed ones had is back in queue and subscription, for anybody.
        Session stranger = connect().createSession();
        assertAgain("b", 2, stranger.createConsumer(other).receive(COMES_MS));
        assertAgain("c", 2, session.createDurableConsumer(topic, "s").receive(COMES_MS));
    }

    @Test
    @Checklist("23.12")
    void recoverWorksOnAContext() throws JMSException {
        JMSContext context = context(JMSContext.CLIENT_ACKNOWLEDGE);
        Queue queue = context.createQueue(name("queue"));
        send(name("queue"), "a", "b");
        JMSConsumer consumer = context.createConsumer(queue);
        assertFirst("a", consumer.receive(COMES_MS));
        context.recover();
        assertAgain("a", 2, consumer.receive(COMES_MS));
        context.acknowledge();
        assertFirst("b", consumer.receive(COMES_MS));
        context.recover();
        assertAgain("b", 2, consumer.receive(COMES_MS));
        context.acknowledge();
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist({"23.16", "25.06", "23.15"})
    void whatASessionHeldIsThereAtOnceForTheNext() throws JMSException {
        Queue queue = connect().createSession().createQueue(name("queue"));
        MessageConsumer waiting = connect().createSession().createConsumer(queue);
        for (int mode : new int[] {Session.CLIENT_ACKNOWLEDGE, Session.SESSION_TRANSACTED}) {
            Connection connection = connect();
            send(name("queue"), "a", "b");
            Session session = connection.createSession(mode);
            assertEquals(List.of("a"), receive(session.createConsumer(queue), 1));
            session.close();
            // No waiting: it is back when close returns.
            assertAgain("a", 2, waiting.receiveNoWait());
            assertFirst("b", waiting.receiveNoWait());
            send(name("queue"), "c");
            Session next = connection.createSession(mode);
            assertNotNull(next.createConsumer(queue).receive(COMES_MS));
            connection.close();
            assertAgain("c", 2, waiting.receiveNoWait());
        }
    }
}
