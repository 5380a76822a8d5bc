package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.Await;
import io.posthorn.time.Clock;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The receive calls, receiveBody and message listeners. */
class ReceivingIT extends MessagingTest {

    /** A receive() in a thread of its own. */
    private static CompletableFuture<Message> receiving(MessageConsumer consumer) {
        CompletableFuture<Message> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(consumer.receive());
            } catch (JMSException failed) {
                result.completeExceptionally(failed);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private static Message ended(CompletableFuture<Message> receive) throws Exception {
        return receive.get(COMES_MS, TimeUnit.MILLISECONDS);
    }

    /** Where a thread has been waiting for so long, it waits for something. */
    private static void assertWaiting(CompletableFuture<Message> receive) {
        assertThrows(java.util.concurrent.TimeoutException.class, () -> receive.get(40, TimeUnit.MILLISECONDS));
    }

    @Test
    @Checklist({"22.01", "6.03"})
    void receiveWaitsForAMessageOrTheEnd() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue")));
        CompletableFuture<Message> waiting = receiving(consumer);
        assertWaiting(waiting);
        send(name("queue"), "a");
        assertEquals("a", text(ended(waiting)));
        waiting = receiving(consumer);
        assertWaiting(waiting);
        consumer.close();
        assertNull(ended(waiting));
        waiting = receiving(session.createConsumer(session.createQueue(name("queue"))));
        assertWaiting(waiting);
        session.close();
        assertNull(ended(waiting));
        Session last = connection.createSession();
        waiting = receiving(last.createConsumer(last.createQueue(name("queue"))));
        assertWaiting(waiting);
        connection.close();
        assertNull(ended(waiting));
    }

