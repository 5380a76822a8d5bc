package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.time.Clock;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Acknowledgement, redelivery, transactions and listeners over a real server. */
class SessionsIT extends ServerTest {

    private static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }

    private void send(String queue, String... texts) throws JMSException {
        try (Connection connection = factory().createConnection();
                Session session = connection.createSession();
                MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            for (String text : texts) {
                producer.send(session.createTextMessage(text));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Session.AUTO_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE})
    @Checklist({"23.01", "23.02", "23.13"})
    void receivedMeansGone(int mode) throws JMSException {
        String queue = name("queue" + mode);
        send(queue, "a", "b", "c");
        Connection connection = connect();
        Session session = connection.createSession(mode);
        MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
        assertEquals("a", text(consumer.receive(COMES_MS)));
        assertEquals("b", text(consumer.receive(COMES_MS)));
        connection.close();
        Session next = connect().createSession();
        MessageConsumer rest = next.createConsumer(next.createQueue(queue));
        Message left = rest.receive(COMES_MS);
        assertEquals("c", text(left));
        assertFalse(left.getJMSRedelivered());
        assertNull(rest.receiveNoWait());
    }

    /** The broker may take its time with acknowledgements that nobody waits for; a client that closes does wait. */
    @Test
    void closingDoesNotWaitForALazySync() throws JMSException {
        int count = 10;
        String queue = name("queue");
        send(queue, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
        long startNs = Clock.system().monotonicNs();
        for (int n = 0; n < count; n++) {
            Connection connection = connect();
            Session session = connection.createSession();
            assertNotNull(session.createConsumer(session.createQueue(queue)).receive(COMES_MS));
            connection.close();
        }
        long tookMs = (Clock.system().monotonicNs() - startNs) / 1_000_000;
        // Each would wait for the better part of a second; without that it is some ten milliseconds.
        assertTrue(tookMs < count * 500, () -> count + " connections took " + tookMs + " ms");
    }

    @Test
    @Checklist({"23.03", "23.08", "9.17", "24.05"})
    void recoverBringsBackWhatWasNotAcknowledged() throws JMSException {
        String queue = name("queue");
        send(queue, "a", "b", "c");
        Session session = connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
        consumer.receive(COMES_MS).acknowledge();
        assertEquals("b", text(consumer.receive(COMES_MS)));
        assertEquals("c", text(consumer.receive(COMES_MS)));
        session.recover();
        Message again = consumer.receive(COMES_MS);
        assertEquals("b", text(again));
        assertTrue(again.getJMSRedelivered());
        assertEquals(2, again.getIntProperty("JMSXDeliveryCount"));
        Message last = consumer.receive(COMES_MS);
        assertEquals("c", text(last));
        last.acknowledge();
        session.recover();
        assertNull(consumer.receiveNoWait());
    }

    @Test
    @Checklist({"6.24", "23.15", "23.16"})
    void closingASessionGivesBackWhatItHeld() throws JMSException {
        String queue = name("queue");
        send(queue, "a", "b");
        Connection connection = connect();
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        assertEquals(
                "a", text(session.createConsumer(session.createQueue(queue)).receive(COMES_MS)));
        session.close();
        Session next = connection.createSession();
        MessageConsumer consumer = next.createConsumer(next.createQueue(queue));
        Message first = consumer.receive(COMES_MS);
        assertEquals("a", text(first));
        assertTrue(first.getJMSRedelivered());
        Message second = consumer.receive(COMES_MS);
        assertEquals("b", text(second));
        assertFalse(second.getJMSRedelivered());
    }

    @Test
    @Checklist({"25.02", "25.07", "25.08"})
    void aCommitReleasesAndSettlesTogether() throws JMSException {
        send(name("in"), "order");
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        MessageConsumer in = session.createConsumer(session.createQueue(name("in")));
        MessageProducer out = session.createProducer(session.createQueue(name("out")));
        Session watcher = connect().createSession();
        MessageConsumer watched = watcher.createConsumer(watcher.createQueue(name("out")));
        assertEquals("order", text(in.receive(COMES_MS)));
        out.send(session.createTextMessage("invoice 1"));
        out.send(session.createTextMessage("invoice 2"));
        assertNull(watched.receiveNoWait());
        session.commit();
        assertEquals("invoice 1", text(watched.receive(COMES_MS)));
        assertEquals("invoice 2", text(watched.receive(COMES_MS)));
        session.rollback();
        assertNull(in.receiveNoWait());
    }

    @Test
    @Checklist({"25.03", "25.06", "24.05"})
    void aRollbackDropsAndBringsBack() throws JMSException {
        send(name("in"), "a", "b");
        Session session = connect().createSession(Session.SESSION_TRANSACTED);
        MessageConsumer in = session.createConsumer(session.createQueue(name("in")));
        MessageProducer out = session.createProducer(session.createQueue(name("out")));
        assertEquals("a", text(in.receive(COMES_MS)));
        out.send(session.createTextMessage("dropped"));
        session.rollback();
        Message again = in.receive(COMES_MS);
        assertEquals("a", text(again));
        assertTrue(again.getJMSRedelivered());
        session.close();
        Session next = connect().createSession();
        assertNull(next.createConsumer(next.createQueue(name("out"))).receiveNoWait());
        MessageConsumer rest = next.createConsumer(next.createQueue(name("in")));
        assertEquals("a", text(rest.receive(COMES_MS)));
        assertEquals("b", text(rest.receive(COMES_MS)));
    }

    @Test
    @Checklist({"2.05", "22.04", "24.01"})
    void aListenerGetsAllInOrder() throws Exception {
        int count = 2_000;
        Connection connection = connect();
        Session session = connection.createSession();
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(count);
        session.createConsumer(session.createQueue(name("queue"))).setMessageListener(message -> {
            try {
                seen.add(message.getIntProperty("n"));
            } catch (JMSException failed) {
                throw new IllegalStateException(failed);
            }
            all.countDown();
        });
        Session sender = connect().createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = sender.createProducer(sender.createQueue(name("queue")));
        for (int i = 0; i < count; i++) {
            Message message = sender.createMessage();
            message.setIntProperty("n", i);
            producer.send(message);
            if (i % 100 == 99) {
                sender.commit();
            }
        }
        assertTrue(all.await(COMES_MS, TimeUnit.MILLISECONDS));
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            expected.add(i);
        }
        assertEquals(expected, seen);
    }

    @Test
    @Checklist("22.08")
    void aFailingListenerGetsTheMessageAgain() throws Exception {
        Session session = connect().createSession();
        CountDownLatch twice = new CountDownLatch(2);
        List<Boolean> redelivered = Collections.synchronizedList(new ArrayList<>());
        session.createConsumer(session.createQueue(name("queue"))).setMessageListener(message -> {
            try {
                redelivered.add(message.getJMSRedelivered());
            } catch (JMSException failed) {
                throw new IllegalStateException(failed);
            }
            twice.countDown();
            if (redelivered.size() == 1) {
                throw new IllegalStateException("planned failure");
            }
        });
        send(name("queue"), "poison");
        assertTrue(twice.await(COMES_MS, TimeUnit.MILLISECONDS));
        assertEquals(List.of(false, true), redelivered);
    }

    @Test
    @Checklist({"17.02", "6.23", "5.03"})
    void idleAndStoppedConsumersHoardNothing() throws JMSException {
        String queue = name("queue");
        Connection stopped = factory().createConnection();
        Session session = stopped.createSession();
        session.createConsumer(session.createQueue(queue));
        Session idle = connect().createSession();
        MessageConsumer neverAsks = idle.createConsumer(idle.createQueue(queue));
        send(queue, "a", "b", "c");
        Session asking = connect().createSession();
        MessageConsumer consumer = asking.createConsumer(asking.createQueue(queue));
        assertEquals("a", text(consumer.receive(COMES_MS)));
        assertEquals("b", text(neverAsks.receive(COMES_MS)));
        assertEquals("c", text(consumer.receive(COMES_MS)));
        assertNull(neverAsks.receiveNoWait());
        stopped.close();
    }

    @Test
    @Checklist({"19.01", "19.02", "19.05"})
    void everySubscriberGetsItsCopy() throws JMSException {
        Session session = connect().createSession();
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer first = session.createConsumer(topic);
        MessageConsumer second = session.createConsumer(topic, "n > 1");
        MessageProducer producer = session.createProducer(topic);
        for (int n = 1; n <= 2; n++) {
            TextMessage message = session.createTextMessage("m" + n);
            message.setIntProperty("n", n);
            producer.send(message);
        }
        assertEquals("m1", text(first.receive(COMES_MS)));
        assertEquals("m2", text(first.receive(COMES_MS)));
        assertEquals("m2", text(second.receive(COMES_MS)));
        assertNull(second.receiveNoWait());
    }

    @Test
    @Checklist({"16.32", "16.33"})
    void aSelectorLeavesTheOthersInTheQueue() throws JMSException {
        Session session = connect().createSession();
        Queue queue = session.createQueue(name("queue"));
        MessageProducer producer = session.createProducer(queue);
        for (int n = 0; n < 4; n++) {
            TextMessage message = session.createTextMessage("m" + n);
            message.setStringProperty("colour", n % 2 == 0 ? "red" : "blue");
            producer.send(message);
        }
        MessageConsumer red = session.createConsumer(queue, "colour = 'red'");
        assertEquals("m0", text(red.receive(COMES_MS)));
        assertEquals("m2", text(red.receive(COMES_MS)));
        assertNull(red.receiveNoWait());
        MessageConsumer rest = session.createConsumer(queue);
        assertEquals("m1", text(rest.receive(COMES_MS)));
        assertEquals("m3", text(rest.receive(COMES_MS)));
    }
}
