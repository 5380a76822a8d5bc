package io.posthorn.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.jms.naming.PosthornObjectFactory;
import io.posthorn.testing.Await;
import io.posthorn.testing.ServerProcess;
import io.posthorn.testing.TestXid;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicSession;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.jms.XAConnection;
import jakarta.jms.XAJMSContext;
import jakarta.jms.XAQueueConnection;
import jakarta.jms.XAQueueSession;
import jakarta.jms.XASession;
import jakarta.jms.XATopicConnection;
import jakarta.jms.XATopicSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Global transactions, with the test as the transaction manager. */
class XaIT extends ServerTest {

    private final List<XAConnection> connections = new ArrayList<>();
    private int branches;

    @AfterEach
    void closeXaConnections() throws JMSException {
        for (XAConnection connection : connections) {
            connection.close();
        }
    }

    private PosthornXAConnectionFactory xaFactory() {
        return new PosthornXAConnectionFactory(server.url());
    }

    private XAConnection xa() throws JMSException {
        XAConnection connection = xaFactory().createXAConnection();
        connections.add(connection);
        connection.start();
        return connection;
    }

    private Xid xid() {
        byte[] test = Integer.toHexString(name("tx").hashCode()).getBytes(StandardCharsets.US_ASCII);
        return new TestXid(7, test, new byte[] {(byte) ++branches});
    }

    private static int code(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(XAException.class, call).errorCode;
    }

    private void send(Session session, String queue, String... texts) throws JMSException {
        MessageProducer producer = session.createProducer(session.createQueue(name(queue)));
        for (String text : texts) {
            producer.send(session.createTextMessage(text));
        }
        producer.close();
    }

    private static String text(Message message) throws JMSException {
        return message == null ? null : ((TextMessage) message).getText();
    }

    /** Everything in a queue, read by a connection of its own; redelivered ones with their count. */
    private List<String> drain(String queue) throws JMSException {
        try (Connection connection = factory().createConnection();
                Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            connection.start();
            MessageConsumer consumer = session.createConsumer(session.createQueue(name(queue)));
            List<String> texts = new ArrayList<>();
            for (Message message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
                int count = message.getIntProperty("JMSXDeliveryCount");
                assertEquals(count > 1, message.getJMSRedelivered());
                texts.add(count == 1 ? text(message) : text(message) + "*" + count);
            }
            session.commit();
            return texts;
        }
    }

