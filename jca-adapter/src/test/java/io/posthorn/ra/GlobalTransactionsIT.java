package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.testing.FileResource;
import io.posthorn.testing.Narayana;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections and contexts in transactions of Narayana, together with a second resource. */
class GlobalTransactionsIT extends AdapterTest {

    private static final Runnable NOTHING = () -> {};

    @TempDir
    static Path log;

    private static TransactionManager manager;

    @TempDir
    Path files;

    private XaContainer xa;
    private ConnectionFactory factory;

    @BeforeAll
    static void startManager() throws Exception {
        manager = Narayana.in(log);
    }

    @BeforeEach
    void lookUpXa() throws Exception {
        xa = new XaContainer(manager);
        factory = (ConnectionFactory) settings.createConnectionFactory(xa);
    }

    @AfterEach
    void shutDownXa() throws Exception {
        xa.shutDown();
    }

    /** Moves a message from one queue to the other, receiving by the one API and sending by the other. */
    private FileResource move() throws Exception {
        FileResource resource = new FileResource(files, NOTHING);
        manager.getTransaction().enlistResource(resource);
        String body;
        try (Connection connection = factory.createConnection()) {
            Session session = connection.createSession(false, Session.CLIENT_ACKNOWLEDGE);
            assertTrue(session.getTransacted());
            connection.start();
            body = session.createConsumer(session.createQueue(name("in")))
                    .receive(COMES_MS)
                    .getBody(String.class);
        }
        try (JMSContext context = factory.createContext(JMSContext.DUPS_OK_ACKNOWLEDGE)) {
            assertEquals(JMSContext.SESSION_TRANSACTED, context.getSessionMode());
            context.createProducer().send(context.createQueue(name("out")), body);
        }
        return resource;
    }

    @Test
    void bothResourcesCommit() throws Exception {
        put("in", "order");
        xa.begin();
        FileResource resource = move();
        assertEquals(1, xa.created(), "one connection for both APIs");
        assertNull(take("out"));
        manager.commit();
        assertEquals(1, resource.committed());
        assertEquals("order", take("out"));
        assertNull(take("in"));
    }

    @Test
    void bothResourcesRollBack() throws Exception {
        put("in", "order");
        xa.begin();
        FileResource resource = move();
        manager.rollback();
        assertEquals(1, resource.rolledBack());
        assertNull(take("out"));
        assertTrue(takeMessage("in").getJMSRedelivered());
    }

    @Test
    void oneTransactionAfterTheOtherUsesTheSameConnection() throws Exception {
        for (int i = 0; i < 20; i++) {
            boolean commits = i % 3 != 0;
            xa.begin();
            try (JMSContext context = factory.createContext()) {
                context.createProducer().send(context.createQueue(name("q")), "message " + i);
            }
            if (commits) {
                manager.commit();
            } else {
                manager.rollback();
            }
            assertEquals(commits ? "message " + i : null, take("q"));
        }
        assertEquals(1, xa.created());
    }

    @Test
    void applicationsCannotEndTheTransaction() throws Exception {
        xa.begin();
        try (Connection connection = factory.createConnection()) {
            Session session = connection.createSession();
            assertThrows(TransactionInProgressException.class, session::commit);
            assertThrows(TransactionInProgressException.class, session::rollback);
        }
        try (JMSContext context = factory.createContext()) {
            assertThrows(TransactionInProgressRuntimeException.class, context::commit);
        }
        manager.rollback();
    }

    @Test
    void aSessionFromBeforeTakesPartAndActsByItselfAfterwards() throws Exception {
        try (Connection connection = factory.createConnection()) {
            Session session = connection.createSession();
            Queue queue = session.createQueue(name("q"));
            MessageProducer producer = session.createProducer(queue);
            producer.send(session.createTextMessage("before"));
            assertEquals("before", take("q"));
            xa.begin();
            assertTrue(session.getTransacted());
            producer.send(session.createTextMessage("inside"));
            assertNull(take("q"));
            manager.commit();
            assertEquals("inside", take("q"));
            assertFalse(session.getTransacted());
            producer.send(session.createTextMessage("after"));
            connection.start();
            MessageConsumer consumer = session.createConsumer(queue);
            assertEquals("after", consumer.receive(COMES_MS).getBody(String.class));
            consumer.close();
            assertNull(take("q"), "acknowledged without a transaction");
        }
    }

    @Test
    void twoConnectionsOfOneBrokerShareABranch() throws Exception {
        ManagedConnection first = settings.createManagedConnection(null, null);
        ManagedConnection second = settings.createManagedConnection(null, null);
        try {
            XAResource left = first.getXAResource();
            XAResource right = second.getXAResource();
            assertTrue(left.isSameRM(right));
            manager.begin();
            manager.getTransaction().enlistResource(left);
            manager.getTransaction().enlistResource(right);
            for (ManagedConnection each : new ManagedConnection[] {first, second}) {
                Session session = ((Connection) each.getConnection(null, null)).createSession();
                session.createProducer(session.createQueue(name("q"))).send(session.createTextMessage("shared"));
            }
            // One resource manager: Narayana commits in one phase, which only works when the second has joined the
            // first.
            manager.commit();
            assertEquals("shared", take("q"));
            assertEquals("shared", take("q"));
        } finally {
            first.destroy();
            second.destroy();
        }
    }

    @Test
    void aConnectionCleanedUpInItsTransactionLeavesNothingBehind() throws Exception {
        ManagedConnection connection = settings.createManagedConnection(null, null);
        try {
            manager.begin();
            manager.getTransaction().enlistResource(connection.getXAResource());
            Session session = ((Connection) connection.getConnection(null, null)).createSession();
            session.createProducer(session.createQueue(name("q"))).send(session.createTextMessage("dropped"));
            connection.cleanup();
            manager.rollback();
            assertNull(take("q"));
            Session next = ((Connection) connection.getConnection(null, null)).createSession();
            next.createProducer(next.createQueue(name("q"))).send(next.createTextMessage("next user"));
            assertEquals("next user", take("q"));
        } finally {
            connection.destroy();
        }
    }
}
