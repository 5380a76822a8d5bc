package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.Await;
import io.posthorn.testing.ChildJvm;
import io.posthorn.testing.Operations;
import io.posthorn.testing.ServerProcess;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.TransactionRolledBackException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two broker groups, of which one is killed, or a client that is: transactions over both stay whole, and what lies on the other group goes on. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BrokerGroupsCrashIT {

    @TempDir
    Path dir;

    private TwoGroups groups;
    private Connection connection;

    @BeforeEach
    void start() throws Exception {
        groups = new TwoGroups(dir);
        Operations.create(groups.a(), "queue:left", "brokerGroups=broker-a");
        Operations.create(groups.a(), "queue:right", "brokerGroups=broker-b");
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

    private List<String> browse(String queue) throws JMSException {
        List<String> texts = new ArrayList<>();
        try (Session session = connection.createSession();
                QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
            for (Enumeration<?> all = browser.getEnumeration(); all.hasMoreElements(); ) {
                texts.add(((TextMessage) all.nextElement()).getText());
            }
        }
        return texts;
    }

    /** Both queues hold the same, each once, and all that was committed for certain. */
    private void assertWhole(Set<String> committed) throws Exception {
        Await.until(
                "both halves of all pairs", () -> new TreeSet<>(browse("left")).equals(new TreeSet<>(browse("right"))));
        List<String> left = browse("left");
        assertEquals(new TreeSet<>(left).size(), left.size(), "doubled: " + left);
        List<String> right = browse("right");
        assertEquals(new TreeSet<>(right).size(), right.size(), "doubled: " + right);
        Set<String> missing = new TreeSet<>(committed);
        missing.removeAll(left);
        assertEquals(Set.of(), missing);
    }

    /** Sends pairs while a broker is killed and started again. */
    private void pairsWhile(ServerProcess victim) throws Exception {
        Set<String> committed = new TreeSet<>();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer left = session.createProducer(session.createQueue("left"));
        MessageProducer right = session.createProducer(session.createQueue("right"));
        for (int i = 0; i < 60; i++) {
            if (i == 20) {
                Thread restart = new Thread(() -> {
                    victim.kill();
                    victim.start();
                });
                restart.start();
            }
            try {
                left.send(session.createTextMessage("pair " + i));
                right.send(session.createTextMessage("pair " + i));
                session.commit();
                committed.add("pair " + i);
            } catch (TransactionRolledBackException rolledBack) {
                // As a whole, which is looked at below.
                assertNotNull(rolledBack.getMessage());
            }
        }
        assertTrue(committed.size() >= 40, "of 60 pairs only " + committed.size() + " were committed");
        assertWhole(committed);
    }

    @Test
    void transactionsStayWholeWhenAParticipantIsKilled() throws Exception {
        pairsWhile(groups.b());
    }

    @Test
    void transactionsStayWholeWhenTheCoordinatorIsKilled() throws Exception {
        pairsWhile(groups.a());
    }

    @Test
    void transactionsStayWholeWhenTheClientIsKilled() throws Exception {
        pairsOfClientsThatAreKilled("left", "right");
    }

    @Test
    void globalTransactionsInOnePhaseStayWholeWhenTheClientIsKilled() throws Exception {
        pairsOfClientsThatAreKilled("left", "right", "global");
    }

    private void pairsOfClientsThatAreKilled(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("-cp", ChildJvm.ownClassPath(), PairSender.class.getName(), groups.url()));
        command.addAll(List.of(arguments));
        Set<String> committed = new TreeSet<>();
        for (int round = 0; round < 3; round++) {
            int last;
            // Closing it kills it.
            try (ChildJvm client = ChildJvm.start(command)) {
                do {
                    last = Integer.parseInt(client.line());
                } while (last < 15 + round);
            }
            for (int i = 0; i <= last; i++) {
                committed.add("pair " + i);
            }
            Await.until(
                    "both halves of all pairs",
                    () -> new TreeSet<>(browse("left")).equals(new TreeSet<>(browse("right"))));
            assertEquals(browse("left").size(), browse("right").size());
            drain("left");
            drain("right");
        }
        assertTrue(committed.size() > 15);
    }

    private void drain(String queue) throws JMSException {
        try (Session session = connection.createSession();
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            while (consumer.receiveNoWait() != null) {
                // Only the count was of interest.
                continue;
            }
        }
    }

    /** Some of them choose the group that does not answer, before anybody knows; no broker has seen what waits for it then. */
    private Set<String> sendFromFreshSessions(String queue) throws Exception {
        Set<String> texts = new HashSet<>();
        CountDownLatch confirmed = new CountDownLatch(8);
        try (Connection unaware = groups.connect()) {
            for (int i = 0; i < 8; i++) {
                Session fresh = unaware.createSession();
                texts.add("unseen " + i);
                fresh.createProducer(fresh.createQueue(queue))
                        .send(fresh.createTextMessage("unseen " + i), whenConfirmed(confirmed::countDown));
            }
            assertTrue(confirmed.await(20, TimeUnit.SECONDS), () -> confirmed.getCount() + " sends wait");
        }
        return texts;
    }

    private static CompletionListener whenConfirmed(Runnable told) {
        return new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                told.run();
            }

            @Override
            public void onException(Message message, Exception failure) {
                throw new AssertionError(failure);
            }
        };
    }

    @Test
    void theOtherGroupGoesOnAndANewOneIsUsed() throws Exception {
        Operations.create(groups.a(), "queue:both", "brokerGroups=broker-a,broker-b");
        Session session = connection.createSession();
        MessageConsumer both = session.createConsumer(session.createQueue("both"));
        Queue left = session.createQueue("left");
        session.createProducer(session.createQueue("right")).send(session.createTextMessage("waits"));
        groups.b().pause();
        Set<String> unseen = sendFromFreshSessions("both");
        for (int i = unseen.size(); i > 0; i--) {
            assertTrue(unseen.remove(text(both.receive(20_000))));
        }
        groups.b().resume();
        groups.b().kill();
        session.createProducer(left).send(session.createTextMessage("goes on"));
        assertEquals("goes on", text(session.createConsumer(left).receive(20_000)));
        // Sessions that would have kept to the lost group take the other.
        for (int i = 0; i < 4; i++) {
            Session fresh = connection.createSession();
            fresh.createProducer(fresh.createQueue("both")).send(fresh.createTextMessage("to both " + i));
            assertEquals("to both " + i, text(both.receive(20_000)));
        }
        groups.add("broker-c");
        Operations.awaitReachable(groups.a(), "broker-c");
        Operations.create(groups.a(), "queue:on-c", "brokerGroups=broker-c");
        Queue onC = session.createQueue("on-c");
        session.createProducer(onC).send(session.createTextMessage("new"));
        assertEquals("new", text(session.createConsumer(onC).receive(20_000)));
        groups.b().start();
        assertEquals(
                "waits",
                text(session.createConsumer(session.createQueue("right")).receive(20_000)));
        JMSException refused = assertThrows(JMSException.class, () -> session.unsubscribe("nobody's"));
        assertNotNull(refused.getMessage());
    }

    private static String text(Message message) throws JMSException {
        assertNotNull(message, "no message came");
        return ((TextMessage) message).getText();
    }
}
