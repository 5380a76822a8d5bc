package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.Operations;
import io.posthorn.testing.RawRoute;
import io.posthorn.testing.TestXid;
import jakarta.jms.Connection;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One NameServer and two broker groups, each a process of its own; the directory is broker-a. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BrokerGroupsIT {

    private static final List<String> GROUPS = List.of("broker-a", "broker-b");

    @TempDir
    static Path dir;

    private static TwoGroups groups;

    private final List<Connection> open = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        groups = new TwoGroups(dir);
        for (String group : GROUPS) {
            Await.until("a route of " + group, () -> RawRoute.of(group, groups.nameServer()) != null);
        }
    }

    @AfterAll
    static void stop() {
        if (groups != null) {
            groups.close();
        }
    }

    @AfterEach
    void close() throws JMSException {
        for (Connection connection : open) {
            connection.close();
        }
    }

    private Connection connect() throws JMSException {
        Connection connection = groups.connect();
        open.add(connection);
        return connection;
    }

    /** The groups that a topic of RocketMQ's names is registered by. */
    private static Set<String> groupsOf(String topic) throws Exception {
        String route = RawRoute.of(topic, groups.nameServer());
        Set<String> found = new TreeSet<>();
        for (String group : GROUPS) {
            if (route != null && route.contains("\"brokerName\":\"" + group + "\"")) {
                found.add(group);
            }
        }
        return found;
    }

    private static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }

    @Test
    void destinationsArePlacedOnBothGroupsAndOneConnectionUsesThemAll() throws Exception {
        Connection connection = connect();
        Session session = connection.createSession();
        Map<String, String> placed = new TreeMap<>();
        for (int i = 0; i < 6; i++) {
            Queue queue = session.createQueue("spread-" + i);
            session.createProducer(queue).send(session.createTextMessage("to " + i));
            String topic = "%QUEUE%spread-" + i;
            Await.until("a route of " + topic, () -> !groupsOf(topic).isEmpty());
            placed.put(topic, groupsOf(topic).toString());
        }
        assertEquals(Set.of("[broker-a]", "[broker-b]"), Set.copyOf(placed.values()), placed.toString());
        Session other = connect().createSession();
        for (int i = 0; i < 6; i++) {
            assertEquals(
                    "to " + i,
                    text(other.createConsumer(other.createQueue("spread-" + i)).receive(20_000)));
        }
    }

    @Test
    void temporaryDestinationsAreFoundByOthers() throws Exception {
        Connection asking = connect();
        Session questions = asking.createSession();
        TemporaryQueue answers = questions.createTemporaryQueue();
        Operations.create(groups.a(), "queue:on-b", "brokerGroups=broker-b");
        Message question = questions.createTextMessage("question");
        question.setJMSReplyTo(answers);
        questions.createProducer(questions.createQueue("on-b")).send(question);

        Session replies = connect().createSession();
        Message got = replies.createConsumer(replies.createQueue("on-b")).receive(20_000);
        replies.createProducer(got.getJMSReplyTo()).send(replies.createTextMessage("answer"));
        MessageConsumer consumer = questions.createConsumer(answers);
        assertEquals("answer", text(consumer.receive(20_000)));
        consumer.close();
        answers.delete();
    }

    @Test
    void aConsumerSeesAllOfAQueueThatSeveralGroupsHold() throws Exception {
        Operations.create(groups.a(), "queue:wide", "brokerGroups=broker-a,broker-b");
        Connection connection = connect();
        List<String> sent = new ArrayList<>();
        for (int s = 0; s < 8; s++) {
            Session session = connection.createSession();
            MessageProducer producer = session.createProducer(session.createQueue("wide"));
            for (int i = 0; i < 25; i++) {
                producer.send(session.createTextMessage(s + "/" + i));
                sent.add(s + "/" + i);
            }
        }
        assertEquals(Set.copyOf(GROUPS), groupsOf("%QUEUE%wide"));
        String shown = groups.command("destination", "show", "queue:wide");
        assertTrue(shown.contains("messages=" + sent.size()), shown);
        assertTrue(shown.contains("brokerGroups=broker-a,broker-b"), shown);
        String listed = groups.command("destination", "list");
        assertTrue(listed.contains("queue:wide messages=" + sent.size() + " "), listed);

        Session session = connection.createSession();
        List<String> browsed = new ArrayList<>();
        try (QueueBrowser browser = session.createBrowser(session.createQueue("wide"))) {
            for (Enumeration<?> all = browser.getEnumeration(); all.hasMoreElements(); ) {
                browsed.add(text((Message) all.nextElement()));
            }
        }
        assertEquals(new TreeSet<>(sent), new TreeSet<>(browsed));
        assertEquals(sent.size(), browsed.size());

        MessageConsumer consumer = session.createConsumer(session.createQueue("wide"));
        List<String> got = new ArrayList<>();
        for (Message next = consumer.receiveNoWait(); next != null; next = consumer.receiveNoWait()) {
            got.add(text(next));
        }
        assertEquals(new TreeSet<>(sent), new TreeSet<>(got));
        assertEquals(sent.size(), got.size());
        // Each session has kept to one group, so its order is kept.
        for (int s = 0; s < 8; s++) {
            String prefix = s + "/";
            List<String> ofOne =
                    got.stream().filter(text -> text.startsWith(prefix)).toList();
            assertEquals(sent.stream().filter(text -> text.startsWith(prefix)).toList(), ofOne);
        }
    }

    @Test
    void whatAConsumerDidNotReadIsThereForOthers() throws Exception {
        Operations.create(groups.a(), "queue:shared-work", "brokerGroups=broker-a,broker-b");
        Connection connection = connect();
        int count = 0;
        for (int s = 0; s < 6; s++) {
            Session session = connection.createSession();
            MessageProducer producer = session.createProducer(session.createQueue("shared-work"));
            for (int i = 0; i < 10; i++) {
                producer.send(session.createTextMessage(s + "/" + i));
                count++;
            }
        }
        Session session = connection.createSession();
        Queue queue = session.createQueue("shared-work");
        MessageConsumer idle = session.createConsumer(queue);
        Set<String> got = new TreeSet<>();
        for (int i = 0; i < 12; i++) {
            got.add(text(idle.receive(20_000)));
        }
        // It goes on existing, and does not ask any more.
        Session busySession = connect().createSession();
        MessageConsumer busy = busySession.createConsumer(queue);
        while (got.size() < count) {
            got.add(text(busy.receive(20_000)));
        }
        assertNull(busy.receiveNoWait());
        assertNull(idle.receiveNoWait());
    }

    @Test
    void clientIdsAndSubscriptionNamesAreUniqueInTheCluster() throws Exception {
        Operations.create(groups.a(), "topic:news-a", "brokerGroups=broker-a");
        Operations.create(groups.a(), "topic:news-b", "brokerGroups=broker-b");
        Connection first = connect();
        first.stop();
        Connection fresh = new PosthornConnectionFactory(groups.url()).createConnection();
        open.add(fresh);
        fresh.setClientID("reader");
        fresh.start();
        Connection second = new PosthornConnectionFactory(groups.url()).createConnection();
        open.add(second);
        assertThrows(InvalidClientIDException.class, () -> second.setClientID("reader"));

        Session session = fresh.createSession();
        Topic onB = session.createTopic("news-b");
        MessageConsumer subscriber = session.createDurableConsumer(onB, "mine");
        subscriber.close();
        session.createProducer(onB).send(session.createTextMessage("kept"));
        // The same name on a topic of the other group is another subscription, and takes the place of the first.
        Topic onA = session.createTopic("news-a");
        MessageConsumer moved = session.createDurableConsumer(onA, "mine");
        session.createProducer(onA).send(session.createTextMessage("new"));
        assertEquals("new", text(moved.receive(20_000)));
        moved.close();
        MessageConsumer back = session.createDurableConsumer(onB, "mine");
        assertNull(back.receiveNoWait());
        back.close();
        MessageConsumer shared = session.createSharedConsumer(onA, "shared");
        JMSException inUse = assertThrows(JMSException.class, () -> session.createSharedConsumer(onB, "shared"));
        assertTrue(inUse.getMessage().contains("in use"), inUse.getMessage());
        shared.close();
        session.createSharedConsumer(onB, "shared").close();
        session.unsubscribe("mine");
        assertThrows(InvalidDestinationException.class, () -> session.unsubscribe("mine"));
        fresh.close();
        second.setClientID("reader");
    }

    @Test
    void transactionsOverBothGroupsAreWhole() throws Exception {
        Operations.create(groups.a(), "queue:in", "brokerGroups=broker-a");
        Operations.create(groups.a(), "queue:out", "brokerGroups=broker-b");
        Connection connection = connect();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        Queue in = session.createQueue("in");
        Queue out = session.createQueue("out");
        session.createProducer(in).send(session.createTextMessage("order"));
        session.createProducer(out).send(session.createTextMessage("note"));
        session.commit();

        MessageConsumer orders = session.createConsumer(in);
        MessageConsumer notes = session.createConsumer(out);
        assertEquals("order", text(orders.receive(20_000)));
        session.createProducer(out).send(session.createTextMessage("invoice"));
        session.rollback();
        Message again = orders.receive(20_000);
        assertEquals("order", text(again));
        assertTrue(again.getJMSRedelivered());
        assertEquals("note", text(notes.receive(20_000)));
        session.createProducer(out).send(session.createTextMessage("invoice"));
        session.commit();
        assertEquals("invoice", text(notes.receive(20_000)));
        session.commit();
        assertNull(orders.receiveNoWait());
        assertNull(notes.receiveNoWait());
    }

    private XAConnection xa() throws JMSException {
        XAConnection connection = new PosthornXAConnectionFactory(groups.url()).createXAConnection();
        open.add(connection);
        connection.start();
        return connection;
    }

    private static Xid xid(String name) {
        return new TestXid(1, name.getBytes(StandardCharsets.UTF_8), new byte[] {1});
    }

    /** Moves a message from one group to the other in a branch, which has ended then. */
    private void move(XASession session, Xid xid, Queue from, Queue to, String expected) throws Exception {
        session.getXAResource().start(xid, XAResource.TMNOFLAGS);
        try (MessageConsumer consumer = session.createConsumer(from)) {
            assertEquals(expected, text(consumer.receive(20_000)));
            session.createProducer(to).send(session.createTextMessage("made of " + expected));
            session.getXAResource().end(xid, XAResource.TMSUCCESS);
        }
    }

    private List<String> all(Queue queue) throws JMSException {
        List<String> texts = new ArrayList<>();
        try (Session session = connect().createSession();
                MessageConsumer consumer = session.createConsumer(queue)) {
            for (Message next = consumer.receiveNoWait(); next != null; next = consumer.receiveNoWait()) {
                texts.add(text(next));
            }
        }
        return texts;
    }

    @Test
    void globalTransactionsOverBothGroupsAreWhole() throws Exception {
        Operations.create(groups.a(), "queue:xa-in", "brokerGroups=broker-a");
        Operations.create(groups.a(), "queue:xa-out", "brokerGroups=broker-b");
        Session plain = connect().createSession();
        Queue in = plain.createQueue("xa-in");
        Queue out = plain.createQueue("xa-out");
        for (String text : List.of("one", "two", "three")) {
            plain.createProducer(in).send(plain.createTextMessage(text));
        }
        XASession session = xa().createXASession();
        XAResource resource = session.getXAResource();
        assertTrue(resource.isSameRM(xa().createXASession().getXAResource()));

        Xid back = xid("back");
        move(session, back, in, out, "one");
        assertEquals(XAResource.XA_OK, resource.prepare(back));
        assertEquals(1, resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN).length);
        assertEquals(List.of(), all(out));
        resource.rollback(back);
        Xid twoPhases = xid("two");
        move(session, twoPhases, in, out, "one");
        assertEquals(XAResource.XA_OK, resource.prepare(twoPhases));
        resource.commit(twoPhases, false);
        Xid onePhase = xid("one");
        move(session, onePhase, in, out, "two");
        resource.commit(onePhase, true);
        assertEquals(0, resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN).length);
        assertEquals(List.of("made of one", "made of two"), all(out));
        assertEquals(List.of("three"), all(in));
    }
}
