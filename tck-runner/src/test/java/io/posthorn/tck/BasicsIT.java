package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.time.Clock;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The simplified API, temporary topics, shared durable subscriptions, delays, asynchronous sends and dead letters. */
class BasicsIT extends ServerTest {

    private static final int DELAY_MS = 700;

    private static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }

    @Test
    @Checklist({"5.08", "22.05", "28.04", "28.05", "28.09"})
    void theSimplifiedApiSendsAndReceivesBodies() throws JMSException {
        try (JMSContext context = factory().createContext()) {
            Queue queue = context.createQueue(name("queue"));
            JMSProducer producer = context.createProducer()
                    .setProperty("colour", "red")
                    .setPriority(7)
                    .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
                    .setJMSType("greeting")
                    .setJMSCorrelationID("42");
            producer.send(queue, "text");
            producer.send(queue, Map.of("n", 1, "s", "one"));
            producer.send(queue, new byte[] {1, 2, 3});
            producer.send(queue, new ArrayList<>(List.of("a", "b")));
            Message overruled = context.createTextMessage("with headers");
            overruled.setStringProperty("colour", "blue");
            overruled.setIntProperty("n", 1);
            overruled.setJMSType("farewell");
            producer.send(queue, overruled);

            JMSConsumer consumer = context.createConsumer(queue);
            assertEquals("text", consumer.receiveBody(String.class, COMES_MS));
            assertEquals(Map.of("n", 1, "s", "one"), consumer.receiveBody(Map.class, COMES_MS));
            assertEquals(3, consumer.receiveBody(byte[].class, COMES_MS).length);
            assertEquals(List.of("a", "b"), consumer.receiveBody(List.class, COMES_MS));
            assertHeaders(consumer.receive(COMES_MS));
            assertNull(consumer.receiveBodyNoWait(String.class));
        }
    }

    private static void assertHeaders(Message message) throws JMSException {
        assertEquals("with headers", text(message));
        assertEquals("red", message.getStringProperty("colour"));
        assertEquals(1, message.getIntProperty("n"));
        assertEquals(7, message.getJMSPriority());
        assertEquals(DeliveryMode.NON_PERSISTENT, message.getJMSDeliveryMode());
        assertEquals("greeting", message.getJMSType());
        assertEquals("42", message.getJMSCorrelationID());
    }

    @Test
    @Checklist({"28.01", "25.02", "25.03"})
    void aTransactedContextCommitsAndRollsBack() {
        try (JMSContext context = factory().createContext(JMSContext.SESSION_TRANSACTED);
                JMSContext other = context.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            Queue queue = context.createQueue(name("queue"));
            JMSConsumer consumer = other.createConsumer(queue);
            context.createProducer().send(queue, "dropped");
            context.rollback();
            context.createProducer().send(queue, "kept");
            assertNull(consumer.receiveNoWait());
            context.commit();
            assertEquals("kept", consumer.receiveBody(String.class, COMES_MS));
            assertNull(consumer.receiveNoWait());
        }
    }

    @Test
    @Checklist({"18.01", "18.02", "18.04", "18.06", "18.08"})
    void aTemporaryTopicReachesItsConnectionOnly() throws JMSException {
        Session own = connect("temporary").createSession();
        TemporaryTopic topic = own.createTemporaryTopic();
        MessageConsumer first = own.createConsumer(topic);
        MessageConsumer second = own.createConsumer(topic);
        Session foreign = connect().createSession();
        assertThrows(JMSException.class, () -> foreign.createConsumer(topic));
        assertThrows(InvalidDestinationException.class, () -> own.createDurableConsumer(topic, "durable"));
        foreign.createProducer(topic).send(foreign.createTextMessage("for both"));
        assertEquals("for both", text(first.receive(COMES_MS)));
        assertEquals("for both", text(second.receive(COMES_MS)));
        first.close();
        assertThrows(JMSException.class, topic::delete);
        second.close();
        topic.delete();
        assertThrows(JMSException.class, () -> own.createConsumer(topic));
        assertThrows(JMSException.class, () -> send(foreign, topic));
    }

    private static void send(Session session, Topic topic) throws JMSException {
        session.createProducer(topic).send(session.createMessage());
    }

    @Test
    @Checklist({"19.15", "19.21", "19.25", "19.26", "19.27"})
    void aSharedDurableSubscriptionServesTwoConnections() throws JMSException {
        Session publisher = connect().createSession();
        Topic topic = publisher.createTopic(name("topic"));
        MessageProducer producer = publisher.createProducer(topic);
        Connection left = connect();
        Connection right = connect();
        MessageConsumer one = left.createSession().createSharedDurableConsumer(topic, "audit");
        MessageConsumer other = right.createSession().createSharedDurableConsumer(topic, "audit");
        producer.send(publisher.createTextMessage("a"));
        producer.send(publisher.createTextMessage("b"));
        List<String> got = new ArrayList<>(List.of(text(one.receive(COMES_MS)), text(other.receive(COMES_MS))));
        Collections.sort(got);
        assertEquals(List.of("a", "b"), got);
        assertThrows(JMSException.class, () -> publisher.unsubscribe("audit"));
        left.close();
        right.close();
        producer.send(publisher.createTextMessage("c"));
        Session later = connect().createSession();
        MessageConsumer resumed = later.createSharedDurableConsumer(topic, "audit");
        assertEquals("c", text(resumed.receive(COMES_MS)));
        assertNull(resumed.receiveNoWait());
        resumed.close();
        later.unsubscribe("audit");
        assertThrows(InvalidDestinationException.class, () -> later.unsubscribe("audit"));
    }

    @Test
    @Checklist({"9.10", "20.11", "20.13"})
    void aDelayedMessageComesWhenItIsDue() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        MessageConsumer consumer = session.createConsumer(queue);
        TextMessage delayed = session.createTextMessage("delayed");
        producer.setDeliveryDelay(DELAY_MS);
        long beforeNs = Clock.system().monotonicNs();
        long beforeMs = Clock.system().wallMs();
        producer.send(delayed);
        long dueMs = delayed.getJMSDeliveryTime();
        assertTrue(dueMs >= beforeMs + DELAY_MS, () -> dueMs - beforeMs + " ms after the call");
        assertTrue(dueMs <= Clock.system().wallMs() + DELAY_MS, () -> dueMs + " is too late");
        producer.setDeliveryDelay(0);
        producer.send(session.createTextMessage("at once"));

        assertEquals("at once", text(consumer.receive(COMES_MS)));
        Message late = consumer.receive(COMES_MS);
        long tookMs = (Clock.system().monotonicNs() - beforeNs) / 1_000_000;
        assertEquals("delayed", text(late));
        assertEquals(dueMs, late.getJMSDeliveryTime());
        assertTrue(tookMs >= DELAY_MS, () -> "came after " + tookMs + " ms");
        assertNull(consumer.receiveNoWait());
    }

    /** Counts callbacks, and notes what they find. */
    private static final class Confirmations implements CompletionListener {

        private final List<Message> confirmed = Collections.synchronizedList(new ArrayList<>());
        private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger atOnceMax = new AtomicInteger();
        private final AtomicReference<Exception> failure = new AtomicReference<>();
        private final CountDownLatch all;

        Confirmations(int count) {
            all = new CountDownLatch(count);
        }

        @Override
        public void onCompletion(Message message) {
            atOnceMax.accumulateAndGet(running.incrementAndGet(), Math::max);
            threads.add(Thread.currentThread());
            confirmed.add(message);
            running.decrementAndGet();
            all.countDown();
        }

        @Override
        public void onException(Message message, Exception exception) {
            failure.compareAndSet(null, exception);
            all.countDown();
        }
    }

    @Test
    @Checklist({"2.06", "21.01", "21.02", "21.03", "21.04"})
    void asynchronousSendsAreConfirmedInOrderByAnotherThread() throws Exception {
        int count = 200;
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        Confirmations confirmations = new Confirmations(count);
        List<Message> sent = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            Message message = session.createTextMessage("m" + n);
            sent.add(message);
            producer.send(message, confirmations);
        }
        assertTrue(confirmations.all.await(COMES_MS, TimeUnit.MILLISECONDS));
        assertNull(confirmations.failure.get());
        assertEquals(count, confirmations.confirmed.size());
        for (int n = 0; n < count; n++) {
            assertSame(sent.get(n), confirmations.confirmed.get(n));
            assertNotNull(sent.get(n).getJMSMessageID());
        }
        assertFalse(confirmations.threads.contains(Thread.currentThread()));
        assertEquals(1, confirmations.atOnceMax.get());
        server.kill();
        server.start();
        MessageConsumer consumer = session.createConsumer(queue);
        for (int n = 0; n < count; n++) {
            assertEquals("m" + n, text(consumer.receive(COMES_MS)));
        }
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist({"10.19", "9.17", "25.03"})
    void whatComesBackTenTimesBecomesADeadLetter() throws JMSException {
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        TextMessage poison = session.createTextMessage("poison");
        poison.setStringProperty("colour", "green");
        producer.send(poison);
        producer.send(session.createTextMessage("next"));
        session.commit();
        MessageConsumer consumer = session.createConsumer(queue);
        for (int delivery = 1; delivery <= 10; delivery++) {
            Message message = consumer.receive(COMES_MS);
            assertEquals("poison", text(message));
            assertEquals(delivery, message.getIntProperty("JMSXDeliveryCount"));
            assertEquals(delivery > 1, message.getJMSRedelivered());
            session.rollback();
        }
        assertEquals("next", text(consumer.receive(COMES_MS)));
        assertNull(consumer.receiveNoWait());
        session.commit();

        MessageConsumer dead = session.createConsumer(session.createQueue("DLQ.QUEUE." + name("queue")));
        Message letter = dead.receive(COMES_MS);
        assertEquals("poison", text(letter));
        assertEquals(poison.getJMSMessageID(), letter.getJMSMessageID());
        assertEquals("green", letter.getStringProperty("colour"));
        assertEquals("queue://" + name("queue"), letter.getStringProperty("JMS_PH_DeadLetterOrigin"));
        assertEquals(10, letter.getIntProperty("JMS_PH_DeadLetterDeliveries"));
        assertNotEquals("", letter.getStringProperty("JMS_PH_DeadLetterReason"));
        session.commit();
        assertNull(dead.receiveNoWait());
    }

    @Test
    @Checklist("7.01")
    void anExceptionListenerHearsNothingWhileAllIsWell() throws JMSException {
        AtomicReference<JMSException> heard = new AtomicReference<>();
        Connection connection = connect();
        connection.setExceptionListener(heard::set);
        Session session = connection.createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageConsumer consumer = session.createConsumer(queue);
        session.createProducer(queue).send(session.createTextMessage("a"));
        assertEquals("a", text(consumer.receive(COMES_MS)));
        assertNull(consumer.receiveNoWait());
        assertThrows(InvalidDestinationException.class, () -> session.createConsumer(null));
        assertThrows(InvalidDestinationException.class, () -> session.unsubscribe("never made"));
        connection.stop();
        connection.start();
        session.close();
        connection.close();
        assertNull(heard.get());
    }
}