    @Test
    @Checklist("22.01")
    void timeLimits() throws Exception {
        Session session = connect().createSession();
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue")));
        long startNs = Clock.system().monotonicNs();
        assertNull(consumer.receive(80));
        long tookNs = Clock.system().monotonicNs() - startNs;
        assertTrue(tookNs >= 80_000_000, () -> "after " + tookNs + " ns");
        assertNull(consumer.receiveNoWait());
        // 0 means no limit.
        CompletableFuture<Message> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(consumer.receive(0));
            } catch (JMSException failed) {
                result.completeExceptionally(failed);
            }
        });
        thread.start();
        assertWaiting(result);
        send(name("queue"), "a");
        assertEquals("a", text(ended(result)));
        try (JMSContext context = factory().createContext()) {
            JMSConsumer simple = context.createConsumer(context.createQueue(name("queue")));
            assertNull(simple.receive(30));
            assertNull(simple.receiveNoWait());
        }
    }

    @Test
    @Checklist({"22.02", "17.02"})
    void receiveNoWaitIsExact() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageConsumer consumer = session.createConsumer(queue);
        MessageConsumer other = connect().createSession().createConsumer(queue);
        MessageProducer producer = session.createProducer(queue);
        for (int i = 0; i < 200; i++) {
            producer.send(session.createTextMessage("m" + i));
            assertEquals("m" + i, text((i % 2 == 0 ? consumer : other).receiveNoWait()));
            assertNull(consumer.receiveNoWait());
            assertNull(other.receiveNoWait());
        }
    }

    @Test
    @Checklist({"22.02", "5.03"})
    void aStoppedConnectionGivesNothing() throws JMSException {
        Connection connection = connect();
        Session session = connection.createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageConsumer consumer = session.createConsumer(queue);
        send(session, queue, "a", "b");
        assertEquals("a", text(consumer.receive(COMES_MS)));
        connection.stop();
        assertNull(consumer.receiveNoWait());
        assertNull(consumer.receive(40));
        connection.start();
        assertEquals("b", text(consumer.receiveNoWait()));
    }

    @Test
    @Checklist("22.03")
    void whatATransactionReceivesStaysUntilItsCommit() throws JMSException {
        Connection connection = connect();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue(name("queue"));
        send(name("queue"), "a", "b");
        MessageConsumer consumer = session.createConsumer(queue);
        assertEquals(List.of("a", "b"), receive(consumer, 2));
        Session other = connect().createSession();
        MessageConsumer waiting = other.createConsumer(queue);
        assertNull(waiting.receiveNoWait());
        connection.close();
        assertEquals(List.of("a", "b"), receive(waiting, 2));
    }

    @Test
    @Checklist({"22.04", "2.07"})
    void aListenerCanBeChangedAndTakenAway() throws Exception {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageConsumer consumer = session.createConsumer(queue);
        List<String> first = Collections.synchronizedList(new ArrayList<>());
        List<String> second = Collections.synchronizedList(new ArrayList<>());
        MessageListener one = message -> first.add(unchecked(message));
        MessageListener other = message -> second.add(unchecked(message));
        assertNull(consumer.getMessageListener());
        consumer.setMessageListener(one);
        assertSame(one, consumer.getMessageListener());
        send(session, queue, "a");
        Await.until("the first listener", () -> first.size() == 1);
        consumer.setMessageListener(other);
        assertSame(other, consumer.getMessageListener());
        send(session, queue, "b");
        Await.until("the second listener", () -> second.size() == 1);
        consumer.setMessageListener(null);
        assertNull(consumer.getMessageListener());
        send(session, queue, "c");
        assertEquals("c", text(consumer.receive(COMES_MS)));
        assertEquals(List.of("a"), first);
        assertEquals(List.of("b"), second);
    }

    private static String unchecked(Message message) {
        try {
            return text(message);
        } catch (JMSException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void sendUnreadable(JMSContext context, Destination queue) throws JMSException {
        JMSProducer producer = context.createProducer();
        producer.send(queue, context.createMessage());
        producer.send(queue, context.createStreamMessage());
        producer.send(queue, context.createTextMessage());
        producer.send(queue, "a number is wanted");
        producer.send(queue, Map.of("k", 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {JMSContext.AUTO_ACKNOWLEDGE, JMSContext.DUPS_OK_ACKNOWLEDGE})
    @Checklist({"22.05", "22.06"})
    void anUnreadableBodyStaysAsIfNeverReceived(int mode) throws JMSException {
        JMSContext context = context(mode);
        Queue queue = context.createQueue(name("queue" + mode));
        sendUnreadable(context, queue);
        JMSConsumer consumer = context.createConsumer(queue);
        for (int i = 0; i < 5; i++) {
            Class<?> type = i == 3 ? Integer.class : i == 4 ? String.class : Map.class;
            for (int round = 0; round < 3; round++) {
                assertThrows(MessageFormatRuntimeException.class, () -> consumer.receiveBody(type, COMES_MS));
            }
            assertThrows(MessageFormatRuntimeException.class, () -> consumer.receiveBodyNoWait(type));
            Message head = consumer.receiveNoWait();
            assertFalse(head.getJMSRedelivered());
            assertEquals(1, head.getIntProperty("JMSXDeliveryCount"));
            if (i == 3) {
                assertEquals("a number is wanted", text(head));
            }
        }
        assertNull(consumer.receiveBodyNoWait(String.class));
    }

    @ParameterizedTest
    @ValueSource(ints = {JMSContext.AUTO_ACKNOWLEDGE, JMSContext.DUPS_OK_ACKNOWLEDGE})
    @Checklist("22.06")
    void anUnreadableBodyIsLeftToOthersToo(int mode) throws JMSException {
        JMSContext context = context(mode);
        Queue queue = context.createQueue(name("queue" + mode));
        context.createProducer().send(queue, "text").send(queue, "next");
        JMSConsumer consumer = context.createConsumer(queue);
        assertThrows(MessageFormatRuntimeException.class, () -> consumer.receiveBody(Map.class, COMES_MS));
        consumer.close();
        JMSConsumer other = context(mode).createConsumer(queue);
        Message message = other.receive(COMES_MS);
        assertEquals("text", text(message));
        assertFalse(message.getJMSRedelivered());
        assertEquals("next", other.receiveBody(String.class, COMES_MS));
    }

    @Test
    @Checklist("22.06")
    void inOtherModesAnUnreadableBodyCountsAsDelivered() throws JMSException {
        for (int mode : new int[] {JMSContext.CLIENT_ACKNOWLEDGE, JMSContext.SESSION_TRANSACTED}) {
            JMSContext context = context(mode);
            Queue queue = context.createQueue(name("queue" + mode));
            send(name("queue" + mode), "text", "next");
            JMSConsumer consumer = context.createConsumer(queue);
            assertThrows(MessageFormatRuntimeException.class, () -> consumer.receiveBody(Map.class, COMES_MS));
            assertEquals("next", consumer.receiveBody(String.class, COMES_MS));
            if (mode == JMSContext.CLIENT_ACKNOWLEDGE) {
                context.recover();
            } else {
                context.rollback();
            }
            Message again = consumer.receive(COMES_MS);
            assertEquals("text", text(again));
            assertTrue(again.getJMSRedelivered());
            assertEquals(2, again.getIntProperty("JMSXDeliveryCount"));
        }
    }

    @Test
    @Checklist("22.07")
    void receiveBodyHasTimeLimits() {
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        JMSConsumer consumer = context.createConsumer(context.createQueue(name("queue")));
        long startNs = Clock.system().monotonicNs();
        assertNull(consumer.receiveBody(String.class, 60));
        assertTrue(Clock.system().monotonicNs() - startNs >= 60_000_000);
        assertNull(consumer.receiveBodyNoWait(String.class));
    }

    @Test
    @Checklist("22.09")
    void aListenerThatThrowsGoesOnWhereMessagesAreHeld() throws Exception {
        for (int mode : new int[] {Session.CLIENT_ACKNOWLEDGE, Session.SESSION_TRANSACTED}) {
            Session session = connect().createSession(mode);
            Queue queue = session.createQueue(name("queue" + mode));
            List<String> seen = Collections.synchronizedList(new ArrayList<>());
            MessageConsumer consumer = session.createConsumer(queue);
            consumer.setMessageListener(message -> {
                seen.add(unchecked(message));
                if (seen.size() == 1) {
                    throw new UnsupportedOperationException("planned failure");
                }
            });
            send(name("queue" + mode), "a", "b");
            Await.until("the second message", () -> seen.size() == 2);
            assertEquals(List.of("a", "b"), seen);
            if (mode == Session.CLIENT_ACKNOWLEDGE) {
                session.recover();
            } else {
                session.rollback();
            }
            Await.until("both again", () -> seen.size() == 4);
            assertEquals(List.of("a", "b", "a", "b"), seen);
        }
    }

    @Test
    @Checklist("22.09")
    void aThrowingListenerRollsNothingBack() throws Exception {
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue(name("queue"));
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        session.createConsumer(queue).setMessageListener(message -> {
            seen.add(unchecked(message));
            if (seen.size() == 1) {
                throw new UnsupportedOperationException("planned failure");
            }
            try {
                session.commit();
            } catch (JMSException failed) {
                seen.add(failed.toString());
            }
        });
        send(name("queue"), "a", "b");
        Await.until("the second message", () -> seen.size() >= 2);
        session.close();
        assertEquals(List.of("a", "b"), seen);
        Session later = connect().createSession();
        assertNull(later.createConsumer(queue).receiveNoWait());
    }

    @Test
    @Checklist("22.11")
    void nothingIsReceivedAfterClose() throws JMSException {
        Session session = connect().createSession();
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue")));
        session.close();
        assertThrows(IllegalStateException.class, consumer::receive);
        assertThrows(IllegalStateException.class, () -> consumer.receive(10));
        assertThrows(IllegalStateException.class, consumer::receiveNoWait);
        assertThrows(IllegalStateException.class, consumer::getMessageListener);
        assertThrows(IllegalStateException.class, () -> consumer.setMessageListener(null));
        assertThrows(IllegalStateException.class, consumer::getMessageSelector);
        JMSContext context = factory().createContext();
        JMSConsumer simple = context.createConsumer(context.createQueue(name("queue")));
        context.close();
        assertThrows(IllegalStateRuntimeException.class, simple::receive);
        assertThrows(IllegalStateRuntimeException.class, () -> simple.receive(10));
        assertThrows(IllegalStateRuntimeException.class, simple::receiveNoWait);
        assertThrows(IllegalStateRuntimeException.class, () -> simple.receiveBody(String.class));
        assertThrows(IllegalStateRuntimeException.class, () -> simple.receiveBody(String.class, 10));
        assertThrows(IllegalStateRuntimeException.class, () -> simple.receiveBodyNoWait(String.class));
        assertThrows(IllegalStateRuntimeException.class, simple::getMessageListener);
        assertThrows(IllegalStateRuntimeException.class, () -> simple.setMessageListener(null));
        assertThrows(IllegalStateRuntimeException.class, simple::getMessageSelector);
    }

    @Test
    @Checklist({"22.13", "16.01"})
    void theSelectorIsGivenBack() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        assertNull(session.createConsumer(queue).getMessageSelector());
        assertNull(session.createConsumer(queue, null).getMessageSelector());
        assertNull(session.createConsumer(queue, "").getMessageSelector());
        assertEquals("n  =  1", session.createConsumer(queue, "n  =  1").getMessageSelector());
        JMSContext context = context(JMSContext.AUTO_ACKNOWLEDGE);
        assertNull(context.createConsumer(queue).getMessageSelector());
        assertNull(context.createConsumer(queue, "").getMessageSelector());
        assertEquals("n = 1", context.createConsumer(queue, "n = 1").getMessageSelector());
    }
}
