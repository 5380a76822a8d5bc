package io.posthorn.ra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.security.PasswordCredential;
import java.util.List;
import java.util.Set;
import javax.security.auth.Subject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pooling, matching, failures and the restrictions of web and EJB applications. */
class ManagedConnectionsTest {

    private final FakeJms jms = new FakeJms();
    private final PosthornManagedConnectionFactory settings = jms.managedFactory();
    private final SmallContainer container = new SmallContainer(settings);
    private ConnectionFactory factory;

    @BeforeEach
    void lookUp() throws Exception {
        factory = container.lookup();
    }

    private List<String> opened() {
        return jms.calls().stream()
                .filter(call -> call.startsWith("connectionFactory"))
                .map(call -> call.substring(call.indexOf('.') + 1))
                .toList();
    }

    @Test
    void aClosedConnectionServesTheNextOne() throws Exception {
        factory.createConnection().close();
        factory.createConnection().close();
        assertEquals(List.of("createConnection()"), opened());
    }

    @Test
    void connectionsDoNotMatchAcrossUsersAndApis() throws Exception {
        factory.createConnection().close();
        factory.createConnection("ann", "1").close();
        factory.createConnection("ann", "2").close();
        factory.createConnection("bob", "1").close();
        factory.createContext("ann", "1").close();
        factory.createConnection("ann", "1").close();
        factory.createContext("ann", "1", JMSContext.DUPS_OK_ACKNOWLEDGE).close();
        assertEquals(
                List.of(
                        "createConnection()",
                        "createConnection(ann, 1)",
                        "createConnection(ann, 2)",
                        "createConnection(bob, 1)",
                        "createContext(ann, 1)"),
                opened());
        assertEquals(List.of(), container.errors());
    }

    @Test
    void settingsOfFactoryAndAdapterAreTheDefaults() throws Exception {
        PosthornResourceAdapter adapter = new PosthornResourceAdapter();
        adapter.setUser("adapter");
        adapter.setPassword("a");
        settings.setResourceAdapter(adapter);
        factory.createConnection();
        settings.setUser("factory");
        settings.setPassword("f");
        factory.createConnection();
        assertEquals(List.of("createConnection(adapter, a)", "createConnection(factory, f)"), opened());
    }

    @Test
    void theContainersSubjectComesFirst() throws Exception {
        PasswordCredential credential = new PasswordCredential("carol", "c".toCharArray());
        credential.setManagedConnectionFactory(settings);
        PasswordCredential foreign = new PasswordCredential("dave", "d".toCharArray());
        foreign.setManagedConnectionFactory(new PosthornManagedConnectionFactory());
        container.signOnAs(new Subject(true, Set.of(), Set.of(), Set.of(foreign, credential)));
        factory.createConnection("ann", "1").close();
        assertEquals(List.of("createConnection(carol, c)"), opened());
        assertEquals("carol", container.free().iterator().next().getMetaData().getUserName());
    }

    @Test
    void aBrokenConnectionLeavesThePool() throws Exception {
        factory.createConnection().close();
        JMSException reason = new JMSException("the broker is gone");
        jms.breakDown("connection1", reason);
        assertEquals(List.of(reason), container.errors());
        assertEquals(Set.of(), container.free());
        assertTrue(jms.calls().contains("connection1.close()"));
        factory.createConnection().close();
        assertEquals(List.of("createConnection()"), opened());
    }

    @Test
    void aBrokenConnectionNeverMatchesAndIsReportedInvalid() throws Exception {
        factory.createConnection().close();
        ManagedConnection broken = container.free().iterator().next();
        broken.removeConnectionEventListener(container);
        jms.breakDown("connection1", new JMSException("the broker is gone"));
        assertEquals(Set.of(broken), settings.getInvalidConnections(Set.of(broken)));
        factory.createConnection().close();
        assertEquals(2, opened().size());
        assertThrows(ResourceException.class, () -> broken.getConnection(null, null));
    }

    @Test
    void whatAnApplicationLeavesOpenEndsWithItsConnection() throws Exception {
        Connection connection = factory.createConnection();
        Session session = connection.createSession();
        session.createTemporaryQueue();
        jms.calls();
        connection.close();
        assertEquals(List.of("session1.close()", "temporaryQueue1.delete()", "connection1.stop()"), jms.calls());
        assertThrows(IllegalStateException.class, session::createMessage);
    }

    @Test
    void webAndEjbApplicationsAreHeldToTheirRules() throws Exception {
        Connection connection = factory.createConnection();
        assertThrows(IllegalStateException.class, () -> connection.setClientID("id"));
        assertThrows(IllegalStateException.class, () -> connection.setExceptionListener(null));
        assertThrows(IllegalStateException.class, connection::stop);
        assertThrows(IllegalStateException.class, () -> connection.createConnectionConsumer(null, null, null, 1));
        Session session = connection.createSession();
        assertThrows(IllegalStateException.class, connection::createSession);
        assertThrows(IllegalStateException.class, () -> session.setMessageListener(null));
        session.close();
        connection.createSession();
        JMSContext context = factory.createContext();
        assertThrows(IllegalStateRuntimeException.class, () -> context.setClientID("id"));
        assertThrows(IllegalStateRuntimeException.class, () -> context.setExceptionListener(null));
        assertThrows(IllegalStateRuntimeException.class, context::stop);
        assertThrows(IllegalStateRuntimeException.class, () -> context.createContext(1));
    }

    @Test
    void outsideATransactionSessionsAcknowledgeByThemselves() throws Exception {
        factory.createConnection().createSession(true, 0);
        factory.createConnection().createSession(Session.CLIENT_ACKNOWLEDGE);
        factory.createConnection().createSession(Session.DUPS_OK_ACKNOWLEDGE);
        factory.createContext(JMSContext.SESSION_TRANSACTED);
        List<String> calls = jms.calls();
        assertTrue(calls.contains("connection1.createSession(1)"), calls::toString);
        assertTrue(calls.contains("connection2.createSession(1)"), calls::toString);
        assertTrue(calls.contains("connection3.createSession(3)"), calls::toString);
        assertTrue(calls.contains("context1.createContext(1)"), calls::toString);
    }

    @Test
    void aConnectionWithoutSessionsCanMove() throws Exception {
        Connection handle = factory.createConnection();
        factory.createConnection("ann", "1");
        ManagedConnection second = settings.createManagedConnection(null, null);
        second.associateConnection(handle);
        jms.calls();
        Session session = handle.createSession();
        assertEquals(List.of("connection3.createSession(1)"), jms.calls());
        ManagedConnection third = settings.createManagedConnection(null, null);
        assertThrows(ResourceException.class, () -> third.associateConnection(handle));
        session.close();
        third.associateConnection(handle);
        assertThrows(ResourceException.class, () -> third.associateConnection("a string"));
    }

    @Test
    void aManagedConnectionOfTheOtherApiIsRefused() throws Exception {
        ManagedConnection connection = settings.createManagedConnection(null, null);
        assertThrows(
                ResourceException.class,
                () -> connection.getConnection(
                        null, new ConnectionRequest(ConnectionRequest.Kind.CONTEXT, null, null, true)));
        assertSame(connection.getLocalTransaction(), connection.getLocalTransaction());
        assertThrows(ResourceException.class, connection::getXAResource);
    }

    @Test
    void passwordsAreNotPrinted() {
        assertEquals("Credentials[ann]", new Credentials("ann", "secret").toString());
        String request = new ConnectionRequest(ConnectionRequest.Kind.CONTEXT, "ann", "secret", true).toString();
        assertEquals("ConnectionRequest[CONTEXT, user ann]", request);
    }
}
