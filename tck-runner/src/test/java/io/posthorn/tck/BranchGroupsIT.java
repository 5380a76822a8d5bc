package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.TestXid;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Message groups in branches of global transactions: what the consumer has been given ahead waits, like the rest of its group, until the branch that
 * has consumed of the group is decided. In the texts a letter and a number name a group; a number after a star is the delivery count.
 */
class BranchGroupsIT extends ServerTest {

    /** Read one after the other without a pause, so many make a receiving consumer fetch ahead. */
    private static final int WARM_UP = 20;

    private final List<XAConnection> connections = new ArrayList<>();
    private int branches;
    private String variant = "";

    @AfterEach
    void closeXaConnections() throws JMSException {
        for (XAConnection connection : connections) {
            connection.close();
        }
    }

    private XAConnection xa() throws JMSException {
        XAConnection connection = new PosthornXAConnectionFactory(server.url()).createXAConnection();
        connections.add(connection);
        return connection;
    }

    private Xid xid() {
        byte[] test = Integer.toHexString(name("tx" + variant).hashCode()).getBytes(StandardCharsets.US_ASCII);
        return new TestXid(11, test, new byte[] {(byte) ++branches});
    }

    private void send(String... texts) throws JMSException {
        try (Connection connection = factory().createConnection();
                Session session = connection.createSession();
                MessageProducer producer = session.createProducer(session.createQueue(name("queue" + variant)))) {
            for (String text : texts) {
                TextMessage message = session.createTextMessage(text);
                if (text.length() == 2) {
                    message.setStringProperty("JMSXGroupID", text.substring(0, 1));
                }
                producer.send(message);
            }
        }
    }

    private static String text(Message message) throws JMSException {
        int count = message.getIntProperty("JMSXDeliveryCount");
        assertEquals(count > 1, message.getJMSRedelivered());
        String text = ((TextMessage) message).getText();
        return count == 1 ? text : text + "*" + count;
    }

