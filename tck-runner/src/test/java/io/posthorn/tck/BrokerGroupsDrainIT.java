package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.provider.BrokerGroup;
import io.posthorn.testing.Await;
import io.posthorn.testing.Operations;
import io.posthorn.testing.TestXid;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Emptying one of two broker groups while it is used: nothing is lost or comes twice, and what has to stay keeps its place until it can go. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BrokerGroupsDrainIT {

    private static final Xid XID = new TestXid(1, new byte[] {1}, new byte[] {2});

    @TempDir
    Path dir;

    private TwoGroups groups;
    private Connection connection;

    @BeforeEach
    void start() throws Exception {
        groups = new TwoGroups(dir);
        connection = groups.connect();
    }

    @AfterEach
    void stop() throws JMSException {
        if (connection != null) {
            connection.close();
        }
        if (groups != null) {
            groups.close();
        }
    }

    private void createOnB(String destination) {
        Operations.create(groups.a(), destination, "brokerGroups=broker-b");
        assertFalse(isEmptyB(), "an operator might take it away");
    }

    private boolean isEmptyB() {
        BrokerGroup group = Operations.group(groups.a(), "broker-b");
        return group != null && group.destinations() == 0;
    }

    private static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }

    @Test
    void consumersAndProducersGoOnWhileTheirQueueMoves() throws Exception {
        createOnB("queue:moving");
        Session sending = connection.createSession();
        Queue queue = sending.createQueue("moving");
        MessageProducer producer = sending.createProducer(queue);
        Session receiving = connection.createSession();
        MessageConsumer consumer = receiving.createConsumer(queue);
        List<String> sent = new ArrayList<>();
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            producer.send(sending.createTextMessage("before " + i));
            sent.add("before " + i);
        }
        for (int i = 0; i < 10; i++) {
            got.add(text(consumer.receive(20_000)));
        }
        groups.command("group", "drain", "broker-b");
        int[] next = {0};
        Await.until("broker-b to be empty", () -> {
            String text = "while " + next[0]++;
            producer.send(sending.createTextMessage(text));
            sent.add(text);
            // More than is sent, however slow the command is that looks.
            for (int i = 0; i < 3; i++) {
                Message message = consumer.receiveNoWait();
                if (message != null) {
                    got.add(text(message));
                }
            }
            return isEmptyB();
        });
        while (got.size() < sent.size()) {
            got.add(text(consumer.receive(20_000)));
        }
        assertEquals(new TreeSet<>(sent), new TreeSet<>(got));
        assertNull(consumer.receiveNoWait());
        // A session learns that the queue has moved when it uses it.
        producer.send(sending.createTextMessage("moved"));
        assertEquals("moved", text(consumer.receive(20_000)));
        groups.b().close();
        producer.send(sending.createTextMessage("after"));
        assertEquals("after", text(consumer.receive(20_000)));
    }

    /** Takes more than a minute: a topic is given that long, so that all its subscribers find the other group. */
    @Test
    @Tag("slow")
    void aTopicMovesWithWhatItsSubscribersHaveToGet() throws Exception {
        createOnB("topic:news");
        Session session = connection.createSession();
        Topic topic = session.createTopic("news");
        MessageProducer producer = session.createProducer(topic);
        // It is away all the time.
        session.createSharedDurableConsumer(topic, "away").close();
        MessageConsumer passing = session.createConsumer(topic);
        Set<String> sent = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        groups.command("group", "drain", "broker-b");
        Instant end = Instant.now().plusSeconds(60);
        while (Instant.now().isBefore(end)) {
            String text = "while it moves " + sent.size();
            producer.send(session.createTextMessage(text));
            sent.add(text);
            assertTrue(seen.add(text(passing.receive(20_000))));
            assertFalse(isEmptyB(), "somebody has to get something from it");
        }
        MessageConsumer back = session.createSharedDurableConsumer(topic, "away");
        Set<String> kept = new TreeSet<>();
        while (kept.size() < sent.size()) {
            assertTrue(kept.add(text(back.receive(20_000))));
        }
        assertEquals(sent, seen);
        assertEquals(sent, kept);
        Await.until("broker-b to be empty", this::isEmptyB);
        groups.b().close();
        producer.send(session.createTextMessage("last"));
        assertEquals("last", text(passing.receive(20_000)));
        assertEquals("last", text(back.receive(20_000)));
    }

    @Test
    void whatWaitsOrIsPreparedKeepsAGroupFromBeingEmpty() throws Exception {
        createOnB("queue:later");
        createOnB("queue:in-doubt");
        Session session = connection.createSession();
        MessageProducer slow = session.createProducer(session.createQueue("later"));
        slow.setDeliveryDelay(6_000);
        slow.send(session.createTextMessage("delayed"));
        try (XAConnection xa = new PosthornXAConnectionFactory(groups.url()).createXAConnection()) {
            XASession work = xa.createXASession();
            work.getXAResource().start(XID, XAResource.TMNOFLAGS);
            work.createProducer(work.createQueue("in-doubt")).send(work.createTextMessage("prepared"));
            work.getXAResource().end(XID, XAResource.TMSUCCESS);
            assertEquals(XAResource.XA_OK, work.getXAResource().prepare(XID));
        }
        groups.command("group", "drain", "broker-b");
        // What was prepared and what waits outlives a restart as well.
        groups.b().kill();
        groups.b().start();
        MessageConsumer later = session.createConsumer(session.createQueue("later"));
        assertEquals("delayed", text(later.receive(30_000)));
        try (XAConnection xa = new PosthornXAConnectionFactory(groups.url()).createXAConnection()) {
            XAResource resource = xa.createXASession().getXAResource();
            assertEquals(1, resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN).length);
            resource.commit(XID, false);
        }
        MessageConsumer decided = session.createConsumer(session.createQueue("in-doubt"));
        assertEquals("prepared", text(decided.receive(20_000)));
        Await.until("broker-b to be empty", this::isEmptyB);
        assertTrue(groups.command("destination", "show", "queue:later").contains("brokerGroups=broker-a"));
    }
}
