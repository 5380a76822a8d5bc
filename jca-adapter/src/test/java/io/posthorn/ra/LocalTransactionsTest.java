package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.jms.TransactionRolledBackException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The container's transactions on connections and contexts. */
class LocalTransactionsTest {

    private final FakeJms jms = new FakeJms();
    private final SmallContainer container = new SmallContainer(jms.managedFactory());
    private ConnectionFactory factory;

    @BeforeEach
    void lookUp() throws Exception {
        factory = container.lookup();
    }

    @Test
    void aSessionThatIsClosedBeforeTheCommitIsCommitted() throws Exception {
        container.begin();
        Connection connection = factory.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        session.createConsumer(null);
        connection.close();
        assertThrows(IllegalStateException.class, session::createMessage);
        jms.calls();
        container.commit();
        assertEquals(List.of("session1.commit()", "session1.close()", "connection1.stop()"), jms.calls());
        assertEquals(1, container.free().size());
    }

    @Test
    void consumersEndWithTheirHandleAlthoughTheTransactionGoesOn() throws Exception {
        container.begin();
        try (JMSContext context = factory.createContext()) {
            context.createConsumer(null);
            jms.calls();
        }
        assertEquals(List.of("consumer1.close()"), jms.calls());
        container.commit();
        assertEquals(List.of("context2.commit()", "context2.close()", "context1.stop()"), jms.calls());
    }

    @Test
    void rollbackRollsBack() throws Exception {
        container.begin();
        factory.createContext().close();
        jms.calls();
        container.rollback();
        assertEquals("context2.rollback()", jms.calls().get(0));
    }

    @Test
    void allHandlesOfATransactionShareItsSession() throws Exception {
        container.begin();
        Connection first = factory.createConnection();
        Connection second = factory.createConnection();
        first.createSession();
        second.createSession(Session.DUPS_OK_ACKNOWLEDGE);
        assertEquals(List.of("connectionFactory2.createConnection()", "connection1.createSession(0)"), jms.calls());
        first.close();
        second.close();
        container.commit();
        assertEquals("session1.commit()", jms.calls().get(0));
    }

    @Test
    void applicationsCannotEndTheTransaction() throws Exception {
        container.begin();
        Session session = factory.createConnection().createSession();
        assertThrows(TransactionInProgressException.class, session::commit);
        assertThrows(TransactionInProgressException.class, session::rollback);
        assertThrows(TransactionInProgressException.class, session::recover);
        JMSContext context = factory.createContext();
        assertThrows(TransactionInProgressRuntimeException.class, context::commit);
        assertThrows(TransactionInProgressRuntimeException.class, context::rollback);
        assertThrows(TransactionInProgressRuntimeException.class, context::recover);
    }

    @Test
    void aSessionStaysUsableInTheNextTransaction() throws Exception {
        container.begin();
        Connection connection = factory.createConnection();
        Session session = connection.createSession();
        container.commit();
        container.enlist(container.inUse());
        session.createMessage();
        jms.calls();
        container.commit();
        assertEquals(List.of("session1.commit()"), jms.calls());
        connection.close();
        assertEquals(List.of("session1.close()", "connection1.stop()"), jms.calls());
    }

    @Test
    void whatWasDoneBetweenTransactionsIsDroppedWhenTheNextBegins() throws Exception {
        container.begin();
        factory.createConnection().createSession();
        container.commit();
        jms.calls();
        container.enlist(container.inUse());
        assertEquals(List.of("session1.rollback()"), jms.calls());
    }

    @Test
    void aSessionFromBeforeCannotSilentlyStayOutside() throws Exception {
        Connection connection = factory.createConnection();
        Session session = connection.createSession();
        assertThrows(LocalTransactionException.class, () -> container.enlist(container.inUse()));
        session.close();
        container.enlist(container.inUse());
        connection.createSession();
        container.commit();
        assertEquals("session2.commit()", jms.calls().get(4));
    }

    @Test
    void aFailedCommitSaysWhyAndEndsTheTransaction() throws Exception {
        container.begin();
        Connection connection = factory.createConnection();
        connection.createSession();
        LocalTransaction transaction = container.inUse().getLocalTransaction();
        JMSException rolledBack = new TransactionRolledBackException("the broker was restarted");
        jms.fail("session1.commit", rolledBack);
        LocalTransactionException failed = assertThrows(LocalTransactionException.class, transaction::commit);
        assertSame(rolledBack, failed.getCause());
        assertThrows(LocalTransactionException.class, transaction::rollback);
        transaction.begin();
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
        jms.calls();
        container.inUse().cleanup();
        assertEquals(List.of("context2.rollback()", "context2.close()", "context1.stop()"), jms.calls());
        assertThrows(IllegalStateRuntimeException.class, context::createMessage);
    }
}