    private static List<String> all(MessageConsumer consumer) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (Message next = consumer.receiveNoWait(); next != null; next = consumer.receiveNoWait()) {
            texts.add(text(next));
        }
        return texts;
    }

    private MessageConsumer warmedUp(XASession session, String... texts) throws JMSException {
        String[] before = new String[WARM_UP];
        Arrays.fill(before, "before");
        send(before);
        send(texts);
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue" + variant)));
        for (int i = 0; i < WARM_UP; i++) {
            assertEquals("before", text(consumer.receive(COMES_MS)));
        }
        return consumer;
    }

    @ParameterizedTest
    @CsvSource({"true,false", "true,true", "false,false", "false,true"})
    @Checklist({"26.04", "24.05"})
    void whatWasFetchedAheadWaitsForTheDecision(boolean commit, boolean suspend) throws Exception {
        variant = "." + commit + suspend;
        XAConnection connection = xa();
        connection.start();
        XASession session = connection.createXASession();
        MessageConsumer consumer = warmedUp(session, "a1", "a2", "b1", "plain", "a3");
        XAResource resource = session.getXAResource();
        Xid first = xid();
        resource.start(first, XAResource.TMNOFLAGS);
        assertEquals("a1", text(consumer.receive(COMES_MS)));
        resource.end(first, suspend ? XAResource.TMSUSPEND : XAResource.TMSUCCESS);

        Xid second = xid();
        resource.start(second, XAResource.TMNOFLAGS);
        assertEquals(List.of("b1", "plain"), all(consumer));
        resource.end(second, XAResource.TMSUCCESS);
        resource.commit(second, true);
        assertNull(consumer.receiveNoWait());

        if (suspend) {
            resource.end(first, XAResource.TMSUCCESS);
        }
        assertEquals(XAResource.XA_OK, resource.prepare(first));
        assertNull(consumer.receiveNoWait());
        if (commit) {
            resource.commit(first, false);
        } else {
            resource.rollback(first);
        }
        Xid third = xid();
        resource.start(third, XAResource.TMNOFLAGS);
        assertEquals(commit ? List.of("a2", "a3") : List.of("a1*2", "a2", "a3"), all(consumer));
        resource.end(third, XAResource.TMSUCCESS);
        resource.commit(third, true);
    }

    @Test
    @Checklist({"26.04", "24.05"})
    void afterAFailedBranchTheGroupComesInOrder() throws Exception {
        XAConnection connection = xa();
        connection.start();
        XASession session = connection.createXASession();
        MessageConsumer consumer = warmedUp(session, "a1", "a2", "b1", "a3");
        XAResource resource = session.getXAResource();
        Xid xid = xid();
        resource.start(xid, XAResource.TMNOFLAGS);
        assertEquals("a1", text(consumer.receive(COMES_MS)));
        resource.end(xid, XAResource.TMFAIL);
        assertEquals(List.of("a1*2", "a2", "b1", "a3"), all(consumer));
        resource.rollback(xid);
    }

    /** Consumes each message in a branch of its own, as the delivery thread of an application server does, and decides none of them. */
    private final class OneBranchEach implements MessageListener {

        final XAResource resource;
        final List<Xid> xids = Collections.synchronizedList(new ArrayList<>());
        final List<String> seen = Collections.synchronizedList(new ArrayList<>());

        OneBranchEach(XAResource resource) {
            this.resource = resource;
        }

        void begin() throws XAException {
            Xid next = xid();
            xids.add(next);
            resource.start(next, XAResource.TMNOFLAGS);
        }

        @Override
        public void onMessage(Message message) {
            try {
                resource.end(xids.get(xids.size() - 1), XAResource.TMSUCCESS);
                begin();
                seen.add(text(message));
            } catch (XAException | JMSException failed) {
                seen.add(failed.toString());
            }
        }

        void awaitSeen(String... texts) throws Exception {
            Await.until("messages for the listener", () -> seen.size() >= texts.length);
            assertEquals(List.of(texts), List.copyOf(seen));
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    @Checklist({"26.04", "24.05"})
    void whatAListenerWasGivenAheadWaitsForTheDecision(boolean commit) throws Exception {
        variant = "." + commit;
        send("a1", "a2", "b1", "plain", "a3", "b2", "z");
        XAConnection connection = xa();
        XASession session = connection.createXASession();
        XAResource resource = session.getXAResource();
        OneBranchEach listener = new OneBranchEach(resource);
        listener.begin();
        session.createConsumer(session.createQueue(name("queue" + variant))).setMessageListener(listener);
        connection.start();
        listener.awaitSeen("a1", "b1", "plain", "z");

        Xid first = listener.xids.get(0);
        if (commit) {
            resource.commit(first, true);
            listener.awaitSeen("a1", "b1", "plain", "z", "a2");
        } else {
            resource.rollback(first);
            listener.awaitSeen("a1", "b1", "plain", "z", "a1*2");
        }
        send("y");
        listener.awaitSeen("a1", "b1", "plain", "z", commit ? "a2" : "a1*2", "y");
        resource.commit(listener.xids.get(4), true);
        resource.commit(listener.xids.get(1), true);
        Await.until("both groups go on", () -> listener.seen.size() == 8);
        List<String> last = new ArrayList<>(listener.seen.subList(6, 8));
        Collections.sort(last);
        assertEquals(List.of(commit ? "a3" : "a2", "b2"), last);
        connection.close();
    }

    @Test
    @Checklist({"26.04", "24.05"})
    void aWindowFullOfOneGroupDoesNotStopTheConsumer() throws Exception {
        send("a1", "a2", "a3", "a4", "a5", "a6", "plain");
        XAConnection connection = new PosthornXAConnectionFactory(server.url() + "?windowSize=3").createXAConnection();
        connections.add(connection);
        XASession session = connection.createXASession();
        XAResource resource = session.getXAResource();
        OneBranchEach listener = new OneBranchEach(resource);
        listener.begin();
        session.createConsumer(session.createQueue(name("queue" + variant))).setMessageListener(listener);
        connection.start();
        listener.awaitSeen("a1", "plain");
        for (int i = 2; i <= 6; i++) {
            resource.commit(listener.xids.get(i == 2 ? 0 : i - 1), true);
            int expected = i + 1;
            Await.until("the next of the group", () -> listener.seen.size() == expected);
        }
        assertEquals(List.of("a1", "plain", "a2", "a3", "a4", "a5", "a6"), List.copyOf(listener.seen));
    }
}
