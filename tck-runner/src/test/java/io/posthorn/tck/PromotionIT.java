package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testing.Await;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TransactionRolledBackException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Master is killed or replaced, a Slave is promoted: what a plain client notices, and what becomes of the old Master. */
class PromotionIT extends ReplicaTest {

    @Test
    void aClientGoesOnWhenItsMasterIsKilledAndTheSlavePromoted() throws Exception {
        group.add();
        group.add();
        AtomicReference<JMSException> reported = new AtomicReference<>();
        try (Connection connection = new PosthornConnectionFactory(group.url()).createConnection()) {
            connection.setClientID("survivor");
            connection.setExceptionListener(reported::set);
            connection.start();

            Session working = connection.createSession();
            Queue queue = working.createQueue("orders");
            List<String> heard = Collections.synchronizedList(new ArrayList<>());
            Session listening = connection.createSession();
            listening.createConsumer(listening.createQueue("heard")).setMessageListener(message -> {
                try {
                    heard.add(text(message));
                } catch (JMSException e) {
                    throw new IllegalStateException(e);
                }
            });
            Topic news = working.createTopic("news");
            MessageConsumer durable = working.createDurableSubscriber(news, "reader");
            Queue temporary = working.createTemporaryQueue();
            MessageConsumer replies = working.createConsumer(temporary);
            Session held = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
            Queue kept = held.createQueue("kept");
            Session transacted = connection.createSession(Session.SESSION_TRANSACTED);

            send(working, queue, 0, 100);
            send(working, working.createQueue("heard"), 0, 10);
            send(held, kept, 0, 2);
            MessageConsumer keeping = held.createConsumer(kept);
            Message first = keeping.receive(ServerTest.COMES_MS);
            assertEquals("0", text(first));
            working.createProducer(news).send(working.createTextMessage("before"));
            transacted.createProducer(queue).send(transacted.createTextMessage("lost"));
            Await.until("the listener has heard", () -> heard.size() == 10);
            group.awaitCaughtUp(1, 0);

            group.broker(0).kill();
            String output = group.promote();
            assertTrue(
                    output.contains("broker 1 at 127.0.0.1:" + group.broker(1).brokerPort() + " is the Master"),
                    output);

            assertThrows(TransactionRolledBackException.class, transacted::commit);
            first.acknowledge();
            Message second = keeping.receive(ServerTest.COMES_MS);
            assertEquals("1", text(second));
            assertFalse(second.getJMSRedelivered());
            second.acknowledge();
            send(working, queue, 100, 150);
            send(working, working.createQueue("heard"), 10, 20);
            MessageConsumer consumer = working.createConsumer(queue);
            assertTexts(consumer, 0, 150);
            assertNull(consumer.receiveNoWait());
            assertEquals("before", text(durable.receive(ServerTest.COMES_MS)));
            working.createProducer(news).send(working.createTextMessage("after"));
            assertEquals("after", text(durable.receive(ServerTest.COMES_MS)));
            working.createProducer(temporary).send(working.createTextMessage("reply"));
            assertEquals("reply", text(replies.receive(ServerTest.COMES_MS)));
            Await.until("the listener goes on", () -> heard.size() == 20);
            for (int i = 0; i < 20; i++) {
                assertEquals(Integer.toString(i), heard.get(i));
            }
            assertNull(reported.get());
        }
    }

    @Test
    void sendsThatWereConfirmedAreThereOnceAfterSwitchingToAndFro() throws Exception {
        group.add();
        group.add();
        group.awaitCaughtUp(1, 0);
        AtomicInteger sent = new AtomicInteger();
        AtomicReference<Exception> failure = new AtomicReference<>();
        AtomicInteger goal = new AtomicInteger(Integer.MAX_VALUE);
        Thread sender = new Thread(() -> {
            try (Connection connection = connect("");
                    Session session = connection.createSession()) {
                MessageProducer producer = session.createProducer(session.createQueue("orders"));
                while (sent.get() < goal.get()) {
                    producer.send(session.createTextMessage(Integer.toString(sent.get())));
                    sent.incrementAndGet();
                }
            } catch (JMSException e) {
                failure.set(e);
            }
        });
        sender.start();
        try {
            awaitSent(sent, 200, sender);
            // The Master serves: it is stopped first, so nothing is lost.
            group.promote();
            group.awaitInSync(1, 2);
            int before = sent.get();
            awaitSent(sent, before + 200, sender);
            group.promote();
            group.awaitInSync(0, 2);
            goal.set(sent.get() + 200);
        } finally {
            goal.compareAndSet(Integer.MAX_VALUE, 0);
            sender.join(60_000);
        }
        assertNull(failure.get());
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            MessageConsumer consumer = session.createConsumer(session.createQueue("orders"));
            assertTexts(consumer, 0, sent.get());
            assertNull(consumer.receiveNoWait());
        }
    }

    private static void awaitSent(AtomicInteger sent, int count, Thread sender) throws Exception {
        Await.until(count + " messages", () -> sent.get() >= count || !sender.isAlive());
    }

    @Test
    void whatOnlyTheKilledMasterHadIsCutAndReportedWhenItComesBack() throws Exception {
        group.add();
        group.add();
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            Queue queue = session.createQueue("orders");
            send(session, queue, 0, 10);
            group.awaitCaughtUp(1, 0);
            group.broker(1).pause();
            send(session, queue, 10, 15);
            group.broker(0).kill();
            group.broker(1).resume();
        }
        group.promote();
        // Restarted as it was started the first time, it finds its successor and follows.
        group.broker(0).start();
        group.awaitCaughtUp(0, 1);
        // One may have been on its way already when the Slave was paused.
        Matcher cut = Pattern.compile("cut \\d+ entries with ([45]) messages")
                .matcher(group.status(0).text());
        assertTrue(cut.find(), group.status(0).text());
        String shown = group.showStatus().output();
        assertTrue(shown.contains(cut.group()), shown);
        assertTrue(shown.contains("broker-a 0 127.0.0.1:" + group.broker(1).brokerPort() + " MASTER"), shown);
        assertTrue(shown.contains("inSync=2"), shown);
        try (Connection connection = connect("");
                Session session = connection.createSession()) {
            MessageConsumer consumer = session.createConsumer(session.createQueue("orders"));
            assertTexts(consumer, 0, 15 - Integer.parseInt(cut.group(1)));
            assertNull(consumer.receiveNoWait());
        }
        // A promoted Slave stays Master over a restart.
        group.broker(1).stop();
        group.broker(1).start();
        group.awaitCaughtUp(0, 1);
    }
}
