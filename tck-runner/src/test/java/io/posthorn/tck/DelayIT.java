package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.time.Clock;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delivery delay: to the millisecond, out of everybody's way, and for those who were there. */
class DelayIT extends MessagingTest {

    private static final int LATENESS_MEDIAN_MAX_MS = 50;

    private static void delayed(Session session, MessageProducer producer, String text, int mode, long delayMs)
            throws JMSException {
        producer.setDeliveryDelay(delayMs);
        producer.send(session.createTextMessage(text), mode, 4, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {DeliveryMode.PERSISTENT, DeliveryMode.NON_PERSISTENT})
    @Checklist({"20.11", "9.10"})
    void neverEarlyAndHardlyLate(int mode) throws JMSException {
        long[] lateMs = lateness(mode, 1);
        // A machine that stood still for a moment has delayed them all.
        for (int attempt = 2; attempt <= 3 && median(lateMs) >= LATENESS_MEDIAN_MAX_MS; attempt++) {
            lateMs = lateness(mode, attempt);
        }
        assertTrue(median(lateMs) < LATENESS_MEDIAN_MAX_MS, "late by ms: " + Arrays.toString(lateMs));
    }

    private static long median(long[] sorted) {
        return sorted[sorted.length / 2];
    }

    private long[] lateness(int mode, int attempt) throws JMSException {
        int count = 41;
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue" + mode + "." + attempt));
        MessageProducer producer = session.createProducer(queue);
        // Scattered over 600 ms, sent in an order that is not the order of the due times.
        for (int i = 0; i < count; i++) {
            delayed(session, producer, "m" + i, mode, 200 + (i * 233L) % 601);
        }
        MessageConsumer consumer = session.createConsumer(queue);
        long[] lateMs = new long[count];
        long last = 0;
        for (int i = 0; i < count; i++) {
            Message message = consumer.receive(COMES_MS);
            lateMs[i] = Clock.system().wallMs() - message.getJMSDeliveryTime();
            assertTrue(lateMs[i] >= 0, () -> "early: " + message);
            assertTrue(message.getJMSDeliveryTime() >= last - LATENESS_MEDIAN_MAX_MS, () -> "out of order: " + message);
            last = message.getJMSDeliveryTime();
        }
        Arrays.sort(lateMs);
        return lateMs;
    }

    @ParameterizedTest
    @ValueSource(ints = {DeliveryMode.PERSISTENT, DeliveryMode.NON_PERSISTENT})
    @Checklist("20.12")
    void aDelayedPublicationGoesToThoseWhoWereThere(int mode) throws JMSException {
        Session session = connect(name("id" + mode)).createSession();
        Topic topic = session.createTopic(name("topic" + mode));
        MessageConsumer early = session.createConsumer(topic);
        MessageConsumer earlyShared = session.createSharedConsumer(topic, name("shared" + mode));
        session.createDurableConsumer(topic, "early").close();
        session.createDurableConsumer(topic, "renewed").close();
        MessageProducer producer = session.createProducer(topic);
        delayed(session, producer, "delayed", mode, 300);
        MessageConsumer late = session.createConsumer(topic);
        MessageConsumer lateDurable = session.createDurableConsumer(topic, "late");
        MessageConsumer lateShared = session.createSharedConsumer(topic, name("late" + mode));
        // The same name, but another subscription.
        session.unsubscribe("renewed");
        MessageConsumer renewed = session.createDurableConsumer(topic, "renewed");
        MessageConsumer earlyDurable = session.createDurableConsumer(topic, "early");
        assertEquals("delayed", text(early.receive(COMES_MS)));
        assertEquals("delayed", text(earlyShared.receive(COMES_MS)));
        assertEquals("delayed", text(earlyDurable.receive(COMES_MS)));
        for (MessageConsumer consumer : List.of(late, lateDurable, lateShared, renewed)) {
            assertNull(consumer.receiveNoWait());
        }
        lateDurable.close();
        earlyDurable.close();
        renewed.close();
        for (String name : List.of("early", "late", "renewed")) {
            session.unsubscribe(name);
        }
    }

    @Test
    @Checklist({"20.13", "17.06"})
    void delayedMessagesHideAndDoNotBlock() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        delayed(session, producer, "third", DeliveryMode.PERSISTENT, 500);
        delayed(session, producer, "second", DeliveryMode.PERSISTENT, 250);
        delayed(session, producer, "first", DeliveryMode.PERSISTENT, 0);
        try (QueueBrowser browser = session.createBrowser(queue)) {
            var seen = browser.getEnumeration();
            assertEquals("first", text((Message) seen.nextElement()));
            assertFalse(seen.hasMoreElements());
        }
        MessageConsumer consumer = session.createConsumer(queue);
        List<String> order = new ArrayList<>(List.of(text(consumer.receive(COMES_MS))));
        assertNull(consumer.receiveNoWait());
        order.addAll(receive(consumer, 2));
        assertEquals(List.of("first", "second", "third"), order);
    }

    @Test
    @Checklist({"20.10", "20.11"})
    void theDelayCountsFromTheSendInATransactionToo() throws JMSException {
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        MessageConsumer consumer = session.createConsumer(queue);
        long sentMs = Clock.system().wallMs();
        delayed(session, producer, "delayed", DeliveryMode.PERSISTENT, 300);
        session.commit();
        Message message = consumer.receive(COMES_MS);
        long tookMs = Clock.system().wallMs() - sentMs;
        assertEquals("delayed", text(message));
        assertTrue(tookMs >= 300, () -> "after " + tookMs + " ms");
        // Sent again with a delay, as it was received.
        producer.setDeliveryDelay(200);
        producer.send(message);
        session.commit();
        assertNull(consumer.receiveNoWait());
        assertEquals("delayed", text(consumer.receive(COMES_MS)));
        session.commit();
    }

    @Test
    @Checklist({"20.11", "29.01"})
    void aDelaySurvivesTheServer() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        delayed(session, session.createProducer(queue), "delayed", DeliveryMode.PERSISTENT, 1_500);
        server.kill();
        server.start();
        Session later = connect().createSession();
        MessageConsumer consumer = later.createConsumer(queue);
        Message message = consumer.receive(COMES_MS);
        assertEquals("delayed", text(message));
        assertTrue(Clock.system().wallMs() >= message.getJMSDeliveryTime());
        assertEquals(1, message.getIntProperty("JMSXDeliveryCount"));
        assertNull(consumer.receiveNoWait());
    }
}