    private static boolean isListed(XAResource resource, Xid xid) throws XAException {
        Xid[] found = resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN);
        return Arrays.stream(found).anyMatch(each -> TestXid.of(each).equals(xid));
    }

    /** Consumes "in" and sends "out" in a branch, and prepares it; the connection is closed then. */
    private Xid prepared() throws Exception {
        Xid xid = xid();
        try (XAConnection connection = xaFactory().createXAConnection()) {
            connection.start();
            XASession session = connection.createXASession();
            send(connection.createSession(false, Session.AUTO_ACKNOWLEDGE), "in", "in", "next");
            XAResource resource = session.getXAResource();
            resource.start(xid, XAResource.TMNOFLAGS);
            MessageConsumer consumer = session.createConsumer(session.createQueue(name("in")));
            assertEquals("in", text(consumer.receive(COMES_MS)));
            send(session, "out", "out");
            resource.end(xid, XAResource.TMSUCCESS);
            assertEquals(XAResource.XA_OK, resource.prepare(xid));
        }
        return xid;
    }

    private static void killAndRestart() {
        server.kill();
        server.start();
    }

    @Test
    @Checklist({"26.01", "30.05"})
    void factoriesOfAllFamiliesAreAdministeredObjects() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PosthornXAConnectionFactory original =
                new PosthornXAConnectionFactory(server.url() + "?clientId=" + name("id") + "&windowSize=7");
        new ObjectOutputStream(bytes).writeObject(original);
        PosthornXAConnectionFactory read = (PosthornXAConnectionFactory)
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        PosthornXAConnectionFactory bound = (PosthornXAConnectionFactory)
                new PosthornObjectFactory().getObjectInstance(read.getReference(), null, null, null);
        assertEquals(original.getUrl(), bound.getUrl());
        assertEquals(7, bound.getWindowSize());
        try (XAQueueConnection queues = bound.createXAQueueConnection();
                XATopicConnection topics = xaFactory().createXATopicConnection()) {
            assertEquals(name("id"), queues.getClientID());
            XAQueueSession queueSession = queues.createXAQueueSession();
            XATopicSession topicSession = topics.createXATopicSession();
            QueueSession plainQueues = queueSession.getQueueSession();
            TopicSession plainTopics = topicSession.getTopicSession();
            assertThrows(IllegalStateException.class, () -> plainQueues.createTopic("t"));
            assertThrows(IllegalStateException.class, () -> plainTopics.createQueue("q"));
            assertNotNull(queueSession.getXAResource());
            assertNotNull(topicSession.getXAResource());
        }
        assertThrows(JMSSecurityException.class, () -> xaFactory().createXAConnection("nobody", "wrong"));
    }

    @Test
    @Checklist({"26.02", "26.03"})
    void theTransactionManagerEndsTheTransactions() throws Exception {
        XASession session = xa().createXASession();
        assertTrue(session.getTransacted());
        assertEquals(Session.SESSION_TRANSACTED, session.getAcknowledgeMode());
        assertThrows(TransactionInProgressException.class, session::commit);
        assertThrows(TransactionInProgressException.class, session::rollback);
        assertThrows(TransactionInProgressException.class, session.getSession()::commit);
        assertThrows(IllegalStateException.class, session::recover);
        assertSame(session.getXAResource(), session.getXAResource());
        session.close();
        assertThrows(IllegalStateException.class, session::getTransacted);
        assertThrows(IllegalStateException.class, session::commit);
        assertNotNull(session.getXAResource());
        try (XAJMSContext context = xaFactory().createXAContext()) {
            assertTrue(context.getTransacted());
            assertThrows(TransactionInProgressRuntimeException.class, context::commit);
            assertThrows(TransactionInProgressRuntimeException.class, context::rollback);
            assertThrows(
                    TransactionInProgressRuntimeException.class,
                    () -> context.getContext().commit());
        }
    }

    @Test
    @Checklist("26.04")
    void onePhaseCommitIsAtomic() throws Exception {
        XAConnection connection = xa();
        XASession session = connection.createXASession();
        send(connection.createSession(false, Session.AUTO_ACKNOWLEDGE), "in", "in");
        XAResource resource = session.getXAResource();
        Xid xid = xid();
        resource.start(xid, XAResource.TMNOFLAGS);
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("in")));
        assertEquals("in", text(consumer.receive(COMES_MS)));
        send(session, "out", "a", "b");
        assertEquals(List.of(), drain("out"));
        resource.end(xid, XAResource.TMSUCCESS);
        resource.commit(xid, true);
        assertEquals(List.of("a", "b"), drain("out"));
        connection.close();
        assertEquals(List.of(), drain("in"));
    }

    @Test
    @Checklist("26.04")
    void rollbackGivesBackInOrderAndDropsWhatWasSent() throws Exception {
        XAConnection connection = xa();
        XASession session = connection.createXASession();
        send(connection.createSession(false, Session.AUTO_ACKNOWLEDGE), "in", "1", "2", "3", "4");
        XAResource resource = session.getXAResource();
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("in")));
        for (boolean prepare : new boolean[] {false, true}) {
            Xid xid = xid();
            resource.start(xid, XAResource.TMNOFLAGS);
            assertEquals("1", text(consumer.receive(COMES_MS)));
            assertEquals("2", text(consumer.receive(COMES_MS)));
            send(session, "out", "never");
            resource.end(xid, XAResource.TMSUCCESS);
            if (prepare) {
                assertEquals(XAResource.XA_OK, resource.prepare(xid));
            }
            resource.rollback(xid);
        }
        assertEquals("1", text(consumer.receive(COMES_MS)));
        session.close();
        assertEquals(List.of("2*3", "3", "4"), drain("in"));
        assertEquals(List.of(), drain("out"));
    }

    @Test
    @Checklist("26.04")
    void outsideABranchASessionAcknowledgesByItself() throws Exception {
        XAConnection connection = xa();
        XASession session = connection.createXASession();
        send(session, "queue", "a", "b");
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue")));
        assertEquals("a", text(consumer.receive(COMES_MS)));
        Xid xid = xid();
        session.getXAResource().start(xid, XAResource.TMNOFLAGS);
        assertEquals("b", text(consumer.receive(COMES_MS)));
        session.getXAResource().end(xid, XAResource.TMFAIL);
        assertEquals(
                XAException.XA_RBROLLBACK, code(() -> session.getXAResource().prepare(xid)));
        connection.close();
        assertEquals(List.of("b*2"), drain("queue"));
    }

    @Test
    @Checklist("26.04")
    void sessionsOfTwoConnectionsJoinOneBranch() throws Exception {
        XASession first = xa().createXASession();
        XASession second = xa().createXASession();
        assertTrue(first.getXAResource().isSameRM(second.getXAResource()));
        try (ServerProcess other = ServerProcess.standalone(dataDir.resolve("other"));
                XAConnection elsewhere = new PosthornXAConnectionFactory(other.url()).createXAConnection()) {
            assertFalse(
                    first.getXAResource().isSameRM(elsewhere.createXASession().getXAResource()));
        }
        Xid xid = xid();
        first.getXAResource().start(xid, XAResource.TMNOFLAGS);
        second.getXAResource().start(xid, XAResource.TMJOIN);
        send(first, "queue", "first");
        send(second, "queue", "second");
        first.getXAResource().end(xid, XAResource.TMSUCCESS);
        assertEquals(XAException.XAER_PROTO, code(() -> first.getXAResource().prepare(xid)));
        second.getXAResource().end(xid, XAResource.TMSUCCESS);
        assertEquals(XAResource.XA_OK, first.getXAResource().prepare(xid));
        assertEquals(List.of(), drain("queue"));
        second.getXAResource().commit(xid, false);
        assertEquals(List.of("first", "second"), drain("queue"));
    }

    @Test
    @Checklist("26.04")
    void workIsSuspendedForAnotherBranchAndResumed() throws Exception {
        XASession session = xa().createXASession();
        XAResource resource = session.getXAResource();
        Xid outer = xid();
        Xid inner = xid();
        resource.start(outer, XAResource.TMNOFLAGS);
        send(session, "queue", "outer 1");
        resource.end(outer, XAResource.TMSUSPEND);
        resource.start(inner, XAResource.TMNOFLAGS);
        send(session, "queue", "inner");
        resource.end(inner, XAResource.TMSUCCESS);
        resource.commit(inner, true);
        resource.start(outer, XAResource.TMRESUME);
        send(session, "queue", "outer 2");
        resource.end(outer, XAResource.TMSUSPEND);
        resource.end(outer, XAResource.TMSUCCESS);
        assertEquals(XAResource.XA_OK, resource.prepare(outer));
        resource.commit(outer, false);
        assertEquals(List.of("inner", "outer 1", "outer 2"), drain("queue"));
    }

    @Test
    @Checklist({"26.04", "26.10"})
    void errorsHaveTheCodesOfXa() throws Exception {
        XASession session = xa().createXASession();
        XAResource resource = session.getXAResource();
        Xid xid = xid();
        assertEquals(XAException.XAER_NOTA, code(() -> resource.prepare(xid)));
        assertEquals(XAException.XAER_NOTA, code(() -> resource.commit(xid, false)));
        assertEquals(XAException.XAER_NOTA, code(() -> resource.commit(xid, true)));
        assertEquals(XAException.XAER_NOTA, code(() -> resource.rollback(xid)));
        assertEquals(XAException.XAER_NOTA, code(() -> resource.forget(xid)));
        assertEquals(XAException.XAER_NOTA, code(() -> resource.start(xid, XAResource.TMJOIN)));
        assertEquals(XAException.XAER_NOTA, code(() -> resource.start(xid, XAResource.TMRESUME)));
        assertEquals(XAException.XAER_PROTO, code(() -> resource.end(xid, XAResource.TMSUCCESS)));
        assertEquals(XAException.XAER_INVAL, code(() -> resource.start(xid, XAResource.TMFAIL)));
        assertEquals(XAException.XAER_INVAL, code(() -> resource.start(null, XAResource.TMNOFLAGS)));
        assertEquals(XAException.XAER_INVAL, code(() -> resource.recover(XAResource.TMNOFLAGS)));
        assertEquals(XAException.XAER_INVAL, code(() -> resource.setTransactionTimeout(-1)));
        resource.start(xid, XAResource.TMNOFLAGS);
        assertEquals(XAException.XAER_INVAL, code(() -> resource.end(xid, XAResource.TMJOIN)));
        assertEquals(XAException.XAER_PROTO, code(() -> resource.start(xid(), XAResource.TMNOFLAGS)));
        assertEquals(XAException.XAER_PROTO, code(() -> resource.prepare(xid)));
        XASession other = xa().createXASession();
        assertEquals(XAException.XAER_DUPID, code(() -> other.getXAResource().start(xid, XAResource.TMNOFLAGS)));
        resource.end(xid, XAResource.TMSUCCESS);
        assertEquals(XAResource.XA_RDONLY, resource.prepare(xid));
        assertEquals(XAException.XAER_NOTA, code(() -> resource.commit(xid, false)));
        session.close();
        assertEquals(XAException.XAER_RMFAIL, code(() -> resource.start(xid, XAResource.TMNOFLAGS)));
    }

    @Test
    @Checklist({"26.04", "26.10"})
    void preparedBranchesAreDecidedOnce() throws Exception {
        Xid xid = prepared();
        XAResource resource = xa().createXASession().getXAResource();
        assertEquals(XAException.XAER_PROTO, code(() -> resource.prepare(xid)));
        assertEquals(XAException.XAER_PROTO, code(() -> resource.commit(xid, true)));
        assertEquals(XAException.XAER_PROTO, code(() -> resource.forget(xid)));
        assertEquals(XAException.XAER_DUPID, code(() -> resource.start(xid, XAResource.TMNOFLAGS)));
        assertTrue(isListed(resource, xid));
        assertEquals(0, resource.recover(XAResource.TMENDRSCAN).length);
        resource.commit(xid, false);
        assertFalse(isListed(resource, xid));
        assertEquals(XAException.XAER_NOTA, code(() -> resource.commit(xid, false)));
        assertEquals(XAException.XAER_NOTA, code(() -> resource.rollback(xid)));
        assertEquals(List.of("out"), drain("out"));
        assertEquals(List.of("next"), drain("in"));
    }

    @Test
    @Checklist({"26.04", "26.10"})
    void aBranchThatIsNotPreparedInTimeIsRolledBack() throws Exception {
        XASession session = xa().createXASession();
        XAResource resource = session.getXAResource();
        assertTrue(resource.setTransactionTimeout(1));
        assertEquals(1, resource.getTransactionTimeout());
        Xid xid = xid();
        resource.start(xid, XAResource.TMNOFLAGS);
        assertTrue(resource.setTransactionTimeout(0));
        send(session, "queue", "late");
        resource.end(xid, XAResource.TMSUCCESS);
        Await.until("the end of the branch", () -> {
            // Joining says how the branch stands, and changes nothing once it has failed.
            try {
                session.getXAResource().start(xid, XAResource.TMJOIN);
                session.getXAResource().end(xid, XAResource.TMSUCCESS);
                return false;
            } catch (XAException refused) {
                assertEquals(XAException.XA_RBTIMEOUT, refused.errorCode);
                return true;
            }
        });
        assertEquals(XAException.XA_RBTIMEOUT, code(() -> resource.commit(xid, true)));
        assertEquals(List.of(), drain("queue"));
    }

    @Test
    @Checklist({"26.05", "29.01"})
    void preparedBranchesSurviveAKillAndAreCommittedByAnybody() throws Exception {
        Xid xid = prepared();
        killAndRestart();
        assertEquals(List.of("next"), drain("in"));
        assertEquals(List.of(), drain("out"));
        XAResource resource = xa().createXASession().getXAResource();
        assertTrue(isListed(resource, xid));
        killAndRestart();
        resource.commit(xid, false);
        killAndRestart();
        assertFalse(isListed(resource, xid));
        assertEquals(XAException.XAER_NOTA, code(() -> resource.commit(xid, false)));
        assertEquals(List.of("out"), drain("out"));
        assertEquals(List.of(), drain("in"));
    }

    @Test
    @Checklist({"26.05", "29.03"})
    void preparedBranchesSurviveAKillAndAreRolledBackInOrder() throws Exception {
        Xid xid = prepared();
        killAndRestart();
        XAResource resource = xa().createXASession().getXAResource();
        assertTrue(isListed(resource, xid));
        resource.rollback(xid);
        assertEquals(List.of("in*2", "next"), drain("in"));
        assertEquals(List.of(), drain("out"));
    }

    @Test
    @Checklist({"26.05", "26.10"})
    void theSameConnectionGoesOnAfterAKillBetweenThePhases() throws Exception {
        XAConnection connection = xa();
        XASession session = connection.createXASession();
        XAResource resource = session.getXAResource();
        Xid kept = xid();
        resource.start(kept, XAResource.TMNOFLAGS);
        send(session, "queue", "kept");
        resource.end(kept, XAResource.TMSUCCESS);
        assertEquals(XAResource.XA_OK, resource.prepare(kept));
        Xid lost = xid();
        resource.start(lost, XAResource.TMNOFLAGS);
        send(session, "queue", "lost");
        killAndRestart();
        resource.commit(kept, false);
        int code = code(() -> resource.end(lost, XAResource.TMSUCCESS));
        assertTrue(code == XAException.XAER_NOTA || code == XAException.XA_RBCOMMFAIL, "code " + code);
        Xid next = xid();
        resource.start(next, XAResource.TMNOFLAGS);
        send(session, "queue", "next");
        resource.end(next, XAResource.TMSUCCESS);
        resource.commit(next, true);
        assertEquals(List.of("kept", "next"), drain("queue"));
    }

    @Test
    @Checklist({"26.04", "26.10"})
    void heuristicDecisionsAreToldUntilTheyAreForgotten() throws Exception {
        for (boolean commit : new boolean[] {true, false}) {
            TestXid xid = TestXid.of(prepared());
            assertEquals(0, RawDecision.of(xid, commit, server));
            assertEquals(XAException.XAER_NOTA, RawDecision.of(xid, commit, server));
            assertEquals(commit ? List.of("out") : List.of(), drain("out"));
            assertEquals(commit ? List.of("next") : List.of("in*2", "next"), drain("in"));
            killAndRestart();
            XAResource resource = xa().createXASession().getXAResource();
            assertTrue(isListed(resource, xid));
            int told = commit ? XAException.XA_HEURCOM : XAException.XA_HEURRB;
            assertEquals(told, code(() -> resource.commit(xid, false)));
            assertEquals(told, code(() -> resource.rollback(xid)));
            resource.forget(xid);
            assertFalse(isListed(resource, xid));
            assertEquals(XAException.XAER_NOTA, code(() -> resource.forget(xid)));
        }
    }

    @Test
    @Checklist({"26.10", "7.05"})
    void aServerThatIsGoneIsToldAsRmfail() throws Exception {
        try (ServerProcess other = ServerProcess.standalone(dataDir.resolve("gone"));
                XAConnection connection =
                        new PosthornXAConnectionFactory(other.url() + "?failoverTimeoutMs=300").createXAConnection()) {
            XAResource resource = connection.createXASession().getXAResource();
            other.kill();
            assertEquals(XAException.XAER_RMFAIL, code(() -> resource.start(xid(), XAResource.TMNOFLAGS)));
            assertEquals(XAException.XAER_RMFAIL, code(() -> resource.recover(XAResource.TMSTARTRSCAN)));
        }
    }

    @Test
    @Checklist("26.04")
    void aConnectionThatClosesRollsBackWhatIsNotPrepared() throws Exception {
        XAConnection connection = xa();
        XASession session = connection.createXASession();
        send(session, "in", "in");
        Xid xid = xid();
        session.getXAResource().start(xid, XAResource.TMNOFLAGS);
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("in")));
        assertEquals("in", text(consumer.receive(COMES_MS)));
        send(session, "out", "out");
        session.getXAResource().end(xid, XAResource.TMSUCCESS);
        connection.close();
        XAResource other = xa().createXASession().getXAResource();
        assertEquals(XAException.XAER_NOTA, code(() -> other.prepare(xid)));
        assertEquals(List.of("in*2"), drain("in"));
        assertEquals(List.of(), drain("out"));
    }

    @Test
    @Checklist("26.04")
    void aSessionThatClosesLeavesItsWorkInTheBranch() throws Exception {
        XAConnection connection = xa();
        XASession session = connection.createXASession();
        send(session, "in", "in");
        Xid xid = xid();
        XAResource resource = session.getXAResource();
        resource.start(xid, XAResource.TMNOFLAGS);
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("in")));
        assertEquals("in", text(consumer.receive(COMES_MS)));
        send(session, "out", "out");
        session.close();
        resource.end(xid, XAResource.TMSUCCESS);
        assertEquals(XAResource.XA_OK, resource.prepare(xid));
        resource.commit(xid, false);
        assertEquals(List.of("out"), drain("out"));
        assertEquals(List.of(), drain("in"));
    }

    @Test
    @Checklist("26.06")
    void ordinarySessionsAreOrdinary() throws Exception {
        XAConnection connection = xa();
        Session plain = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        send(plain, "queue", "a");
        assertFalse(plain.getTransacted());
        Session local = connection.createSession(true, Session.SESSION_TRANSACTED);
        send(local, "queue", "b");
        assertEquals(List.of("a"), drain("queue"));
        local.commit();
        assertEquals(List.of("b"), drain("queue"));
    }

    @Test
    @Checklist("26.09")
    void aMessageIsNotConsumedInTheBranchThatSendsIt() throws Exception {
        XASession session = xa().createXASession();
        XAResource resource = session.getXAResource();
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue")));
        Xid xid = xid();
        resource.start(xid, XAResource.TMNOFLAGS);
        send(session, "queue", "a");
        assertNull(consumer.receiveNoWait());
        resource.end(xid, XAResource.TMSUCCESS);
        resource.commit(xid, true);
        assertEquals("a", text(consumer.receive(COMES_MS)));
    }

    @Test
    @Checklist("26.11")
    void contextsStartByThemselvesAndConnectionsDoNot() throws Exception {
        XAJMSContext context;
        try (XAConnection stopped = xaFactory().createXAConnection();
                XAJMSContext opened = xaFactory().createXAContext()) {
            context = opened;
            XASession session = stopped.createXASession();
            send(session, "queue", "a");
            MessageConsumer consumer = session.createConsumer(session.createQueue(name("queue")));
            assertNull(consumer.receive(ABSENT_MS));
            consumer.close();
            Xid xid = xid();
            context.getXAResource().start(xid, XAResource.TMNOFLAGS);
            JMSConsumer autostarted = context.createConsumer(context.createQueue(name("queue")));
            assertEquals("a", text(autostarted.receive(COMES_MS)));
            context.createProducer().send(context.createQueue(name("out")), "b");
            context.getXAResource().end(xid, XAResource.TMSUCCESS);
            context.getXAResource().commit(xid, true);
            assertEquals(List.of("b"), drain("out"));
        }
        assertThrows(IllegalStateRuntimeException.class, context::getTransacted);
    }

    @Test
    @Checklist({"26.05", "19.25"})
    void durableSubscriptionsTakePartAndCannotGoWhileABranchHoldsTheirMessages() throws Exception {
        XAConnection connection = xaFactory().createXAConnection();
        connections.add(connection);
        connection.setClientID(name("id"));
        connection.start();
        XASession session = connection.createXASession();
        Topic topic = session.createTopic(name("topic"));
        MessageConsumer consumer = session.createDurableConsumer(topic, "d");
        session.createProducer(topic).send(session.createTextMessage("a"));
        Xid xid = xid();
        session.getXAResource().start(xid, XAResource.TMNOFLAGS);
        assertEquals("a", text(consumer.receive(COMES_MS)));
        session.getXAResource().end(xid, XAResource.TMSUCCESS);
        assertEquals(XAResource.XA_OK, session.getXAResource().prepare(xid));
        consumer.close();
        assertThrows(JMSException.class, () -> session.unsubscribe("d"));
        session.getXAResource().rollback(xid);
        consumer = session.createDurableConsumer(topic, "d");
        assertEquals("a", text(consumer.receive(COMES_MS)));
        consumer.close();
        session.unsubscribe("d");
    }
}
