package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Message groups over a real server: one consumer at a time, in order, also when consumers or the server die. */
class GroupsIT extends ServerTest {

    /** One that does not wait long for consumers that are gone. */
    @BeforeAll
    static void startImpatientServer() {
        server.close();
        server = ServerProcess.standalone(dataDir.resolve("impatient"), "--resume-timeout-ms", "1000");
    }

    private static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }

    private static void send(Session session, Destination to, String... texts) throws JMSException {
        try (MessageProducer producer = session.createProducer(to)) {
            for (String text : texts) {
                TextMessage message = session.createTextMessage(text);
                message.setStringProperty("JMSXGroupID", text.substring(0, 1));
                producer.send(message);
            }
        }
    }

    private MessageConsumer consumer(Session session) throws JMSException {
        return session.createConsumer(session.createQueue(name("queue")));
    }

    @Test
    @Checklist({"10.16", "24.01"})
    void eachGroupIsWithOneListenerAtATimeAndInOrder() throws Exception {
        int groups = 20;
        int each = 50;
        Map<String, List<Integer>> seen = new ConcurrentHashMap<>();
        Map<String, String> inside = new ConcurrentHashMap<>();
        List<String> overlaps = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(groups * each);
        for (int c = 0; c < 3; c++) {
            Session session = connect().createSession();
            String me = "consumer " + c;
            consumer(session).setMessageListener(message -> {
                try {
                    String group = message.getStringProperty("JMSXGroupID");
                    String other = inside.putIfAbsent(group, me);
                    if (other != null) {
                        overlaps.add(group + " with " + other + " and " + me);
                    }
                    seen.computeIfAbsent(group, key -> Collections.synchronizedList(new ArrayList<>()))
                            .add(message.getIntProperty("JMSXGroupSeq"));
                    inside.remove(group, me);
                } catch (JMSException broken) {
                    overlaps.add(broken.toString());
                }
                all.countDown();
            });
        }
        Session sender = connect().createSession();
        MessageProducer producer = sender.createProducer(sender.createQueue(name("queue")));
        for (int n = 0; n < each; n++) {
            for (int g = 0; g < groups; g++) {
                Message message = sender.createMessage();
                message.setStringProperty("JMSXGroupID", "group " + g);
                message.setIntProperty("JMSXGroupSeq", n + 1);
                producer.send(message);
            }
        }
        assertTrue(all.await(COMES_MS, TimeUnit.MILLISECONDS), all.getCount() + " messages are missing");
        assertEquals(List.of(), overlaps);
        List<Integer> expected = new ArrayList<>();
        for (int n = 1; n <= each; n++) {
            expected.add(n);
        }
        assertEquals(groups, seen.size());
        seen.forEach((group, numbers) -> assertEquals(expected, numbers, group));
    }

    @Test
    @Checklist({"24.05", "25.08"})
    void aTransactionKeepsItsGroupAndOthersGoOn() throws JMSException {
        Session sender = connect().createSession();
        send(sender, sender.createQueue(name("queue")), "a1", "a2", "b1", "a3", "b2");
        Session one = connect().createSession(Session.SESSION_TRANSACTED);
        MessageConsumer ones = consumer(one);
        assertEquals("a1", text(ones.receive(COMES_MS)));
        Session two = connect().createSession();
        MessageConsumer twos = consumer(two);
        assertEquals("b1", text(twos.receive(COMES_MS)));
        assertEquals("b2", text(twos.receive(COMES_MS)));
        assertNull(twos.receiveNoWait(), "group a is in a transaction");
        one.rollback();
        assertEquals("a1", text(ones.receive(COMES_MS)));
        assertEquals("a2", text(ones.receive(COMES_MS)));
        one.commit();
        ones.close();
        assertEquals("a3", text(twos.receive(COMES_MS)));
    }

    @Test
    @Checklist("24.05")
    void aPoisonedGroupDelaysNoOther() throws Exception {
        List<String> good = Collections.synchronizedList(new ArrayList<>());
        List<String> bad = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(6);
        consumer(connect().createSession()).setMessageListener(message -> {
            String text;
            try {
                text = ((TextMessage) message).getText();
            } catch (JMSException broken) {
                throw new IllegalStateException(broken);
            }
            if (text.equals("a1")) {
                bad.add(text);
                throw new IllegalStateException("poison, as the test wants it");
            }
            good.add(text);
            done.countDown();
        });
        Session sender = connect().createSession();
        send(sender, sender.createQueue(name("queue")), "a1", "b1", "a2", "b2", "c1", "a3", "b3");
        assertTrue(done.await(COMES_MS, TimeUnit.MILLISECONDS), good.toString());
        assertEquals(10, bad.size(), "tried as often as the policy says, then it is a dead letter");
        assertEquals(
                List.of("a2", "a3"),
                good.stream().filter(t -> t.startsWith("a")).toList());
        assertEquals(
                List.of("b1", "b2", "b3"),
                good.stream().filter(t -> t.startsWith("b")).toList());
    }

    @Test
    @Checklist({"6.24", "24.05"})
    void aClosedSessionsGroupGoesOnElsewhereInOrder() throws JMSException {
        Session sender = connect().createSession();
        send(sender, sender.createQueue(name("queue")), "a1", "a2", "a3");
        Session one = connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer ones = consumer(one);
        Message first = ones.receive(COMES_MS);
        assertEquals("a1", text(first));
        first.acknowledge();
        assertEquals("a2", text(ones.receive(COMES_MS)));
        MessageConsumer twos = consumer(connect().createSession());
        assertNull(twos.receiveNoWait());
        ones.close();
        assertNull(twos.receiveNoWait(), "the session still has a2");
        one.close();
        Message again = twos.receive(COMES_MS);
        assertEquals("a2", text(again));
        assertTrue(again.getJMSRedelivered());
        assertEquals("a3", text(twos.receive(COMES_MS)));
    }

    @Test
    @Checklist("24.05")
    void aKilledConsumersGroupGoesOnElsewhereInOrder() throws Exception {
        Session sender = connect().createSession();
        send(sender, sender.createQueue(name("queue")), "a1", "a2", "a3", "a4");
        Process eater = GroupEater.start(server.url(), name("queue"));
        MessageConsumer consumer = consumer(connect().createSession());
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(eater.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("a1", output.readLine());
            assertEquals("a2", output.readLine());
            send(sender, sender.createQueue(name("queue")), "b1");
            Map<String, Integer> other = new HashMap<>();
            Message free = consumer.receive(ABSENT_MS);
            if (free != null) {
                other.merge(text(free), 1, Integer::sum);
            }
            assertTrue(other.isEmpty() || other.keySet().equals(Collections.singleton("b1")), other.toString());
        } finally {
            eater.destroyForcibly().waitFor();
        }
        List<String> rest = new ArrayList<>();
        for (Message next = consumer.receive(COMES_MS); rest.size() < 3; next = consumer.receive(COMES_MS)) {
            if (!text(next).startsWith("b")) {
                assertTrue(next.getJMSRedelivered() || rest.size() >= 2, text(next));
                rest.add(text(next));
            }
        }
        assertEquals(List.of("a1", "a2", "a3"), rest);
    }

    @Test
    @Checklist({"24.05", "29.01"})
    void groupsOutliveTheServer() throws JMSException {
        Connection sending = connect();
        Session sender = sending.createSession();
        send(sender, sender.createQueue(name("queue")), "a1", "a2", "b1", "a3", "b2");
        server.kill();
        server.start();
        Session one = connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer ones = consumer(one);
        assertEquals("a1", text(ones.receive(COMES_MS)));
        MessageConsumer twos = consumer(connect().createSession());
        assertEquals("b1", text(twos.receive(COMES_MS)));
        assertEquals("b2", text(twos.receive(COMES_MS)));
        assertNull(twos.receiveNoWait());
        one.recover();
        assertEquals("a1", text(ones.receive(COMES_MS)));
        assertEquals("a2", text(ones.receive(COMES_MS)));
        assertEquals("a3", text(ones.receive(COMES_MS)));
    }

    @Test
    @Checklist({"19.21", "24.05"})
    void aSharedSubscriptionHasGroupsToo() throws JMSException {
        Session one = connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        Topic topic = one.createTopic(name("topic"));
        MessageConsumer ones = one.createSharedDurableConsumer(topic, name("s"));
        Session two = connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer twos = two.createSharedDurableConsumer(topic, name("s"));
        send(connect().createSession(), topic, "a1", "a2", "b1");
        assertEquals("a1", text(ones.receive(COMES_MS)));
        assertEquals("b1", text(twos.receive(COMES_MS)));
        assertNull(twos.receiveNoWait());
        assertEquals("a2", text(ones.receive(COMES_MS)));
    }
}
