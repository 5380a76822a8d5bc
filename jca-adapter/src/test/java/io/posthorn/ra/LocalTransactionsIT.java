package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import org.junit.jupiter.api.Test;

/** The container's local transactions on connections and contexts. */
class LocalTransactionsIT extends AdapterTest {

    private void send(Session session, String text) throws JMSException {
        session.createProducer(session.createQueue(name("q"))).send(session.createTextMessage(text));
    }

    private void send(JMSContext context, String text) {
        context.createProducer().send(context.createQueue(name("q")), text);
    }

    @Test
    void aSessionThatIsClosedBeforeTheCommitIsCommitted() throws Exception {
        container.begin();
        Connection connection = factory.createConnection();
        send(connection.createSession(false, Session.AUTO_ACKNOWLEDGE), "sent");
        connection.close();
        assertNull(take("q"));
        container.commit();
        assertEquals("sent", take("q"));
        assertEquals(1, container.free().size());
    }

    @Test
    void connectionsAndContextsAreOneResource() throws Exception {
        container.begin();
        try (Connection connection = factory.createConnection()) {
            send(connection.createSession(), "one");
        }
        try (JMSContext context = factory.createContext()) {
            send(context, "two");
        }
        assertEquals(1, container.created());
        container.commit();
        assertEquals("one", take("q"));
        assertEquals("two", take("q"));
    }

    @Test
    void rollbackDropsAndBringsBack() throws Exception {
        put("in", "kept");
        container.begin();
        try (JMSContext context = factory.createContext()) {
            assertEquals(
                    "kept",
                    context.createConsumer(context.createQueue(name("in"))).receiveBody(String.class, COMES_MS));
            send(context, "dropped");
        }
        assertNull(take("in"));
        container.rollback();
        assertNull(take("q"));
        assertTrue(takeMessage("in").getJMSRedelivered());
    }

    @Test
    void consumersEndWithTheirHandleAlthoughTheTransactionGoesOn() throws Exception {
        container.begin();
        Connection connection = factory.createConnection();
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(session.createQueue(name("q")));
        connection.start();
        connection.close();
        assertThrows(IllegalStateException.class, consumer::receiveNoWait);
        put("q", "for others");
        assertEquals("for others", take("q"));
        container.commit();
    }

    @Test
    void applicationsCannotEndTheTransaction() throws Exception {
        container.begin();
        Session session = factory.createConnection().createSession();
        assertTrue(session.getTransacted());
        assertEquals(Session.SESSION_TRANSACTED, session.getAcknowledgeMode());
        assertThrows(TransactionInProgressException.class, session::commit);
        assertThrows(TransactionInProgressException.class, session::rollback);
        assertThrows(IllegalStateException.class, session::recover);
        JMSContext context = factory.createContext();
        assertThrows(TransactionInProgressRuntimeException.class, context::commit);
        assertThrows(TransactionInProgressRuntimeException.class, context::rollback);
        assertThrows(IllegalStateRuntimeException.class, context::recover);
        container.rollback();
    }

    @Test
    void aSessionStaysUsableInTheNextTransaction() throws Exception {
        container.begin();
        Connection connection = factory.createConnection();
        Session session = connection.createSession();
        container.commit();
        send(session, "between transactions, and dropped when the next begins");
        container.enlist(container.inUse());
        send(session, "in the next");
        container.commit();
        connection.close();
        assertEquals("in the next", take("q"));
        assertNull(take("q"));
    }

    @Test
    void aSessionFromBeforeCannotSilentlyStayOutside() throws Exception {
        Connection connection = factory.createConnection();
        Session session = connection.createSession();
        assertThrows(LocalTransactionException.class, () -> container.enlist(container.inUse()));
        session.close();
        container.enlist(container.inUse());
        send(connection.createSession(), "inside");
        container.commit();
        assertEquals("inside", take("q"));
    }

    @Test
    void transactionsBeginAndEndInTurn() throws Exception {
        factory.createConnection();
        LocalTransaction transaction = container.inUse().getLocalTransaction();
        assertThrows(LocalTransactionException.class, transaction::commit);
        assertThrows(LocalTransactionException.class, transaction::rollback);
        transaction.begin();
        assertThrows(LocalTransactionException.class, transaction::begin);
        transaction.commit();
    }

    @Test
    void cleanupRollsBackWhatIsOpen() throws Exception {
        container.begin();
        JMSContext context = factory.createContext();
        send(context, "dropped");
        container.inUse().cleanup();
        assertThrows(IllegalStateRuntimeException.class, context::createMessage);
        assertNull(take("q"));
    }
}
